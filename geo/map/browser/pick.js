// What the user clicks goes back to Python as streamlit-folium's `last_active_drawing`, a private name: that is why its
// version is pinned and why a browser test covers the whole way.

let lastSequence = 0;

// Each click carries its own number, so that a second click on the same territory is news and a re-run is not.
function nextSequence() {
  lastSequence = Math.max(Date.now(), lastSequence + 1);
  return lastSequence;
}

// What the reader has just pressed, seen before anyone answers it.
let lastPress = null;
for (const type of ["click", "keydown"]) window.addEventListener(type, (event) => { lastPress = event; }, true);

// Where on the ground the press was: under the pointer, or under the cross for the keyboard. An inset is another map, too
// small for a place to be read on it.
function pressedPlace() {
  if (!lastPress || sides.some(({ insets }) => insets.panel.contains(lastPress.target))) return {};
  const { lng, lat } = lastPress.type === "click" ? state.map.mouseEventToLatLng(lastPress) : state.map.getCenter();
  return { longitude: Number(lng.toFixed(5)), latitude: Number(lat.toFixed(5)) };
}

function sendPick(kind, code, place = {}) {
  const pick = { kind, code, ...place, level: state.payload.level, sequence: nextSequence() };
  const shared = window.__GLOBAL_DATA__;
  shared.last_active_drawing = pick;
  // Sent at once rather than after the library's quarter of a second; noting it as sent keeps the library from repeating it.
  shared.previous_data = { last_active_drawing: pick };
  window.Streamlit.setComponentValue(shared.previous_data);
}

// What is in no territory of the level has a name, and nothing to be chosen.
function pickTerritory(row) {
  if (!state.names.codes[row]) {
    announce(`${state.names.labels[row]} : ${UNKNOWN_TEXT}`);
    return;
  }
  const selection = { level: state.payload.level, geometry: state.geometry, row, code: state.names.codes[row] };
  onEachSide(() => { state.selection = selection; });
  redrawTerritories();
  announceRow(row);
  sendPick("territory", state.names.codes[row], pressedPlace());
}

function pickStructure(sign) {
  if (sign.member === null) openCluster(sign.group);
  else sendPick("structure", state.structures.table.code[sign.member]);
}

// For screen readers: what has just been selected.
const announcement = element("div", "maillage-announcement");
announcement.setAttribute("aria-live", "polite");

function announceRow(row) {
  const { parts } = state.payload;
  const alone = () => (parts.length ? partLines(state.values[row]).map(({ text }) => text).join(" ; ") : state.values[row] || UNKNOWN_TEXT);
  announce(`${state.names.labels[row]} : ${pairedTexts(row) ?? alone()}`);
}

function announce(text) {
  if (announcement.textContent !== text) announcement.textContent = text;
}
