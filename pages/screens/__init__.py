"""One folder a screen; inside, the same names everywhere: page, state, data, map, charts, tables, export."""
