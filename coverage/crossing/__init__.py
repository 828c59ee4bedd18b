"""Several indicators at once: the cells of two, how they go together, places ranked by weighted criteria."""
