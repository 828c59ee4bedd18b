// The door by which Python's updates enter. Each update replaces all that the map shows; a late file never overrules a newer update.

const FIT_MARGIN = 14;
const PANEL_MARGINS = 16; // around the legend and the insets

let updateNumber = 0;

let kept = new Map(); // what each territory is, and the structures, of the last update: a click changes none of it

// `encoded`: what is shown, then for each side what each territory is and its structures, as `geo.map.payload` writes them.
async function decodePayload(encoded) {
  const [shown, ...parts] = encoded.split(".");
  kept = new Map(parts.map((part) => [part, kept.get(part) ?? decode(part)]));
  const [payload, ...decoded] = await Promise.all([decode(shown), ...parts.map((part) => kept.get(part))]);
  const [territories, structures, ...beside] = decoded;
  if (payload.second) Object.assign(payload.second, ...beside);
  return Object.assign(payload, territories, structures);
}

async function decode(encoded) {
  const letters = atob(encoded);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k += 1) bytes[k] = letters.charCodeAt(k); // a fifth of the time of Uint8Array.from
  // Not by a Blob: it comes back through another process, behind all that the page has to draw meanwhile.
  const inflation = new DecompressionStream("deflate");
  const writer = inflation.writable.getWriter();
  writer.write(bytes).catch(() => {}); // what cannot be inflated is told by the reading
  writer.close().catch(() => {});
  return new Response(inflation.readable).json();
}

async function update(encoded) {
  updateNumber += 1;
  const number = updateNumber;
  const isStale = () => number !== updateNumber;
  try {
    const payload = await decodePayload(encoded);
    if (isStale()) return;
    const payloads = payload.second ? [payload, payload.second] : [payload];
    const files = Promise.all(payloads.map(loadFiles));
    showSurroundings(payload);
    const loaded = await files;
    if (isStale()) return;
    showSides(payloads, loaded);
    const failure = loaded.flatMap(({ failures }) => failures)[0];
    if (failure) showMessage(failure);
    else hideMessage();
  } catch (error) {
    if (!isStale()) showMessage(error);
  }
}

// Only the shapes drawn and their names are indispensable; what else is missing is told, and the rest is drawn.
async function loadFiles({ level, outlines, selection, zone }) {
  const outlineLevels = outlines.filter((outline) => outline !== level);
  const selectionLevel = selection?.level ?? level;
  const failures = [];
  const optional = (promise) => promise.catch((error) => { failures.push(error); return null; });
  const forZone = (fetched) => (zone.length ? optional(fetched()) : null);
  const [geometry, names, index, selectionGeometry, selectionNames, zoneGeometry, zoneNames, ...outlineGeometries] = await Promise.all([
    fetchGeometry(overviewFile(level)),
    fetchNames(level),
    optional(fetchIndex()),
    optional(fetchGeometry(overviewFile(selectionLevel))),
    optional(fetchNames(selectionLevel)),
    forZone(() => fetchGeometry(overviewFile(ZONE_LEVEL))),
    forZone(() => fetchNames(ZONE_LEVEL)),
    ...outlineLevels.map((outline) => optional(fetchGeometry(overviewFile(outline)))),
  ]);
  const selectedRow = selection ? selectionNames?.rowOf.get(selection.code) : undefined;
  const found = {
    geometry, names, index: index ?? { insets: {} },
    outlines: outlineLevels.map((outline, k) => ({ level: outline, geometry: outlineGeometries[k] })).filter((outline) => outline.geometry),
    zone: zoneGeometry && zoneNames ? { geometry: zoneGeometry, rows: zone.map((code) => zoneNames.rowOf.get(code)) } : null,
    selection: selectedRow === undefined || !selectionGeometry ? null : { level: selectionLevel, geometry: selectionGeometry, row: selectedRow, code: selection.code },
  };
  return { found, failures };
}

// Colours and legend need no file: they are there before the shapes.
function showSurroundings(payload) {
  const style = state.map.getContainer().style;
  for (const [name, colour] of Object.entries(payload.theme)) style.setProperty(`--maillage-${name.replaceAll("_", "-")}`, colour);
  if (!state.payload) moveView(payload.view); // nothing is drawn yet: the first drawing is at its place
}

function showSides(payloads, [{ found }, foundBeside]) {
  const [payload, second] = payloads;
  const previous = state.payload;
  const wasSwiped = isSwiped();
  joinLink(payload.link);
  sides[0].payload = payload;
  sides[1].payload = second ? { ...second, pair: payload.pair } : null; // known before any asks how many there are
  setSwipe();
  on(sides[0], () => fillSide(payload, found));
  if (second) on(sides[1], () => fillSide(state.payload, foundBeside.found));
  leavePlace();
  nameMap(`Carte des territoires, ${payloads.map(({ indicator, vintage }) => [indicator, vintage].filter(Boolean).join(", ")).join(" et ")}`);
  setDrawnZone(payload.corners);
  // Another panel leaves other room: a view that the reader has not touched is fitted again.
  const isOther = JSON.stringify(previous?.view) !== JSON.stringify(payload.view) || (wasSwiped !== isSwiped() && placeOfView() === fittedAt);
  const moved = isOther && moveView(payload.view);
  const shown = JSON.stringify(previous?.selection) !== JSON.stringify(payload.selection) && showSelection();
  announceSelection(previous, payload);
  if (moved || shown) onEachSide(paintInsets); // the main map has been redrawn by its move
  else redrawAll();
  askView();
  const { dataset } = state.map.getContainer();
  dataset.updates = String(Number(dataset.updates ?? 0) + 1); // lets a test wait for the drawing of an update
}

function fillSide(payload, loaded) {
  const insetsChanged = JSON.stringify(state.index.insets) !== JSON.stringify(loaded.index.insets);
  Object.assign(state, loaded, { payload, values: payload.values.split("\n"), symbols: symbolsOf(payload), pair: readPair(payload.pair) });
  setTints();
  setCircles(payload, loaded.geometry);
  if (insetsChanged) buildInsets(loaded.index.insets ?? {});
  setStructures(payload.structures);
  updateLegend();
  arrangeInsets(); // the room that they leave decides where the map looks
}

// Each returns whether the map has moved, and so has been redrawn by Leaflet's own event.
function moveView(view) {
  if (!view) return false;
  if (view.bounds) return showBox(view.whole ? withScope(view.bounds) : view.bounds);
  return setViewSilently(() => state.map.setView(view.centre, view.zoom, { animate: false }));
}

function showBox([west, south, east, north]) {
  return fit([[south, west], [north, east]], 12);
}

// One chosen in the list beside the map is said as one clicked on the map is.
function announceSelection(previous, payload) {
  const { selection } = payload;
  if (!previous || !state.selection || selection.level !== payload.level) return;
  if (JSON.stringify(previous.selection) !== JSON.stringify(selection)) announceRow(state.selection.row);
}

// A territory chosen elsewhere, overseas for instance, is brought in sight.
function showSelection() {
  if (!state.selection) return false;
  const { geometry, row } = state.selection;
  const feature = geometry.featureOf.get(row);
  if (feature === undefined) return false;
  const [west, north, east, south] = geometry.boxes.subarray(4 * feature, 4 * feature + 4);
  const box = L.latLngBounds([yToLatitude(south), xToLongitude(west)], [yToLatitude(north), xToLongitude(east)]);
  if (state.map.getBounds().intersects(box)) return false;
  return fit(box, 10);
}

// Bounds stretched to hold every territory of the scope whole, once the shapes are there.
function withScope([west, south, east, north]) {
  if (!state.geometry) return [west, south, east, north];
  const { boxes, rows } = state.geometry;
  let [x0, y0, x1, y1] = [longitudeToX(west), latitudeToY(north), longitudeToX(east), latitudeToY(south)];
  rows.forEach((row, feature) => {
    if (!classLetterInside(row)) return;
    const box = boxes.subarray(4 * feature, 4 * feature + 4);
    [x0, y0, x1, y1] = [Math.min(x0, box[0]), Math.min(y0, box[1]), Math.max(x1, box[2]), Math.max(y1, box[3])];
  });
  return [xToLongitude(x0), yToLatitude(y1), xToLongitude(x1), yToLatitude(y0)];
}

// Room that the panels take at the left, or at the foot of a map too narrow for both: the legend is then folded.
function roomTaken() {
  const wide = state.map.getSize().x >= roomFor(FOLDED_LEGEND_WIDTH);
  const { panel } = state.insets;
  const head = panel.classList.contains("maillage-across") && !panel.hidden ? panel.offsetHeight + PANEL_MARGINS : 0;
  const [first, second] = sides.map((side) => (side === sides[0] || side.payload ? roomTakenBy(side) : { across: 0, foot: 0 }));
  return wide ? { left: first.across, right: second.across, head, foot: 0 } : { left: 0, right: 0, head, foot: Math.max(first.foot, second.foot) };
}

function roomTakenBy({ legend, insets }) {
  const panels = [legend.root, insets.panel].filter((panel) => !panel.hidden);
  if (!panels.length) return { across: 0, foot: 0 };
  const widest = Math.max(...panels.map((panel) => panel.offsetWidth));
  return { across: widest + PANEL_MARGINS, foot: legend.root.open ? 0 : legend.root.offsetHeight + PANEL_MARGINS };
}

// Brings a box in sight, in the room that the panels leave.
function fit(box, maxZoom) {
  const { left, right, head, foot } = roomTaken();
  return setViewSilently(() => state.map.fitBounds(box, {
    animate: false, maxZoom, paddingTopLeft: [left || FIT_MARGIN, head + FIT_MARGIN], paddingBottomRight: [right || FIT_MARGIN, foot + FIT_MARGIN],
  }));
}

let fittedAt = ""; // where the page has put the view

const placeOfView = () => `${state.map.getCenter()} ${state.map.getZoom()}`;

function setViewSilently(move) {
  const count = drawings;
  ledByTheOther(move);
  fittedAt = placeOfView();
  return drawings !== count;
}
