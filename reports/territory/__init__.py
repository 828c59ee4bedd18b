"""The sheet and slides of a territory."""
