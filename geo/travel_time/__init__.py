"""Minutes by road between places: one sparse matrix, several providers, one format on disk."""
