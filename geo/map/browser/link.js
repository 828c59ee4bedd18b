// Two maps of one page that move together. They speak on a channel of this origin, which no other site hears or enters;
// its name is drawn for the page, so that two tabs do not move each other.

let link = null; // {name, leads, views, channel}
let isLed = false;     // a move that the other map has asked for, or that it will say itself
let isDragging = false; // the other map is being dragged: what is drawn is carried along, and drawn again at the end

const isDraggedAlong = () => isDragging;

// `asked`: {name, leads, views}: one of the two leads where both would move; views tells whether they look at one place.
function joinLink(asked) {
  if (link?.name !== asked?.name) {
    link?.channel.close();
    link = asked && { channel: new BroadcastChannel(asked.name) };
    if (link) link.channel.onmessage = ({ data }) => hear(data ?? {});
  }
  if (link) Object.assign(link, asked);
}

function tell(words) {
  link?.channel.postMessage(words);
}

function tellPlace(latlng) {
  tell(latlng ? { kind: "place", latitude: latlng.lat, longitude: latlng.lng } : { kind: "nowhere" });
}

function tellView(isEnd = true) {
  if (!link?.views || isLed) return;
  const { lat, lng } = state.map.getCenter();
  tell({ kind: "view", latitude: lat, longitude: lng, zoom: state.map.getZoom(), isEnd });
}

// Both maps are told by the page where to look: the one that follows then takes the view of the other, to the pixel.
function askView() {
  if (!link?.views || link.leads) return;
  tell({ kind: "ask" });
}

function ledByTheOther(move) {
  const before = isLed;
  isLed ||= link !== null && !link.leads;
  move();
  isLed = before;
}

function hear({ kind, latitude, longitude, zoom, isEnd }) {
  if (kind === "ask" && link.leads && state.payload) tellView();
  if (kind === "nowhere") showTwin(null);
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude) || !state.geometry) return;
  if (kind === "place") showTwin(L.latLng(latitude, longitude));
  if (kind === "view" && link.views && Number.isFinite(zoom)) followView([latitude, longitude], zoom, isEnd);
}

function followView(centre, zoom, isEnd) {
  const { map } = state;
  isLed = true;
  if (isEnd) {
    map.setView(centre, zoom, { animate: false });
  } else if (zoom === map.getZoom()) {
    isDragging = true;
    map.panBy(map.latLngToContainerPoint(centre).subtract(map.getSize().divideBy(2)).round(), { animate: false });
    isDragging = false;
  }
  isLed = false;
}

// The place under the pointer of the other map: a ring there, and what is to be said of it.
const twinPointer = element("div", "maillage-twin");
twinPointer.hidden = true;

function showTwin(latlng) {
  const point = latlng && state.map.latLngToContainerPoint(latlng);
  twinPointer.hidden = !point || !state.map.getSize().contains(point) || point.x < 0 || point.y < 0;
  if (twinPointer.hidden) {
    leavePlace();
    return;
  }
  twinPointer.style.transform = `translate(${point.x}px, ${point.y}px)`;
  hover(point, latlng, false);
}

function listenToMoves(map) {
  map.on("move", () => tellView(false));
  map.on("moveend", () => tellView());
}
