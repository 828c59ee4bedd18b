"""Buttons that give a map, a chart or a table as a file."""
