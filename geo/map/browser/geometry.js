// Geometry files: fetched once, decoded once, shared by the map, its outlines and its insets.
//
// World units are web Mercator at zoom 0: the whole Earth is a square of 256 units, x to the east, y to the south.
// Leaflet's pixel coordinates at zoom z are world units times 2^z.

const STATIC_FOLDER = "../../app/static/geometry/"; // relative to the frame, so that a base path in front of the app is kept
const WORLD_SIZE = 256;
const DETAIL_ZOOM = 9;
const overviewFile = (level) => `${level}.bin`;
const detailFile = (level) => `${level}_detail.bin`;

const fetchCache = new Map();

let geometryVersion = ""; // of the files that the page was drawn with: the browser keeps them until it changes
const useVersion = (version) => { geometryVersion = version; };

// Resolves to the decoded content of a static file. A failure is forgotten, so that the next update tries again.
function fetchOnce(file, decode) {
  if (!fetchCache.has(file)) {
    const asked = geometryVersion ? [`${STATIC_FOLDER}${file}?v=${geometryVersion}`] : [STATIC_FOLDER + file, { cache: "no-cache" }];
    const promise = fetch(...asked)
      .catch(() => { throw new Error(`${file} : serveur injoignable`); })
      .then((response) => {
        if (!response.ok) throw new Error(`${file} : erreur ${response.status}`);
        return decode(response).catch((error) => { throw new Error(`${file} : fichier illisible (${error.message})`); });
      });
    promise.catch(() => fetchCache.delete(file));
    fetchCache.set(file, promise);
  }
  return fetchCache.get(file);
}

const fetchGeometry = (file) => fetchOnce(file, async (response) => decodeGeometry(await response.arrayBuffer()));
const fetchNames = (level) => fetchOnce(`names_${level}.tsv`, async (response) => decodeNames(await response.text()));
const fetchIndex = () => fetchOnce("index.json", (response) => response.json());

function decodeNames(text) {
  const names = { codes: [], labels: [], rowOf: new Map() };
  for (const line of text.split("\n")) {
    if (!line) continue;
    const tab = line.indexOf("\t");
    names.rowOf.set(line.slice(0, tab), names.codes.length);
    names.codes.push(line.slice(0, tab));
    names.labels.push(line.slice(tab + 1).trimEnd());
  }
  return names;
}

// Layout, little endian: uint32 n_features, n_rings, n_points, quantum; uint32 row[n_features];
// int32 first vertex of each ring (x, y); int16 steps (x, y) from vertex to vertex;
// uint16 rings per feature; uint16 points per ring.
function decodeGeometry(buffer) {
  const [featureCount, ringCount, pointCount, quantum] = new Uint32Array(buffer, 0, 4);
  let offset = 16;
  const take = (Type, length) => {
    const view = new Type(buffer, offset, length);
    offset += view.byteLength;
    return view;
  };
  const rows = take(Uint32Array, featureCount);
  const starts = take(Int32Array, 2 * ringCount);
  const steps = take(Int16Array, 2 * pointCount);
  const ringsPerFeature = take(Uint16Array, featureCount);
  const pointsPerRing = take(Uint16Array, ringCount);

  const unit = WORLD_SIZE / quantum;
  const firstRing = firstOfEach(ringsPerFeature);
  const firstPoint = firstOfEach(pointsPerRing);
  const boxes = new Float64Array(4 * featureCount); // west, north, east, south of each feature
  for (let feature = 0; feature < featureCount; feature += 1) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let ring = firstRing[feature]; ring < firstRing[feature + 1]; ring += 1) {
      let x = starts[2 * ring];
      let y = starts[2 * ring + 1];
      for (let point = firstPoint[ring]; point < firstPoint[ring + 1]; point += 1) {
        x += steps[2 * point];
        y += steps[2 * point + 1];
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < north) north = y;
        if (y > south) south = y;
      }
    }
    const k = 4 * feature;
    boxes[k] = west * unit;
    boxes[k + 1] = north * unit;
    boxes[k + 2] = east * unit;
    boxes[k + 3] = south * unit;
  }
  const featureOf = new Map();
  rows.forEach((row, feature) => featureOf.set(row, feature));
  return { rows, boxes, featureOf, unit, starts, steps, firstRing, firstPoint, paths: new Array(featureCount), anchors: new Array(featureCount) };
}

// Place of the first member of each group in the list of all, and the length of that list at the end.
function firstOfEach(counts) {
  const first = new Uint32Array(counts.length + 1);
  for (let k = 0; k < counts.length; k += 1) first[k + 1] = first[k] + counts[k];
  return first;
}

// Calls back with each vertex of a ring in world units, and its number from 0.
function eachVertex({ starts, steps, firstPoint, unit }, ring, visit) {
  let x = starts[2 * ring];
  let y = starts[2 * ring + 1];
  for (let point = firstPoint[ring]; point < firstPoint[ring + 1]; point += 1) {
    x += steps[2 * point];
    y += steps[2 * point + 1];
    visit(x * unit, y * unit, point - firstPoint[ring]);
  }
}

// The outline of a feature as a path, made when first asked for: most of 35 000 communes never need theirs.
function pathOf(geometry, feature) {
  const { paths, firstRing } = geometry;
  if (!paths[feature]) {
    const path = new Path2D();
    for (let ring = firstRing[feature]; ring < firstRing[feature + 1]; ring += 1) {
      eachVertex(geometry, ring, (x, y, k) => (k === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
      path.closePath();
    }
    paths[feature] = path;
  }
  return paths[feature];
}

// Centre of the largest ring of a feature.
function centreOf(geometry, feature) {
  const { firstRing } = geometry;
  let largest = 0;
  let centre = [0, 0];
  for (let ring = firstRing[feature]; ring < firstRing[feature + 1]; ring += 1) {
    let x0 = 0, y0 = 0; // the moments are taken about the first vertex: far from it, they lose their digits
    let px = 0, py = 0, area = 0, mx = 0, my = 0;
    eachVertex(geometry, ring, (x, y, k) => {
      if (k === 0) [x0, y0] = [x, y];
      const cross = px * (y - y0) - (x - x0) * py;
      area += cross;
      mx += (px + x - x0) * cross;
      my += (py + y - y0) * cross;
      px = x - x0;
      py = y - y0;
    });
    if (Math.abs(area) > largest) {
      largest = Math.abs(area);
      centre = [x0 + mx / (3 * area), y0 + my / (3 * area)];
    }
  }
  return centre;
}

function longitudeToX(longitude) {
  return ((longitude + 180) / 360) * WORLD_SIZE;
}

function latitudeToY(latitude) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD_SIZE;
}

const xToLongitude = (x) => (x / WORLD_SIZE) * 360 - 180;
const yToLatitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD_SIZE))) * 180) / Math.PI;

function boxMeets(geometry, feature, window) {
  const { boxes } = geometry;
  const k = 4 * feature;
  return boxes[k + 2] >= window.west && boxes[k] <= window.east && boxes[k + 3] >= window.north && boxes[k + 1] <= window.south;
}

const hitContext = document.createElement("canvas").getContext("2d");

// Row of the territory under a point in world units, or null. Comparing 35 000 boxes takes about 0.2 ms: no index is needed.
function rowAt(geometry, x, y) {
  const { boxes, rows } = geometry;
  for (let feature = 0, k = 0; feature < rows.length; feature += 1, k += 4) {
    if (x < boxes[k] || x > boxes[k + 2] || y < boxes[k + 1] || y > boxes[k + 3]) continue;
    if (hitContext.isPointInPath(pathOf(geometry, feature), x, y, "evenodd")) return rows[feature];
  }
  return null;
}
