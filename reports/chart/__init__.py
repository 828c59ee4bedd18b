"""A chart of a screen, printed."""
