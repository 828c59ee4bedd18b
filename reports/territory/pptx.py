"""Slides of a territory: 16:9, editable text, native table and charts, maps as pictures with a description, notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pptx.util import Inches

from coverage.terms.months import format_date
from reports.page.logo import as_png, size_within
from reports.territory.projects import stage_rows
from reports.territory.slide_charts import add_series, add_shares, add_waterfall
from reports.territory.slide_page import (
    ACCENT,
    BODY_BOTTOM_IN,
    BODY_TOP_IN,
    MARGIN_IN,
    SOFT,
    WIDTH_IN,
    add_list_slide,
    add_map,
    add_slide,
    add_table,
    add_told_slide,
    all_sources,
    describe,
    place_map,
    save_deck,
    start_deck,
    style,
    write,
)

if TYPE_CHECKING:
    from reports.map.shapes import PrintShapes
    from reports.territory.content import TerritorySheet

STAGE_IN, COUNT_IN, ROW_IN, GAP_IN = 1.9, 1.2, 0.42, 0.3
"""Widths and height of the cells of the table of projects, and the room beside the map, in inches."""


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
    deck = start_deck(f"{sheet.name} : accès aux soins coordonnés", sheet.author)
    _title_slide(deck, sheet)
    add_figures(deck, sheet)
    for content, message in zip(sheet.maps, sheet.map_messages, strict=True):
        add_map(deck, print_shapes, sheet, content, message)
    if sheet.apl_shares:
        add_shares(deck, sheet)
    if sheet.steps:
        add_waterfall(deck, sheet)
    if sheet.msp_series:
        add_series(deck, sheet)
    if sheet.projects is not None:
        add_projects(deck, print_shapes, sheet)
    _limits_slide(deck, sheet)
    _sources_slide(deck, sheet)
    return save_deck(deck)


def _title_slide(deck: Any, sheet: TerritorySheet) -> None:
    slide = add_slide(deck, sheet, sheet.name, all_sources(sheet))
    title = slide.shapes.title
    title.top, title.height = Inches(2.4), Inches(1.2)
    style(title.text_frame.paragraphs[0].runs[0].font, 44, ACCENT, bold=True)
    write(slide, "Accès aux généralistes et maisons de santé", 3.6, 24, height=0.6)
    write(slide, f"{sheet.situation} · {format_date(sheet.drawn_on)}", 4.25, 16, SOFT)
    if sheet.logo is not None:
        _, height = size_within(sheet.logo, 4.0, 0.9)
        place = (Inches(MARGIN_IN), Inches(0.5))
        picture = slide.shapes.add_picture(io.BytesIO(as_png(sheet.logo)), *place, height=Inches(height))
        describe(picture, "Logo de l’organisation")


def add_figures(deck: Any, sheet: TerritorySheet) -> Any:
    """Add the key figures, a column a territory compared; return the slide."""
    slide, _ = add_told_slide(deck, sheet, "chiffres")
    width = WIDTH_IN - 2 * MARGIN_IN
    column = min(2.0, 0.5 * width / len(sheet.compared))
    rows = [("", *sheet.compared)]
    rows += [(f"{f.label}{f' ({f.unit})' if f.unit else ''}", *f.figures) for f in sheet.key_figures]
    widths = [width - column * len(sheet.compared), *[column] * len(sheet.compared)]
    frame = add_table(slide, rows, widths, MARGIN_IN, BODY_BOTTOM_IN - BODY_TOP_IN)
    describe(frame, f"Chiffres clés de {sheet.name}, comparés")
    return slide


def add_projects(deck: Any, print_shapes: PrintShapes, sheet: TerritorySheet) -> Any:
    """Add the planner's own projects: their signs on a map, their number at each stage; return the slide."""
    slide, title = add_told_slide(deck, sheet, "projets")
    if sheet.projects is None or sheet.projects_map is None:
        return slide
    rows = stage_rows(sheet.projects)
    widths = [STAGE_IN, *[COUNT_IN] * (len(rows[0]) - 1)]
    left = WIDTH_IN - MARGIN_IN - sum(widths)
    place_map(slide, print_shapes, sheet.projects_map, MARGIN_IN, left - MARGIN_IN - GAP_IN)
    frame = add_table(slide, rows, widths, left, ROW_IN * len(rows))
    describe(frame, f"{title} : nombre à chaque étape")
    return slide


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
    add_list_slide(deck, sheet, "Ce qu’il faut savoir avant de citer ces chiffres", list(filter(None, limits)), 15)


def _sources_slide(deck: Any, sheet: TerritorySheet) -> None:
    add_list_slide(deck, sheet, "Sources", sheet.sources, 12)
