// Joins the parts into one map. Called once, when the frame is mounted.

const LABELS_ZOOM = 7;

let drawings = 0;
let territoryLayer = null;
let structureLayer = null;

function paintMain(context, frame) {
  const begun = performance.now();
  if (state.payload.level in DETAIL_FILES && frame.zoom >= DETAIL_ZOOM) loadDetail();
  frame.detail = frame.zoom >= DETAIL_ZOOM ? state.detail : null;
  const withLines = state.payload.level !== "commune" || frame.zoom >= LINES_ZOOM;
  paintTerritories(context, frame.detail ?? state.geometry, frame, withLines);
  paintOutlines(context, frame);
  paintSelection(context, frame);
  paintLabels(context, frame);
  drawings += 1;
  const { dataset } = state.map.getContainer();
  dataset.drawings = String(drawings);
  dataset.paintMs = (performance.now() - begun).toFixed(0);
}

// The detailed shapes come after the first drawing; without them the coarser ones stay.
async function loadDetail() {
  if (state.detail) return;
  const { level } = state.payload;
  try {
    const detail = await fetchGeometry(DETAIL_FILES[level]);
    if (state.detail || state.payload.level !== level) return;
    state.detail = detail;
    redrawTerritories();
  } catch (error) {
    console.warn(error);
  }
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
