// The legend: plain HTML, foldable, with the count of each class and the signs of the structures on the map.

const FOLDED_LEGEND_WIDTH = 560; // a narrower map starts with its legend folded

const legend = { root: element("details", "maillage-legend"), open: null };
legend.root.addEventListener("toggle", () => { legend.open = legend.root.open; });

function swatch(entry) {
  const box = element("span", entry.hatch ? "swatch hatched" : "swatch");
  if (!entry.hatch) box.style.backgroundColor = entry.colour;
  return box;
}

function symbolSwatch(style) {
  const ratio = window.devicePixelRatio || 1;
  const canvas = element("canvas", "sign");
  canvas.width = canvas.height = 18 * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  paintSymbol(context, style, 9, 9, SYMBOL_RADIUS);
  return canvas;
}

function legendRow(sign, label, count) {
  const row = element("li", "", sign, element("span", "label", label));
  if (count !== null && count !== undefined) row.append(element("span", "count", formatCount(count)));
  return row;
}

function structureRows() {
  if (!structures.table) return [];
  const counts = new Map();
  for (const type of structures.table.type) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.entries(state.payload.symbols)
    .filter(([type]) => counts.has(type))
    .map(([type, style]) => legendRow(symbolSwatch(style), style.label, counts.get(type)));
}

function updateLegend() {
  const { legend: content } = state.payload;
  legend.root.hidden = !content;
  if (!content) return;
  const parts = [element("summary", "", content.title)];
  if (content.subtitle) parts.push(element("p", "subtitle", content.subtitle));
  parts.push(element("ul", "", ...content.entries.map((entry) => legendRow(swatch(entry), entry.label, entry.count))));
  const signs = structureRows();
  if (signs.length) parts.push(element("ul", "signs", ...signs));
  if (content.note) parts.push(element("p", "note", content.note));
  legend.root.replaceChildren(...parts);
  legend.root.open = legend.open ?? state.map.getSize().x >= FOLDED_LEGEND_WIDTH;
}
