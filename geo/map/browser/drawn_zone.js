// A zone that the reader draws: its corners one click each; a double click, Enter or the button ends it.

const ZONE_TEXTS = { begin: "Dessiner une zone", end: "Terminer la zone", leave: "Abandonner" };
const FEWEST_CORNERS = 3;
const MOST_CORNERS = 200;

const drawnZone = {
  corners: null, // of the zone being drawn, or null
  shape: null,   // what Leaflet draws
  begin: element("button", "maillage-zone-begin", ZONE_TEXTS.begin),
  leave: element("button", "maillage-zone-leave", ZONE_TEXTS.leave),
};

const isDrawing = () => drawnZone.corners !== null;

function addZoneControl(map) {
  const bar = shield(element("div", "maillage-zone leaflet-bar", drawnZone.begin, drawnZone.leave));
  bar.hidden = drawnZone.leave.hidden = true;
  drawnZone.bar = bar;
  drawnZone.begin.addEventListener("click", () => (isDrawing() ? endZone() : beginZone()));
  drawnZone.leave.addEventListener("click", leaveZone);
  map.on("dblclick", () => { if (isDrawing()) endZone(); });
  map.getContainer().addEventListener("keydown", (event) => {
    if (!isDrawing() || event.target !== map.getContainer()) return;
    if (event.key === "Escape") leaveZone();
    else if (event.key === "Backspace") takeCornerAway(event);
  });
  const control = L.control({ position: "topright" });
  control.onAdd = () => bar;
  control.addTo(map);
}

// What Python says of it: null where no zone is drawn, else the corners of the last one, none at first.
function setDrawnZone(corners) {
  drawnZone.bar.hidden = !corners;
  if (!isDrawing()) showZone((corners ?? []).map(([longitude, latitude]) => [latitude, longitude]));
}

function beginZone() {
  drawnZone.corners = [];
  state.map.doubleClickZoom.disable();
  showZone([]);
  announce("Cliquez les coins de la zone, puis double-cliquez. Au clavier, Entrée pose un coin sous la croix.");
  state.map.getContainer().focus();
}

function addCorner(latlng) {
  const last = drawnZone.corners.at(-1);
  if (drawnZone.corners.length >= MOST_CORNERS || last?.equals(latlng)) return; // a double click is two clicks first
  drawnZone.corners.push(latlng);
  showZone(drawnZone.corners);
}

function takeCornerAway(event) {
  event.preventDefault();
  drawnZone.corners.pop();
  showZone(drawnZone.corners);
}

function endZone() {
  const { corners } = drawnZone;
  if (corners.length < FEWEST_CORNERS) {
    announce(`Une zone a au moins ${FEWEST_CORNERS} coins.`);
    return;
  }
  stopDrawing();
  sendPick("zone", corners.map(({ lng, lat }) => `${lng.toFixed(5)},${lat.toFixed(5)}`).join(";"));
}

function leaveZone() {
  stopDrawing();
  showZone([]);
}

function stopDrawing() {
  drawnZone.corners = null;
  state.map.doubleClickZoom.enable();
  showButtons();
}

function showZone(corners) {
  drawnZone.shape?.remove();
  drawnZone.shape = null;
  if (corners.length) {
    const draw = corners.length < FEWEST_CORNERS ? L.polyline : L.polygon;
    drawnZone.shape = draw(corners, { className: "maillage-zone-shape", interactive: false, weight: 2 }).addTo(state.map);
    if (corners.length === 1) drawnZone.shape = L.circleMarker(corners[0], { className: "maillage-zone-shape", interactive: false, radius: 3 }).addTo(state.map);
  }
  showButtons();
}

function showButtons() {
  const { begin, leave, corners } = drawnZone;
  begin.textContent = corners ? `${ZONE_TEXTS.end} (${corners.length})` : ZONE_TEXTS.begin;
  begin.disabled = corners !== null && corners.length < FEWEST_CORNERS;
  leave.hidden = !corners;
  state.map.getContainer().classList.toggle("maillage-drawing", isDrawing());
  state.map.getContainer().dataset.corners = corners ? String(corners.length) : ""; // what a test reads
}
