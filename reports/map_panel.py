"""A small map among other things on a page: short title, map, compact legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Rectangle

from coverage.gazetteer import FRANCE
from geo.layers import LIGHT, STRUCTURE_SYMBOLS
from reports.ground import Ground
from reports.map_body import draw_ground, frame_of, grounds_of
from reports.map_layers import HATCH, MARKERS, sign_size
from reports.map_margins import scale_item
from reports.numbers import format_number
from reports.paper import FAINT_INK, MM_PER_POINT, SOFT_INK, Box, Paper, Slip, line_height
from reports.pictures import render_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geo.layers import LegendEntry
    from reports.map_content import MapContent

TITLE_SIZE, TEXT_SIZE = 8.0, 6.8
ROW_MM = 4.0
SWATCH_MM = (5.0, 2.9)


def panel_legend_height(content: MapContent) -> float:
    """Return the height (mm) that the legend of a panel fills."""
    n_signs = content.structures["structure_type"].nunique()
    return ROW_MM * (len(_entries(content)) + n_signs) + (11.0 if content.scope == FRANCE else 8.0)


def draw_panel(
    figure: Figure, page: Axes, paper: Paper, ground: Ground, content: MapContent, box: Box, legend_height: float
) -> None:
    """Draw a small map in a box of a page; the colours are dots of 300 an inch, so that a PDF stays light.

    Parameters
    ----------
    figure, page, paper
        The page and its axes in millimetres.
    ground, content
        Shapes, and what the map says.
    box
        Place on the page (mm), title and legend included.
    legend_height
        Room for the legend (mm), the same for panels side by side; see `panel_legend_height`.
    """
    legend = content.drawn.legend
    where = content.title.split(" : ", 1)[0]
    lines = paper.wrap(f"{legend.title}, {where}", TITLE_SIZE, box.width, "bold")[:2]
    top = paper.write_block(page, box.left, box.top, lines, TITLE_SIZE, weight="bold")
    top -= (2 - len(lines)) * line_height(TITLE_SIZE)
    unit = paper.wrap(legend.subtitle, TEXT_SIZE, box.width)[:2]
    paper.write_block(page, box.left, top, unit, TEXT_SIZE, color=SOFT_INK)
    top -= 2 * line_height(TEXT_SIZE) + 0.8
    map_box = Box(box.left, box.bottom + legend_height, box.width, top - box.bottom - legend_height)
    grounds = grounds_of(ground, content)
    frame = frame_of(ground, content, map_box, grounds)
    letters = pd.Series(list(content.drawn.values.classes), index=content.codes)
    # One layer of dots a map, whatever it holds: a PDF would otherwise carry every border of every commune.
    axes = draw_ground(figure, paper, ground, content, frame, grounds, letters, in_lines=False, line_scale=0.6)
    axes.set_rasterization_zorder(10)
    y = map_box.bottom - 1.2
    for entry in _entries(content):
        _draw_entry(page, paper, entry, box, y)
        y -= ROW_MM
    y = _draw_signs(page, paper, content, box, y)
    bar = scale_item(paper, frame, box.width * 0.5, north=False, size=6.2)
    bar.draw(page, box.left, y - 0.2)
    if content.scope == FRANCE:
        note = "Outre-mer : compté, non dessiné."
        paper.write(page, box.left, y - bar.height - 2.8, note, 6.2, color=SOFT_INK)


def _entries(content: MapContent) -> list[LegendEntry]:
    return [entry for entry in content.drawn.legend.entries if entry.count != 0]


def _draw_entry(page: Axes, paper: Paper, entry: LegendEntry, box: Box, top: float) -> None:
    width, height = SWATCH_MM
    face, edge = (LIGHT.unknown, LIGHT.unknown_line) if entry.hatch else (entry.colour, FAINT_INK)
    page.add_patch(
        Rectangle(
            (box.left, top - height), width, height, facecolor=face, edgecolor=edge, linewidth=0.3,
            hatch=HATCH if entry.hatch else None,
        )
    )  # fmt: skip
    baseline = top - height + 0.55
    paper.write(page, box.left + width + 1.6, baseline, entry.label, TEXT_SIZE)
    if entry.count is not None:
        paper.write(page, box.right, baseline, format_number(entry.count), TEXT_SIZE, ha="right", color=SOFT_INK)


def _draw_signs(page: Axes, paper: Paper, content: MapContent, box: Box, top: float) -> float:
    counts = content.structures["structure_type"].value_counts()
    for kind, symbol in STRUCTURE_SYMBOLS.items():
        if kind in counts:
            middle = top - SWATCH_MM[1] / 2
            page.plot(
                box.left + SWATCH_MM[0] / 2, middle, marker=MARKERS[symbol.shape],
                markersize=max(3.2, sign_size(len(content.structures)) * 0.6), color=symbol.colour,
                markeredgecolor="white", markeredgewidth=0.3,
            )  # fmt: skip
            baseline = middle - 0.33 * TEXT_SIZE * MM_PER_POINT
            paper.write(page, box.left + SWATCH_MM[0] + 1.6, baseline, symbol.label, TEXT_SIZE)
            count = format_number(int(counts[kind]))
            paper.write(page, box.right, baseline, count, TEXT_SIZE, ha="right", color=SOFT_INK)
            top -= ROW_MM
    return top


def panel_picture(ground: Ground, content: MapContent, size: tuple[float, float], *, dpi: int = 250) -> bytes:
    """Draw a small map alone, as a PNG of a size in millimetres."""
    paper = Slip(size=size)
    figure, page = paper.sheet()
    box = Box(0.5, 0.5, paper.width - 1.0, paper.height - 1.0)
    draw_panel(figure, page, paper, ground, content, box, panel_legend_height(content))
    return render_picture(figure, "png", dpi=dpi, title=content.title)


def describe_map(content: MapContent) -> str:
    """Return the description of a map for those who do not see it: what, where, and how many in each class."""
    entries = content.drawn.legend.entries
    counted = [f"{entry.label} : {format_number(entry.count)}" for entry in entries if entry.count]
    words = f"Carte. {content.title}. Par {content.level}, {content.drawn.legend.subtitle}."
    return f"{words} {' ; '.join(counted)}."
