"""The sheet of a territory on two A4 pages, as a PDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.patches import Rectangle

from reports.map.panel import draw_panel, panel_legend_height
from reports.map.shapes import PrintShapes
from reports.page.logo import draw_logo
from reports.page.paper import DEFAULT_FONT, INK, RULE, SOFT_INK, Box, Paper, line_height
from reports.page.pictures import drawing_settings
from reports.page.properties import OURS
from reports.territory.charts import draw_shares, draw_waterfall
from reports.territory.content import TerritorySheet, dated
from reports.territory.projects import PROJECTS_HEADING, PROJECTS_NOTE, count_stages

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN: Final = 12.0
ACCENT: Final = "#1f5a96"
BAND: Final = "#eef3f8"
PICTURE_DPI: Final = 300
PANEL_HEAD: Final = 14.0
ROW: Final = 4.3
MOST_PROJECTS: Final = 6
SMALLEST: Final = 0.8
"""How much smaller a name may be written, before it is cut."""
_COLUMNS: Final = (("Type", 36.0), ("Nom", 88.0), ("Commune", 44.0), ("Ouverture", 0.0))
_PROJECT_COLUMNS: Final = (("Type", 34.0), ("Nom", 78.0), ("Commune", 44.0), ("Étape", 0.0))


def render_sheet_pdf(print_shapes: PrintShapes, sheet: TerritorySheet, *, font: str = DEFAULT_FONT) -> bytes:
    """Draw the two pages of a sheet.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    sheet
        What is said.
    font
        Family of the type.

    Returns
    -------
    bytes
        A PDF of two A4 pages, fonts embedded.

    Raises
    ------
    EmptyTerritoryError, LogoError
        As for a map.
    """
    paper = Paper("a4", "portrait", font)
    buffer = io.BytesIO()
    properties = {
        "Title": f"{sheet.name} : fiche du territoire",
        "Author": sheet.author or OURS,
        "Creator": OURS,
        "CreationDate": None,
    }
    with drawing_settings(), PdfPages(buffer, metadata=properties) as pages:
        for figure in (_first_page(paper, print_shapes, sheet), _second_page(paper, sheet)):
            pages.savefig(figure, dpi=PICTURE_DPI)
    return buffer.getvalue()


def _head(page: Axes, paper: Paper, sheet: TerritorySheet) -> float:
    top = paper.height - MARGIN
    width = paper.width - 2 * MARGIN
    if sheet.logo is not None:
        width -= draw_logo(page, sheet.logo, paper.width - MARGIN, top, 34.0, 13.0) + 4
    lines = paper.wrap(sheet.name, 20.0, width, "bold")[:2]
    top = paper.write_block(page, MARGIN, top, lines, 20.0, weight="bold", color=ACCENT)
    top = paper.write_block(page, MARGIN, top - 0.5, paper.wrap(sheet.situation, 9.0, width), 9.0, color=SOFT_INK)
    page.plot([MARGIN, paper.width - MARGIN], [top - 1.5] * 2, color=ACCENT, linewidth=1.2)
    return top - 4.5


def _foot(page: Axes, paper: Paper, sheet: TerritorySheet, number: int) -> None:
    paper.write(page, MARGIN, 7.5, f"{sheet.name}, fiche du territoire. {dated(sheet)}.", 6.8, color=SOFT_INK)
    paper.write(page, paper.width - MARGIN, 7.5, f"{number} / 2", 6.8, color=SOFT_INK, ha="right")


def _heading(page: Axes, paper: Paper, text: str, top: float) -> float:
    lines = paper.wrap(text, 11.0, paper.width - 2 * MARGIN, "bold")
    return paper.write_block(page, MARGIN, top, lines, 11.0, weight="bold") - 1.2


def _first_page(paper: Paper, print_shapes: PrintShapes, sheet: TerritorySheet) -> Figure:
    figure, page = paper.sheet()
    top = _head(page, paper, sheet)
    top = _heading(page, paper, "Chiffres clés", top)
    top = _table_of_figures(page, paper, sheet, top)
    bottom = 14.0
    top = _heading(page, paper, "Trois cartes", top - 5.0)
    gap = 6.0
    width = (paper.width - 2 * MARGIN - 2 * gap) / 3
    legend = max(panel_legend_height(content) for content in sheet.maps)
    height = min(top - bottom, legend + PANEL_HEAD + 1.25 * width)
    for rank, content in enumerate(sheet.maps):
        box = Box(MARGIN + rank * (width + gap), top - height, width, height)
        draw_panel(figure, page, paper, print_shapes, content, box, legend)
    _foot(page, paper, sheet, 1)
    return figure


def _table_of_figures(page: Axes, paper: Paper, sheet: TerritorySheet, top: float) -> float:
    """Draw the table; returns the y (mm) of its bottom."""
    width = paper.width - 2 * MARGIN
    n = len(sheet.compared)
    column = min(30.0, 0.55 * width / n)
    rights = [paper.width - MARGIN - 2.0 - (n - 1 - rank) * column for rank in range(n)]
    row, size = 6.6, 8.0
    heads = [paper.wrap(name, 7.8, column - 2.0, "bold")[:2] for name in sheet.compared]
    head_height = max(len(lines) for lines in heads) * line_height(7.8) + 1.5
    for right, lines in zip(rights, heads, strict=True):
        for rank, line in enumerate(lines):
            y = top - (rank + 0.8) * line_height(7.8)
            paper.write(page, right, y, line, 7.8, weight="bold", ha="right", color=ACCENT)
    top -= head_height
    for rank, figure in enumerate(sheet.key_figures):
        if rank % 2 == 0:
            page.add_patch(Rectangle((MARGIN, top - row), width, row, facecolor=BAND, edgecolor="none"))
        unit = f" ({figure.unit})" if figure.unit else ""
        room = rights[0] - column - MARGIN
        paper.write(page, MARGIN + 1.5, top - 2.9, _fit(paper, figure.label, size, room, "bold"), size, weight="bold")
        small = _fit(paper, f"{figure.dated}{unit}", 6.2, room)
        paper.write(page, MARGIN + 1.5, top - 5.6, small, 6.2, color=SOFT_INK)
        for place, (right, text) in enumerate(zip(rights, figure.figures, strict=True)):
            bold = "bold" if place == 0 else "normal"
            paper.write(
                page, right, top - 4.2, _fit(paper, text, 9.0, column - 1.5, bold), 9.0, weight=bold, ha="right"
            )
        top -= row
    if sheet.figures_note:
        lines = paper.wrap(sheet.figures_note, 6.8, width)
        top = paper.write_block(page, MARGIN, top - 0.8, lines, 6.8, color=SOFT_INK)
    return top


def _fit(paper: Paper, text: str, size: float, width: float, weight: str = "normal") -> str:
    """Cut a text that is wider than its place (mm), with an ellipsis."""
    if paper.text_width(text, size, weight) <= width:
        return text
    while text and paper.text_width(f"{text}…", size, weight) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _second_page(paper: Paper, sheet: TerritorySheet) -> Figure:
    figure, page = paper.sheet()
    width = paper.width - 2 * MARGIN
    top = _heading(page, paper, sheet.projection_title, paper.height - MARGIN)
    top = paper.write_block(page, MARGIN, top, paper.wrap(sheet.projection_text, 9.0, width), 9.0)
    if sheet.steps:
        draw_waterfall(page, paper, Box(MARGIN, top - 66.0, width, 62.0), sheet.steps)
        top -= 68.0
        top = paper.write_block(page, MARGIN, top, paper.wrap(sheet.projection_note, 6.8, width), 6.8, color=SOFT_INK)
    if sheet.apl_shares:
        title = f"Habitants selon l’APL 2023 de leur commune ({sheet.apl_doctors})"
        top = _heading(page, paper, title, top - 5.0)
        height = 7.0 * len(sheet.apl_shares) + 5.0
        draw_shares(page, paper, Box(MARGIN, top - height, width, height), sheet.apl_shares)
        top -= height
        under = "En consultations par an et par habitant ; en brun : sous le seuil de 2,5."
        top = paper.write_block(page, MARGIN, top - 2.0, [under], 6.8, color=SOFT_INK)
    sources = paper.wrap(f"Sources : {' ; '.join(sheet.sources)}.", 6.5, width)
    bottom = 13.0 + len(sources) * line_height(6.5)
    if sheet.projects is not None:
        top = _projects(page, paper, sheet.projects, top - 5.0)
    _structures(page, paper, sheet, top - 5.0, bottom + 4.0)
    page.plot([MARGIN, paper.width - MARGIN], [bottom + 1.2] * 2, color=RULE, linewidth=0.6)
    paper.write_block(page, MARGIN, bottom, sources, 6.5, color=SOFT_INK)
    _foot(page, paper, sheet, 2)
    return figure


def _projects(page: Axes, paper: Paper, table: pd.DataFrame, top: float) -> float:
    """List the planner's own projects, a few of them: the sites still need room; returns the y (mm) of the bottom."""
    top = _heading(page, paper, PROJECTS_HEADING, top)
    top = paper.write_block(page, MARGIN, top, [count_stages(table)], 8.0, color=INK) - 1.0
    shown = table.head(MOST_PROJECTS)
    left_out = len(table) - len(shown)
    note = f"{PROJECTS_NOTE} {left_out} autres ne sont pas listés ici." if left_out else PROJECTS_NOTE
    return _rows(page, paper, shown, _PROJECT_COLUMNS, top, note)


def _structures(page: Axes, paper: Paper, sheet: TerritorySheet, top: float, bottom: float) -> None:
    """List the structures that have room, and say how many have none."""
    top = _heading(page, paper, "Structures du territoire", top)
    note = sheet.structures_note
    table = sheet.structures
    if table.empty:
        text = note if note.startswith("Structures") else f"Aucune structure de ces types. {note}"
        paper.write_block(page, MARGIN, top, paper.wrap(text, 8.0, paper.width - 2 * MARGIN), 8.0)
        return
    counts = table["Type"].value_counts(sort=False)
    summary = " · ".join(f"{kind} : {n}" for kind, n in counts.items())
    top = paper.write_block(page, MARGIN, top, [summary], 8.0, color=INK) - 1.0
    room = int((top - bottom - 6.0) // ROW) - 1
    shown = table if len(table) <= room else table.head(max(room, 0))
    _rows(page, paper, shown, _COLUMNS, top, _left_out(table, shown, note))


def _left_out(table: pd.DataFrame, shown: pd.DataFrame, note: str) -> str:
    left_out = len(table) - len(shown)
    return f"{note} {left_out} autres ne sont pas listées ici : voir la table XLSX." if left_out else note


def _rows(
    page: Axes, paper: Paper, shown: pd.DataFrame, columns: tuple[tuple[str, float], ...], top: float, note: str
) -> float:
    """Draw the lines of a list and its note; returns the y (mm) of the bottom."""
    size = 7.2
    widths = [width for _, width in columns]
    lefts = [MARGIN + sum(widths[:rank]) for rank in range(len(columns))]
    rooms = [*widths[:-1], paper.width - MARGIN - lefts[-1]]
    for left, (name, _) in zip(lefts, columns, strict=True):
        paper.write(page, left, top - 3.2, name, size, weight="bold", color=ACCENT)
    top -= ROW
    for rank, record in enumerate(shown.to_dict("records")):
        if rank % 2 == 0:
            page.add_patch(
                Rectangle((MARGIN, top - ROW), paper.width - 2 * MARGIN, ROW, facecolor=BAND, edgecolor="none")
            )
        for left, place, (name, _) in zip(lefts, rooms, columns, strict=True):
            text, room = str(record[name]), place - 2.0
            fitting = size * min(1.0, max(SMALLEST, room / max(room, paper.text_width(text, size))))
            paper.write(page, left + 0.6, top - 3.1, _fit(paper, text, fitting, room), fitting)
        top -= ROW
    return paper.write_block(page, MARGIN, top - 0.8, [note], 6.8, color=SOFT_INK)
