// The five overseas departments in small panels beside the main map, drawn from the same file with the same classes.

const INSET_SIZE = 62; // CSS pixels
const INSET_MARGIN = 4;
const INSET_NAMES = { 971: "Guadeloupe", 972: "Martinique", 973: "Guyane", 974: "La Réunion", 976: "Mayotte" };
const NARROW_MAP = 600;
const LOW_MAP = 420;

function newInsets() {
  const panel = element("div", "maillage-insets");
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", "Départements d’outre-mer");
  return { panel, frames: new Map() };
}

// World window of a panel: the bounding box, centred in a square.
function insetFrame([west, south, east, north]) {
  const [x0, x1] = [longitudeToX(west), longitudeToX(east)];
  const [y0, y1] = [latitudeToY(north), latitudeToY(south)];
  const scale = (INSET_SIZE - 2 * INSET_MARGIN) / Math.max(x1 - x0, y1 - y0);
  const half = INSET_SIZE / 2 / scale;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return {
    zoom: 0, scale, ratio: window.devicePixelRatio || 1, kept: {},
    window: { west: x - half, east: x + half, north: y - half, south: y + half },
  };
}

function buildInset(code, bounds) {
  const name = INSET_NAMES[code] ?? code;
  const frame = insetFrame(bounds);
  const canvas = element("canvas");
  canvas.width = canvas.height = INSET_SIZE * frame.ratio;
  const button = element("button", "maillage-inset", canvas, element("span", "", name));
  button.type = "button";
  button.dataset.code = code;
  button.setAttribute("aria-label", `${name} : agrandir ou choisir un territoire`);
  const side = state;
  const rowUnder = (event) => {
    const place = canvas.getBoundingClientRect();
    const x = frame.window.west + (event.clientX - place.left) / frame.scale;
    const y = frame.window.north + (event.clientY - place.top) / frame.scale;
    const row = state.geometry ? rowAt(state.geometry, x, y) : null;
    return row !== null && isShown(row) ? row : null;
  };
  button.addEventListener("mousemove", (event) => on(side, () => {
    const row = rowUnder(event);
    const map = state.map.getContainer().getBoundingClientRect();
    markBar(row);
    if (row === null) hideTooltip();
    else showTooltip(territoryLines(row), event.clientX - map.left, event.clientY - map.top);
  }));
  button.addEventListener("mouseleave", hideTooltip);
  button.addEventListener("click", (event) => on(side, () => {
    hideTooltip();
    // A press of Enter or a click in the sea has no territory under it: the main map goes there.
    const row = event.detail === 0 ? null : rowUnder(event);
    showBox(bounds);
    tellView();
    if (row !== null) pickTerritory(row);
  }));
  state.insets.frames.set(code, { canvas, frame });
  return button;
}

function buildInsets(boundsByCode) {
  state.insets.frames.clear();
  state.insets.panel.replaceChildren(...Object.entries(boundsByCode).map(([code, bounds]) => buildInset(code, bounds)));
}

// Insets belong to the map of the whole country, at its left; above it where the map is narrow, if it is alone.
function arrangeInsets() {
  const size = state.map.getSize();
  const whole = state.payload !== null && !state.payload.classes.includes(OUTSIDE);
  const isNarrow = size.x < roomFor(NARROW_MAP);
  state.insets.panel.classList.toggle("maillage-across", isNarrow);
  state.insets.panel.hidden = !whole || (isNarrow && sides[1].payload !== null) || size.y < LOW_MAP;
}

function paintInsets() {
  arrangeInsets();
  if (state.insets.panel.hidden || !state.geometry) return;
  for (const { canvas, frame } of state.insets.frames.values()) {
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    paintTerritories(context, state.geometry, frame, false);
    paintOutlines(context, frame);
    paintCircles(context, frame);
    paintZone(context, frame);
    paintSelection(context, frame);
  }
}
