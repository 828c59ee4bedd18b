// Drawing of territories on any canvas: the main map and the insets share it.

const LINES_ZOOM = 8; // under it, the lines between communes would hide the colours
const OUTLINE_WIDTH = 0.6;
const WIDE_OUTLINES = { region: 1.2 };

const ZONE_LEVEL = "commune";
const ZONE_WIDTH = 2.5; // CSS pixels around the union
const ZONE_HALO = 4;

const DIMMING = 0.84; // share of the colour of the outside in a dimmed one
const AROUND_A_FILTER = 0.92; // and in one around the scope, while there is a filter

const channels = (colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));

// A colour with a share of another: opaque, so that neighbours leave no seam.
function mix(colour, other, share) {
  const added = channels(other);
  return `#${channels(colour).map((value, k) => Math.round(value + (added[k] - value) * share).toString(16).padStart(2, "0")).join("")}`;
}

// What is around the scope never stands out against what a filter leaves out of it.
const aroundShare = () => (state.payload.dimmed ? AROUND_A_FILTER : state.payload.paleness);

// Colour that a territory is painted with, null for the hatching.
function paintOf(symbol, theme) {
  const colour = colourOf(symbol[0]);
  if (symbol.endsWith(AROUND)) return mix(colour ?? theme.unknown, theme.outside, aroundShare());
  if (!symbol.endsWith(DIMMED)) return colour;
  return symbol[0] === GROUND ? colour : mix(colour ?? theme.unknown, theme.outside, DIMMING); // the circles are dimmed
}

// One path a class: few calls reach the canvas.
function pathsByClass(geometry, window) {
  const paths = new Map();
  geometry.rows.forEach((row, feature) => {
    if (!boxMeets(geometry, feature, window)) return;
    const symbol = state.symbols[row];
    if (!paths.has(symbol)) paths.set(symbol, new Path2D());
    paths.get(symbol).addPath(pathOf(geometry, feature));
  });
  return paths;
}

// `frame`: {zoom, scale, ratio, window}: Leaflet zoom, CSS pixels a world unit, device pixels a CSS pixel, what is in
// sight in world units.
function setWorldTransform(context, frame) {
  const scale = frame.scale * frame.ratio;
  context.setTransform(scale, 0, 0, scale, -frame.window.west * scale, -frame.window.north * scale);
}

function paintTerritories(context, geometry, frame, withLines) {
  if (withLines) paintWithLines(context, geometry, frame);
  else paintWithoutLines(context, geometry, frame);
}

function paintWithLines(context, geometry, frame) {
  const { theme } = state.payload;
  setWorldTransform(context, frame);
  context.strokeStyle = theme.line;
  context.lineWidth = 0.5 / frame.scale;
  for (const [symbol, path] of pathsByClass(geometry, frame.window)) {
    context.fillStyle = paintOf(symbol, theme) ?? hatchPattern(context, theme, frame);
    context.fill(path, "evenodd");
    context.stroke(path);
  }
}

// Neighbours melt without a hairline between them, and other colours for the same place need no shape.
function paintWithoutLines(context, geometry, frame) {
  const { width, height } = context.canvas;
  if (!width || !height) return; // a map that is not shown
  const image = context.createImageData(width, height);
  colourCover(coverOf(geometry, frame, width, height), state.tints, hatchPixels(state.payload.theme, frame), new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}

// What each row is painted with where there are no lines, found once an update.
function setTints() {
  const { payload: { theme }, symbols } = state;
  const found = new Map();
  for (const symbol of new Set(symbols)) {
    const colour = paintOf(symbol, theme);
    found.set(symbol, colour === null ? HATCHED : pixelOf(colour));
  }
  state.tints = tintsOf(Uint32Array.from(symbols, (symbol) => found.get(symbol)));
}

function paintOutlines(context, frame) {
  setWorldTransform(context, frame);
  context.lineJoin = "round";
  context.strokeStyle = state.payload.theme.outline;
  for (const { geometry: overview, level } of state.outlines) {
    const geometry = shapesAt(frame.zoom, level, overview);
    context.lineWidth = (WIDE_OUTLINES[level] ?? OUTLINE_WIDTH) / frame.scale;
    geometry.rows.forEach((_, feature) => {
      if (boxMeets(geometry, feature, frame.window)) context.stroke(pathOf(geometry, feature));
    });
  }
}

// The edge of the union of a set of communes: their lines on a canvas of their own, less all that is inside.
function paintZone(context, frame) {
  if (!state.zone) return;
  const geometry = shapesAt(frame.zoom, ZONE_LEVEL, state.zone.geometry);
  const union = new Path2D();
  for (const row of state.zone.rows) {
    const feature = geometry.featureOf.get(row);
    if (feature !== undefined && boxMeets(geometry, feature, frame.window)) union.addPath(pathOf(geometry, feature));
  }
  const { theme } = state.payload;
  const edge = document.createElement("canvas");
  [edge.width, edge.height] = [context.canvas.width, context.canvas.height];
  const drawing = edge.getContext("2d");
  setWorldTransform(drawing, frame);
  drawing.lineJoin = "round";
  for (const [colour, width] of [[theme.selection_halo, 2 * ZONE_HALO], [theme.selection, 2 * ZONE_WIDTH]]) {
    drawing.strokeStyle = colour;
    drawing.lineWidth = width / frame.scale;
    drawing.stroke(union);
  }
  drawing.globalCompositeOperation = "destination-out";
  drawing.fill(union, "evenodd");
  drawing.lineWidth = 0.7 / frame.scale; // the seams between neighbours
  drawing.stroke(union);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(edge, 0, 0);
}

function paintSelection(context, frame) {
  if (!state.selection) return;
  const { payload: { theme }, selection } = state;
  const geometry = shapesAt(frame.zoom, selection.level, selection.geometry);
  const feature = geometry.featureOf.get(selection.row);
  if (feature === undefined) return;
  setWorldTransform(context, frame);
  context.lineJoin = "round";
  for (const [colour, width] of [[theme.selection_halo, 5], [theme.selection, 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = width / frame.scale;
    context.stroke(pathOf(geometry, feature));
  }
}
