"""The printed map: any view of the app on a page that stands by itself, with legend, scale, north, source and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.patches import Rectangle

from coverage.territories.gazetteer import FRANCE
from geo.crs import TERRITORIES
from reports.map.body import (
    SELECTION,
    coloured,
    draw_ground,
    draw_left_out,
    frame_of,
    grounds_of,
    neighbour_shapes,
)
from reports.map.circles import draw_circles
from reports.map.frame import Frame, frame_on
from reports.map.layers import (
    draw_classes,
    draw_outlines,
    draw_structures,
    letters_of,
    look_through,
    sign_boxes,
    sign_size,
)
from reports.map.margins import (
    Item,
    block_items,
    gap_item,
    height_of,
    histogram_items,
    legend_items,
    line_item,
    line_items,
    outlines_of,
    scale_item,
    stack,
    structure_items,
)
from reports.map.place_names import draw_names, draw_neighbour_names
from reports.map.shapes import OVERSEAS, PrintShapes
from reports.page.logo import draw_logo
from reports.page.paper import RULE, SOFT_INK, Box, Paper, line_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.map.content import MapContent


@dataclass(frozen=True)
class _Plan:
    """Where everything stands on the page (mm)."""

    map_box: Box
    insets: tuple[Box, ...]
    margin_columns: tuple[tuple[float, float], ...]
    margin_top: float
    margin_bottom: float


def draw_map(
    print_shapes: PrintShapes, content: MapContent, paper: Paper, *, in_lines: bool = False, bare: bool = False
) -> Figure:
    """Draw a map on a page.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    content
        What the map says.
    paper
        The page.
    in_lines
        True for SVG and PDF: all the communes of France then lose the vertices that the paper cannot show.
    bare
        True without title and sources, where the document around the map says them.

    Returns
    -------
    matplotlib.figure.Figure
        To be given to `reports.page.pictures.render_picture`.

    Raises
    ------
    EmptyTerritoryError
        The territory has no shape.
    LogoError
        The logo is absent or is no picture.
    """
    figure, page = paper.sheet()
    margin = 1.0 if bare else 10.0 * paper.scale
    top = paper.height - margin - 1.0 if bare else draw_head(page, paper, content, margin)
    bottom = margin if bare else draw_foot(page, paper, content, margin)
    body = Box(margin, bottom, paper.width - 2 * margin, top - bottom)
    letters = pd.Series(list(content.drawn.values.classes), index=content.codes)
    grounds = grounds_of(print_shapes, content)
    with_insets = content.scope == FRANCE
    plan = _plan(paper, body, content, with_insets=with_insets)
    frame = frame_of(print_shapes, content, plan.map_box, grounds)
    draw_ground(figure, paper, print_shapes, content, frame, grounds, letters, in_lines=in_lines)
    signs = sign_boxes(content.structures, frame, paper.scale)
    names = draw_names(page, paper, frame, content.towns, signs)
    draw_neighbour_names(page, paper, frame, neighbour_shapes(print_shapes, content, frame), [*signs, *names])
    for box, number in zip(plan.insets, OVERSEAS, strict=False):
        _draw_inset(figure, page, paper, print_shapes, content, box, number, letters)
    _draw_margin(page, paper, content, plan, frame)
    return figure


def draw_head(page: Axes, paper: Paper, content: MapContent, margin: float) -> float:
    """Write title and subtitle, and the logo; returns where the map may begin (mm)."""
    top = paper.height - margin
    width = paper.width - 2 * margin
    if content.logo is not None:
        width -= draw_logo(page, content.logo, paper.width - margin, top, 34.0 * paper.scale, 13.0 * paper.scale) + 4
    sizes = [size * paper.scale for size in (16.0, 14.5, 13.0)]
    size = next((size for size in sizes if paper.text_width(content.title, size, "bold") <= width), sizes[-1])
    lines = paper.wrap(content.title, size, width, "bold")
    top = paper.write_block(page, margin, top, lines, size, weight="bold") - 0.8
    small = 8.5 * paper.scale
    top = paper.write_block(page, margin, top, paper.wrap(content.subtitle, small, width), small, color=SOFT_INK)
    return top - 3.0 * paper.scale


def draw_foot(page: Axes, paper: Paper, content: MapContent, margin: float) -> float:
    """Write the author's note and the sources under a rule; returns where the map may end (mm)."""
    size, noted = 6.5 * paper.scale, 8.0 * paper.scale
    width = paper.width - 2 * margin
    lines = paper.wrap(content.source, size, width)
    note = paper.wrap(content.note, noted, width) if content.note else []
    top = margin * 0.8 + len(lines) * line_height(size)
    paper.write_block(page, margin, top, lines, size, color=SOFT_INK)
    top += len(note) * line_height(noted)
    paper.write_block(page, margin, top, note, noted)
    page.plot([margin, paper.width - margin], [top + 1.2] * 2, color=RULE, linewidth=0.6)
    return top + 1.2 + 2.5 * paper.scale


def _plan(paper: Paper, body: Box, content: MapContent, *, with_insets: bool) -> _Plan:
    """Share the body of the page: margin beside the map on a wide page, under it otherwise."""
    scale = paper.scale
    gap = 5.0 * scale
    inset = 31.0 * scale
    n = len(OVERSEAS)
    # On a square, strips of insets and legend under one another would leave the map of France a third of the page.
    if paper.is_wide or (with_insets and paper.width == paper.height):
        column = 60.0 * scale
        left = inset + gap if with_insets else 0.0
        map_box = Box(body.left + left, body.bottom, body.width - column - gap - left, body.height)
        step = body.height / n
        label = 5.0 * scale
        boxes = [Box(body.left, body.top - (rank + 1) * step + 1.5, inset, step - label - 1.5) for rank in range(n)]
        return _Plan(
            map_box, tuple(boxes) if with_insets else (), ((map_box.right + gap, column),), body.top, body.bottom
        )
    column_gap = 8.0 * scale
    columns = (0.42 * (body.width - column_gap), 0.58 * (body.width - column_gap))
    strip = max(
        height_of(legend_items(paper, content, columns[0])),
        height_of(_second_column(paper, content, columns[1])) + 16.0 * scale,
    )
    label = 5.0 * scale
    row = (inset + label + 3.0 * scale) if with_insets else 0.0
    map_box = Box(body.left, body.bottom + strip + gap + row, body.width, body.height - strip - gap - row)
    step = (body.width + gap) / n
    boxes = [Box(body.left + rank * step, body.bottom + strip + gap, step - gap, inset) for rank in range(n)]
    starts = (body.left, body.left + columns[0] + column_gap)
    margins = tuple(zip(starts, columns, strict=True))
    return _Plan(map_box, tuple(boxes) if with_insets else (), margins, body.bottom + strip, body.bottom)


def _second_column(paper: Paper, content: MapContent, width: float) -> list[Item]:
    signs = structure_items(paper, content, sign_size(len(content.structures)) * paper.scale, width)
    space = [gap_item(2.5 * paper.scale)] if signs else []
    return [
        *signs,
        *space,
        *line_items(paper, content, outlines_of(content, paper.scale)),
        *_outlined_items(paper, content),
    ]


def _outlined_items(paper: Paper, content: MapContent) -> list[Item]:
    if content.outlined is None:
        return []
    return [line_item(paper, content.outlined_name, SELECTION, 1.3 * paper.scale)]


def _draw_margin(page: Axes, paper: Paper, content: MapContent, plan: _Plan, frame: Frame) -> None:
    (first, first_width), (last, last_width) = plan.margin_columns[0], plan.margin_columns[-1]
    legend = legend_items(paper, content, first_width)
    second = _second_column(paper, content, last_width)
    end = stack(page, legend, first, plan.margin_top)
    beside = len(plan.margin_columns) > 1
    end = stack(page, second, last, plan.margin_top if beside else end - 4.0 * paper.scale)
    bar = scale_item(paper, frame, min(last_width, 60.0 * paper.scale))
    bar.draw(page, last, plan.margin_bottom + bar.height)
    _fill_margin(page, paper, content, last, last_width, end, plan.margin_bottom + bar.height)


def _fill_margin(
    page: Axes, paper: Paper, content: MapContent, left: float, width: float, top: float, bottom: float
) -> None:
    """Give the room that is left under the legend (mm) to the small tables of the map, then to its histogram."""
    gap = 5.0 * paper.scale
    groups = [block_items(paper, block, width) for block in content.blocks]
    for items in (*groups, histogram_items(paper, content, width)):
        if items and height_of(items) + 2 * gap <= top - bottom:
            top = stack(page, items, left, top - gap)


def _draw_inset(
    figure: Figure, page: Axes, paper: Paper, print_shapes: PrintShapes, content: MapContent, box: Box, number: int,
    letters: pd.Series,
) -> None:  # fmt: skip
    """Draw one overseas territory in its own projection, at its own scale."""
    territory = TERRITORIES[number]
    regions = print_shapes.level("region")
    outline = regions.select(regions.grounds == number)
    bar_room = 6.0 * paper.scale
    frame = frame_on(
        outline.bounds(), Box(box.left, box.bottom + bar_room, box.width, box.height - bar_room), territory.epsg, 0.05
    )
    axes = paper.place(figure, frame.box)
    look_through(axes, frame)
    for side in axes.spines.values():
        side.set_visible(False)
    shapes = coloured(print_shapes, content, frame, letters)
    classes = letters_of(shapes, content.codes, content.drawn.values.classes)
    draw_classes(axes, shapes, classes, content.drawn, 400, paper.scale)
    draw_circles(axes, shapes, content, classes, paper.scale, pale=False)
    draw_left_out(axes, print_shapes, content, frame, paper.scale)
    draw_outlines(axes, outline, "#2b343d", 0.6 * paper.scale)
    draw_structures(axes, content.structures, frame, paper.scale)
    page.add_patch(_rectangle(box))
    paper.write(page, box.left + 0.5, box.top + 1.2, territory.name, 7.5 * paper.scale, weight="bold")
    bar = scale_item(paper, frame, box.width * 0.62, north=False)
    bar.draw(page, box.left + 2.0, box.bottom + bar.height + 0.8)


def _rectangle(box: Box) -> Any:
    return Rectangle((box.left, box.bottom), box.width, box.height, facecolor="none", edgecolor=RULE, linewidth=0.6)
