"""The interactive map: a constant folium base and an overlay that carries everything that changes.

The shapes never travel with the page: the browser fetches them once from ``static/geometry`` and draws them on a
canvas. Python sends one character a territory, the texts of the tooltips, the legend and the structures.
"""

from geo.layers.base_map import base_map
from geo.layers.legend import Legend, LegendEntry, class_legend
from geo.layers.overlay import overlay
from geo.layers.points import PROJECT_PREFIX, STRUCTURE_SYMBOLS, StructureSymbol, structure_columns
from geo.layers.themes import DARK, LIGHT, THEMES, Theme
from geo.layers.values import NONE, OUTSIDE, UNKNOWN, ClassedValues, class_string
from geo.layers.view import FRANCE_VIEW, View

__all__ = [
    "DARK",
    "FRANCE_VIEW",
    "LIGHT",
    "NONE",
    "OUTSIDE",
    "PROJECT_PREFIX",
    "STRUCTURE_SYMBOLS",
    "THEMES",
    "UNKNOWN",
    "ClassedValues",
    "Legend",
    "LegendEntry",
    "StructureSymbol",
    "Theme",
    "View",
    "base_map",
    "class_legend",
    "class_string",
    "overlay",
    "structure_columns",
]
