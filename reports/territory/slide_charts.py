"""The slides of a territory whose chart is native, to be edited in PowerPoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.util import Inches, Pt

from coverage.terms.months import format_full_month
from reports.projection.outlook import COLOURS, waterfall_range
from reports.territory.content import APL_CLASSES, APL_COLOURS
from reports.territory.slide_page import (
    BODY_BOTTOM_IN,
    BODY_TOP_IN,
    FONT,
    INK,
    MARGIN_IN,
    WHITE,
    WIDTH_IN,
    add_told_slide,
    colour_of,
    describe,
    style,
    write,
)

if TYPE_CHECKING:
    from reports.territory.content import TerritorySheet


LINES: Final = ("d55e00", "0072b2", "7a8796", "009e73")
GRID: Final = colour_of("#dde1e5")
THINNEST_LABELLED: Final = 0.07
"""Part of the height of the waterfall under which a bar cannot hold its figure."""


def _chart_data(number_format: str) -> Any:
    return CategoryChartData(number_format=number_format)  # type: ignore[no-untyped-call]


def _add_chart(slide: Any, kind: Any, data: Any, description: str, top: float = BODY_TOP_IN) -> Any:
    frame = slide.shapes.add_chart(
        kind, Inches(MARGIN_IN), Inches(top), Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(BODY_BOTTOM_IN - top), data
    )
    describe(frame, description)
    chart = frame.chart
    chart.font.name, chart.font.size = FONT, Pt(14)
    return chart


def add_shares(deck: Any, sheet: TerritorySheet) -> Any:
    """Add the inhabitants by class of APL, a bar a territory; return the slide."""
    slide, title = add_told_slide(deck, sheet, "acces")
    data = _chart_data("0 %")
    data.categories = list(sheet.apl_shares)[::-1]
    for rank, label in enumerate(APL_CLASSES):
        data.add_series(label, [parts[rank] for parts in sheet.apl_shares.values()][::-1])
    chart = _add_chart(slide, XL_CHART_TYPE.BAR_STACKED_100, data, f"{title} : barres empilées, une par territoire.")
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for rank, (series, colour) in enumerate(zip(plot.series, APL_COLOURS, strict=True)):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour_of(colour)
        labels = series.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0 %;;", False
        labels.font.size = Pt(12)
        labels.font.color.rgb = WHITE if rank in {0, 3, 4} else INK
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    return slide


def add_waterfall(deck: Any, sheet: TerritorySheet) -> Any:
    """Add the GPs to find as a waterfall; return the slide."""
    slide, _ = add_told_slide(deck, sheet, "projection")
    lowest, highest = waterfall_range(sheet.steps)
    write(slide, sheet.projection_text, 1.2, 15, height=0.9)
    lows = [min(step.base, step.top) for step in sheet.steps]
    highs = [max(step.base, step.top) for step in sheet.steps]
    data = _chart_data("#,##0")
    data.categories = [step.label for step in sheet.steps]
    data.add_series("Niveau", lows)
    data.add_series("Généralistes", [high - low for low, high in zip(lows, highs, strict=True)])
    told = " ; ".join(f"{step.label} : {step.text}" for step in sheet.steps)
    chart = _add_chart(slide, XL_CHART_TYPE.COLUMN_STACKED, data, f"Graphique en cascade. {told}.", top=2.1)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    plot.series[0].format.fill.background()
    bars = plot.series[1]
    for rank, step in enumerate(sheet.steps):
        point = bars.points[rank]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = colour_of(COLOURS[step.kind])
        # The figure of a bar too thin to hold it stands just under it, in the bar without colour that carries it.
        is_thin = highs[rank] - lows[rank] < THINNEST_LABELLED * (highest - lowest)
        label = (plot.series[0].points[rank] if is_thin else point).data_label
        label.text_frame.text = step.text
        style(label.text_frame.paragraphs[0].runs[0].font, 15, INK if is_thin else WHITE, bold=True)
        if is_thin:
            label.position = XL_LABEL_POSITION.INSIDE_END
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = lowest, highest
    axis.has_major_gridlines, axis.visible = False, False
    return slide


def add_series(deck: Any, sheet: TerritorySheet) -> Any:
    """Add the MSP by half-year, a line a territory; return the slide."""
    slide, title = add_told_slide(deck, sheet, "msp")
    dates = sorted(set().union(*(series.index for series in sheet.msp_series.values())))
    data = _chart_data("0.0")
    data.categories = [format_full_month(date) for date in dates]
    for name, series in sheet.msp_series.items():
        values = series.reindex(dates)
        data.add_series(name, [None if value != value else float(value) for value in values])  # noqa: PLR0124 - NaN
    chart = _add_chart(slide, XL_CHART_TYPE.LINE, data, f"{title} : une courbe par territoire, par semestre.")
    chart.has_title = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    for rank, (series, colour) in enumerate(zip(chart.plots[0].series, LINES, strict=False)):
        series.smooth = False
        series.format.line.width = Pt(3.5 if rank == 0 else 2)
        series.format.line.color.rgb = colour_of(colour)
    chart.value_axis.minimum_scale = 0
    chart.value_axis.major_gridlines.format.line.color.rgb = GRID
    chart.category_axis.tick_labels.font.size = Pt(11)
    return slide
