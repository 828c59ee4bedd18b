// With a finger: one scrolls the page, which a map as wide as the screen would hold; two move the map.

const TOUCH_HINT = "Utilisez deux doigts pour déplacer la carte";
const HINT_AFTER = 12; // CSS pixels that a finger has gone
const HINT_MS = 1500;

function listenToFingers(map) {
  if (!window.matchMedia("(pointer: coarse)").matches) return;
  const container = map.getContainer();
  const hint = element("div", "maillage-hint", TOUCH_HINT);
  hint.hidden = true;
  container.append(hint);
  const holdForTwo = () => (document.fullscreenElement ? map.dragging.enable() : map.dragging.disable());
  holdForTwo();
  document.addEventListener("fullscreenchange", holdForTwo);
  let first = null;
  let timer = 0;
  container.addEventListener("touchstart", ({ touches }) => { first = touches.length === 1 ? touches[0] : null; }, { passive: true });
  container.addEventListener("touchmove", ({ touches: [touch] }) => {
    if (!first || map.dragging.enabled() || Math.hypot(touch.clientX - first.clientX, touch.clientY - first.clientY) < HINT_AFTER) return;
    hint.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { hint.hidden = true; }, HINT_MS);
  }, { passive: true });
}
