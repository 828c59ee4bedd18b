"""Places: INSEE codes, projections, distances, boundaries and what draws them in a browser."""
