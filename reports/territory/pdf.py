"""The sheet of a territory on two A4 pages, as a tagged PDF: what is said goes to `sheet.typ`, which sets it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports.map.locator import locator_picture
from reports.map.panel import describe_map, panel_legend_height, panel_picture
from reports.map.shapes import PrintShapes
from reports.page.logo import as_svg, size_within
from reports.page.typesetting import Picture, set_document
from reports.territory.charts import describe_shares, describe_waterfall, shares_picture, waterfall_picture
from reports.territory.content import TerritorySheet, count_structures, dated, name_left_out
from reports.territory.projects import PROJECTS_HEADING, PROJECTS_NOTE, count_stages

if TYPE_CHECKING:
    import pandas as pd

TEMPLATE: Final = Path(__file__).with_name("sheet.typ")
TEXT_MM: Final = 186.0
MAP_MM: Final = 58.0
MAP_HEAD_MM: Final = 14.0
ROW_MM: Final = 6.6
LOCATOR_MM: Final = 21.0
AROUND_MM: Final = 73.0
"""What the first page holds (mm) beside the lines of key figures and the maps, margins included."""
PAGE_MM: Final = 297.0
DPI: Final = 300
MOST_PROJECTS: Final = 6
MOST_STRUCTURES: Final = 60
"""More than a page holds."""


def render_sheet_pdf(print_shapes: PrintShapes, sheet: TerritorySheet) -> bytes:
    """Set the two pages of a sheet.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    sheet
        What is said.

    Returns
    -------
    bytes
        A PDF/UA-1 of two A4 pages; the same sheet gives the same bytes.

    Raises
    ------
    EmptyTerritoryError, LogoError
        As for a map.
    """
    content = {
        "name": sheet.name,
        "situation": sheet.situation,
        "beside": [picture for picture in (_logo(sheet), _locator(print_shapes, sheet)) if picture],
        "foot": f"{sheet.name}, fiche du territoire. {dated(sheet)}.",
        "compared": sheet.compared,
        "row_height": ROW_MM,
        "key_figures": [_key_figure(line.label, line.dated, line.unit, line.figures) for line in sheet.key_figures],
        "figures_note": sheet.figures_note,
        "maps": _maps(print_shapes, sheet),
        "projection": _projection(sheet),
        "shares": _shares(sheet),
        "projects": _projects(sheet.projects),
        "structures": _structures(sheet),
        "sources": [{"text": source, "url": sheet.links.get(source, "")} for source in sheet.sources],
    }
    title = f"{sheet.name} : fiche du territoire"
    return set_document(TEMPLATE, content, title=title, author=sheet.author, subject=dated(sheet), day=sheet.drawn_on)


def _logo(sheet: TerritorySheet) -> Picture | None:
    if sheet.logo is None:
        return None
    width, _ = size_within(sheet.logo, 34.0, 13.0)
    return Picture(as_svg(sheet.logo), "Logo de l’organisation", width)


def _locator(print_shapes: PrintShapes, sheet: TerritorySheet) -> Picture | None:
    if sheet.seen_in is None:
        return None
    side = (LOCATOR_MM, LOCATOR_MM)
    return Picture(locator_picture(print_shapes, sheet.territory, sheet.seen_in, size=side), sheet.where, LOCATOR_MM)


def _key_figure(label: str, when: str, unit: str, figures: tuple[str, ...]) -> dict[str, Any]:
    return {"label": label, "dated": f"{when} ({unit})" if unit else when, "figures": figures}


def _maps(print_shapes: PrintShapes, sheet: TerritorySheet) -> dict[str, Any]:
    """Draw the maps as high as the page lets them be, about: the template gives them what is left of it."""
    legend = max(panel_legend_height(one) for one in sheet.maps)
    room = PAGE_MM - AROUND_MM - ROW_MM * len(sheet.key_figures)
    height = min(legend + MAP_HEAD_MM + 1.25 * MAP_MM, room)

    def draw(one: Any) -> Picture:
        drawn = panel_picture(print_shapes, one, (MAP_MM, height), kind="svg", dpi=DPI, legend_height=legend)
        return Picture(drawn, describe_map(one))

    return {"ratio": height / MAP_MM, "pictures": [draw(one) for one in sheet.maps]}


def _projection(sheet: TerritorySheet) -> dict[str, Any]:
    chart = None
    if sheet.steps:
        drawn = waterfall_picture(sheet.steps, (TEXT_MM, 64.0), kind="svg")
        chart = Picture(drawn, describe_waterfall(sheet.steps))
    return {
        "title": sheet.projection_title, "text": sheet.projection_text, "chart": chart, "note": sheet.projection_note
    }  # fmt: skip


def _shares(sheet: TerritorySheet) -> dict[str, Any] | None:
    if not sheet.apl_shares:
        return None
    return {
        "title": f"Habitants selon l’APL 2023 de leur commune ({sheet.apl_doctors})",
        "chart": Picture(shares_picture(sheet.apl_shares, TEXT_MM), describe_shares(sheet.apl_shares)),
        "note": "En consultations par an et par habitant ; en brun : sous le seuil de 2,5.",
    }


def _projects(table: pd.DataFrame | None) -> dict[str, Any] | None:
    """List the planner's own projects, a few of them: the sites still need room."""
    if table is None:
        return None
    more = name_left_out(len(table) - MOST_PROJECTS, listed="listé", where="")
    listed = _listed(table.head(MOST_PROJECTS), "Étape")
    return {"title": PROJECTS_HEADING, "summary": count_stages(table), "note": f"{PROJECTS_NOTE}{more}", **listed}


def _structures(sheet: TerritorySheet) -> dict[str, Any]:
    """List the structures, with what to say when only the first n have room."""
    table, note = sheet.structures, sheet.structures_note
    shown = table.head(MOST_STRUCTURES)
    summary = count_structures(table)
    if table.empty:
        summary = note if note.startswith("Structures") else f"Aucune structure de ces types. {note}"
    notes = [f"{note}{name_left_out(len(table) - n)}" for n in range(len(shown) + 1)]
    return {"title": "Structures du territoire", "summary": summary, "notes": notes, **_listed(shown, "Ouverture")}


def _listed(table: pd.DataFrame, last: str) -> dict[str, Any]:
    heads = ["Type", "Nom", "Commune", last]
    return {"heads": heads, "rows": [[str(cell) for cell in row] for row in table[heads].to_numpy()]}
