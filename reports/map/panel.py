"""A small map among other things on a page: short title, map, compact legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from matplotlib.patches import Circle, Rectangle

from coverage.indicators.sites import FORMER
from coverage.territories.gazetteer import FRANCE
from geo.levels import LEVEL_NAMES
from geo.map import LIGHT, STRUCTURE_SYMBOLS, SitesNote, sites_notes
from reports.figures.numbers import format_number
from reports.map.body import draw_ground, frame_of, grounds_of
from reports.map.circles import draw_sizes, sizes_height
from reports.map.layers import HATCH, sign_size
from reports.map.margins import draw_sign, scale_item
from reports.map.shapes import PrintShapes
from reports.page.paper import FAINT_INK, MM_PER_POINT, SOFT_INK, Box, CustomPage, Paper, line_height
from reports.page.pictures import PictureFormat, render_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geo.map import LegendEntry
    from reports.map.content import MapContent

TITLE_SIZE, TEXT_SIZE = 8.0, 6.8
ROW_MM = 4.0
SWATCH_MM = (5.0, 2.9)
PANEL_CIRCLES: Final = 0.6
"""Size of circles and lines on a small map, against an A4 page."""


def panel_legend_height(content: MapContent) -> float:
    """Return the height (mm) that the legend of a panel fills."""
    n_signs = content.structures["structure_type"].nunique() + len(_hollow(content))
    sizes = content.drawn.legend.sizes
    return (
        (sizes_height(sizes, PANEL_CIRCLES, TEXT_SIZE) if sizes else 0.0)
        + ROW_MM * (len(_entries(content)) + n_signs)
        + (11.0 if content.scope == FRANCE else 8.0)
    )


def draw_panel(
    figure: Figure,
    page: Axes,
    paper: Paper,
    print_shapes: PrintShapes,
    content: MapContent,
    box: Box,
    legend_height: float,
) -> None:
    """Draw a small map in a box of a page; the colours are dots, so that a PDF stays light.

    Parameters
    ----------
    figure, page, paper
        The page and its axes in millimetres.
    print_shapes, content
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
    grounds = grounds_of(print_shapes, content)
    frame = frame_of(print_shapes, content, map_box, grounds)
    letters = pd.Series(list(content.drawn.values.classes), index=content.codes)
    # One layer of dots a map, whatever it holds: a PDF would otherwise carry every border of every commune.
    axes = draw_ground(
        figure, paper, print_shapes, content, frame, grounds, letters, in_lines=False, line_scale=PANEL_CIRCLES
    )
    axes.set_rasterization_zorder(10)
    y = map_box.bottom - 1.2
    if legend.sizes:
        draw_sizes(page, paper, legend.sizes, box.left, y, PANEL_CIRCLES, TEXT_SIZE)
        y -= sizes_height(legend.sizes, PANEL_CIRCLES, TEXT_SIZE)
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
    return content.drawn.legend.shown


def _draw_entry(page: Axes, paper: Paper, entry: LegendEntry, box: Box, top: float) -> None:
    width, height = SWATCH_MM
    face, edge = (LIGHT.unknown, LIGHT.unknown_line) if entry.hatch else (entry.colour, FAINT_INK)
    style: dict[str, Any] = {"facecolor": face, "edgecolor": edge, "linewidth": 0.3}
    if entry.is_round:
        page.add_patch(Circle((box.left + width / 2, top - height / 2), height / 2, **style))
    else:
        hatch = HATCH if entry.hatch else None
        page.add_patch(Rectangle((box.left, top - height), width, height, hatch=hatch, **style))
    baseline = top - height + 0.55
    paper.write(page, box.left + width + 1.6, baseline, entry.label, TEXT_SIZE)
    if entry.count is not None:
        paper.write(page, box.right, baseline, format_number(entry.count), TEXT_SIZE, ha="right", color=SOFT_INK)


def _draw_signs(page: Axes, paper: Paper, content: MapContent, box: Box, top: float) -> float:
    counts = content.structures["structure_type"].value_counts()
    rows = [(kind, _dated(content, kind), int(counts[kind]), False) for kind in STRUCTURE_SYMBOLS if kind in counts]
    rows += [(note.sign, note.label, note.count or 0, True) for note in _hollow(content)]
    size = max(3.2, sign_size(len(content.structures)) * 0.6)
    for kind, label, count, hollow in rows:
        middle = top - SWATCH_MM[1] / 2
        draw_sign(page, kind, box.left + SWATCH_MM[0] / 2, middle, size, hollow=hollow)
        baseline = middle - 0.33 * TEXT_SIZE * MM_PER_POINT
        paper.write(page, box.left + SWATCH_MM[0] + 1.6, baseline, label, TEXT_SIZE)
        paper.write(page, box.right, baseline, format_number(count), TEXT_SIZE, ha="right", color=SOFT_INK)
        top -= ROW_MM
    return top


def _dated(content: MapContent, kind: str) -> str:
    """Name a type with the days of its files, which a small map has no other place to say."""
    label = STRUCTURE_SYMBOLS[kind].label
    if "as_of" not in content.structures.columns or kind.endswith(FORMER):
        return label
    of_kind = content.structures["structure_type"] == kind
    days = [f"{day:%d/%m/%Y}" for day in sorted(content.structures.loc[of_kind, "as_of"].dropna().unique())]
    return ", ".join([label, " et ".join(days)]) if days else label


def _hollow(content: MapContent) -> list[SitesNote]:
    return [note for note in sites_notes(content.structures) if note.sign]


def panel_picture(
    print_shapes: PrintShapes,
    content: MapContent,
    size: tuple[float, float],
    *,
    kind: PictureFormat = "png",
    dpi: int = 250,
    legend_height: float | None = None,
) -> bytes:
    """Draw a small map alone, to stand in a document, as a picture of a size in millimetres.

    Maps side by side end at the same height when their legends have the same room (mm), see `draw_panel`.
    """
    paper = CustomPage(size=size)
    figure, page = paper.sheet()
    box = Box(0.5, 0.5, paper.width - 1.0, paper.height - 1.0)
    draw_panel(figure, page, paper, print_shapes, content, box, legend_height or panel_legend_height(content))
    return render_picture(figure, kind, dpi=dpi, title=content.title, fonts_inside=False)


def describe_map(content: MapContent) -> str:
    """Return the description of a map for those who do not see it: what, where, and how many in each class."""
    entries = content.drawn.legend.entries
    counted = [f"{entry.label} : {format_number(entry.count)}" for entry in entries if entry.count]
    words = f"Carte. {content.title}. Par {LEVEL_NAMES[content.level].noun}, {content.drawn.legend.subtitle}."
    return f"{words} {' ; '.join(counted)}."
