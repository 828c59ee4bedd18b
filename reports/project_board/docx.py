"""The yearly report as a Word document, a page and its map: every sentence and table can be edited."""

from __future__ import annotations

from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.page.word import ACCENT, BAND, SOFT, TEXT_MM, add_note, add_picture, new_document, to_bytes
from reports.project_board.content import Tile, YearlyReport
from reports.project_board.map import HEADING, ReportMap
from reports.project_board.tables import TOTAL, ReportTable, first_rows

TILES_A_ROW: Final = 4
MOST_DEPARTEMENTS: Final = 14
MOST_FACILITATORS: Final = 9
"""What the one page holds."""
MAP_MM: Final = (TEXT_MM, 225.0)


def render_report_docx(report: YearlyReport, *, author: str = "", drawn: ReportMap | None = None) -> bytes:
    """Write a yearly report as a DOCX: A4, French, real headings, native tables.

    Parameters
    ----------
    report
        What is said; the rows of a table that have no room are counted in a line that says where they are.
    author
        The organisation that signs it; "" for Maillage.
    drawn
        The map of the projects, on a page of its own; None for none.

    Raises
    ------
    EmptyTerritoryError
        The territory of the map has no shape.
    """
    document = _document(report, author)
    document.add_heading(report.title, level=0)
    _write(document.add_paragraph(), report.subtitle, colour=SOFT)
    for sentence in report.sentences:
        paragraph = document.add_paragraph(style="List Bullet")
        _write(paragraph, sentence)
    paragraph.paragraph_format.space_after = Pt(5)
    _tiles(document, report.tiles)
    _section(document, report.stages, 32, len(report.stages.rows))
    _section(document, report.professions, 70, len(report.professions.rows))
    _section(document, report.departements, 36, MOST_DEPARTEMENTS)
    _section(document, report.facilitators, 70, MOST_FACILITATORS)
    _write(document.add_paragraph(), " ".join((*report.notes, report.source)), size=7, colour=SOFT)
    if drawn is not None:
        _add_map(document, drawn)
    return to_bytes(document)


def _add_map(document: Any, drawn: ReportMap) -> None:
    document.add_heading(HEADING, level=1).paragraph_format.page_break_before = True
    _write(document.add_paragraph(), drawn.content.subtitle, colour=SOFT)
    add_picture(document, drawn.draw(MAP_MM, "png"), MAP_MM[0], drawn.description)
    add_note(document, drawn.content.source)


def _document(report: YearlyReport, author: str) -> Any:
    """Make a document of the house, its type and spaces small enough for one page."""
    document = new_document(report.title, report.subtitle, author=author)
    document.core_properties.comments = report.source
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Mm(10)
    section.footer_distance = Mm(5)
    for name, size, before, after in (("Normal", 8.5, 0, 2), ("Title", 17, 0, 2), ("Heading 1", 10, 5, 2)):
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(1)
    return document


def _write(paragraph: Any, text: str, *, size: float = 8.5, bold: bool = False, colour: Any = None) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour


def _tiles(document: Any, tiles: tuple[Tile, ...]) -> None:
    """Add the key figures as a table, four a row: label, figure and note in one cell."""
    table = document.add_table(rows=-(-len(tiles) // TILES_A_ROW), cols=TILES_A_ROW)
    table.autofit = False
    _part(table)
    for rank, tile in enumerate(tiles):
        cell = table.cell(*divmod(rank, TILES_A_ROW))
        cell.width = Mm(TEXT_MM / TILES_A_ROW)
        _shade(cell)
        lines = [(tile.label, 7, False), (tile.figure, 13, True), (tile.note, 7, False)]
        lines += [(tile.before, 7, False)] if tile.before else []
        for number, (text, size, bold) in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            _write(paragraph, text, size=size, bold=bold, colour=None if bold else SOFT)


def _section(document: Any, table: ReportTable, first: float, most: int) -> None:
    """Add a table, its first column as wide as asked (mm), the others by their words; nothing without rows."""
    if not table.rows:
        return
    document.add_heading(table.title, level=1)
    rows, left_out = first_rows(table, most)
    letters = [_longest(column) for column in list(zip(table.heads, *rows, strict=True))[1:]]
    widths = (first, *(count * (TEXT_MM - first) / sum(letters) for count in letters))
    grid = document.add_table(rows=1 + len(rows), cols=len(table.heads))
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):  # what LibreOffice reads; Word reads those of cells
        column.width = Mm(width)
    # python-docx has no other way to a head that is repeated on the next page.
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - reason above
    for number, row in enumerate([table.heads, *rows]):
        for place, (cell, text, width) in enumerate(zip(grid.rows[number].cells, row, widths, strict=True)):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            if place:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            bold = number == 0 or row[0] == TOTAL
            _write(paragraph, text, size=7.5, bold=bold, colour=ACCENT if number == 0 else None)
            if number % 2:
                _shade(cell)
    if left_out:
        _write(document.add_paragraph(), left_out, size=7, colour=SOFT)


def _longest(column: tuple[str, ...]) -> int:
    """Return the letters that a column of figures must hold on a line: its longest cell, and a word of its head."""
    return max(*map(len, column[0].split()), *map(len, column[1:])) + 4


def _part(table: Any) -> None:
    """Part the cells of a table by white lines."""
    borders = OxmlElement("w:tblBorders")
    for side in ("insideH", "insideV"):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "36"), ("color", "FFFFFF")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no other way to borders


def _shade(cell: Any) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx has no other way to a tinted cell
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("fill", BAND)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)
