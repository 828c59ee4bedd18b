"""The sheet of a territory as a Word document: every text and table can be edited."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.figures.numbers import format_number
from reports.map.locator import locator_picture
from reports.map.panel import describe_map, panel_picture
from reports.page.logo import as_png, size_within
from reports.page.properties import describe_document
from reports.territory.charts import describe_waterfall, waterfall_picture
from reports.territory.content import APL_CLASSES, TerritorySheet, count_structures, dated, name_left_out
from reports.territory.projects import PROJECTS_HEADING, PROJECTS_NOTE, count_stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.map.shapes import PrintShapes

ACCENT: Final = RGBColor(0x1F, 0x5A, 0x96)
SOFT: Final = RGBColor(0x56, 0x62, 0x70)
BAND: Final = "EEF3F8"
QUIET: Final = "\t"
"""In a cell, parts what is said from its date and nature."""

MARGIN_MM: Final = 14.0
TEXT_MM: Final = 210.0 - 2 * MARGIN_MM
LOCATOR_MM: Final = 24.0
MOST_STRUCTURES: Final = 18
"""Rows of the table of structures: what two pages hold."""

FEWEST_STRUCTURES: Final = 6
PROJECTS_HEAD_ROWS: Final = 5
"""Rows of structures that the heading, the count and the note of the projects take the place of."""


def render_sheet_docx(print_shapes: PrintShapes, sheet: TerritorySheet) -> bytes:
    """Write a sheet as a DOCX: A4, French, pictures with a description.

    Parameters
    ----------
    print_shapes
        Shapes of the territories.
    sheet
        What is said.

    Raises
    ------
    EmptyTerritoryError, LogoError
        As for a map.
    """
    document = _document(sheet)
    if sheet.logo is not None:
        run = document.add_paragraph().add_run()
        width, _ = size_within(sheet.logo, 60.0, 12.0)
        _add_picture(run, as_png(sheet.logo), width, "Logo de l’organisation")
    document.add_heading(sheet.name, level=0)
    _paragraph(document, sheet.situation, colour=SOFT, is_kept=True)
    if sheet.seen_in is not None:
        side = (LOCATOR_MM, LOCATOR_MM)
        drawn = locator_picture(print_shapes, sheet.territory, sheet.seen_in, kind="png", size=side)
        _add_picture(document.add_paragraph().add_run(), drawn, LOCATOR_MM, sheet.where)
    document.add_heading("Chiffres clés", level=1)
    heads = ["", *sheet.compared]
    rows = [
        (f"{line.label}{f' ({line.unit})' if line.unit else ''}{QUIET}{line.dated}", *line.figures)
        for line in sheet.key_figures
    ]
    _table(document, heads, rows, widths=[TEXT_MM - 28.0 * len(sheet.compared), *[28.0] * len(sheet.compared)])
    if sheet.figures_note:
        _paragraph(document, sheet.figures_note, size=7.5, colour=SOFT)
    document.add_heading("Trois cartes", level=1)
    _add_maps(document, print_shapes, sheet)
    document.add_heading(sheet.projection_title, level=1)
    _paragraph(document, sheet.projection_text, is_kept=bool(sheet.steps))
    if sheet.steps:
        _add_waterfall(document, sheet)
        _paragraph(document, sheet.projection_note, size=7.5, colour=SOFT)
    if sheet.apl_shares:
        document.add_heading(f"Habitants selon l’APL 2023 de leur commune ({sheet.apl_doctors})", level=1)
        shares = [
            (name, *(format_number(100 * part, 0, "%") for part in parts)) for name, parts in sheet.apl_shares.items()
        ]
        width = (TEXT_MM - 44.0) / len(APL_CLASSES)
        _table(document, ["", *APL_CLASSES], shares, widths=[44.0, *[width] * len(APL_CLASSES)])
    _add_projects(document, sheet)
    _add_structures(document, sheet)
    _paragraph(document, f"Sources : {' ; '.join(sheet.sources)}. {dated(sheet)}.", size=7, colour=SOFT)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _document(sheet: TerritorySheet) -> Any:
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(12)
    title, told = f"{sheet.name} : fiche du territoire", "Sources et licences : en fin de document."
    describe_document(document.core_properties, title, author=sheet.author, comments=told)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(9)
    normal.paragraph_format.space_after = Pt(3)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    for name, size, before in (("Title", 22, 0), ("Heading 1", 12, 8)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), True
        style.font.color.rgb = ACCENT
        # The theme's own fonts would otherwise win over the name above
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(3)
        style.paragraph_format.keep_with_next = True
    return document


def _paragraph(
    document: Any, text: str, *, size: float = 9, colour: RGBColor | None = None, is_kept: bool = False
) -> None:
    """Add a paragraph; kept, it stays on the page of what follows."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = is_kept
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour


def _table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float], n_left: int = 1
) -> None:
    """Add a table with a head that repeats, every other row tinted, dates and natures small.

    After `n_left` columns of texts come the figures, to the right; after a single one, the first figures, those of the
    territory, are in bold.
    """
    table = document.add_table(rows=1 + len(rows), cols=len(heads))
    _set_widths(table, widths)
    head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way to a repeated head
    head.append(OxmlElement("w:tblHeader"))
    for rank, row in enumerate([heads, *rows]):
        cells = table.rows[rank].cells
        for place, (cell, text, width) in enumerate(zip(cells, row, widths, strict=True)):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            said, _, quiet = text.partition(QUIET)
            run = paragraph.add_run(said)
            run.font.size = Pt(8)
            run.font.bold = rank == 0 or place == n_left == 1
            paragraph.paragraph_format.keep_with_next = rank == 0
            if quiet:
                small = paragraph.add_run(f", {quiet}")
                small.font.size, small.font.color.rgb = Pt(6.5), SOFT
            if rank == 0:
                run.font.color.rgb = ACCENT
            if place >= n_left:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if rank % 2:
                _tint(cell)


def _set_widths(table: Any, widths: Sequence[float]) -> None:
    """Fix the widths (mm) of the columns, in the grid of the table too: some readers look nowhere else."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _tint(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), BAND)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no other way to a tinted cell


def _add_picture(run: Any, content: bytes, width: float, description: str) -> None:
    picture = run.add_picture(io.BytesIO(content), width=Mm(width))
    inline = picture._inline  # noqa: SLF001 - python-docx has no other way to a description and to the space around
    inline.docPr.set("descr", description)
    for side in ("distT", "distB", "distL", "distR"):  # unsaid, some readers leave 3 mm and cut the picture
        inline.set(side, "0")


def _add_maps(document: Any, print_shapes: PrintShapes, sheet: TerritorySheet) -> None:
    table = document.add_table(rows=1, cols=len(sheet.maps))
    _set_widths(table, [TEXT_MM / len(sheet.maps)] * len(sheet.maps))
    width = TEXT_MM / len(sheet.maps) - 4.0
    for cell, content in zip(table.rows[0].cells, sheet.maps, strict=True):
        picture = panel_picture(print_shapes, content, (width, width * 1.75))
        _add_picture(cell.paragraphs[0].add_run(), picture, width, describe_map(content))


def _add_waterfall(document: Any, sheet: TerritorySheet) -> None:
    picture = waterfall_picture(sheet.steps, (TEXT_MM, 58.0), title=sheet.projection_title)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True  # its note says how to read it
    _add_picture(paragraph.add_run(), picture, TEXT_MM, describe_waterfall(sheet.steps))


def _add_projects(document: Any, sheet: TerritorySheet) -> None:
    """List the planner's own projects: all of them, a Word document may grow by a page."""
    if sheet.projects is None:
        return
    document.add_heading(PROJECTS_HEADING, level=1)
    _paragraph(document, count_stages(sheet.projects))
    columns = ["Nom", "Type", "Commune", "Étape"]
    rows = [tuple(str(record[name]) for name in columns) for record in sheet.projects.to_dict("records")]
    _table(document, columns, rows, widths=[TEXT_MM - 110.0, 36.0, 44.0, 30.0], n_left=4)
    _paragraph(document, PROJECTS_NOTE, size=7.5, colour=SOFT)


def _add_structures(document: Any, sheet: TerritorySheet) -> None:
    document.add_heading("Structures du territoire", level=1)
    if sheet.structures.empty:
        _paragraph(document, sheet.structures_note)
        return
    _paragraph(document, count_structures(sheet.structures))
    taken = 0 if sheet.projects is None else len(sheet.projects) + PROJECTS_HEAD_ROWS
    shown = sheet.structures.head(max(FEWEST_STRUCTURES, MOST_STRUCTURES - taken))
    columns = ["Nom", "Type", "Commune", "Ouverture"]
    rows = [tuple(str(record[name]) for name in columns) for record in shown.to_dict("records")]
    _table(document, columns, rows, widths=[TEXT_MM - 100.0, 32.0, 46.0, 22.0], n_left=3)
    more = name_left_out(len(sheet.structures) - len(shown))
    _paragraph(document, f"{sheet.structures_note}{more}", size=7.5, colour=SOFT)
