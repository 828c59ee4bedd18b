// Structures: symbols on their own canvas, gathered in counted rounds where they would cover one another.

const SYMBOL_RADIUS = 5;
// Distance in CSS pixels under which structures are gathered, by zoom: a few large rounds on the map of the country,
// each structure on its own as soon as there is room.
const CLUSTER_DISTANCES = [[7, 26], [8.5, 19], [10, 14], [Infinity, 12]];
const SPREAD_RADIUS = 15;    // ring on which structures of one address are set apart at the deepest zoom

const structures = {
  table: null,      // columns received from Python, plus x and y in world units
  groups: new Map(), // zoom -> groups, computed once a zoom
  drawn: [],        // what is on the canvas: {x, y, radius, group, member} in CSS pixels of the canvas
  corner: null,     // layer point of the canvas's corner
};

function setStructures(table) {
  structures.table = table;
  structures.groups.clear();
  if (!table) return;
  table.x = table.longitude.map(longitudeToX);
  table.y = table.latitude.map(latitudeToY);
}

// Greedy gathering: a structure joins the nearest group begun within the distance, or begins one. Neighbouring cells of a grid
// bound the search. Computed for the whole table and in world units: panning changes nothing.
function groupsAt(zoom) {
  if (structures.groups.has(zoom)) return structures.groups.get(zoom);
  const { x, y } = structures.table;
  const reach = CLUSTER_DISTANCES.find(([limit]) => zoom < limit)[1] / 2 ** zoom;
  const cells = new Map();
  const groups = [];
  const key = (column, line) => column * 2 ** 26 + line;
  for (let k = 0; k < x.length; k += 1) {
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
  structures.groups.set(zoom, groups);
  return groups;
}

const mean = (members, column) => members.reduce((sum, k) => sum + column[k], 0) / members.length;

function paintStructures(context, frame) {
  structures.drawn = [];
  structures.corner = frame.corner;
  if (!structures.table) return;
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  const deepest = frame.zoom >= state.map.getMaxZoom();
  for (const group of groupsAt(frame.zoom)) {
    const x = (group.x - frame.window.west) * frame.scale;
    const y = (group.y - frame.window.north) * frame.scale;
    if (x < 0 || y < 0 || x > frame.size.width || y > frame.size.height) continue;
    if (group.members.length === 1) paintMember(context, x, y, group, group.members[0]);
    else if (deepest) paintSpread(context, x, y, group);
    else paintCluster(context, x, y, group);
  }
}

function paintMember(context, x, y, group, member) {
  paintSymbol(context, state.payload.symbols[structures.table.type[member]], x, y, SYMBOL_RADIUS);
  structures.drawn.push({ x, y, radius: SYMBOL_RADIUS + 3, group, member });
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
  const radius = 6.5 + Math.min(7, 1.6 * Math.log2(count));
  const { theme } = state.payload;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = theme.cluster;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = theme.cluster_ring;
  context.stroke();
  context.fillStyle = theme.cluster_text;
  context.font = "600 10px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(formatCount(count), x, y + 0.5);
  structures.drawn.push({ x, y, radius, group, member: null });
}

const formatCount = (count) => count.toLocaleString("fr-FR");

// What is drawn under a point of the map's container: the last painted is on top.
function structureAt(containerPoint) {
  if (!structures.corner) return null;
  const point = state.map.containerPointToLayerPoint(containerPoint).subtract(structures.corner);
  return structures.drawn.findLast((sign) => (sign.x - point.x) ** 2 + (sign.y - point.y) ** 2 <= sign.radius ** 2) ?? null;
}

function openCluster(group) {
  const { longitude, latitude } = structures.table;
  const corners = group.members.map((k) => [latitude[k], longitude[k]]);
  const zoom = Math.max(state.map.getZoom() + 1, state.map.getBoundsZoom(L.latLngBounds(corners).pad(0.2)));
  state.map.setView(L.latLngBounds(corners).getCenter(), Math.min(zoom, state.map.getMaxZoom()));
}
