"""How a figure is written and coloured, on screen and in print."""
