"""A chart alone on a page that stands by itself: title, what it shows and in which unit, chart, sources and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.chart.drawing import HIGHEST_ROW_MM, draw_chart
from reports.chart.placing import placed
from reports.page.logo import draw_logo
from reports.page.paper import RULE, SOFT_INK, Box, CustomPage, Paper, line_height
from reports.page.pictures import render_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reports.chart.specification import Chart
    from reports.page.logo import Logo

MOST_ROWS_ON_A_STRIP: Final = 4


@dataclass(frozen=True)
class ChartWords:
    """What stands around a chart.

    Attributes
    ----------
    title
        Territory and what is drawn.
    subtitle
        Unit, date, nature, and how to read it.
    source
        Sources, licences and date.
    """

    title: str
    subtitle: str
    source: str


def chart_figure(chart: Chart, words: ChartWords, paper: Paper, *, logo: Logo | None = None) -> Figure:
    """Draw a chart of the screen on a page.

    Parameters
    ----------
    chart
        What is drawn.
    words
        Title, subtitle and sources.
    paper
        The page.
    logo
        A picture of the organisation.

    Raises
    ------
    ChartError
        See `reports.chart.placing.placed`.
    LogoError
        The logo is absent or is no picture.
    """
    chart = placed(chart)
    drawn, page = paper.sheet()
    scale = paper.scale
    margin = 12.0 * scale
    width = paper.width - 2 * margin
    top = paper.height - margin
    title_width = width
    if logo is not None:
        title_width -= draw_logo(page, logo, paper.width - margin, top, 34.0 * scale, 13.0 * scale) + 4
    lines = paper.wrap(words.title, 15.0 * scale, title_width, "bold")
    top = paper.write_block(page, margin, top, lines, 15.0 * scale, weight="bold") - 1.0
    lines = paper.wrap(words.subtitle, 9.0 * scale, title_width)
    top = paper.write_block(page, margin, top, lines, 9.0 * scale, color=SOFT_INK)
    small = 6.8 * scale
    lines = paper.wrap(words.source, small, width)
    bottom = margin * 0.8 + len(lines) * line_height(small)
    paper.write_block(page, margin, bottom, lines, small, color=SOFT_INK)
    page.plot([margin, paper.width - margin], [bottom + 1.2] * 2, color=RULE, linewidth=0.6)
    body = Box(margin, bottom + 4.0, width, top - bottom - 10.0 * scale)
    draw_chart(page, paper, body, chart, 9.0 * scale)
    return drawn


def paper_for(chart: Chart) -> Paper:
    """Choose the page of a chart: a slide, or one less high for a few bars under one another."""
    n_rows = len(placed(chart).y.names)
    if not chart.is_horizontal or n_rows > MOST_ROWS_ON_A_STRIP:
        return Paper("16:9")
    return CustomPage(size=(254.0, 76.0 + HIGHEST_ROW_MM * n_rows))


def render_chart(
    chart: Chart, words: ChartWords, kind: str = "png", *, paper: Paper | None = None, dpi: int = 300,
    logo: Logo | None = None,
) -> bytes:  # fmt: skip
    """Draw a chart of the screen and return its file: PNG (300 dots an inch by default), SVG or PDF.

    Without a page, it takes the one that suits it: see `paper_for`.

    Raises
    ------
    ChartError, FormatError, LogoError
        See `chart_figure` and `reports.page.pictures.render_picture`.
    """
    drawn = chart_figure(chart, words, paper or paper_for(chart), logo=logo)
    return render_picture(drawn, kind, dpi=dpi, title=words.title, subject=words.subtitle)
