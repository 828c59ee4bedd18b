"""Names on a printed map: each beside its dot, none over another; a name without room is left out, its dot stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patheffects import Stroke

from geo.crs import project
from reports.page.paper import INK, MM_PER_POINT, Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from reports.map.content import Town
    from reports.map.frame import Frame
    from reports.page.paper import Paper

DOT_MM = 0.75
PADDING_MM = 0.35


@dataclass(frozen=True)
class PlacedName:
    """A name and the box it fills on the page (mm)."""

    town: Town
    box: Box


def place_names(
    towns: Sequence[Town], dots: Sequence[tuple[float, float]], widths: Sequence[float], height: float, room: Box
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

    Returns
    -------
    list of PlacedName
        No two boxes overlap, none covers a dot, all lie in the room.
    """
    taken = [Box(x - DOT_MM, y - DOT_MM, 2 * DOT_MM, 2 * DOT_MM) for x, y in dots]
    placed = []
    for town, (x, y), width in zip(towns, dots, widths, strict=True):
        gap = DOT_MM + PADDING_MM
        right, left = x + gap, x - gap - width
        middle, above, below = y - height / 2, y + gap, y - gap - height
        tries = [(right, middle), (left, middle), (x - width / 2, above), (x - width / 2, below)]
        tries += [(right, above - 0.8), (left, above - 0.8), (right, below + 0.8), (left, below + 0.8)]
        for x_try, y_try in tries:
            box = Box(x_try, y_try, width, height)
            if _lies_in(box, room) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                placed.append(PlacedName(town, box))
                break
    return placed


def draw_names(axes: Axes, paper: Paper, frame: Frame, towns: Sequence[Town]) -> None:
    """Name the towns of a frame on the axes of the page: prefectures with a square dot and in bold."""
    if not towns:
        return
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
        axes.plot(
            at_x, at_y, marker="s" if town.is_prefecture else "o", markersize=2.9 * paper.scale, color=INK,
            markeredgecolor="white", markeredgewidth=0.5, zorder=11,
        )  # fmt: skip
    for name in place_names(named, [dot for _, dot in seen], widths, height, frame.box):
        style = {"weight": "bold" if name.town.is_prefecture else "normal"}
        baseline = name.box.bottom + 0.22 * height
        halo = paper.write(axes, name.box.left, baseline, name.town.name, size, zorder=11.5, **style)
        halo.set_path_effects([Stroke(linewidth=2.2 * paper.scale, foreground="white", alpha=0.9)])
        paper.write(axes, name.box.left, baseline, name.town.name, size, zorder=12, **style)


def _lies_in(box: Box, room: Box) -> bool:
    return box.left >= room.left and box.right <= room.right and box.bottom >= room.bottom and box.top <= room.top


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top
