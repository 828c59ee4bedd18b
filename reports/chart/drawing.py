"""A chart drawn on paper in millimetres: axes, bars, lines, marks, bands, legend; see `reports.chart.specification`."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Rectangle

from geo.map.palettes import luminance
from reports.chart.axes import Ruler, ruler_of
from reports.chart.specification import Bars, Chart, Line, Mark
from reports.page.paper import FAINT_INK, INK, MM_PER_POINT, RULE, SOFT_INK, Box, Paper, line_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAR_PART: Final = 0.76
DARK: Final = 0.35
POINTS_PER_PIXEL: Final = 0.56
"""A chart is drawn smaller on paper than on a screen, and looked at from nearer."""

MOST_ROWS: Final = 34
"""Bars under one another in a column; beyond, the chart goes on in a second column, on the same axis."""

HIGHEST_ROW_MM: Final = 20.0
ROW_TEXT_PART: Final = 0.74
LONGEST_NAME: Final = 0.42
_MARKS: Final[dict[Mark, str]] = {
    "": "none", "circle": "o", "diamond": "D", "open diamond": "D", "cross": "x", "square": "s", "triangle": "^"
}  # fmt: skip


def draw_chart(page: Axes, paper: Paper, box: Box, chart: Chart, size: float) -> None:
    """Draw a chart in a box of the page, its legend under it.

    Parameters
    ----------
    page, paper
        The page and its axes in millimetres.
    box
        Place on the page (mm).
    chart
        As `reports.chart.placing.placed` gives it.
    size
        Size of the type (points).
    """
    legend_room = _draw_legend(page, paper, box, chart, size)
    body = Box(box.left, box.bottom + legend_room, box.width, box.height - legend_room)
    if chart.is_horizontal:
        _draw_rows(page, paper, body, chart, size)
    else:
        _draw_upright(page, paper, body, chart, size)


def _draw_upright(page: Axes, paper: Paper, box: Box, chart: Chart, size: float) -> None:
    """Draw a chart whose values go up."""
    title_room = line_height(size) + 1.0 if chart.y.title else 2.0
    beside = ruler_of(chart, "y", box.bottom, box.top, ticks=chart.y.is_labelled).ticks
    gutter = max((paper.text_width(label, size) for _, label in beside), default=0.0) + 2.0
    x = ruler_of(chart, "x", box.left + gutter, box.right, ticks=chart.x.is_labelled)
    room = abs(x.at(1.0) - x.at(0.0)) if chart.x.kind == "names" else box.width
    labels = [(value, paper.wrap(label, size, room)) for value, label in x.ticks]
    n_lines = max((len(lines) for _, lines in labels), default=1) + bool(chart.x.title)
    low, high = (
        box.bottom + n_lines * line_height(size) + 1.5,
        box.top - title_room - (line_height(size) if _has_texts(chart) else 0.0),
    )
    y = ruler_of(chart, "y", low, high, ticks=chart.y.is_labelled)
    if chart.y.title:
        paper.write(page, box.left, box.top - size * MM_PER_POINT, chart.y.title, size, color=SOFT_INK)
    for value, label in y.ticks:
        place = y.at(value)
        if chart.y.has_grid is not False:
            page.plot([x.low_mm, x.high_mm], [place] * 2, color=RULE, linewidth=0.6, zorder=1)
        baseline = place - 0.35 * size * MM_PER_POINT
        paper.write(page, x.low_mm - 1.5, baseline, label, size, ha="right", color=SOFT_INK)
    for value, lines in labels:
        for rank, line in enumerate(lines):
            baseline = low - 1.0 - size * MM_PER_POINT - rank * line_height(size)
            paper.write(page, x.at(value), baseline, line, size, ha="center", color=SOFT_INK)
    ground = y.at(max(y.first, 0.0)) if chart.bars else low
    page.plot([x.low_mm, x.high_mm], [ground] * 2, color=FAINT_INK, linewidth=0.8, zorder=1)
    if chart.x.title:
        paper.write(page, box.right, box.bottom + 0.6, chart.x.title, size, ha="right", color=SOFT_INK)
    _draw_bars(page, paper, chart, x, y, size)
    _draw_lines(page, paper, chart, x, y)
    _draw_references(page, paper, chart, x, y, size)
    for note in chart.notes:
        paper.write(
            page, x.at(note.x), y.at(note.y) - 0.35 * size * MM_PER_POINT, note.text, size,
            color=note.colour or SOFT_INK, weight="bold" if note.is_bold else "normal",
        )  # fmt: skip


def _draw_rows(page: Axes, paper: Paper, box: Box, chart: Chart, size: float) -> None:
    """Draw horizontal bars, a row a name; very many names go on in a second column."""
    n = len(chart.y.names)
    n_columns = math.ceil(n / MOST_ROWS)
    n_rows = math.ceil(n / n_columns)
    gap = 10.0
    width = (box.width - (n_columns - 1) * gap) / n_columns
    foot = (line_height(size) if chart.x.is_labelled else 0.0) + (line_height(size) if chart.x.title else 0.0) + 1.5
    row = min((box.height - foot) / n_rows, HIGHEST_ROW_MM * paper.scale)
    text = min(size, row * ROW_TEXT_PART / MM_PER_POINT)
    names = max(paper.text_width(name, text, "bold") for name in chart.y.names) + 2.0
    names = min(names, LONGEST_NAME * width)
    figures = max((paper.text_width(t, text) for bars in chart.bars for t in bars.texts if bars.texts_at == "beyond"),
                  default=0.0) + 2.5  # fmt: skip
    order = range(n) if chart.y.is_reversed else range(n - 1, -1, -1)  # from the top of the page
    for column in range(n_columns):
        left = box.left + column * (width + gap)
        here = list(order)[column * n_rows : (column + 1) * n_rows]
        top = box.top
        bottom = top - row * len(here)
        x = ruler_of(chart, "x", left + names, left + width - figures, ticks=chart.x.is_labelled)
        ends = (here[-1] + 0.5, here[0] - 0.5) if chart.y.is_reversed else (here[-1] - 0.5, here[0] + 0.5)
        y = Ruler(*ends, bottom, top, ())
        for value, label in x.ticks:
            page.plot([x.at(value)] * 2, [bottom, top], color=RULE, linewidth=0.6, zorder=1)
            baseline = bottom - 1.0 - size * MM_PER_POINT
            paper.write(page, x.at(value), baseline, label, size, ha="center", color=SOFT_INK)
        for place in here:
            lines = paper.wrap(chart.y.names[place], text, names - 2.0)[:2]
            middle = y.at(place) + (len(lines) - 1) * line_height(text) / 2 - 0.35 * text * MM_PER_POINT
            for rank, line in enumerate(lines):
                paper.write(page, left + names - 2.0, middle - rank * line_height(text), line, text, ha="right")
        shown = _rows_of(chart, here)
        _draw_bars(page, paper, shown, x, y, text)
        _draw_lines(page, paper, shown, x, y)
        _draw_references(page, paper, chart, x, y, text)
        page.plot([x.at(max(0.0, x.first))] * 2, [bottom, top], color=FAINT_INK, linewidth=0.8, zorder=3)
        if chart.x.title:
            paper.write(
                page, left + width - figures, bottom - foot + 0.6, chart.x.title, size, ha="right", color=SOFT_INK
            )


def _rows_of(chart: Chart, places: list[int]) -> Chart:
    """Keep the bars and the marks of some names."""
    kept = []
    for bars in chart.bars:
        mask = np.isin(bars.places, places)
        kept.append(
            replace(
                bars,
                places=np.asarray(bars.places)[mask],
                starts=np.asarray(bars.starts)[mask], lengths=np.asarray(bars.lengths)[mask],
                colours=tuple(c for c, k in zip(bars.colours, mask, strict=True) if k),
                texts=tuple(t for t, k in zip(bars.texts, mask, strict=True) if k),
            )
        )  # fmt: skip
    lines = [(line, np.isin(line.y, places)) for line in chart.lines]
    cut = [replace(line, x=np.asarray(line.x)[mask], y=np.asarray(line.y)[mask]) for line, mask in lines]
    return replace(chart, bars=kept, lines=cut)


def _has_texts(chart: Chart) -> bool:
    return any(text for bars in chart.bars if bars.texts_at == "beyond" for text in bars.texts)


def _draw_bars(page: Axes, paper: Paper, chart: Chart, x: Ruler, y: Ruler, size: float) -> None:
    """Draw the bars side by side, or one after the other where they are stacked."""
    n = 1 if chart.is_stacked else len(chart.bars)
    along, up = (y, x) if chart.is_horizontal else (x, y)
    for rank, bars in enumerate(chart.bars):
        part = bars.width or BAR_PART / n
        shift = 0.0 if chart.is_stacked else (rank - (n - 1) / 2) * part
        ends = np.add(bars.starts, bars.lengths)
        for place, start, end, colour, text in zip(
            bars.places, bars.starts, ends, bars.colours, bars.texts, strict=True
        ):
            if not (np.isfinite(start) and np.isfinite(end)):
                continue
            sides = sorted((along.at(place + shift - part / 2), along.at(place + shift + part / 2)))
            span = sorted((up.at(start), up.at(end)))
            lower, upper = np.transpose([span, sides] if chart.is_horizontal else [sides, span])
            edge = "white" if chart.is_stacked else "none"
            page.add_patch(
                Rectangle(tuple(lower), *(upper - lower), facecolor=colour, edgecolor=edge, linewidth=0.4, zorder=2)
            )
            if text:
                _write_figure(page, paper, chart, bars, (*lower, *upper), text, colour, size)


def _write_figure(
    page: Axes, paper: Paper, chart: Chart, bars: Bars, corners: tuple[float, ...], text: str, colour: str, size: float
) -> None:
    """Write the figure of a bar in it, or beyond its end."""
    left, bottom, right, top = corners
    half = 0.35 * size * MM_PER_POINT
    weight = "bold" if bars.texts_are_bold else "normal"
    if bars.texts_at != "beyond":
        ink = "white" if luminance(colour) < DARK else INK
        paper.write(page, (left + right) / 2, (bottom + top) / 2 - half, text, size, ha="center", color=ink)
    elif chart.is_horizontal:
        veil = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # a reference line must not cross the figure
        paper.write(page, right + 1.2, (bottom + top) / 2 - half, text, size, bbox=veil, zorder=6)
    else:
        paper.write(page, (left + right) / 2, top + 1.0, text, size, ha="center", weight=weight)


def _draw_lines(page: Axes, paper: Paper, chart: Chart, x: Ruler, y: Ruler) -> None:
    thickness = POINTS_PER_PIXEL * paper.scale
    for rank, line in enumerate(chart.lines):
        across, up = x.at(line.x), y.at(line.y)
        if line.is_band:
            page.fill(across, up, facecolor=line.colour, alpha=line.opacity, linewidth=0, zorder=2)
            continue
        page.plot(
            across, up, zorder=4 + rank / 1000, color=line.colour, alpha=line.opacity,
            drawstyle="steps-post" if line.is_stepped else "default", **_stroke(line, thickness),
        )  # fmt: skip


def _stroke(line: Line, thickness: float) -> dict[str, Any]:
    """Return how Matplotlib draws a line and its marks."""
    style: dict[str, Any] = {
        "linewidth": line.width * thickness,
        "linestyle": "none" if not line.width else ":" if line.is_dotted else "-",
        "marker": _MARKS[line.mark],
        "markersize": line.mark_size * thickness,
    }
    if _MARKS[line.mark] == "D":
        style |= {"markerfacecolor": "white", "markeredgewidth": 2.2 * thickness}
    elif line.mark == "cross":
        style |= {"markeredgewidth": 2.4 * thickness}
    return style


def _draw_references(page: Axes, paper: Paper, chart: Chart, x: Ruler, y: Ruler, size: float) -> None:
    for line in chart.references:
        style: dict[str, Any] = {"color": line.colour, "linewidth": 1.0, "linestyle": ":", "zorder": 5}
        if line.axis == "x":
            page.plot([x.at(line.value)] * 2, [y.low_mm, y.high_mm], **style)
            paper.write(page, x.at(line.value), y.high_mm + 0.8, line.words, size, ha="center", color=line.colour)
        else:
            page.plot([x.low_mm, x.high_mm], [y.at(line.value)] * 2, **style)
            beside = -0.3 - size * MM_PER_POINT if line.words_under else 0.8
            paper.write(page, x.high_mm, y.at(line.value) + beside, line.words, size, ha="right", color=line.colour)


def _draw_legend(page: Axes, paper: Paper, box: Box, chart: Chart, size: float) -> float:
    """Draw the names of the series in rows at the bottom of the box; returns the room they take (mm)."""
    entries: list[Bars | Line] = [bars for bars in chart.bars if bars.name]
    entries += [line for line in chart.lines if line.name]
    if len(entries) < 2:  # noqa: PLR2004 - one series alone is what the title says
        return 0.0
    swatch, gap, step = 6.0, 6.0, line_height(size) + 0.8
    rows: list[list[tuple[float, Bars | Line]]] = [[]]
    across = 0.0
    for entry in entries:
        width = swatch + 1.5 + paper.text_width(entry.name, size) + gap
        if rows[-1] and across + width - gap > box.width:
            rows.append([])
            across = 0.0
        rows[-1].append((across, entry))
        across += width
    for rank, row in enumerate(rows):
        y = box.bottom + (len(rows) - 1 - rank) * step + 0.5
        for start, entry in row:
            _draw_swatch(page, paper, box.left + start, y + 0.35 * size * MM_PER_POINT, swatch, entry)
            paper.write(page, box.left + start + swatch + 1.5, y, entry.name, size)
    return len(rows) * step + 3.0


def _draw_swatch(page: Axes, paper: Paper, left: float, middle: float, width: float, entry: Bars | Line) -> None:
    if isinstance(entry, Bars) or entry.is_band:
        colour = entry.colours[0] if isinstance(entry, Bars) else entry.colour
        alpha = 1.0 if isinstance(entry, Bars) else max(entry.opacity, 0.25)
        corner = (left + width / 2 - 1.8, middle - 1.3)
        page.add_patch(Rectangle(corner, 3.6, 2.6, facecolor=colour, alpha=alpha, edgecolor=FAINT_INK, linewidth=0.3))
        return
    across = [left, left + width / 2, left + width] if entry.width else [left + width / 2]
    style = _stroke(entry, POINTS_PER_PIXEL * paper.scale)
    page.plot(
        across, [middle] * len(across), color=entry.colour, alpha=entry.opacity, markevery=[len(across) // 2], **style
    )
