// The legend: plain HTML, foldable, with the count of each class and the signs of the structures on the map.

const FOLDED_LEGEND_WIDTH = 560; // a narrower map starts with its legend folded

function newLegend() {
  const legend = { root: element("details", "maillage-legend"), open: null };
  legend.root.hidden = true; // until there is one: an empty one is named « Details » by the browser
  // A press of the reader, the keyboard's too; what folds by itself for want of room is not kept.
  legend.root.addEventListener("click", ({ target }) => { if (target.closest("summary")) legend.open = !legend.root.open; });
  return legend;
}

function swatch(entry) {
  const box = element("span", ["swatch", entry.hatch && "hatched", entry.is_round && "round"].filter(Boolean).join(" "));
  if (!entry.hatch) box.style.backgroundColor = entry.colour;
  return box;
}

function symbolSwatch(style, hollow = false) {
  const ratio = window.devicePixelRatio || 1;
  const canvas = element("canvas", "sign");
  canvas.width = canvas.height = 18 * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  paintSymbol(context, style, 9, 9, SYMBOL_RADIUS, hollow);
  return canvas;
}

function legendRow(sign, label, count) {
  const row = wordRow(label, count);
  row.prepend(sign);
  return row;
}

const canBeChosen = (entry, payload) => payload.chosen !== null && payload.choices.includes(entry.letter);

// A class that can be chosen is a button: it keeps its territories alone, and gives the others back when pressed again.
function classButton(entry, payload, className, ...children) {
  const button = element("button", className, ...children);
  button.type = "button";
  button.title = payload.chosen.includes(entry.letter) ? "Montrer tout" : "Ne garder que cette classe";
  button.setAttribute("aria-pressed", String(payload.chosen.includes(entry.letter)));
  button.addEventListener("click", () => sendPick("class", entry.letter));
  return button;
}

function classRow(entry, payload) {
  const row = legendRow(swatch(entry), entry.label, entry.count);
  if (canBeChosen(entry, payload)) row.append(classButton(entry, payload, "", ...row.childNodes));
  return row;
}

function squareCell(letter, payload) {
  const { entries, square } = payload.legend;
  const entry = entries.find((each) => each.letter === letter);
  const people = square.people[Number(letter)];
  const words = entry ? [element("b", "", formatCount(entry.count)), element("span", "", people)] : [element("b", "", "0")];
  const cell = entry && canBeChosen(entry, payload) ? classButton(entry, payload, "cell", ...words) : element("span", "cell", ...words);
  if (entry) {
    cell.title = `${entry.label} : ${formatCount(entry.count)}, ${people} hab.`;
    cell.setAttribute("aria-label", cell.title);
  }
  const colour = payload.palette[Number(letter)];
  cell.style.backgroundColor = colour;
  cell.style.color = inkOn(colour);
  return cell;
}

// Two indicators crossed: a cell for each pair of classes, the lowest at the left and at the foot.
function squareParts(payload) {
  const { square } = payload.legend;
  const columns = square.x_labels.length;
  const grid = element("div", "square");
  grid.style.gridTemplateColumns = `auto repeat(${columns}, minmax(44px, 1fr))`;
  square.y_labels.toReversed().forEach((label, k) => {
    const row = square.y_labels.length - 1 - k;
    grid.append(element("span", "bound", label), ...square.x_labels.map((_, column) => squareCell(String(row * columns + column), payload)));
  });
  grid.append(element("span"), ...square.x_labels.map((label) => element("span", "bound foot", label)));
  return [element("p", "axis", `↑ ${square.y_title}`), grid, element("p", "axis across", `${square.x_title} →`)];
}

// Its name is an address, which no script of the map may hold: it is asked of the browser.
const SVG = Object.assign(document.createElement("i"), { innerHTML: "<svg></svg>" }).firstChild.namespaceURI;

function drawn(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

// Circles of round numbers, one in the other, each with its number at the end of a line.
function sizesPicture(sizes) {
  const line = 13;
  const radiusOf = (size) => size.radius_px * circleScale();
  const largest = radiusOf(sizes[0]);
  const height = Math.max(2 * largest, line * (sizes.length - 1)) + line;
  const picture = drawn("svg", { class: "sizes", width: 2 * largest + 100, height, role: "img", "aria-label": `Cercles de ${sizes.map(({ label }) => label).join(", ")}` });
  const base = height - 2;
  let place = 0;
  sizes.forEach((size, k) => {
    const [radius, label] = [radiusOf(size), size.label];
    const edge = base - 2 * radius;
    place = k === 0 ? edge : Math.max(edge, place + line);
    const end = 2 * largest + 12;
    picture.append(
      drawn("circle", { cx: largest + 1, cy: base - radius, r: radius }),
      drawn("path", { d: `M${largest + 1} ${edge}L${end} ${place}` }),
      drawn("text", { x: end + 4, y: place + 4 }, label),
    );
  });
  return picture;
}

function structureRows() {
  const { structures } = state;
  if (!structures.table) return [];
  const counts = new Map();
  for (const type of structures.table.type) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.entries(state.payload.symbols)
    .filter(([type]) => counts.has(type))
    .map(([type, style]) => legendRow(symbolSwatch(style), style.label, counts.get(type)))
    .concat(placeRows());
}

// What the signs do not say alone: which sites stand at their commune, the days of the files, how sure they are.
function placeRows() {
  return state.payload.notes.map(({ label, count, sign }) => (
    sign ? legendRow(symbolSwatch(state.payload.symbols[sign], true), label, count) : wordRow(label, count)));
}

function wordRow(label, count) {
  const row = element("li", "", element("span", "label", label));
  if (count !== null && count !== undefined) row.append(element("span", "count", formatCount(count)));
  return row;
}

function updateLegend() {
  const { legend, structures, payload: { legend: content, name } } = state;
  const lines = buildBars(state.payload);
  legend.root.hidden = !content;
  if (!content) return;
  const parts = [element("summary", "", ...(name ? [element("b", "side", name)] : []), content.title)];
  if (content.subtitle) parts.push(element("p", "subtitle", content.subtitle));
  parts.push(...lines);
  if (content.sizes.length) parts.push(sizesPicture(content.sizes));
  if (content.square) parts.push(...squareParts(state.payload));
  const listed = content.entries.filter((entry) => !content.square || !/\d/.test(entry.letter));
  if (listed.some(({ count }) => count)) parts.push(element("p", "counted", state.payload.counted));
  if (listed.length) parts.push(element("ul", "", ...listed.map((entry) => classRow(entry, state.payload))));
  const signs = structureRows();
  if (signs.length) parts.push(element("ul", "signs", ...signs));
  if (structures.table?.type.length > 1) parts.push(element("p", "note", "Signe avec un nombre : plusieurs, cliquer pour agrandir."));
  const cut = [content.method, content.bounds].filter(Boolean).join(" ");
  if (cut) parts.push(element("p", "note", cut));
  if (content.note) parts.push(element("p", "note", content.note));
  legend.root.replaceChildren(...parts);
  legend.root.open = legend.open ?? state.map.getSize().x >= roomFor(FOLDED_LEGEND_WIDTH);
}
