// Drawing of territories on any canvas: the main map and the insets share it.

const LINES_ZOOM = 8; // under it, the lines between communes would hide the colours
const OUTLINE_WIDTHS = { epci: 0.6, departement: 0.6, region: 1.2 };

// One path a class: neighbours of one class melt without a hairline between them, and few calls reach the canvas.
function pathsByClass(geometry, classes, window) {
  const paths = new Map();
  for (let feature = 0; feature < geometry.paths.length; feature += 1) {
    if (window && !boxMeets(geometry, feature, window)) continue;
    const symbol = classes[geometry.rows[feature]];
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

function paintTerritories(context, geometry, frame, withLines) {
  const { classes, theme } = state.payload;
  setWorldTransform(context, frame);
  const pixel = 1 / frame.scale;
  for (const [symbol, path] of pathsByClass(geometry, classes, frame.window)) {
    const fill = colourOf(symbol) ?? hatchPattern(context, theme, frame.ratio, frame.scale, frame.window);
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
    context.lineWidth = OUTLINE_WIDTHS[level] / frame.scale;
    geometry.paths.forEach((path, feature) => {
      if (boxMeets(geometry, feature, frame.window)) context.stroke(path);
    });
  }
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
