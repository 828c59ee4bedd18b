// The bars of the legend: how the territories are spread over the values, where the one under the pointer falls, and a
// stretch of values chosen by dragging over them.

const FIRST_BAR = "0".charCodeAt(0);
const NO_BAR = "-";

const newBars = () => ({ row: null, columns: [], pressed: null });

function buildBars(payload) {
  const { bars } = state;
  bars.row = null;
  bars.columns = [];
  const { distribution, palette } = payload;
  if (!distribution) return [];
  const totals = distribution.bars.map((pieces) => pieces.reduce((sum, [, count]) => sum + count, 0));
  const most = Math.max(...totals);
  bars.columns = distribution.bars.map((pieces, k) => {
    const stacked = pieces.toReversed().map(([place, count]) => {
      const piece = element("i");
      piece.style.cssText = `flex:${count} 0 0;background:${palette[place]}`;
      return piece;
    });
    const column = element("span", "bar", element("b", "", ...stacked));
    column.firstChild.style.height = totals[k] ? `max(2px, ${(100 * totals[k]) / most}%)` : "0";
    return column;
  });
  bars.row = element("div", "bars", ...bars.columns);
  bars.row.setAttribute("aria-hidden", "true"); // the rows below say the same in words
  if (payload.chosen !== null) listenToBars();
  return [bars.row, element("div", "bar-ends", element("span", "", distribution.first), element("span", "", distribution.last))];
}

// A mark under the bar where the value of a territory falls; none for a value that is unknown.
function markBar(row) {
  const letter = row === null ? NO_BAR : state.payload?.distribution?.letters[row] ?? NO_BAR;
  const here = letter === NO_BAR ? -1 : letter.charCodeAt(0) - FIRST_BAR;
  state.bars.columns.forEach((column, k) => column.classList.toggle("here", k === here));
}

function listenToBars() {
  const { bars } = state;
  const { row, columns } = bars;
  row.classList.add("pressable");
  row.title = "Glisser pour ne garder que ces valeurs";
  const under = (event) => {
    const { left, width } = row.getBoundingClientRect();
    return Math.min(columns.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * columns.length)));
  };
  const show = (from, to) => columns.forEach((column, k) => column.classList.toggle("kept", k >= Math.min(from, to) && k <= Math.max(from, to)));
  row.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    row.setPointerCapture(event.pointerId);
    bars.pressed = under(event);
    show(bars.pressed, bars.pressed);
  });
  row.addEventListener("pointermove", (event) => {
    if (bars.pressed !== null) show(bars.pressed, under(event));
  });
  row.addEventListener("pointerup", (event) => {
    if (bars.pressed === null) return;
    const [from, to] = [bars.pressed, under(event)].sort((a, b) => a - b);
    bars.pressed = null;
    sendPick("range", `${from}-${to}`);
  });
  row.addEventListener("pointercancel", () => {
    bars.pressed = null;
    show(-1, -1);
  });
}
