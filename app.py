"""Maillage: where coordinated primary care stands in France. Run with `make run`."""

from pages.parts.frame import draw_frame

draw_frame().run()
