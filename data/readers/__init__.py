"""Readers: one module per official format, each a pure function from a path to a table."""
