"""Shapes of the communes: coverage, areas, simplification, points."""
