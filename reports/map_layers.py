"""The layers of a printed map: surroundings, coloured territories, hatching of the unknown, outlines, structures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba_array

from geo.crs import TERRITORIES, project
from geo.layers import LIGHT, NONE, OUTSIDE, PROJECT_PREFIX, STRUCTURE_SYMBOLS, UNKNOWN
from reports.ground import LevelShapes, paths

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reports.drawn_values import DrawnValues
    from reports.map_frame import Frame

CONTEXT_FILL, CONTEXT_LINE = "#f0f1ef", "#d5d8d6"
OUTLINE, REGION_OUTLINE = "#4a5561", "#2b343d"
HATCH: Final = "/////"
MARKERS: Final = {"circle": "o", "diamond": "D", "square": "s", "triangle": "^", "cross": "P", "house": "p"}
MARKER_WEIGHT: Final = {"circle": 1.0, "diamond": 0.8, "square": 0.8, "triangle": 1.0, "cross": 0.9, "house": 1.8}
BEHIND: Final = (
    *("pharmacie", "centre_sante", "hopital", "cpts", "msp"),
    *(kind for kind in STRUCTURE_SYMBOLS if kind.startswith(PROJECT_PREFIX)),
)
"""Order of drawing: what is most numerous first, so that it does not hide the rest."""

# Up to so many territories on the map, white lines of such a width (points) part them; beyond, none: they would hide
# the colours.
_LINES: Final = ((30, 0.7), (150, 0.5), (700, 0.3), (2500, 0.2), (9000, 0.1))
# Up to so many structures, signs of such a size (points).
_SIGNS: Final = ((60, 5.2), (250, 4.2), (700, 3.2), (2000, 2.3))
_SMALLEST_SIGN: Final = 1.6


def look_through(axes: Axes, frame: Frame) -> None:
    """Make axes show the ground of a frame and nothing else."""
    left, bottom, right, top = frame.bounds
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.set_facecolor("white")


def within_frame(shapes: LevelShapes, frame: Frame) -> LevelShapes:
    """Keep the shapes that the frame shows, whole or in part, of its own projection."""
    left, bottom, right, top = frame.bounds
    corners = shapely.bounds(shapes.shapes)
    same = np.asarray([TERRITORIES[number].epsg == frame.epsg for number in shapes.grounds], dtype=bool)
    seen = (corners[:, 2] >= left) & (corners[:, 0] <= right) & (corners[:, 3] >= bottom) & (corners[:, 1] <= top)
    return shapes.select(same & seen)


def draw_context(axes: Axes, shapes: LevelShapes, scale: float) -> None:
    """Draw the surroundings in pale grey."""
    drawn, _ = paths(shapes.shapes)
    axes.add_collection(
        PathCollection(drawn, facecolors=CONTEXT_FILL, edgecolors=CONTEXT_LINE, linewidths=0.5 * scale, zorder=1),
        autolim=False,
    )


def draw_classes(
    axes: Axes, shapes: LevelShapes, letters: npt.NDArray[np.str_], drawn: DrawnValues, n_inside: int, scale: float
) -> None:
    """Colour the territories of the scope by class, hatch those whose value is unknown.

    Parameters
    ----------
    axes
        The map.
    shapes
        Territories in the frame.
    letters
        Class letter of each (`geo.layers.ClassedValues.classes`).
    drawn
        Palette.
    n_inside
        Territories of the scope: the more there are, the thinner the lines between them.
    scale
        Size of the type and lines against A4.
    """
    line = next((width for most, width in _LINES if n_inside <= most), None)
    colours = dict(zip(map(str, range(len(drawn.values.palette))), drawn.values.palette, strict=True))
    colours[NONE] = LIGHT.none
    known = np.isin(letters, list(colours))
    drawn_paths, owner = paths(shapes.shapes[known])
    places = pd.Index(list(colours)).get_indexer(letters[known])
    faces = to_rgba_array(list(colours.values()))[places][owner]
    style: dict[str, Any] = {"edgecolors": "white", "linewidths": (line or 0) * scale}
    if line is None:
        style = {"edgecolors": "face", "linewidths": 0.06}  # without a line of its own colour, seams would show
    if drawn_paths:
        axes.add_collection(
            PathCollection(drawn_paths, facecolors=faces, joinstyle="round", zorder=2, **style), autolim=False
        )
    hatched, _ = paths(shapes.shapes[letters == UNKNOWN])
    if hatched:
        axes.add_collection(
            PathCollection(
                hatched,
                facecolors=LIGHT.unknown,
                edgecolors=LIGHT.unknown_line,
                hatch=HATCH,
                linewidths=0.15 * scale,
                zorder=2.1,
            ),
            autolim=False,
        )


def draw_outlines(axes: Axes, shapes: LevelShapes, colour: str, width: float, zorder: float = 3) -> None:
    """Draw the borders of some territories (width in points)."""
    drawn, _ = paths(shapes.shapes)
    if drawn:
        axes.add_collection(
            PathCollection(
                drawn, facecolors="none", edgecolors=colour, linewidths=width, joinstyle="round", zorder=zorder
            ),
            autolim=False,
        )


def draw_structures(axes: Axes, structures: pd.DataFrame, frame: Frame, scale: float) -> float:
    """Draw the sites with the sign of their type; returns the size of the signs (points)."""
    size = sign_size(len(structures)) * scale
    points = project(structures["longitude"], structures["latitude"], structures["departement_code"])
    same = np.asarray([number >= 0 and TERRITORIES[number].epsg == frame.epsg for number in points.territory], bool)
    for kind in BEHIND:
        here = same & (structures["structure_type"] == kind).to_numpy()
        if here.any():
            symbol = STRUCTURE_SYMBOLS[kind]
            axes.scatter(
                points.x_m[here],
                points.y_m[here],
                s=size**2 * MARKER_WEIGHT[symbol.shape],
                marker=MARKERS[symbol.shape],
                c=symbol.colour,
                edgecolors="white",
                linewidths=0.14 * size,
                zorder=5,
            )
    return size


def sign_size(n_structures: int) -> float:
    """Return the size of the signs (points): the more there are, the smaller."""
    return next((size for most, size in _SIGNS if n_structures <= most), _SMALLEST_SIGN)


def letters_of(shapes: LevelShapes, codes: pd.Index, classes: str) -> npt.NDArray[np.str_]:
    """Return the class letter of each shape; a shape that has no class is outside."""
    letters = pd.Series(list(classes), index=codes).reindex(shapes.codes)
    return letters.fillna(OUTSIDE).to_numpy(dtype=str)
