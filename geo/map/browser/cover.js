// A cover: which territory lies under each pixel of a canvas. Found once for a place on the ground, it is painted again in
// other colours without any shape.
//
// A pixel is looked at in eight points, two on each of four lines. A point is in a territory if an odd number of its edges
// pass at the left of the point. An edge holds its upper end and not its lower one, and is reckoned from its upper end
// whichever territory it is of: no point is of two neighbours, nor of none on the edge that they share.

const POINT_LINES = 4;   // a pixel
const POINT_COLUMNS = 2; // a line
const POINTS = POINT_LINES * POINT_COLUMNS;
const POINT_SHIFTS = Float64Array.of(-0.125, 0.375, -0.375, 0.125); // of each line, in columns: no two points of a pixel stand in one column
const BAND = 64; // lines of pixels found at a time: their points stay in the processor's cache
const MOST_ROWS = 0xffff; // a point holds a row, counted from 1, in 16 bits
const HATCHED = 1; // in place of a colour: a pixel of the hatching. No pixel has this value, red without opacity.

// `frame`: {scale, ratio, window} as in painting.js; width and height in device pixels.
// Gives {width, owners, bands}: for each pixel the row of the territory that it is of, counted from 1, 0 where it is of
// none or of several; and for each band its pixels of several, with the rows of their points.
function makeCover(geometry, frame, width, height) {
  const owners = new Uint16Array(width * height);
  const points = new Uint16Array(BAND * POINTS * width);
  const work = {
    counts: new Uint16Array(BAND * POINT_LINES), columns: new Uint16Array(0),
    pixels: new Uint32Array(BAND * width), parts: new Uint32Array(BAND * POINT_LINES * width),
  };
  const grid = pointGrid(frame, width);
  const bands = featuresByBand(geometry, frame.window, grid, height).map((features, k) => {
    const top = k * BAND;
    const count = Math.min(BAND, height - top);
    points.fill(0);
    for (const feature of features) fillPoints(points, work, geometry, feature, grid, top * POINT_LINES, count * POINT_LINES);
    return gatherPixels(points, work, owners, width, top, count);
  });
  return { width, owners, bands };
}

// A place in world units, times `across` plus `left` (`down` plus `above`), is the number of a column (a line) of points.
function pointGrid({ scale, ratio, window }, width) {
  const across = scale * ratio * POINT_COLUMNS;
  const down = scale * ratio * POINT_LINES;
  return { across, down, left: -window.west * across - 0.5, above: -window.north * down - 0.5, columns: width * POINT_COLUMNS };
}

// The features in sight that each band of pixels meets.
function featuresByBand(geometry, window, { down, above }, height) {
  const found = Array.from({ length: Math.ceil(height / BAND) }, () => []);
  const bandOf = (y) => Math.floor((y * down + above) / (BAND * POINT_LINES));
  for (let feature = 0; feature < geometry.rows.length; feature += 1) {
    if (!boxMeets(geometry, feature, window)) continue;
    const last = Math.min(found.length - 1, bandOf(geometry.boxes[4 * feature + 3]));
    for (let band = Math.max(0, bandOf(geometry.boxes[4 * feature + 1])); band <= last; band += 1) found[band].push(feature);
  }
  return found;
}

// Writes the row of a feature in its points of some lines. `work`: room to note in which columns its edges cross each line.
function fillPoints(points, work, geometry, feature, grid, firstLine, lineCount) {
  const { boxes, unit, starts, steps, firstRing, firstPoint } = geometry;
  const { across, down, left, above, columns } = grid;
  const top = Math.max(firstLine, Math.ceil(boxes[4 * feature + 1] * down + above));
  const end = Math.min(firstLine + lineCount, Math.ceil(boxes[4 * feature + 3] * down + above));
  if (top >= end) return;
  const stride = firstPoint[firstRing[feature + 1]] - firstPoint[firstRing[feature]]; // a line meets each edge once at most
  if (work.columns.length < stride * work.counts.length) work.columns = new Uint16Array(stride * work.counts.length);
  const { counts, columns: crossed } = work;
  for (let ring = firstRing[feature]; ring < firstRing[feature + 1]; ring += 1) {
    const last = firstPoint[ring + 1];
    let x = starts[2 * ring];
    let y = starts[2 * ring + 1];
    const firstU = x * unit * across + left;
    const firstV = y * unit * down + above;
    let u = firstU;
    let v = firstV;
    let line = Math.ceil(v);
    for (let point = firstPoint[ring] + 1; point <= last; point += 1) {
      const fromU = u;
      const fromV = v;
      const fromLine = line;
      if (point < last) {
        x += steps[2 * point];
        y += steps[2 * point + 1];
        u = x * unit * across + left;
        v = y * unit * down + above;
      } else {
        u = firstU;
        v = firstV;
      }
      line = Math.ceil(v);
      if (line === fromLine) continue;
      const isDown = fromLine < line;
      const upperU = isDown ? fromU : u;
      const upperV = isDown ? fromV : v;
      const slope = ((isDown ? u : fromU) - upperU) / ((isDown ? v : fromV) - upperV);
      const from = Math.max(top, isDown ? fromLine : line);
      const to = Math.min(end, isDown ? line : fromLine);
      for (let at = from; at < to; at += 1) {
        const column = Math.max(0, Math.min(columns, Math.ceil(upperU + (at - upperV) * slope - POINT_SHIFTS[at % POINT_LINES])));
        const base = (at - top) * stride;
        let k = base + counts[at - top];
        counts[at - top] += 1;
        for (; k > base && crossed[k - 1] > column; k -= 1) crossed[k] = crossed[k - 1];
        crossed[k] = column;
      }
    }
  }
  const owner = geometry.rows[feature] + 1;
  for (let at = top; at < end; at += 1) {
    const base = (at - firstLine) * columns;
    const first = (at - top) * stride;
    for (let k = first; k < first + counts[at - top]; k += 2) {
      for (let point = base + crossed[k]; point < base + crossed[k + 1]; point += 1) points[point] = owner;
    }
    counts[at - top] = 0;
  }
}

// Gives {pixels, parts}: the pixels of several rows, or of one and of none, and the rows of their eight points.
function gatherPixels(points, { pixels, parts }, owners, width, top, count) {
  const pairs = new Uint32Array(points.buffer); // the two points of a pixel on one line
  let found = 0;
  for (let y = 0; y < count; y += 1) {
    let k = y * POINT_LINES * width;
    let pixel = (top + y) * width;
    for (let x = 0; x < width; x += 1, k += 1, pixel += 1) {
      const a = pairs[k];
      const b = pairs[k + width];
      const c = pairs[k + 2 * width];
      const d = pairs[k + 3 * width];
      if (a === b && a === c && a === d && a >>> 16 === (a & 0xffff)) {
        owners[pixel] = a & 0xffff;
        continue;
      }
      pixels[found] = pixel;
      parts[4 * found] = a;
      parts[4 * found + 1] = b;
      parts[4 * found + 2] = c;
      parts[4 * found + 3] = d;
      found += 1;
    }
  }
  return { pixels: pixels.slice(0, found), parts: new Uint16Array(parts.slice(0, 4 * found).buffer) };
}

// An opaque colour, written #rrggbb, as a pixel of a canvas.
function pixelOf(colour) {
  const [red, green, blue] = channels(colour);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

// What the rows of a map are painted with. `colours`: that of each row, or HATCHED, or 0 where there is nothing.
// Gives tables by row counted from 1: the pixel; and, for sums of points, two parts of it in a number: red and blue; green
// and, above, what is counted: ones for a colour, sixteens for the hatching.
function tintsOf(colours) {
  if (colours.length > MOST_ROWS) throw new RangeError(`${colours.length} territoires, ${MOST_ROWS} au plus`);
  const pixels = new Uint32Array(colours.length + 1);
  pixels.set(colours, 1);
  const redBlue = pixels.map((colour) => (colour === HATCHED ? 0 : colour & 0xff00ff));
  const greenCount = pixels.map((colour) => (colour === HATCHED ? 0x100000 : colour ? 0x10000 | ((colour >>> 8) & 0xff) : 0));
  return { pixels, redBlue, greenCount };
}

// Writes the pixels of a cover. `hatching`: {pixels, size, x, y} as hatchPixels gives it. A pixel at a coast has the mean
// colour of its points on land, and their share as its opacity.
function colourCover({ width, owners, bands }, { pixels: tints, redBlue, greenCount }, hatching, image) {
  const hatch = (pixel) => {
    const y = Math.floor(pixel / width);
    const x = pixel - y * width;
    return hatching.pixels[((y + hatching.y) % hatching.size) * hatching.size + ((x + hatching.x) % hatching.size)];
  };
  for (let pixel = 0; pixel < owners.length; pixel += 1) {
    const colour = tints[owners[pixel]];
    image[pixel] = colour === HATCHED ? hatch(pixel) : colour;
  }
  for (const { pixels, parts } of bands) {
    for (let k = 0, part = 0; k < pixels.length; k += 1, part += POINTS) {
      let sum = 0;
      let rest = 0;
      for (let point = part; point < part + POINTS; point += 1) {
        sum += redBlue[parts[point]];
        rest += greenCount[parts[point]];
      }
      const pixel = pixels[k];
      if (rest >>> 16 === POINTS) { // as most are: eight points of plain colours
        image[pixel] = 0xff000000 | (((sum + 0x40004) >>> 3) & 0xff00ff) | ((((rest & 0xffff) + 4) >>> 3) << 8);
        continue;
      }
      const hatched = rest >>> 20;
      const colour = hatched && hatch(pixel);
      const count = ((rest >>> 16) & 0xf) + hatched;
      image[pixel] = meanOf(sum + hatched * (colour & 0xff00ff), (rest & 0xffff) + hatched * ((colour >>> 8) & 0xff), count);
    }
  }
}

// `count`: points that have a colour.
function meanOf(redBlue, green, count) {
  const mean = (sum) => Math.round(sum / count);
  return ((Math.round((255 * count) / POINTS) << 24) | (mean(redBlue >>> 16) << 16) | (mean(green) << 8) | mean(redBlue & 0xffff)) >>> 0;
}

// The cover of a frame. `frame.kept`: where the last one of its canvas is kept, {} at first.
function coverOf(geometry, frame, width, height) {
  const { kept } = frame;
  const place = [frame.zoom, frame.window.west, frame.window.north, frame.ratio, width, height].join();
  if (kept.geometry !== geometry || kept.place !== place) Object.assign(kept, { geometry, place, cover: makeCover(geometry, frame, width, height) });
  return kept.cover;
}
