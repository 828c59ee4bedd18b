// Joins the parts into one map. Called once, when the frame is mounted.

const LABELS_ZOOM = 7;

let drawings = 0;
let territoryLayer = null;
let structureLayer = null;

function paintMain(context, frame) {
  const begun = performance.now();
  const { level } = state.payload;
  if (frame.zoom >= DETAIL_ZOOM) loadDetails([level, ...state.outlines.map((outline) => outline.level)]);
  const withLines = level !== "commune" || frame.zoom >= LINES_ZOOM;
  paintTerritories(context, shapesAt(frame.zoom, level, state.geometry), frame, withLines);
  paintOutlines(context, frame);
  paintSelection(context, frame);
  paintLabels(context, frame);
  drawings += 1;
  const { dataset } = state.map.getContainer();
  dataset.drawings = String(drawings);
  dataset.paintMs = (performance.now() - begun).toFixed(0);
}

// The detailed shapes come after the first drawing; where one is missing the coarser stay.
async function loadDetails(levels) {
  const missing = levels.filter((level) => !state.details.has(level));
  if (!missing.length) return;
  for (const level of missing) state.details.set(level, null); // asked for
  const loaded = await Promise.allSettled(missing.map((level) => fetchGeometry(DETAIL_FILES[level])));
  loaded.forEach(({ value, reason }, k) => {
    if (value) state.details.set(missing[k], value);
    else console.warn(reason);
  });
  if (loaded.some(({ value }) => value)) redrawTerritories();
}

function paintLabels(context, frame) {
  const { labels, theme } = state.payload;
  if (!labels || frame.zoom < LABELS_ZOOM) return;
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  context.font = "600 12px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = theme.label_halo;
  context.fillStyle = theme.label;
  for (const [longitude, latitude, name] of labels) {
    const x = (longitudeToX(longitude) - frame.window.west) * frame.scale;
    const y = (latitudeToY(latitude) - frame.window.north) * frame.scale;
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  }
}

function redrawTerritories() {
  territoryLayer.redraw();
  paintInsets();
}

function redrawAll() {
  redrawTerritories();
  structureLayer.redraw();
}

function start(map) {
  state.map = map;
  buildPanels(map);
  addControls(map);
  territoryLayer = new CanvasLayer("overlayPane", paintMain).addTo(map);
  structureLayer = new CanvasLayer("markerPane", paintStructures).addTo(map);
  listenToPointer(map);
  listenToKeyboard(map);
  map.on("resize", paintInsets);
}

window.Maillage = { start, update };
