"""Slides of a territory: 16:9, editable text, native table and charts, maps as pictures with a description, notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from coverage.terms.months import format_date, format_full_month
from reports.map.panel import describe_map
from reports.map.print_map import draw_map
from reports.page.logo import as_png, size_within
from reports.page.paper import MM_PER_INCH, CustomPage
from reports.page.pictures import render_picture
from reports.page.properties import describe_document
from reports.projection.outlook import COLOURS, waterfall_range
from reports.territory.content import APL_CLASSES, APL_COLOURS, TerritorySheet, dated
from reports.territory.slides import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.map.content import MapContent
    from reports.map.shapes import PrintShapes
    from reports.territory.slides import SlideName


def _colour(code: str) -> Any:
    """Give python-pptx's colour for "#rrggbb"."""
    return RGBColor.from_string(code.lstrip("#").upper())  # type: ignore[no-untyped-call]


def _chart_data(number_format: str) -> Any:
    return CategoryChartData(number_format=number_format)  # type: ignore[no-untyped-call]


WIDTH_IN, HEIGHT_IN, MARGIN_IN = 13.333, 7.5, 0.5
TITLE_ONLY: Final = 5
ACCENT: Final = _colour("#1F5A96")
INK: Final = _colour("#1D2733")
SOFT: Final = _colour("#566270")
BAND: Final = _colour("#EEF3F8")
WHITE: Final = _colour("#FFFFFF")
GRID: Final = _colour("#dde1e5")
LINES: Final = ("d55e00", "0072b2", "7a8796", "009e73")
FONT: Final = "Arial"
MAP_DPI: Final = 200
THINNEST_LABELLED: Final = 0.07
"""Part of the height of the waterfall under which a bar cannot hold its figure."""

BODY_TOP_IN: Final = 1.25
BODY_BOTTOM_IN: Final = 7.0


def render_slides(print_shapes: PrintShapes, sheet: TerritorySheet) -> bytes:
    """Write the slides of a territory.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    sheet
        What is said, the same as on its sheet.

    Returns
    -------
    bytes
        A PPTX; every slide has a title, and its sources in the speaker notes.

    Raises
    ------
    EmptyTerritoryError, LogoError
        As for a map.
    """
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH_IN), Inches(HEIGHT_IN)
    describe_document(deck.core_properties, f"{sheet.name} : accès aux soins coordonnés", author=sheet.author)
    _title_slide(deck, sheet)
    _figures_slide(deck, sheet)
    for content, message in zip(sheet.maps, sheet.map_messages, strict=True):
        _map_slide(deck, print_shapes, sheet, content, message)
    if sheet.apl_shares:
        _shares_slide(deck, sheet)
    if sheet.steps:
        _waterfall_slide(deck, sheet)
    if sheet.msp_series:
        _series_slide(deck, sheet)
    _limits_slide(deck, sheet)
    _sources_slide(deck, sheet)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _slide(deck: Any, sheet: TerritorySheet, title: str, notes: str, message: str = "") -> Any:
    """Add a slide whose title is its message, where it has one: what it shows then stands under it, smaller."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    place = slide.shapes.title
    place.left, place.top = Inches(MARGIN_IN), Inches(0.1)
    place.width, place.height = Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(0.85)
    place.text_frame.word_wrap = True
    place.text_frame.text = message or title
    if message:
        _text(slide, title, 0.9, 12, SOFT)
    paragraph = place.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _style(paragraph.runs[0].font, 22, ACCENT, bold=True)
    _text(slide, f"{sheet.name}. {dated(sheet)}.", 7.08, 10, SOFT)
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def _told_slide(deck: Any, sheet: TerritorySheet, name: SlideName) -> tuple[Any, str]:
    """Add a slide that the screen shows too, with its words; return it and its title."""
    words = words_of(sheet, name)
    return _slide(deck, sheet, words.title, f"{words.notes} {_all_sources(sheet)}", words.message), words.title


def _style(font: Any, size: float, colour: Any, *, bold: bool = False) -> None:
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb = colour


def _text(slide: Any, text: str, top: float, size: float, colour: Any = INK, height: float = 0.35) -> None:
    box = slide.shapes.add_textbox(Inches(MARGIN_IN), Inches(top), Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(height))
    box.text_frame.word_wrap = True
    box.text_frame.text = text
    _style(box.text_frame.paragraphs[0].runs[0].font, size, colour)


def _all_sources(sheet: TerritorySheet) -> str:
    return f"Sources : {' ; '.join(sheet.sources)}. {dated(sheet)}."


def _title_slide(deck: Any, sheet: TerritorySheet) -> None:
    slide = _slide(deck, sheet, sheet.name, _all_sources(sheet))
    title = slide.shapes.title
    title.top, title.height = Inches(2.4), Inches(1.2)
    _style(title.text_frame.paragraphs[0].runs[0].font, 44, ACCENT, bold=True)
    _text(slide, "Accès aux généralistes et maisons de santé", 3.6, 24, height=0.6)
    _text(slide, f"{sheet.situation} · {format_date(sheet.drawn_on)}", 4.25, 16, SOFT)
    if sheet.logo is not None:
        _, height = size_within(sheet.logo, 4.0, 0.9)
        place = (Inches(MARGIN_IN), Inches(0.5))
        picture = slide.shapes.add_picture(io.BytesIO(as_png(sheet.logo)), *place, height=Inches(height))
        _describe(picture, "Logo de l’organisation")


def _describe(shape: Any, description: str) -> None:
    shape._element._nvXxPr.cNvPr.set("descr", description)  # noqa: SLF001 - python-pptx has no other way


def _figures_slide(deck: Any, sheet: TerritorySheet) -> None:
    slide, _ = _told_slide(deck, sheet, "chiffres")
    n_rows, n_columns = 1 + len(sheet.key_figures), 1 + len(sheet.compared)
    width, height = WIDTH_IN - 2 * MARGIN_IN, BODY_BOTTOM_IN - BODY_TOP_IN
    frame = slide.shapes.add_table(
        n_rows, n_columns, Inches(MARGIN_IN), Inches(BODY_TOP_IN), Inches(width), Inches(height)
    )
    _describe(frame, f"Chiffres clés de {sheet.name}, comparés")
    table = frame.table
    column = min(2.0, 0.5 * width / (n_columns - 1))
    table.columns[0].width = Inches(width - column * (n_columns - 1))
    for rank in range(1, n_columns):
        table.columns[rank].width = Inches(column)
    rows = [("", *sheet.compared)]
    rows += [(f"{f.label}{f' ({f.unit})' if f.unit else ''}", *f.figures) for f in sheet.key_figures]
    for rank, row in enumerate(rows):
        table.rows[rank].height = Inches(height / n_rows)
        for place, text in enumerate(row):
            cell = table.cell(rank, place)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.fill.solid()
            cell.fill.fore_color.rgb = ACCENT if rank == 0 else BAND if rank % 2 else WHITE
            cell.text = text
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if place else PP_ALIGN.LEFT
            for run in paragraph.runs:
                _style(run.font, 13, WHITE if rank == 0 else INK, bold=rank == 0 or place == 1)


def _map_slide(deck: Any, print_shapes: PrintShapes, sheet: TerritorySheet, content: MapContent, message: str) -> None:
    slide = _slide(deck, sheet, content.title, f"{content.subtitle}\n{content.source}", message)
    width, height = WIDTH_IN - 2 * MARGIN_IN, BODY_BOTTOM_IN - BODY_TOP_IN
    paper = CustomPage(
        size=(width * MM_PER_INCH * 0.85, height * MM_PER_INCH * 0.85)
    )  # the type is then a sixth larger
    figure = draw_map(print_shapes, content, paper, bare=True)
    picture = render_picture(figure, "png", dpi=MAP_DPI, title=content.title, subject=content.subtitle)
    place = slide.shapes.add_picture(
        io.BytesIO(picture), Inches(MARGIN_IN), Inches(BODY_TOP_IN), Inches(width), Inches(height)
    )
    _describe(place, describe_map(content))


def _add_chart(slide: Any, kind: Any, data: Any, description: str, top: float = BODY_TOP_IN) -> Any:
    frame = slide.shapes.add_chart(
        kind, Inches(MARGIN_IN), Inches(top), Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(BODY_BOTTOM_IN - top), data
    )
    _describe(frame, description)
    chart = frame.chart
    chart.font.name, chart.font.size = FONT, Pt(14)
    return chart


def _shares_slide(deck: Any, sheet: TerritorySheet) -> None:
    slide, title = _told_slide(deck, sheet, "acces")
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
        series.format.fill.fore_color.rgb = _colour(colour)
        labels = series.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0 %;;", False
        labels.font.size = Pt(12)
        labels.font.color.rgb = WHITE if rank in {0, 3, 4} else INK
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False


def _waterfall_slide(deck: Any, sheet: TerritorySheet) -> None:
    slide, _ = _told_slide(deck, sheet, "projection")
    lowest, highest = waterfall_range(sheet.steps)
    _text(slide, sheet.projection_text, 1.2, 15, height=0.9)
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
        point.format.fill.fore_color.rgb = _colour(COLOURS[step.kind])
        # The figure of a bar too thin to hold it stands just under it, in the bar without colour that carries it.
        is_thin = highs[rank] - lows[rank] < THINNEST_LABELLED * (highest - lowest)
        label = (plot.series[0].points[rank] if is_thin else point).data_label
        label.text_frame.text = step.text
        _style(label.text_frame.paragraphs[0].runs[0].font, 15, INK if is_thin else WHITE, bold=True)
        if is_thin:
            label.position = XL_LABEL_POSITION.INSIDE_END
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = lowest, highest
    axis.has_major_gridlines, axis.visible = False, False


def _series_slide(deck: Any, sheet: TerritorySheet) -> None:
    slide, title = _told_slide(deck, sheet, "msp")
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
        series.format.line.color.rgb = _colour(colour)
    chart.value_axis.minimum_scale = 0
    chart.value_axis.major_gridlines.format.line.color.rgb = GRID
    chart.category_axis.tick_labels.font.size = Pt(11)


def _limits_slide(deck: Any, sheet: TerritorySheet) -> None:
    """Say what a room asks about: what is not known, what is estimated, why two figures differ."""
    limits = [
        "« n.d. » : la valeur n’est pas connue ; ce n’est pas zéro.",
        f"L’APL ({sheet.apl_doctors}, 2023) est une moyenne par commune : elle ne dit pas les délais de rendez-vous.",
        "Les temps de trajet sont estimés, de mairie à mairie.",
        sheet.figures_note,
        sheet.structures_note,
        sheet.projection_note,
    ]
    _list_slide(deck, sheet, "Ce qu’il faut savoir avant de citer ces chiffres", list(filter(None, limits)), 15)


def _sources_slide(deck: Any, sheet: TerritorySheet) -> None:
    _list_slide(deck, sheet, "Sources", sheet.sources, 12)


def _list_slide(deck: Any, sheet: TerritorySheet, title: str, lines: Sequence[str], size: float) -> None:
    slide = _slide(deck, sheet, title, _all_sources(sheet))
    box = slide.shapes.add_textbox(
        Inches(MARGIN_IN), Inches(BODY_TOP_IN), Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(BODY_BOTTOM_IN - BODY_TOP_IN)
    )
    frame = box.text_frame
    frame.word_wrap = True
    for rank, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.space_after = Pt(0.5 * size)
        _style(paragraph.runs[0].font, size, INK)
