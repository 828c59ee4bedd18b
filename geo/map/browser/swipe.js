// Two sides of one map, one over the other, parted by a handle: the first shows at its left, the second at its right.

const FIRST_PANES = ["overlayPane", "markerPane"]; // of Leaflet: territories, signs
const SECOND_PANES = ["maillage-second-territories", "maillage-second-signs"];
const SECOND_HEIGHTS = [450, 650]; // each over the pane of the first side that it lies on
const KEY_STEPS = { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 };

const swipe = { share: 0.5, handle: null, panel: null, isHeld: false }; // share of the map's width that is the first side's

const isSwiped = () => sides[1].payload !== null;

function sideAt({ x }) {
  return isSwiped() && x > swipe.share * state.map.getSize().x ? sides[1] : sides[0];
}

// Called at each update, once the payloads are there: the second side comes and goes with its own.
function setSwipe() {
  const { map } = sides[0];
  const second = sides[1];
  const container = map.getContainer();
  if (isSwiped() && !second.layers.length) {
    SECOND_PANES.forEach((name, k) => { (map.getPane(name) ?? map.createPane(name)).style.zIndex = SECOND_HEIGHTS[k]; });
    addLayers(second, SECOND_PANES);
    swipe.handle ??= buildHandle(map);
    swipe.panel ??= buildSidePanel(second, "maillage-side maillage-second");
    container.querySelector(".maillage-side").after(swipe.panel);
    container.append(swipe.handle);
    map.on("move resize viewreset", showSwipe);
  }
  if (!isSwiped() && second.layers.length) {
    for (const layer of second.layers) layer.remove();
    Object.assign(second, { layers: [], geometry: null, selection: null });
    swipe.handle.remove();
    swipe.panel.remove();
    map.off("move resize viewreset", showSwipe);
    for (const name of FIRST_PANES) map.getPane(name).style.clipPath = "";
  }
  if (isSwiped()) showSwipe();
}

function buildHandle(map) {
  const handle = shield(element("div", "maillage-swipe", element("span", "grip")));
  handle.tabIndex = 0;
  for (const [name, value] of [["role", "slider"], ["aria-orientation", "horizontal"], ["aria-valuemin", 0], ["aria-valuemax", 100]]) handle.setAttribute(name, value);
  const follow = (event) => {
    const { left, width } = map.getContainer().getBoundingClientRect();
    moveSwipe((event.clientX - left) / width);
  };
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    swipe.isHeld = true;
    leavePlace();
  });
  handle.addEventListener("pointermove", (event) => { if (swipe.isHeld) follow(event); });
  for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => { swipe.isHeld = false; });
  handle.addEventListener("keydown", (event) => {
    const step = KEY_STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // Leaflet would move the map
    moveSwipe(swipe.share + step);
  });
  return handle;
}

function moveSwipe(share) {
  swipe.share = Math.min(1, Math.max(0, share));
  showSwipe();
}

// The panes are clipped and not their canvases: those are stretched while a zoom glides, the handle stays where it is.
function showSwipe() {
  const { map } = sides[0];
  const { x: width, y: height } = map.getSize();
  const edge = Math.round(swipe.share * width);
  const clip = (names, from, to) => {
    const [start, end] = [map.containerPointToLayerPoint([from, 0]), map.containerPointToLayerPoint([to, height])];
    const corners = [[start.x, start.y], [end.x, start.y], [end.x, end.y], [start.x, end.y]];
    const path = `polygon(${corners.map(([x, y]) => `${x}px ${y}px`).join(",")})`;
    for (const name of names) map.getPane(name).style.clipPath = path;
  };
  clip(FIRST_PANES, 0, edge);
  clip(SECOND_PANES, edge, width);
  swipe.handle.style.left = `${edge}px`;
  tellSwipe();
}

function tellSwipe() {
  const share = Math.round(100 * swipe.share);
  const [first, second] = sides.map(({ payload }) => payload.name);
  const { handle } = swipe;
  handle.setAttribute("aria-label", `Limite entre « ${first} » et « ${second} »`);
  handle.setAttribute("aria-valuenow", share);
  handle.setAttribute("aria-valuetext", `« ${first} » à gauche sur ${share} % de la carte, « ${second} » à droite sur ${100 - share} %`);
  handle.title = "Glisser, ou flèches du clavier";
  [handle.dataset.first, handle.dataset.second] = [first, second];
}
