"""Minutes on the real roads of an OpenStreetMap file: speeds by tag, reading, network, shortest paths."""
