// What stands around the map: panels, scale, full screen, messages.

const FULLSCREEN_LABEL = "Plein écran";
const RECENTRE_LABEL = "Recentrer la carte";
const RECENTRE_ICON = '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M8 1v4M8 11v4M1 8h4M11 8h4" fill="none" stroke="currentColor" stroke-width="1.8"/><circle cx="8" cy="8" r="1.6" fill="currentColor"/></svg>';
const FULLSCREEN_ICON = '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" stroke-width="1.8"/></svg>';

// Leaflet must not take a click, a wheel turn or a key meant for a panel as one meant for the map.
function shield(panel) {
  L.DomEvent.disableClickPropagation(panel);
  L.DomEvent.disableScrollPropagation(panel);
  panel.addEventListener("mousemove", (event) => event.stopPropagation());
  return panel;
}

function buildPanels(map) {
  const container = map.getContainer();
  container.classList.add("maillage-map");
  container.setAttribute("role", "region");
  nameMap("Carte des territoires");
  container.append(buildSidePanel(sides[0], "maillage-side"), crosshair, twinPointer, tooltip, announcement, message.root);
}

// Two maps on a page are told apart by what they show.
function nameMap(name) {
  state.map.getContainer().setAttribute("aria-label", `${name} : flèches pour se déplacer, + et − pour zoomer, Entrée pour choisir le territoire au centre`);
}

const buildSidePanel = ({ insets, legend }, className) => element("div", className, shield(insets.panel), shield(legend.root));

function addControls(map) {
  L.control.zoom({ position: "topright", zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(map);
  map.attributionControl.setPrefix(false);
  addButton(map, "maillage-recentre", RECENTRE_LABEL, RECENTRE_ICON, () => {
    if (!state.payload) return;
    moveView(state.payload.view);
    tellView();
  });
  if (document.fullscreenEnabled) addFullscreen(map);
  addZoneControl(map);
}

function addButton(map, className, label, icon, press) {
  const button = element("a", className);
  button.innerHTML = icon;
  Object.assign(button, { href: "#", title: label, role: "button", ariaLabel: label });
  const bar = shield(element("div", "leaflet-bar", button));
  button.addEventListener("click", (event) => {
    event.preventDefault();
    press();
  });
  const control = L.control({ position: "topright" });
  control.onAdd = () => bar;
  control.addTo(map);
}

function addFullscreen(map) {
  addButton(map, "maillage-fullscreen", FULLSCREEN_LABEL, FULLSCREEN_ICON, () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
  document.addEventListener("fullscreenchange", () => {
    map.getContainer().classList.toggle("maillage-fullscreen-on", document.fullscreenElement !== null);
    map.invalidateSize();
  });
}

// A sentence over the map when something is missing: never a silent blank.
const message = { root: element("div", "maillage-message") };
message.root.hidden = true;
message.root.setAttribute("role", "alert");

function showMessage(error) {
  message.root.replaceChildren(
    element("strong", "", "Le fond de carte n’a pas pu être chargé. "),
    `${error.message}. Rechargez la page ; si cela ne suffit pas, prévenez l’administrateur.`,
  );
  message.root.hidden = false;
  console.error(error);
}

function hideMessage() {
  message.root.hidden = true;
}
