// Streamlit's grid draws the first column, where it stays in sight, at six tenths of its ink: names look like choices
// that are forbidden, and are under the contrast of a text (4.2). No other canvas of the page is drawn so.

const FADED = 0.6;
const ink = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, "globalAlpha");

Object.defineProperty(CanvasRenderingContext2D.prototype, "globalAlpha", {
  ...ink,
  set(alpha) { ink.set.call(this, alpha === FADED ? 1 : alpha); },
});
