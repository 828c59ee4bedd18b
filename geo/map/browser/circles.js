// Proportional circles: numbers are drawn as areas at a point of each territory, on the same canvas as the colours.

const ROOTS = 10000; // Python writes radii in ten-thousandths of the largest
const RING_WIDTH = 1;
const CIRCLES_PER_PATH = 128; // a path of thousands takes the browser twice the time of as many in several
const EDGE = "#1d2733"; // part of the edge of a circle, which tells it from its neighbours and a pale one from the ground
const EDGE_SHARE = 0.4;

// Circles are made for a wide map: on a narrow one, whose territories are smaller, they would cover each other.
const FULL_SIZE_WIDTH = 620; // CSS pixels
const circleScale = () => Math.min(1, state.map.getSize().x / FULL_SIZE_WIDTH);

const newCircles = () => ({
  groups: [], // [{fill, edge, hollow, members: [{row, x, y, radius}]}] in the order of drawing, x and y in world units
  all: [],    // every circle, the smallest first once one is looked for
  isSorted: false,
});

// Point of a territory: the centre of its largest ring, or the middle of the longest stretch within it at that height.
function anchorOf(geometry, feature) {
  geometry.anchors[feature] ??= findAnchor(geometry, feature); // found once a file of shapes
  return geometry.anchors[feature];
}

function findAnchor(geometry, feature) {
  const path = pathOf(geometry, feature);
  let [x, y] = centreOf(geometry, feature);
  if (hitContext.isPointInPath(path, x, y, "evenodd")) return [x, y];
  const [west, , east] = geometry.boxes.subarray(4 * feature, 4 * feature + 4);
  const steps = 32;
  const place = (k) => west + ((k + 0.5) / steps) * (east - west);
  let best = { length: 0, end: 0 };
  for (let k = 0, length = 0; k < steps; k += 1) {
    length = hitContext.isPointInPath(path, place(k), y, "evenodd") ? length + 1 : 0;
    if (length > best.length) best = { length, end: k };
  }
  if (best.length) x = place(best.end - (best.length - 1) / 2);
  return [x, y];
}

// Called once an update, when the shapes are there.
function setCircles(payload, geometry) {
  const circles = newCircles();
  state.circles = circles;
  if (!payload.circles) return;
  const { roots } = payload.circles;
  const unit = (payload.circles.radius * circleScale()) / ROOTS;
  const found = new Map();
  roots.split(",").forEach((root, row) => {
    if (!root) return;
    const symbol = state.symbols[row];
    const feature = geometry.featureOf.get(row);
    if (feature === undefined || symbol === OUTSIDE || symbol === UNKNOWN) return;
    const [x, y] = anchorOf(geometry, feature);
    const circle = { row, x, y, radius: Number(root) * unit };
    circles.all.push(circle);
    const key = classLetter(row) + symbol.slice(1);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(circle);
  });
  const largest = (members) => members.reduce((most, { radius: r }) => Math.max(most, r), 0);
  circles.groups = [...found].map(([key, members]) => ({ ...circleStyle(key, payload.theme), members, largest: largest(members) }));
  // What is around the scope, then what a filter leaves out, lie under the rest; then the largest lie under the smaller.
  circles.groups.sort((a, b) => a.rank - b.rank || b.largest - a.largest);
}

function circleStyle(key, theme) {
  const colour = colourOf(key[0]) ?? theme.unknown;
  if (key.endsWith(AROUND)) return { rank: 0, hollow: true, edge: mix(colour, theme.outside, aroundShare()) };
  if (key.endsWith(DIMMED)) return { rank: 1, hollow: false, fill: mix(colour, theme.ground, DIMMING), edge: mix(colour, theme.ground, 0.6) };
  return { rank: 2, hollow: false, fill: colour, edge: mix(colour, EDGE, EDGE_SHARE) };
}

// All the fills of a group, then all its edges.
function paintCircles(context, frame) {
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  const { west, north } = frame.window;
  const [width, height] = [(frame.window.east - west) * frame.scale, (frame.window.south - north) * frame.scale];
  context.lineWidth = RING_WIDTH;
  for (const { fill, edge, hollow, members } of state.circles.groups) {
    const paths = [];
    let count = 0;
    for (const circle of members) {
      const x = (circle.x - west) * frame.scale;
      const y = (circle.y - north) * frame.scale;
      const { radius } = circle;
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      if (count % CIRCLES_PER_PATH === 0) paths.push(new Path2D());
      count += 1;
      paths.at(-1).moveTo(x + radius, y);
      paths.at(-1).arc(x, y, radius, 0, 2 * Math.PI);
    }
    if (!hollow) {
      context.fillStyle = fill;
      for (const path of paths) context.fill(path);
    }
    context.strokeStyle = edge;
    for (const path of paths) context.stroke(path);
  }
}

// Row of the circle under a place of the map's container, the smallest first, as it is drawn last; null when there is none.
function circleAt(latlng) {
  const { circles } = state;
  if (!circles.all.length) return null;
  if (!circles.isSorted) circles.all.sort((a, b) => a.radius - b.radius);
  circles.isSorted = true;
  const [x, y] = worldPoint(latlng);
  const scale = 2 ** state.map.getZoom();
  const under = circles.all.find((circle) => Math.hypot(circle.x - x, circle.y - y) * scale <= circle.radius && classLetterInside(circle.row));
  return under?.row ?? null;
}
