"""Charts on paper: the waterfall of the GPs to find and the shares of inhabitants by class of APL, in millimetres."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from geo.map.palettes import luminance
from reports.chart.drawing import draw_chart
from reports.chart.placing import placed
from reports.figures.numbers import format_number
from reports.page.paper import FAINT_INK, INK, MM_PER_POINT, SOFT_INK, Box, CustomPage, Paper, line_height
from reports.page.pictures import PictureFormat, render_picture
from reports.projection.outlook import Step, waterfall_range
from reports.projection.waterfall import draw_waterfall
from reports.territory.content import APL_CLASSES, APL_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes


TYPE_SIZE: Final = 8.0
BAR_PART: Final = 0.72
SMALLEST_LABELLED_SHARE: Final = 0.06
DARK: Final = 0.35


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
    chart = draw_waterfall(steps, waterfall_range(steps))
    chart = replace(chart, y=replace(chart.y, title="", is_labelled=False))  # each bar has its figure
    paper = CustomPage(size=size)
    figure, page = paper.sheet()
    draw_chart(page, paper, Box(1.0, 1.0, paper.width - 2.0, paper.height - 2.0), placed(chart), TYPE_SIZE)
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
