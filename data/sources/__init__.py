"""The catalogue of sources, what can be synced, and the figures published elsewhere."""
