"""The layers of a printed map: surroundings, coloured territories, hatching of the unknown, outlines, structures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba_array
from matplotlib.patheffects import withStroke

from geo.crs import TERRITORIES, project
from geo.map import LIGHT, NEIGHBOUR_PALENESS, NONE, OUTSIDE, PROJECT_PREFIX, STRUCTURE_SYMBOLS, UNKNOWN
from geo.map.palettes import mixed
from reports.map.shapes import LevelShapes, one_path, paths
from reports.page.paper import MM_PER_POINT, Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reports.figures.map_classes import MapClasses
    from reports.map.frame import Frame

CONTEXT_FILL, CONTEXT_LINE = "#f0f1ef", "#d5d8d6"
OUTLINE, REGION_OUTLINE = "#4a5561", "#2b343d"
HATCH: Final = "/////"
MARKERS: Final = {"circle": "o", "diamond": "D", "square": "s", "triangle": "^", "cross": "P", "saltire": "X",
                  "house": "p", "star": "*"}  # fmt: skip
MARKER_WEIGHT: Final = {"circle": 1.0, "diamond": 0.8, "square": 0.8, "triangle": 1.0, "cross": 0.9, "saltire": 1.2,
                        "house": 1.8, "star": 2.4}  # fmt: skip
BEHIND: Final = (
    *("pharmacie", "centre_sante_2021", "centre_sante", "hopital", "cpts_2021", "cpts", "msp_2021", "msp"),
    *("msp_restee", "msp_ouverte", "msp_absente"),
    *(kind for kind in STRUCTURE_SYMBOLS if kind.startswith(PROJECT_PREFIX)),
    *("proposition", "ouverture"),
)
"""Order of drawing: what is most numerous first, so that it does not hide the rest."""

# Up to so many territories on the map, white lines of such a width (points) part them; beyond, none: they would hide
# the colours.
_LINES: Final = ((30, 0.7), (150, 0.5), (700, 0.3), (2500, 0.2), (9000, 0.1))
# Up to so many structures, signs of such a size (points): 3 mm where they are few, as read at arm's length.
_SIGNS: Final = ((60, 8.5), (250, 6.4), (700, 4.8), (2000, 3.6))
_SMALLEST_SIGN: Final = 1.8

HALO: Final = 0.14
"""Width of the white around a sign, of its size; a dark line as thin as half of it parts it from pale colours."""
HALO_INK: Final = "#2b343d"

HOLLOW: Final = 0.25
"""Area of the white inside of a hollow sign, of the whole."""

GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def look_through(axes: Axes, frame: Frame) -> None:
    """Make axes show the print_shapes of a frame and nothing else."""
    left, bottom, right, top = frame.bounds
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.set_facecolor("white")


def within_frame(shapes: LevelShapes, frame: Frame) -> LevelShapes:
    """Keep the shapes that the frame shows, whole or in part, of its own projection."""
    left, bottom, right, top = frame.bounds
    corners = shapes.corners
    same = np.isin(shapes.grounds, [territory.number for territory in TERRITORIES if territory.epsg == frame.epsg])
    seen = (corners[:, 2] >= left) & (corners[:, 0] <= right) & (corners[:, 3] >= bottom) & (corners[:, 1] <= top)
    return shapes.select(same & seen)


def draw_context(
    axes: Axes, shapes: LevelShapes, scale: float, *, fill: str = CONTEXT_FILL, line: str = CONTEXT_LINE
) -> None:
    """Draw territories in one colour: the surroundings in pale grey."""
    drawn, _ = paths(shapes.shapes)
    axes.add_collection(
        PathCollection(drawn, facecolors=fill, edgecolors=line, linewidths=0.5 * scale, zorder=1),
        autolim=False,
    )


def draw_classes(
    axes: Axes,
    shapes: LevelShapes,
    letters: npt.NDArray[np.str_],
    drawn: MapClasses,
    n_inside: int,
    scale: float,
    *,
    pale: bool = False,
) -> None:
    """Colour the territories of the scope by class, hatch those whose value is unknown.

    Parameters
    ----------
    axes
        The map.
    shapes
        Territories in the frame.
    letters
        Class letter of each (`geo.map.ClassedValues.classes`).
    drawn
        Palette.
    n_inside
        Territories of the scope: the more there are, the thinner the lines between them.
    scale
        Size of the type and lines against A4.
    pale
        True for the territories around the scope: paler tints, and no hatching.
    """
    line = next((width for most, width in _LINES if n_inside <= most), None)
    colours = fills(drawn, pale=pale)
    if line is None:
        # One path a class: between territories of one colour nothing shows through.
        for letter in np.intersect1d(letters, list(colours)):
            drawn_whole = [one_path(shapes.shapes[letters == letter])]
            axes.add_collection(
                PathCollection(drawn_whole, facecolors=colours[letter], linewidths=0, zorder=2), autolim=False
            )
    elif (known := np.isin(letters, list(colours))).any():
        drawn_paths, owner = paths(shapes.shapes[known])
        places = pd.Index(list(colours)).get_indexer(letters[known])
        style: dict[str, Any] = {"edgecolors": "white", "linewidths": line * scale, "joinstyle": "round"}
        faces = to_rgba_array(list(colours.values()))[places][owner]
        axes.add_collection(PathCollection(drawn_paths, facecolors=faces, zorder=2, **style), autolim=False)
    hatched, _ = paths(shapes.shapes[letters == UNKNOWN])
    if hatched and not pale:
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


def fills(drawn: MapClasses, *, pale: bool = False) -> dict[str, str]:
    """Return the colour of each class letter; under circles, that of the ground for all that is known.

    Parameters
    ----------
    drawn
        The map.
    pale
        True for the territories around the scope.
    """
    values = drawn.values
    colours = dict(zip(map(str, range(len(values.palette))), values.palette, strict=True))
    colours[NONE] = values.none_colour or LIGHT.none
    if values.circles is not None:
        colours = dict.fromkeys(colours, LIGHT.ground)
    if pale:
        colours[UNKNOWN] = LIGHT.unknown
        return {letter: mixed(colour, LIGHT.outside, NEIGHBOUR_PALENESS) for letter, colour in colours.items()}
    return colours


def are_parted(n_inside: int) -> bool:
    """Tell whether lines part so many territories."""
    return n_inside <= _LINES[-1][0]


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
    """Draw the sites with the sign of their type; returns the size of the signs (points).

    Those placed at their commune are hollow, and stand apart around its point where there are several.
    """
    size = sign_size(len(structures)) * scale
    x_m, y_m, same, hollow = sign_places(structures, frame, size)
    for kind in BEHIND:
        here = same & (structures["structure_type"] == kind).to_numpy()
        if here.any():
            symbol = STRUCTURE_SYMBOLS[kind]
            style: dict[str, Any] = {"marker": MARKERS[symbol.shape], "zorder": 5}
            halo = [withStroke(linewidth=2 * HALO * size, foreground=HALO_INK)]
            area = size**2 * MARKER_WEIGHT[symbol.shape]
            axes.scatter(
                x_m[here], y_m[here], s=area, c=symbol.colour, edgecolors=symbol.edge or "white",
                linewidths=HALO * size, path_effects=halo, **style,
            )  # fmt: skip
            inside = here & hollow
            if inside.any():
                axes.scatter(x_m[inside], y_m[inside], s=area * HOLLOW, c="white", linewidths=0, **style)
    return size


def sign_places(
    structures: pd.DataFrame, frame: Frame, size: float
) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
    """Return where the signs of sites of a size (points) stand: x and y (m), which are of the frame's projection.

    The last array tells those that are hollow, as placed at their commune only.
    """
    points = project(structures["longitude"], structures["latitude"], structures["departement_code"])
    same = np.asarray([number >= 0 and TERRITORIES[number].epsg == frame.epsg for number in points.territory], bool)
    hollow = np.zeros(len(structures), dtype=bool)
    if "point_flag" in structures.columns:
        hollow = (structures["point_flag"] == "commune").to_numpy(dtype=bool)
    return *fanned_out(points.x_m, points.y_m, hollow, size * MM_PER_POINT * frame.m_per_mm), same, hollow


def sign_boxes(structures: pd.DataFrame, frame: Frame, scale: float) -> list[Box]:
    """Return the boxes (mm) that the signs of sites fill on the page, halo included: no name goes there."""
    size = sign_size(len(structures)) * scale
    x_m, y_m, same, _ = sign_places(structures, frame, size)
    half = (0.5 + HALO) * size * MM_PER_POINT
    x, y = frame.to_page(x_m[same], y_m[same])
    return [Box(float(at_x) - half, float(at_y) - half, 2 * half, 2 * half) for at_x, at_y in zip(x, y, strict=True)]


def fanned_out(x_m: FloatArray, y_m: FloatArray, moved: BoolArray, step_m: float) -> tuple[FloatArray, FloatArray]:
    """Set apart the points of some sites that stand at one place, around it, as the seeds of a sunflower.

    Parameters
    ----------
    x_m, y_m
        Points (m).
    moved
        Which may be moved: those placed at their commune. Any other keeps its place.
    step_m
        Size of a sign on the print_shapes (m): two signs stand about so far from each other.

    Returns
    -------
    tuple of arrays
        The points, in the same order; a site alone at its place is not moved.
    """
    places = pd.DataFrame({"x": np.round(x_m), "y": np.round(y_m)})[moved]
    groups = places.groupby(["x", "y"], sort=False)
    rank = groups.cumcount().to_numpy() + 0.5
    crowd = groups["x"].transform("size").to_numpy() > 1
    radius = np.where(crowd, 0.62 * step_m * np.sqrt(rank), 0.0)
    angle = rank * GOLDEN_ANGLE
    x_out, y_out = np.array(x_m, dtype=np.float64), np.array(y_m, dtype=np.float64)
    x_out[moved] += radius * np.cos(angle)
    y_out[moved] += radius * np.sin(angle)
    return x_out, y_out


def sign_size(n_structures: int) -> float:
    """Return the size of the signs (points): the more there are, the smaller."""
    return next((size for most, size in _SIGNS if n_structures <= most), _SMALLEST_SIGN)


def letters_of(shapes: LevelShapes, codes: pd.Index, classes: str) -> npt.NDArray[np.str_]:
    """Return the class letter of each shape; a shape that has no class is outside."""
    letters = pd.Series(list(classes), index=codes).reindex(shapes.codes)
    return letters.fillna(OUTSIDE).to_numpy(dtype=str)
