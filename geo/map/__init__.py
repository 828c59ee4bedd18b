"""The interactive map: a constant folium base and an overlay that carries everything that changes.

The shapes never travel with the page: the browser fetches them once from ``static/geometry`` and draws them on a
canvas. Python sends one character a territory, the texts of the tooltips, the legend and the structures.
"""

from geo.map.base_map import base_map
from geo.map.circles import Circles, CircleSize, circles_for, legend_numbers
from geo.map.comparison import Comparison, Layer, Link, Pair, PairedTexts
from geo.map.distribution import Distribution
from geo.map.legend import Legend, LegendEntry, Square, class_legend, legend_in_theme
from geo.map.overlay import overlay
from geo.map.points import (
    PROJECT_PREFIX,
    STRUCTURE_SYMBOLS,
    SitesNote,
    StructureSymbol,
    sites_notes,
    structure_columns,
)
from geo.map.themes import DARK, LIGHT, NEIGHBOUR_PALENESS, THEMES, Theme
from geo.map.values import NONE, OUTSIDE, UNKNOWN, ClassedValues, class_string
from geo.map.view import FRANCE_VIEW, View

__all__ = [
    "DARK",
    "FRANCE_VIEW",
    "LIGHT",
    "NEIGHBOUR_PALENESS",
    "NONE",
    "OUTSIDE",
    "PROJECT_PREFIX",
    "STRUCTURE_SYMBOLS",
    "THEMES",
    "UNKNOWN",
    "CircleSize",
    "Circles",
    "ClassedValues",
    "Comparison",
    "Distribution",
    "Layer",
    "Legend",
    "LegendEntry",
    "Link",
    "Pair",
    "PairedTexts",
    "SitesNote",
    "Square",
    "StructureSymbol",
    "Theme",
    "View",
    "base_map",
    "circles_for",
    "class_legend",
    "class_string",
    "legend_in_theme",
    "legend_numbers",
    "overlay",
    "sites_notes",
    "structure_columns",
]
