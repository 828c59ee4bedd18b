"""Proportional circles on paper: the same as on screen, at the scale of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from matplotlib.patches import Circle

from geo.map import LIGHT
from geo.map.palettes import mixed
from reports.page.paper import MM_PER_POINT, SOFT_INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geo.map import CircleSize
    from reports.map.content import MapContent
    from reports.map.shapes import LevelShapes, Shapes
    from reports.page.paper import Paper

MM_PER_PX: Final = 0.2
"""Millimetres of an A4 page for a CSS pixel of the screen: a map of 900 pixels is some 180 mm wide."""
RING: Final = LIGHT.text_soft
PALE: Final = 0.5


def anchor_points(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return where the circle of each territory stands: the centre of its largest part, or a point within that part.

    Parameters
    ----------
    shapes
        Polygons and multipolygons.

    Returns
    -------
    numpy.ndarray
        x and y of each, a row a shape.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((shapely.area(parts), owner))
    last = np.flatnonzero(np.diff(owner[order], append=-1))
    largest = parts[order[last]]
    centres = shapely.centroid(largest)
    astray = ~shapely.contains(largest, centres)
    centres[astray] = shapely.point_on_surface(largest[astray])
    return np.asarray(shapely.get_coordinates(centres))


def draw_circles(
    axes: Axes, shapes: LevelShapes, content: MapContent, letters: npt.NDArray[np.str_], scale: float, *, pale: bool
) -> None:
    """Draw the circles of some territories, the largest first; those around the scope are pale rings.

    Parameters
    ----------
    axes
        The map.
    shapes, letters
        Territories in the frame, and the class of each.
    content
        What the map says.
    scale
        Size of the type and lines against A4.
    pale
        True for the territories around the scope.
    """
    circles = content.drawn.values.circles
    if circles is None or not len(shapes.codes):
        return
    values = pd.Series(circles.values, index=content.codes).reindex(shapes.codes).to_numpy(dtype=np.float64)
    drawn = np.isfinite(values) & (values != 0)
    order = np.flatnonzero(drawn)[np.argsort(-np.abs(values[drawn]), kind="stable")]
    if not len(order):
        return
    points = anchor_points(shapes.shapes[order])
    diameters = 2 * circles.radii_px(values[order]) * MM_PER_PX * scale / MM_PER_POINT
    palette = content.drawn.values.palette
    colours = [palette[int(letter)] for letter in letters[order]]
    style: dict[str, Any] = {"c": colours, "edgecolors": "white", "linewidths": 0.35 * scale}
    if pale:
        style = {
            "facecolors": "none",
            "edgecolors": [mixed(colour, LIGHT.outside, PALE) for colour in colours],
            "linewidths": 0.6 * scale,
        }
    axes.scatter(points[:, 0], points[:, 1], s=diameters**2, zorder=3.2 if pale else 3.3, **style)


def sizes_height(sizes: Sequence[CircleSize], scale: float, size: float) -> float:
    """Return the height (mm) of the circles of a legend, nested on one base, with their numbers (points)."""
    heights = _number_heights([one.radius_px * MM_PER_PX * scale for one in sizes], size)
    under = max(0.9 * scale, _step(size) / 2 - heights[-1])
    return heights[0] + 0.6 * scale + under


def _step(size: float) -> float:
    return 1.15 * size * MM_PER_POINT


def _number_heights(radii: Sequence[float], size: float) -> list[float]:
    """Return how high (mm) above the base of the circles each number stands: at the top of its circle, or lower."""
    heights: list[float] = []
    for radius in radii:
        heights.append(min(heights[-1] - _step(size), 2 * radius) if heights else 2 * radius)
    return heights


def draw_sizes(
    axes: Axes, paper: Paper, sizes: Sequence[CircleSize], left: float, top: float, scale: float, size: float
) -> None:
    """Draw the circles of a legend one in the other, each with its number at the end of a line (mm; size in points)."""
    radii = [one.radius_px * MM_PER_PX * scale for one in sizes]
    base = top - 2 * radii[0] - 0.6 * scale
    middle, end = left + radii[0], left + 2 * radii[0] + 3.0 * scale
    for one, radius, number in zip(sizes, radii, _number_heights(radii, size), strict=True):
        axes.add_patch(Circle((middle, base + radius), radius, facecolor="none", edgecolor=RING, linewidth=0.6 * scale))
        edge, height = base + 2 * radius, base + number
        axes.plot([middle, end], [edge, height], color=RING, linewidth=0.4 * scale)
        paper.write(axes, end + 0.8 * scale, height - 0.33 * size * MM_PER_POINT, one.label, size, color=SOFT_INK)
