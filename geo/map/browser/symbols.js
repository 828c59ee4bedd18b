// The drawn sign of each type of structure: a shape as well as a colour, with a halo that detaches it from any background.

const SYMBOL_SHAPES = {
  circle(path, r) {
    path.arc(0, 0, r, 0, 2 * Math.PI);
  },
  square(path, r) {
    path.rect(-0.88 * r, -0.88 * r, 1.76 * r, 1.76 * r);
  },
  diamond(path, r) {
    polygon(path, [[0, -1.25 * r], [1.1 * r, 0], [0, 1.25 * r], [-1.1 * r, 0]]);
  },
  triangle(path, r) {
    polygon(path, [[0, -1.2 * r], [1.15 * r, 0.85 * r], [-1.15 * r, 0.85 * r]]);
  },
  cross(path, r) {
    const a = 0.4 * r, b = 1.1 * r;
    polygon(path, [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]);
  },
  saltire(path, r) {
    const a = 0.42 * r, b = 1.15 * r; // a cross turned by an eighth
    polygon(path, [[0, -a], [b - a, -b], [b, a - b], [a, 0], [b, b - a], [b - a, b], [0, a], [a - b, b], [-b, b - a], [-a, 0], [-b, a - b], [a - b, -b]]);
  },
  star(path, r) {
    const reach = (k) => (k % 2 === 0 ? 1.6 : 0.72) * r; // larger than the others: its points are thin
    const angle = (k) => (k * Math.PI) / 5 - Math.PI / 2;
    polygon(path, Array.from({ length: 10 }, (_, k) => [reach(k) * Math.cos(angle(k)), reach(k) * Math.sin(angle(k))]));
  },
  house(path, r) {
    const a = 1.1 * r;
    polygon(path, [[0, -1.4 * r], [a, -0.35 * r], [a, r], [-a, r], [-a, -0.35 * r]]);
  },
};

function polygon(path, vertices) {
  vertices.forEach(([x, y], k) => (k === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  path.closePath();
}

const symbolPaths = new Map();

function symbolPath(shape, radius) {
  const key = `${shape} ${radius}`;
  if (!symbolPaths.has(key)) {
    const path = new Path2D();
    (SYMBOL_SHAPES[shape] ?? SYMBOL_SHAPES.circle)(path, radius);
    symbolPaths.set(key, path);
  }
  return symbolPaths.get(key);
}

// The context's unit is one CSS pixel. A hollow sign is of a structure placed at its commune, whose address is not known.
function paintSymbol(context, style, x, y, radius, hollow = false) {
  const path = symbolPath(style.shape, radius);
  context.translate(x, y);
  context.lineJoin = "round";
  context.lineWidth = 2.5;
  context.strokeStyle = "#ffffff";
  context.stroke(path);
  context.fillStyle = style.colour;
  context.fill(path);
  if (style.edge) {
    context.lineWidth = 1.5;
    context.strokeStyle = style.edge;
    context.stroke(path);
  }
  if (hollow) {
    context.fillStyle = "#ffffff";
    context.fill(symbolPath(style.shape, radius / 2));
  }
  context.translate(-x, -y);
}
