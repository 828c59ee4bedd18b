// Mouse, touch and keyboard on the main map.

function worldPoint(latlng) {
  const point = state.map.project(latlng, 0); // at zoom 0 the projected Earth is 256 pixels wide: world units
  return [point.x, point.y];
}

// The drawn territory under a position, or null in the sea and outside the chosen territory.
function territoryAt(latlng) {
  if (!state.geometry) return null;
  const counted = circleAt(latlng);
  if (counted !== null) return counted;
  const shapes = shapesAt(state.map.getZoom(), state.payload.level, state.geometry);
  const row = rowAt(shapes, ...worldPoint(latlng));
  return row !== null && isShown(row) ? row : null;
}

// `isTold`: the other map of the page, if there is one, shows the same place.
function hover(containerPoint, latlng, isTold = true) {
  if (on(sideAt(containerPoint), () => showPlace(containerPoint, latlng)) && isTold) tellPlace(latlng);
  else if (isTold) tellPlace(null);
}

// Returns whether there is something there.
function showPlace(containerPoint, latlng) {
  const sign = structureAt(containerPoint);
  const row = sign ? null : territoryAt(latlng);
  state.map.getContainer().classList.toggle("maillage-pointing", sign !== null || row !== null);
  if (sign) showTooltip(structureLines(sign), containerPoint.x, containerPoint.y);
  else if (row !== null) showTooltip(territoryLines(row), containerPoint.x, containerPoint.y);
  else hideTooltip();
  const { level } = state.payload;
  onEachSide(() => markBar(state.payload.level === level ? row : null));
  return sign !== null || row !== null;
}

function leavePlace() {
  hideTooltip();
  onEachSide(() => markBar(null));
}

function choose(containerPoint, latlng) {
  if (isDrawing()) {
    addCorner(latlng);
    return;
  }
  on(sideAt(containerPoint), () => chooseOn(containerPoint, latlng));
}

function chooseOn(containerPoint, latlng) {
  const sign = structureAt(containerPoint);
  if (sign) {
    pickStructure(sign);
    return;
  }
  const row = territoryAt(latlng);
  if (row !== null) pickTerritory(row);
}

// With the keyboard, arrows move the map under a cross at its centre, and Enter chooses what is under the cross.
const crosshair = element("div", "maillage-crosshair");

function listenToKeyboard(map) {
  const centre = () => map.getSize().divideBy(2).round();
  const container = map.getContainer();
  container.addEventListener("keydown", (event) => {
    if (event.target !== container || event.key !== "Enter") return;
    event.preventDefault();
    choose(centre(), map.getCenter());
  });
  map.on("moveend", () => {
    if (!container.matches(":focus-visible") || !state.geometry) return;
    hover(centre(), map.getCenter());
    if (!tooltip.hidden) announce([...tooltip.children].map((line) => line.textContent).join(", "));
  });
  container.addEventListener("blur", hideTooltip);
}

function listenToPointer(map) {
  let pending = null; // the browser sends more moves than it draws frames
  map.on("mousemove", (event) => {
    if (pending === null) {
      requestAnimationFrame(() => {
        const latest = pending;
        pending = null;
        if (latest && state.geometry) hover(latest.containerPoint, latest.latlng);
      });
    }
    pending = event;
  });
  map.on("mouseout movestart", () => {
    leavePlace();
    tellPlace(null);
  });
  map.on("click", (event) => {
    if (state.geometry) choose(event.containerPoint, event.latlng);
  });
}
