"""Charts on paper: the waterfall of the GPs to find and the shares of inhabitants by class of APL, in millimetres."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from reports.chart.drawing import draw_chart
from reports.chart.placing import placed
from reports.chart.shares import stack_shares
from reports.figures.numbers import format_number
from reports.page.paper import Box, CustomPage
from reports.page.pictures import PictureFormat, render_picture
from reports.projection.outlook import Step, waterfall_range
from reports.projection.waterfall import draw_waterfall
from reports.territory.content import APL_CLASSES, APL_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TYPE_SIZE: Final = 8.0


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
    chart = stack_shares(
        {name: pd.Series(parts) for name, parts in shares.items()}, APL_CLASSES, APL_COLOURS, "habitants"
    )
    chart = replace(chart, x=replace(chart.x, is_labelled=False))  # each part has its figure
    paper = CustomPage(size=(width, 7.0 * len(shares) + 8.0))
    figure, page = paper.sheet()
    draw_chart(page, paper, Box(0.0, 0.0, paper.width, paper.height), placed(chart), TYPE_SIZE)
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
