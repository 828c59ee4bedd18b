// What the map shows at this moment. Written by update.js only; every other part reads it.
//
// A map has one side, or two with a handle between them (swipe.js): what is common to both is kept here once.

const shapeDetails = new Map(); // level -> shapes in full detail, once loaded

const newSide = () => ({
  map: null,
  payload: null,      // last update received from Python, or the part of it that is of this side
  geometry: null,     // shapes of the drawn level
  details: shapeDetails,
  names: null,        // codes and names of the drawn level
  values: [],         // one text a territory, "" when unknown
  pair: null,         // texts of the two maps that are compared: see readPair
  symbols: [],        // what each territory is painted with: see symbolsOf
  tints: null,        // the same as pixels: see setTints
  outlines: [],       // [{level, geometry}]
  zone: null,         // {geometry, rows} of the communes outlined as one, or null
  selection: null,    // {level, geometry, row, code} outlined as selected, or null
  index: { insets: {} },
  layers: [],         // the canvases of the territories and of the signs
  circles: newCircles(),
  structures: newStructures(),
  legend: newLegend(),
  bars: newBars(),
  insets: newInsets(),
});

let state = null; // the side that is being written, painted or read
let sides = [];
const shownSides = () => sides.filter((side) => side.payload !== null);

// Runs what reads or writes the state on one side. Nothing that waits may run in it: the state would be another's after.
function on(side, act) {
  const before = state;
  state = side;
  try {
    return act();
  } finally {
    state = before;
  }
}

const onEachSide = (act) => shownSides().forEach((side) => on(side, act));

// Two sides need more room than one for their panels.
const roomFor = (width) => (shownSides().length > 1 ? 1.5 * width : width);

const UNKNOWN = "n";
const OUTSIDE = "x";
const NONE = "z";
const GROUND = "g"; // under circles: all that is known
const AROUND = "~"; // follows the class of a territory around the scope
const DIMMED = "-"; // follows the class of a territory that a filter leaves out
const UNKNOWN_TEXT = "n.d.";

// Shapes of a level at a zoom: the detailed ones where they show and are loaded, else the overview.
const shapesAt = (zoom, level, overview) => (zoom >= DETAIL_ZOOM && state.details.get(level)) || overview;

const classLetterInside = (row) => state.payload.classes[row] !== OUTSIDE;
// Class of a territory, in the scope or around it.
const classLetter = (row) => (classLetterInside(row) ? state.payload.classes[row] : state.payload.around[row] ?? OUTSIDE);
const isNone = (row) => classLetter(row) === NONE;
const isShown = (row) => classLetter(row) !== OUTSIDE;

function symbolsOf({ classes, around, dimmed, circles: counted }) {
  return Array.from(classes, (letter, row) => {
    const own = letter === OUTSIDE ? around[row] ?? OUTSIDE : letter;
    if (own === OUTSIDE) return OUTSIDE;
    const painted = counted && own !== UNKNOWN ? GROUND : own;
    if (letter === OUTSIDE) return painted + AROUND;
    return dimmed?.[row] === "1" ? painted + DIMMED : painted;
  });
}

// Colour of a class, or null for the hatched ones.
function colourOf(symbol) {
  if (symbol === UNKNOWN) return null;
  if (symbol === OUTSIDE) return state.payload.theme.outside;
  if (symbol === GROUND) return state.payload.theme.ground;
  if (symbol === NONE) return state.payload.none_colour || state.payload.theme.none;
  return state.payload.palette[Number(symbol)] ?? null;
}
