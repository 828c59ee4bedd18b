"""Names on a printed map: each beside its dot, none over another nor over a sign; one without room is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from matplotlib.patheffects import Normal, Stroke

from geo.crs import project
from reports.page.paper import INK, MM_PER_POINT, SOFT_INK, Box

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from reports.map.content import Town
    from reports.map.frame import Frame
    from reports.page.paper import Paper

DOT_MM = 0.75
ROOM_MM = 4.0
"""Radius of the circle that a neighbour must hold to be named."""
PADDING_MM = 0.35
FURTHER_MM = (0.0, 1.2, 2.4)
"""How much further than beside its dot a name may stand, where a sign hides the dot."""


@dataclass(frozen=True)
class PlacedName:
    """A name and the box it fills on the page (mm)."""

    town: Town
    box: Box


def place_names(
    towns: Sequence[Town],
    dots: Sequence[tuple[float, float]],
    widths: Sequence[float],
    height: float,
    room: Box,
    signs: Sequence[Box] = (),
) -> list[PlacedName]:
    """Return each name the first free place around its dot, in the order given.

    Parameters
    ----------
    towns, dots, widths
        Names, their dots on the page (mm) and the width of each name (mm).
    height
        Height of a name (mm).
    room
        The box that names may not leave (mm).
    signs
        The boxes of what names may not cover (mm).

    Returns
    -------
    list of PlacedName
        No two boxes overlap, none covers a dot, all lie in the room.
    """
    taken = [*signs, *(Box(x - DOT_MM, y - DOT_MM, 2 * DOT_MM, 2 * DOT_MM) for x, y in dots)]
    placed = []
    for town, (x, y), width in zip(towns, dots, widths, strict=True):
        tries = (box for further in FURTHER_MM for box in _around(x, y, width, height, DOT_MM + PADDING_MM + further))
        free = (box for box in tries if _lies_in(box, room) and not any(_overlap(box, other) for other in taken))
        if box := next(free, None):
            taken.append(box)
            placed.append(PlacedName(town, box))
    return placed


def _around(x: float, y: float, width: float, height: float, gap: float) -> list[Box]:
    """Return the eight places of a name around a dot (mm), the best first."""
    right, left = x + gap, x - gap - width
    middle, above, below = y - height / 2, y + gap, y - gap - height
    tries = [(right, middle), (left, middle), (x - width / 2, above), (x - width / 2, below)]
    tries += [(right, above - 0.8), (left, above - 0.8), (right, below + 0.8), (left, below + 0.8)]
    return [Box(x_try, y_try, width, height) for x_try, y_try in tries]


def draw_names(axes: Axes, paper: Paper, frame: Frame, towns: Sequence[Town], signs: Sequence[Box] = ()) -> list[Box]:
    """Name the towns of a frame on the axes of the page: prefectures with a square dot and in bold.

    Where a sign of a site stands, there is no dot: the sign is what must be seen. Returns the boxes of the names (mm).
    """
    if not towns:
        return []
    size = 7.0 * paper.scale
    points = project(
        [town.longitude for town in towns],
        [town.latitude for town in towns],
        [town.departement_code for town in towns],
    )
    x, y = frame.to_page(points.x_m, points.y_m)
    seen = [
        (town, (float(at_x), float(at_y)))
        for town, at_x, at_y in zip(towns, x, y, strict=True)
        if frame.box.left < at_x < frame.box.right and frame.box.bottom < at_y < frame.box.top
    ]
    named = [town for town, _ in seen]
    weights = ["bold" if town.is_prefecture else "normal" for town in named]
    widths = [paper.text_width(town.name, size, weight) for town, weight in zip(named, weights, strict=True)]
    height = 0.95 * size * MM_PER_POINT
    for town, (at_x, at_y) in seen:
        if any(_overlap(Box(at_x - DOT_MM / 2, at_y - DOT_MM / 2, DOT_MM, DOT_MM), sign) for sign in signs):
            continue
        axes.plot(
            at_x, at_y, marker="s" if town.is_prefecture else "o", markersize=2.9 * paper.scale, color=INK,
            markeredgecolor="white", markeredgewidth=0.5, zorder=11,
        )  # fmt: skip
    placed = place_names(named, [dot for _, dot in seen], widths, height, frame.box, signs)
    for name in placed:
        style = {"weight": "bold" if name.town.is_prefecture else "normal"}
        baseline = name.box.bottom + 0.22 * height
        halo = paper.write(axes, name.box.left, baseline, name.town.name, size, zorder=11.5, **style)
        halo.set_path_effects([Stroke(linewidth=2.2 * paper.scale, foreground="white", alpha=0.9)])
        paper.write(axes, name.box.left, baseline, name.town.name, size, zorder=12, **style)
    return [name.box for name in placed]


def draw_neighbour_names(
    axes: Axes, paper: Paper, frame: Frame, around: Mapping[str, Any], taken: Sequence[Box]
) -> None:
    """Name what lies around the territory shown, in the middle of what the frame shows of it, where there is room.

    Parameters
    ----------
    around
        Name and shape (m) of each neighbour, in the projection of the frame.
    taken
        Boxes of the page (mm) that hold names and signs.
    """
    size = 6.5 * paper.scale
    height = 0.95 * size * MM_PER_POINT
    boxes = list(taken)
    seen = shapely.box(*frame.bounds)
    for name, shape in around.items():
        shown = shapely.intersection(shape, seen)
        if shapely.area(shown) == 0:  # its box is in the frame, not it
            continue
        heart = shapely.maximum_inscribed_circle(shown, tolerance=frame.m_per_mm)
        if shapely.length(heart) < ROOM_MM * frame.m_per_mm:
            continue
        (x_m, y_m), _ = shapely.get_coordinates(heart)
        x, y = frame.to_page(x_m, y_m)
        width = paper.text_width(name.upper(), size)
        box = Box(float(x) - width / 2, float(y) - height / 2, width, height)
        if _lies_in(box, frame.box) and not any(_overlap(box, other) for other in boxes):
            boxes.append(box)
            baseline = box.bottom + 0.22 * height
            halo = paper.write(axes, box.left, baseline, name.upper(), size, zorder=11, color=SOFT_INK)
            halo.set_path_effects([Stroke(linewidth=2.0 * paper.scale, foreground="white", alpha=0.75), Normal()])


def _lies_in(box: Box, room: Box) -> bool:
    return box.left >= room.left and box.right <= room.right and box.bottom >= room.bottom and box.top <= room.top


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top
