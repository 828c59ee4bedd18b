// Joins the parts into one map. Called once, when the frame is mounted.

const LABELS_ZOOM = 7;
const LABEL_DROP = 15; // CSS pixels under the town: its own structures stay in sight
const LABEL_PX = { least: 12, most: 16, ofWidth: 1 / 80 }; // read from the back of a room where a map fills the screen

let drawings = 0;

function paintMain(context, frame) {
  const begun = performance.now();
  const { level } = state.payload;
  if (frame.zoom >= DETAIL_ZOOM) loadDetails([level, ...(state.zone ? [ZONE_LEVEL] : []), ...state.outlines.map((outline) => outline.level)]);
  const withLines = level !== "commune" || frame.zoom >= LINES_ZOOM;
  paintTerritories(context, shapesAt(frame.zoom, level, state.geometry), frame, withLines);
  paintOutlines(context, frame);
  paintCircles(context, frame);
  paintZone(context, frame);
  paintSelection(context, frame);
  drawings += 1;
  const { dataset } = state.map.getContainer();
  dataset.drawings = String(drawings);
  dataset.selected = state.selection?.code ?? ""; // what a test finds outlined
  dataset.paintMs = (performance.now() - begun).toFixed(0);
}

// The detailed shapes come after the first drawing; where one is missing the coarser stay.
async function loadDetails(levels) {
  const missing = levels.filter((level) => !state.details.has(level));
  if (!missing.length) return;
  for (const level of missing) state.details.set(level, null); // asked for
  const loaded = await Promise.allSettled(missing.map((level) => fetchGeometry(detailFile(level))));
  loaded.forEach(({ value, reason }, k) => {
    if (value) state.details.set(missing[k], value);
    else console.warn(reason);
  });
  if (loaded.some(({ value }) => value)) redrawTerritories();
}

// Names come last: no sign may hide them.
function paintSigns(context, frame) {
  paintStructures(context, frame);
  if (state.payload) paintLabels(context, frame);
}

function paintLabels(context, frame) {
  const { labels, theme } = state.payload;
  if (!labels || frame.zoom < LABELS_ZOOM) return;
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  const size = Math.round(Math.min(Math.max(state.map.getSize().x * LABEL_PX.ofWidth, LABEL_PX.least), LABEL_PX.most));
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = theme.label_halo;
  context.fillStyle = theme.label;
  for (const [longitude, latitude, name] of labels) {
    const x = (longitudeToX(longitude) - frame.window.west) * frame.scale;
    const y = (latitudeToY(latitude) - frame.window.north) * frame.scale + LABEL_DROP;
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  }
}

function redrawTerritories() {
  for (const { layers } of sides) layers[0]?.redraw();
  onEachSide(paintInsets);
}

function redrawAll() {
  redrawTerritories();
  for (const { layers } of sides) layers[1]?.redraw();
}

function addLayers(side, [territories, signs]) {
  side.layers = [new CanvasLayer(territories, paintMain, side), new CanvasLayer(signs, paintSigns, side)];
  for (const layer of side.layers) layer.addTo(side.map);
}

// Leaflet takes the focus at each press: a map partly below the window would scroll the page, and the click would land on
// a neighbour.
function keepPageStill(container) {
  container.focus = () => HTMLElement.prototype.focus.call(container, { preventScroll: true });
}

const LEAST_FRAME = 200; // a lower frame is not yet in its place

// A low window gives the map a lower frame than the page has asked for, a high one a higher frame; a view that nobody has
// moved stays fitted, a phone turned for instance.
function followFrame(map) {
  const container = map.getContainer();
  const follow = () => {
    const height = window.innerHeight;
    if (height < LEAST_FRAME) return;
    const isAsFitted = placeOfView() === fittedAt;
    if (height !== container.offsetHeight) container.style.height = `${height}px`;
    map.invalidateSize({ animate: false });
    if (isAsFitted && state.payload) moveView(state.payload.view);
  };
  window.addEventListener("resize", follow);
  follow();
}

function start(map, geometryVersion) {
  // Now, after Leaflet's own rules, that it goes against.
  document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
  useVersion(geometryVersion);
  for (const side of sides) side.map = map;
  keepPageStill(map.getContainer());
  buildPanels(map);
  addControls(map);
  addLayers(sides[0], FIRST_PANES);
  listenToPointer(map);
  listenToKeyboard(map);
  listenToFingers(map);
  listenToMoves(map);
  map.on("resize", () => onEachSide(paintInsets));
  followFrame(map);
}

sides = [newSide(), newSide()];
state = sides[0];

window.Maillage = { start, update };
