// What the map shows at this moment. Written by update.js only; every other part reads it.

const state = {
  payload: null,      // last update received from Python
  geometry: null,     // shapes of the drawn level
  details: new Map(), // level -> shapes in full detail, once loaded
  names: null,        // codes and names of the drawn level
  values: [],         // one text a territory, "" when unknown
  outlines: [],       // [{level, geometry}]
  selection: null,    // {level, geometry, row} outlined as selected, or null
  index: { insets: {} },
};

const UNKNOWN = "n";
const OUTSIDE = "x";
const NONE = "z";
const UNKNOWN_TEXT = "n.d.";

// Shapes of a level at a zoom: the detailed ones where they show and are loaded, else the overview.
const shapesAt = (zoom, level, overview) => (zoom >= DETAIL_ZOOM && state.details.get(level)) || overview;

const isInside = (row) => state.payload.classes[row] !== OUTSIDE;

// Colour of a class, or null for the hatched ones.
function colourOf(symbol) {
  if (symbol === UNKNOWN) return null;
  if (symbol === OUTSIDE) return state.payload.theme.outside;
  if (symbol === NONE) return state.payload.theme.none;
  return state.payload.palette[Number(symbol)] ?? null;
}
