"""A map the size of a stamp: what tells one view from another in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from geo.map.values import OUTSIDE
from reports.errors import EmptyTerritoryError
from reports.map.shapes import METROPOLE, LevelShapes, PrintShapes, paths

if TYPE_CHECKING:
    from geo.map import ClassedValues

WIDTH_IN, HEIGHT_IN = 1.6, 1.2
PALE: Final = "#c9d1da"
"""What has no colour of class: unknown, none, or a number that the map draws as a circle."""


def draw_thumbnail(print_shapes: PrintShapes, values: ClassedValues, codes: pd.Index) -> Figure:
    """Draw the classes of a map without a word; of France, the mainland.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    values
        As the screen draws them.
    codes
        Codes of the territories of the level, in the order of the classes.

    Raises
    ------
    EmptyTerritoryError
        No territory that is shown has a shape.
    """
    level = print_shapes.level(values.level)
    letters = pd.Series(list(values.classes), index=codes).reindex(level.codes).fillna(OUTSIDE).to_numpy()
    shown = _main_ground(level, letters != OUTSIDE)
    shapes = level.select(shown)
    left, bottom, right, top = shapes.bounds()
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN))
    figure.patch.set_alpha(0)
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    outlines, owner = paths(shapes.shapes)
    colours = [values.palette[int(one)] if one.isdigit() else PALE for one in letters[shown]]
    faces = [colours[rank] for rank in owner]
    axes.add_collection(PathCollection(outlines, facecolors=faces, edgecolors=faces, linewidths=0.2))
    return figure


def _main_ground(level: LevelShapes, shown: np.ndarray) -> np.ndarray:
    """Keep what is shown in one projection: the mainland where it is there, else where most of it lies."""
    if not shown.any():
        raise EmptyTerritoryError("Vignette : attendu au moins un territoire avec un contour, trouvé aucun.")
    mainland = shown & np.isin(level.grounds, METROPOLE)
    if mainland.any():
        return mainland
    numbers, counts = np.unique(level.grounds[shown], return_counts=True)
    return shown & (level.grounds == numbers[counts.argmax()])
