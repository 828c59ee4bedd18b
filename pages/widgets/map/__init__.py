"""The map on a page: its values, its places, the reader's projects on it."""
