"""Charts on paper: the waterfall of the GPs to find and the shares of inhabitants by class of APL, in millimetres."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from geo.map.palettes import luminance
from reports.figures.numbers import format_number
from reports.page.logo import draw_logo
from reports.page.paper import FAINT_INK, INK, MM_PER_POINT, SOFT_INK, Box, CustomPage, Paper, line_height
from reports.page.pictures import PictureFormat, render_picture
from reports.projection.outlook import COLOURS, Step, waterfall_range
from reports.territory.content import APL_CLASSES, APL_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.page.logo import Logo

BAR_PART: Final = 0.72
SMALLEST_LABELLED_SHARE: Final = 0.06
DARK: Final = 0.35


def draw_waterfall(page: Axes, paper: Paper, box: Box, steps: Sequence[Step], size: float = 8.0) -> None:
    """Draw the steps as bars in a box of the page; labels under them, figures on top (size in points)."""
    lowest, highest = waterfall_range(steps)
    label_room = 2 * line_height(size) + 1.5
    chart = Box(box.left, box.bottom + label_room, box.width, box.height - label_room)
    mm = chart.height / (highest - lowest) if highest > lowest else 0.0
    step_width = chart.width / len(steps)
    bar_width = step_width * BAR_PART

    def y_of(value: float) -> float:
        return chart.bottom + (max(value, lowest) - lowest) * mm

    for rank, step in enumerate(steps):
        left = chart.left + rank * step_width + (step_width - bar_width) / 2
        low, high = sorted((y_of(step.base), y_of(step.top)))
        page.add_patch(Rectangle((left, low), bar_width, high - low, facecolor=COLOURS[step.kind], edgecolor="none"))
        middle = left + bar_width / 2
        paper.write(page, middle, high + 1.0, step.text, size * 1.15, ha="center", weight="bold")
        for line, text in enumerate(paper.wrap(step.label, size, step_width)[:2]):
            y = chart.bottom - 1.2 - line * line_height(size) - 0.78 * size * MM_PER_POINT
            paper.write(page, middle, y, text, size, ha="center")
    for rank, (step, _) in enumerate(pairwise(steps)):
        x = chart.left + rank * step_width + (step_width + bar_width) / 2
        page.plot([x, x + step_width - bar_width], [y_of(step.top)] * 2, color=FAINT_INK, linewidth=0.8, linestyle=":")
    page.plot([chart.left, chart.right], [y_of(0.0)] * 2, color=INK, linewidth=0.7)


def draw_shares(page: Axes, paper: Paper, box: Box, shares: Mapping[str, Sequence[float]], size: float = 7.5) -> None:
    """Draw one bar of 100 % a territory, cut by class of APL, with the key of the classes under them."""
    name_width = max(paper.text_width(name, size, "bold") for name in shares) + 3.0
    key_room = line_height(size) + 1.5
    row = (box.height - key_room) / len(shares)
    width = box.width - name_width
    for rank, (name, parts) in enumerate(shares.items()):
        top = box.top - rank * row
        height = row * BAR_PART
        baseline = top - height / 2 - 0.35 * size * MM_PER_POINT
        paper.write(page, box.left, baseline, name, size, weight="bold" if rank == 0 else "normal")
        left = box.left + name_width
        for part, colour in zip(parts, APL_COLOURS, strict=True):
            page.add_patch(Rectangle((left, top - height), part * width, height, fc=colour, ec="white", lw=0.4))
            if part >= SMALLEST_LABELLED_SHARE:
                ink = "white" if luminance(colour) < DARK else INK
                text = format_number(100 * part, 0, "%")
                paper.write(page, left + part * width / 2, baseline, text, size, ha="center", color=ink)
            left += part * width
    x = box.left + name_width
    for label, colour in zip(APL_CLASSES, APL_COLOURS, strict=True):
        page.add_patch(Rectangle((x, box.bottom), 3.6, 2.4, fc=colour, ec=FAINT_INK, lw=0.3))
        paper.write(page, x + 4.8, box.bottom + 0.3, label, size * 0.9, color=SOFT_INK)
        x += 9.0 + paper.text_width(label, size * 0.9)


def waterfall_picture(
    steps: Sequence[Step], size: tuple[float, float], *, kind: PictureFormat = "png", title: str = ""
) -> bytes:
    """Draw the waterfall alone, to stand in a document, as a picture of a size in millimetres."""
    paper = CustomPage(size=size)
    figure, page = paper.sheet()
    draw_waterfall(page, paper, Box(1.0, 1.0, paper.width - 2.0, paper.height - 4.0), steps)
    return render_picture(figure, kind, dpi=200, title=title, fonts_inside=False)


def describe_waterfall(steps: Sequence[Step]) -> str:
    """Return the description of the waterfall for those who do not see it."""
    return f"Graphique en cascade. {' ; '.join(f'{step.label} : {step.text}' for step in steps)}."


def shares_picture(shares: Mapping[str, Sequence[float]], width: float) -> bytes:
    """Draw the shares alone, as an SVG of a width in millimetres."""
    paper = CustomPage(size=(width, 7.0 * len(shares) + 5.0))
    figure, page = paper.sheet()
    draw_shares(page, paper, Box(0.0, 0.0, paper.width, paper.height), shares)
    return render_picture(figure, "svg", fonts_inside=False)


def describe_shares(shares: Mapping[str, Sequence[float]]) -> str:
    """Return the description of the shares for those who do not see them."""
    told = (
        f"{name} : " + ", ".join(
            f"{label}, {format_number(100 * part, 0, '%')}" for label, part in zip(APL_CLASSES, parts, strict=True)
        )
        for name, parts in shares.items()
    )  # fmt: skip
    return f"Graphique en barres. {' ; '.join(told)}."


def waterfall_figure(
    title: str, text: str, source: str, steps: Sequence[Step], paper: Paper, *, logo: Logo | None = None
) -> Figure:
    """Draw the waterfall alone on a page, with its title, what it says and its source."""
    figure, page = paper.sheet()
    margin = 12.0 * paper.scale
    width = paper.width - 2 * margin
    top, head = paper.height - margin, width
    if logo is not None:
        head -= draw_logo(page, logo, paper.width - margin, top, 34.0 * paper.scale, 13.0 * paper.scale) + 4
    size = 16.0 * paper.scale
    top = paper.write_block(page, margin, top, paper.wrap(title, size, head, "bold"), size, weight="bold")
    body = 10.0 * paper.scale
    top = paper.write_block(page, margin, top - 1, paper.wrap(text, body, head), body, color=SOFT_INK)
    small = 7.0 * paper.scale
    lines = paper.wrap(source, small, width)
    bottom = margin + len(lines) * line_height(small)
    paper.write_block(page, margin, bottom, lines, small, color=SOFT_INK)
    draw_waterfall(page, paper, Box(margin, bottom + 4, width, top - bottom - 14), steps, 10.0 * paper.scale)
    return figure
