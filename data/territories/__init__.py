"""Own territories: sets of communes read from a text or a file, and kept in versions."""
