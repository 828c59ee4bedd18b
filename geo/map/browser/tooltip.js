// One tooltip for the map and its insets. Text enters the page as text nodes only: a name can never become markup.

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

const tooltip = element("div", "maillage-tooltip");
tooltip.hidden = true;

function showTooltip(lines, x, y) {
  tooltip.replaceChildren(...lines.filter((line) => line.text).map((line) => element("div", line.role, line.text)));
  tooltip.hidden = false;
  const room = state.map.getSize();
  const left = x + 14 + tooltip.offsetWidth > room.x ? x - 14 - tooltip.offsetWidth : x + 14;
  const top = Math.min(Math.max(4, y - 10), room.y - tooltip.offsetHeight - 4);
  tooltip.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
}

function hideTooltip() {
  tooltip.hidden = true;
}

// A word, as "aucune", has no unit; French has the singular under two.
function unitAfter(value, unit) {
  if (!/\d/.test(value)) return "";
  return /^[−+]?[01](,|$)/.test(value) ? unit.replace(/^(\p{L}+)s(?=\s|$)/u, "$1") : unit;
}

const withUnit = (value, unit) => `${value} ${unitAfter(value, unit)}`.trim();

// Several values of one territory, each with its name.
function partLines(text) {
  const values = text.split("\t");
  return state.payload.parts.map(([name, unit], k) => ({ role: "value", text: `${name} : ${withUnit(values[k] || UNKNOWN_TEXT, unit)}` }));
}

function valueLines(row) {
  const { unit, parts } = state.payload;
  const value = state.values[row];
  if (parts.length) return partLines(value);
  return [{ role: "value", text: value ? (isNone(row) ? value : withUnit(value, unit)) : UNKNOWN_TEXT }];
}

function territoryLines(row) {
  const { indicator, vintage } = state.payload;
  const name = { role: "name", text: [state.names.labels[row], state.names.codes[row] && `(${state.names.codes[row]})`].filter(Boolean).join(" ") };
  if (state.pair) return [name, ...pairedLines(row)];
  return [name, ...valueLines(row), { role: "detail", text: [indicator, vintage].filter(Boolean).join(", ") }];
}

// Two maps of the same territories are told together, on either of them.
function readPair(pair) {
  if (!pair) return null;
  const split = (part) => part && { ...part, values: part.values.split("\n") };
  return { sides: pair.sides.map(split), difference: split(pair.difference) };
}

function pairedValue({ values, unit, none }, row) {
  const value = values[row];
  if (!value) return UNKNOWN_TEXT;
  return value === none ? value : withUnit(value, unit);
}

function pairedLines(row) {
  const lines = state.pair.sides.flatMap((side) => [
    { role: "value", text: `${side.name} : ${pairedValue(side, row)}` },
    { role: "detail", text: side.dated },
  ]);
  const { difference } = state.pair;
  return difference ? [...lines, { role: "value gap", text: `${difference.name} : ${pairedValue(difference, row)}` }] : lines;
}

const pairedTexts = (row) => state.pair && state.pair.sides.map((side) => `${side.name} ${pairedValue(side, row)}`).join(", ");

function openingText(table, member) {
  if (table.year[member]) return `Ouverture en ${table.year[member]}`;
  if (TRIED.has(table.type[member])) return "";
  return table.type[member].startsWith("projet_") ? "De votre liste de projets" : "Année d’ouverture inconnue";
}

function structureLines({ group, member }) {
  const { table } = state.structures;
  const labelOf = (type) => state.payload.symbols[type].label;
  if (member === null) {
    const counts = new Map();
    for (const k of group.members) counts.set(table.type[k], (counts.get(table.type[k]) ?? 0) + 1);
    return [
      { role: "name", text: `${formatCount(group.members.length)} structures` },
      { role: "value", text: [...counts].map(([type, count]) => `${labelOf(type)} : ${formatCount(count)}`).join(" · ") },
      { role: "detail", text: daysText(table, group) },
      { role: "detail", text: "Cliquer pour agrandir" },
    ];
  }
  return [
    { role: "name", text: table.name[member] },
    { role: "value", text: [labelOf(table.type[member]), table.commune[member]].filter(Boolean).join(", ") },
    { role: "detail", text: openingText(table, member) },
    { role: "detail", text: table.at_commune?.[member] ? "Position : commune (adresse inconnue)" : "" },
    { role: "detail", text: table.dated?.[member] ?? "" },
    { role: "detail", text: table.doubt?.[member] ?? "" },
  ];
}

// A round counts signs of several files: their number is no count of any day.
function daysText(table, group) {
  const days = new Set(group.members.map((k) => table.dated?.[k].split(", ")[1]).filter(Boolean));
  return days.size > 1 ? `De plusieurs dates (${[...days].join(", ")}) : à ne pas additionner` : [...days].map((day) => `FINESS, ${day}`)[0] ?? "";
}
