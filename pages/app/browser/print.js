// The page on paper. Ctrl+P lays it out at the width of A4 and waits until charts, maps and tables are drawn again; by
// the browser's menu there is no time for that, and each is brought to this width as it is.

const PAPER_PX = 186 * 96 / 25.4; // A4 without its margins, as print.css
const DRAWN = ".js-plotly-plot, .stMain iframe, .stDataFrame > div";
const BOX_PX = 26; // margins and edges of a box around it
const STILL_MS = 400;
const MOST_MS = 6000;
const RERUN_MS = 100;

// Streamlit follows the colours of the machine, dark or light, and asks for them here: on paper they are light.
const DARK = "(prefers-color-scheme: dark)";
const realMedia = window.matchMedia.bind(window);
const darkOfMachine = realMedia(DARK);
const darkness = Object.assign(new EventTarget(), { isHeldLight: false, media: DARK });
Object.defineProperty(darkness, "matches", { get: () => darkOfMachine.matches && !darkness.isHeldLight });
const tellDarkness = () => darkness.dispatchEvent(Object.assign(new Event("change"), { matches: darkness.matches, media: DARK }));
darkOfMachine.addEventListener("change", tellDarkness);
window.matchMedia = (query) => (query === DARK ? darkness : realMedia(query));

function holdLight(isHeld) {
  if (darkness.isHeldLight === isHeld) return;
  darkness.isHeldLight = isHeld;
  if (darkOfMachine.matches) tellDarkness();
}

// A map has the colours of the last run: the key by which Streamlit runs a page again, once it has taken its new colours.
darkness.addEventListener("change", () => setTimeout(() => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true }));
}, RERUN_MS));

const isOnPaper = () => document.documentElement.classList.contains("paper");
const drawings = () => [...document.querySelectorAll(DRAWN)].filter((drawing) => drawing.offsetWidth > 0);

function restyle(element, style) {
  element.dataset.screenStyle ??= element.getAttribute("style") ?? "";
  Object.assign(element.style, style);
}

function fitToPaper(drawing, width, height) {
  const scale = (PAPER_PX - BOX_PX) / width;
  if (scale >= 1) return;
  restyle(drawing, { width: `${width}px`, maxWidth: "none" });
  if (drawing.tagName !== "IFRAME") {
    drawing.style.zoom = scale;
    return;
  }
  // What is in a frame does not follow its zoom, and a transformed frame keeps its place on the page.
  restyle(drawing, { transform: `scale(${scale})`, transformOrigin: "0 0" });
  restyle(drawing.parentElement, { height: `${scale * height}px`, overflow: "clip", breakInside: "avoid" });
}

// What a table does not show is not on paper: it is said where it is.
function noteTable(table) {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = table.querySelector(".dvn-scroller") ?? table;
  if (scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 1) return;
  table.dataset.paperNote = "Début du tableau : il est entier dans les fichiers CSV et XLSX de la page.";
}

function footOfPaper() {
  const day = new Date().toLocaleDateString("fr-FR", { dateStyle: "long" });
  return `${document.title}, imprimé le ${day}. Sources, dates et méthode : page « Sources et méthode ».\n${decodeURI(location.href)}`;
}

function putOnPaper() {
  const page = document.querySelector(".stMainBlockContainer");
  if (!page || isOnPaper()) return;
  const isDark = getComputedStyle(document.querySelector(".stApp")).colorScheme === "dark";
  document.documentElement.classList.add("paper", ...(isDark ? ["dark-on-screen"] : []));
  page.dataset.paperFoot = footOfPaper();
}

function backToScreen() {
  document.documentElement.classList.remove("paper", "dark-on-screen");
  holdLight(false);
  for (const drawing of document.querySelectorAll("[data-screen-style]")) {
    drawing.setAttribute("style", drawing.dataset.screenStyle);
    delete drawing.dataset.screenStyle;
  }
  for (const noted of document.querySelectorAll("[data-paper-note]")) delete noted.dataset.paperNote;
}

async function untilDrawn() {
  const isRunning = () => document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning";
  const sizes = () => isRunning() ? performance.now() : drawings().map(({ offsetWidth, offsetHeight }) => `${offsetWidth} ${offsetHeight}`).join();
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const limit = performance.now() + MOST_MS;
  for (let before = ""; before !== sizes() && performance.now() < limit;) {
    before = sizes();
    await wait(STILL_MS);
  }
}

window.addEventListener("keydown", async (event) => {
  if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  holdLight(true);
  await untilDrawn();
  putOnPaper();
  await untilDrawn();
  window.print();
}, true);

window.addEventListener("beforeprint", () => {
  const sizes = drawings().map((drawing) => [drawing, drawing.offsetWidth, drawing.offsetHeight]);
  putOnPaper();
  document.querySelectorAll(".stDataFrame").forEach(noteTable);
  for (const [drawing, width, height] of sizes) fitToPaper(drawing, width, height);
});

window.addEventListener("afterprint", backToScreen);
