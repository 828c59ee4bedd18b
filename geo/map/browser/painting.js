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
  return `rgb(${channels(colour).map((value, k) => Math.round(value + (added[k] - value) * share)).join(",")})`;
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

// One path a class: neighbours of one class melt without a hairline between them, and few calls reach the canvas.
// `left`: a symbol that is painted otherwise.
function pathsByClass(geometry, window, left) {
  const paths = new Map();
  for (let feature = 0; feature < geometry.paths.length; feature += 1) {
    if (window && !boxMeets(geometry, feature, window)) continue;
    const symbol = state.symbols[geometry.rows[feature]];
    if (symbol === left) continue;
    if (!paths.has(symbol)) paths.set(symbol, new Path2D());
    paths.get(symbol).addPath(geometry.paths[feature]);
  }
  return paths;
}

// `frame`: {zoom, scale, ratio, window}: Leaflet zoom, CSS pixels a world unit, device pixels a CSS pixel, what is in
// sight in world units.
function setWorldTransform(context, frame) {
  const scale = frame.scale * frame.ratio;
  context.setTransform(scale, 0, 0, scale, -frame.window.west * scale, -frame.window.north * scale);
}

// Shapes of larger territories that cover the country. Under circles, where no line parts the territories drawn, they
// give the same ground as all the communes in one path, for a hundredth of the work.
const wholeGround = () => (state.payload.circles ? state.outlines.find(({ level }) => level === "departement" || level === "region")?.geometry : undefined);

function paintGround(context, { paths }) {
  const whole = new Path2D();
  for (const path of paths) whole.addPath(path);
  context.fillStyle = colourOf(GROUND);
  context.fill(whole, "evenodd");
}

function paintTerritories(context, geometry, frame, withLines) {
  const { theme } = state.payload;
  setWorldTransform(context, frame);
  const pixel = 1 / frame.scale;
  const ground = withLines ? undefined : wholeGround();
  if (ground) paintGround(context, ground);
  for (const [symbol, path] of pathsByClass(geometry, frame.window, ground ? GROUND : null)) {
    const fill = paintOf(symbol, theme) ?? hatchPattern(context, theme, frame.ratio, frame.scale, frame.window);
    context.fillStyle = fill;
    context.fill(path, "evenodd");
    // Without lines, a thin stroke of the same colour closes the seams between two classes.
    context.strokeStyle = withLines ? theme.line : fill;
    context.lineWidth = (withLines ? 0.5 : 0.35) * pixel;
    context.stroke(path);
  }
}

function paintOutlines(context, frame) {
  setWorldTransform(context, frame);
  context.lineJoin = "round";
  context.strokeStyle = state.payload.theme.outline;
  for (const { geometry: overview, level } of state.outlines) {
    const geometry = shapesAt(frame.zoom, level, overview);
    context.lineWidth = (WIDE_OUTLINES[level] ?? OUTLINE_WIDTH) / frame.scale;
    geometry.paths.forEach((path, feature) => {
      if (boxMeets(geometry, feature, frame.window)) context.stroke(path);
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
    if (feature !== undefined && boxMeets(geometry, feature, frame.window)) union.addPath(geometry.paths[feature]);
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
    context.stroke(geometry.paths[feature]);
  }
}
