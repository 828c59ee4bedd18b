// The grey hatching of "unknown": anchored to the ground, so that it does not swim when the map is panned.

const HATCH_SIZE = 6;

function hatchTile(theme, ratio) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH_SIZE * ratio;
  const context = tile.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = theme.unknown;
  context.fillRect(0, 0, HATCH_SIZE, HATCH_SIZE);
  context.strokeStyle = theme.unknown_line;
  context.lineWidth = 1;
  context.beginPath();
  for (const shift of [-HATCH_SIZE, 0, HATCH_SIZE]) { // three lines, so that the corners of neighbouring tiles meet
    context.moveTo(shift - 1, HATCH_SIZE + 1);
    context.lineTo(shift + HATCH_SIZE + 1, -1);
  }
  context.stroke();
  return tile;
}

// A pattern for a context whose user unit is one world unit drawn `scale` CSS pixels wide. A pattern follows the
// context's transform, so it is scaled back; its origin is the tile corner nearest to the window, which keeps numbers small.
function hatchPattern(context, theme, { ratio, scale, window }) {
  const pattern = context.createPattern(hatchTile(theme, ratio), "repeat");
  const corner = (world) => (Math.floor((world * scale) / HATCH_SIZE) * HATCH_SIZE) / scale;
  pattern.setTransform(new DOMMatrix()
    .translate(corner(window.west), corner(window.north))
    .scale(1 / (scale * ratio)));
  return pattern;
}

// The same tile as pixels, with the place in it of the first pixel of the window.
function hatchPixels(theme, { ratio, scale, window }) {
  const tile = hatchTile(theme, ratio);
  const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
  const place = (world) => Math.round((world * scale - Math.floor((world * scale) / HATCH_SIZE) * HATCH_SIZE) * ratio) % tile.width;
  return { pixels: new Uint32Array(data.buffer), size: tile.width, x: place(window.west), y: place(window.north) };
}
