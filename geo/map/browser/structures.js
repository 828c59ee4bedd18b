// Structures: symbols on their own canvas, gathered under a count where they would cover one another: one count a kind,
// side by side, for an MSP and a CPTS make two of nothing.

const SYMBOL_RADIUS = 5;
// Distance in CSS pixels under which structures are gathered, by zoom: a few large rounds on the map of the country,
// each structure on its own as soon as there is room.
const CLUSTER_DISTANCES = [[7, 26], [8.5, 19], [10, 14], [Infinity, 12]];
const SEVERAL_KINDS = 1.4;   // the same, more, where kinds stand side by side
const COUNTED_SHAPES = new Set(["circle", "square", "diamond"]); // that a number is read in
const SPREAD_RADIUS = 15;    // ring on which structures of one address are set apart at the deepest zoom
const TRIED = new Set(["ouverture", "proposition"]); // what is tried stands over what exists, and is not gathered with it

const newStructures = () => ({
  table: null,      // columns received from Python, plus x and y in world units
  groups: new Map(), // zoom -> groups, computed once a zoom
  drawn: [],        // what is on the canvas: {x, y, radius, group, member} in CSS pixels of the canvas
  corner: null,     // layer point of the canvas's corner
});

// What is counted together: one type at any date, all projects, all that became of the MSP of 2021.
function kindOf(type) {
  if (type.startsWith("projet_")) return "projet";
  return type.startsWith("msp_") && !type.endsWith("_2021") ? "evolution" : type.replace(/_2021$/, "");
}

function setStructures(table) {
  const { structures } = state;
  if (structures.table === table) return; // as they were, gathered already
  structures.table = table;
  structures.groups.clear();
  if (!table) return;
  table.x = table.longitude.map(longitudeToX);
  table.y = table.latitude.map(latitudeToY);
  table.kind = table.type.map(kindOf);
  const existing = table.kind.filter((kind) => !TRIED.has(kind));
  table.spacing = new Set(existing).size > 1 ? SEVERAL_KINDS : 1;
}

// What is tried comes last, and so on top.
function groupsAt(zoom) {
  const { groups, table } = state.structures;
  if (!groups.has(zoom)) {
    const [existing, tried] = [false, true].map((isTried) => [...table.type.keys()].filter((k) => TRIED.has(table.type[k]) === isTried));
    groups.set(zoom, [...gather(existing, zoom), ...gather(tried, zoom)]);
  }
  return groups.get(zoom);
}

// Greedy gathering: a structure joins the nearest group begun within the distance, or begins one. Neighbouring cells of a grid
// bound the search. Computed for the whole table and in world units: panning changes nothing.
function gather(members, zoom) {
  const { x, y, spacing } = state.structures.table;
  const reach = (spacing * CLUSTER_DISTANCES.find(([limit]) => zoom < limit)[1]) / 2 ** zoom;
  const cells = new Map();
  const groups = [];
  const key = (column, line) => column * 2 ** 26 + line;
  for (const k of members) {
    const column = Math.floor(x[k] / reach);
    const line = Math.floor(y[k] / reach);
    let nearest = null;
    let best = reach * reach;
    for (let dc = -1; dc <= 1; dc += 1) {
      for (let dl = -1; dl <= 1; dl += 1) {
        for (const group of cells.get(key(column + dc, line + dl)) ?? []) {
          const distance = (group.seedX - x[k]) ** 2 + (group.seedY - y[k]) ** 2;
          if (distance < best) [nearest, best] = [group, distance];
        }
      }
    }
    if (nearest) {
      nearest.members.push(k);
    } else {
      const group = { seedX: x[k], seedY: y[k], members: [k] };
      groups.push(group);
      const cell = key(column, line);
      if (cells.has(cell)) cells.get(cell).push(group);
      else cells.set(cell, [group]);
    }
  }
  for (const group of groups) {
    group.x = mean(group.members, x);
    group.y = mean(group.members, y);
  }
  return groups;
}

const mean = (members, column) => members.reduce((sum, k) => sum + column[k], 0) / members.length;

function paintStructures(context, frame) {
  const { structures } = state;
  structures.drawn = [];
  structures.corner = frame.corner;
  if (!structures.table) return;
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  const deepest = frame.zoom >= state.map.getMaxZoom();
  for (const group of groupsAt(frame.zoom)) {
    const x = (group.x - frame.window.west) * frame.scale;
    const y = (group.y - frame.window.north) * frame.scale;
    if (x < 0 || y < 0 || x > frame.size.width || y > frame.size.height) continue;
    if (deepest && group.members.length > 1) paintSpread(context, x, y, group);
    else paintKinds(context, x, y, group);
  }
}

// Each kind of a group has its sign or its count: two touch at the place of the group, more stand around it.
function paintKinds(context, x, y, group) {
  group.kinds ??= kindsOf(group.members);
  const radii = group.kinds.map(({ members }) => (members.length === 1 ? SYMBOL_RADIUS + 1 : clusterRadius(members.length)));
  const count = radii.length;
  const ring = count > 2 ? (1.1 * radii.reduce((sum, radius) => sum + radius, 0)) / Math.PI : 0;
  group.kinds.forEach((kind, k) => {
    const aside = count === 2 ? (k === 0 ? -radii[0] : radii[1]) : ring * Math.cos((2 * Math.PI * k) / count - Math.PI / 2);
    const up = ring * Math.sin((2 * Math.PI * k) / count - Math.PI / 2);
    if (kind.members.length === 1) paintMember(context, x + aside, y + up, kind, kind.members[0]);
    else paintCluster(context, x + aside, y + up, kind);
  });
}

function kindsOf(members) {
  const kinds = new Map();
  for (const k of members) {
    const kind = state.structures.table.kind[k];
    if (!kinds.has(kind)) kinds.set(kind, { members: [] });
    kinds.get(kind).members.push(k);
  }
  return [...kinds.values()];
}

const clusterRadius = (count) => 6.5 + Math.min(7, 1.6 * Math.log2(count));

function paintMember(context, x, y, group, member) {
  const { type, at_commune: atCommune } = state.structures.table;
  paintSymbol(context, state.payload.symbols[type[member]], x, y, SYMBOL_RADIUS, Boolean(atCommune?.[member]));
  state.structures.drawn.push({ x, y, radius: SYMBOL_RADIUS + 3, group, member });
}

function paintSpread(context, x, y, group) {
  const count = group.members.length;
  const ring = Math.max(SPREAD_RADIUS, (count * 2.6 * SYMBOL_RADIUS) / (2 * Math.PI));
  group.members.forEach((member, k) => {
    const angle = (2 * Math.PI * k) / count - Math.PI / 2;
    paintMember(context, x + ring * Math.cos(angle), y + ring * Math.sin(angle), group, member);
  });
}

function paintCluster(context, x, y, group) {
  const count = group.members.length;
  const radius = clusterRadius(count);
  const { theme, symbols } = state.payload;
  const { shape, colour } = symbols[state.structures.table.kind[group.members[0]]] ?? { shape: "circle", colour: theme.cluster };
  const path = symbolPath(COUNTED_SHAPES.has(shape) ? shape : "circle", Math.round(radius));
  context.translate(x, y);
  context.fillStyle = colour;
  context.fill(path);
  context.lineWidth = 1.5;
  context.strokeStyle = theme.cluster_ring;
  context.stroke(path);
  context.translate(-x, -y);
  context.fillStyle = inkOn(colour);
  context.font = "600 10px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(formatCount(count), x, y + 0.5);
  state.structures.drawn.push({ x, y, radius, group, member: null });
}

// Black or white, whichever is better read on a colour (relative luminance, WCAG 2.2).
function inkOn(colour) {
  const [red, green, blue] = channels(colour).map((value) => (value / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000000" : "#ffffff";
}

const COUNTS = new Intl.NumberFormat("fr-FR"); // made once: a format made for each round is most of the time of a drawing
const formatCount = (count) => COUNTS.format(count);

// What is drawn under a point of the map's container: the last painted is on top.
function structureAt(containerPoint) {
  const { structures } = state;
  if (!structures.corner) return null;
  const point = state.map.containerPointToLayerPoint(containerPoint).subtract(structures.corner);
  return structures.drawn.findLast((sign) => (sign.x - point.x) ** 2 + (sign.y - point.y) ** 2 <= sign.radius ** 2) ?? null;
}

function openCluster(group) {
  const { longitude, latitude } = state.structures.table;
  const corners = group.members.map((k) => [latitude[k], longitude[k]]);
  const zoom = Math.max(state.map.getZoom() + 1, state.map.getBoundsZoom(L.latLngBounds(corners).pad(0.2)));
  state.map.setView(L.latLngBounds(corners).getCenter(), Math.min(zoom, state.map.getMaxZoom()));
}
