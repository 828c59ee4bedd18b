"""Pieces of a Word document that people go on writing: real headings, a table of contents, native tables, blanks."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.page.properties import describe_document

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT: Final = "Arial"
ACCENT: Final = RGBColor(0x1F, 0x5A, 0x96)
SOFT: Final = RGBColor(0x56, 0x62, 0x70)
BAND, BLANK_FILL, RULE = "EEF3F8", "FFF8E1", "B4C0CC"
MARGIN_MM: Final = 14.0
TEXT_MM: Final = 210.0 - 2 * MARGIN_MM
MOST_KEPT_ROWS: Final = 14
BLANK_TITLE: Final = "À compléter par l’équipe"
SIZES_PT: Final = (("Title", 24, 0), ("Heading 1", 15, 14), ("Heading 2", 11.5, 9))
_THEME_FONTS: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def new_document(title: str, subject: str, *, author: str = "") -> Any:
    """Make an A4 portrait document in French, with the styles of the house and page numbers."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(14), Mm(16)
    section.footer_distance = Mm(8)
    told = "Sources et licences : dernier chapitre du document."
    describe_document(document.core_properties, title, subject=subject, author=author, comments=told)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10)
    normal.paragraph_format.space_after = Pt(5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    for name, size, before in SIZES_PT:
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), True
        style.font.color.rgb = ACCENT
        # The theme's own fonts would otherwise win over the name above
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in _THEME_FONTS:
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        style.paragraph_format.keep_with_next = True
    _number_pages(section, title)
    return document


def _number_pages(section: Any, title: str) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _write(paragraph, f"{title} · page ", size=8, colour=SOFT)
    _add_field(paragraph, "PAGE", "1", size=8)


def _write(paragraph: Any, text: str, *, size: float = 10, colour: RGBColor | None = None, bold: bool = False) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _add_field(paragraph: Any, instruction: str, shown: str, *, size: float) -> None:
    """Add a field that Word keeps up to date, with what it shows until then."""
    _begin_field(paragraph, instruction, size)
    _write(paragraph, shown, size=size, colour=SOFT)
    _mark(paragraph, "end", size)


def _begin_field(paragraph: Any, instruction: str, size: float = 10) -> None:
    _mark(paragraph, "begin", size)
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    _write(paragraph, "", size=size)._r.append(text)  # noqa: SLF001 - python-docx has no fields
    _mark(paragraph, "separate", size)


def add_paragraph(document: Any, text: str, *, size: float = 10, colour: RGBColor | None = None) -> Any:
    """Add a paragraph."""
    paragraph = document.add_paragraph()
    _write(paragraph, text, size=size, colour=colour)
    return paragraph


def add_note(document: Any, text: str) -> None:
    """Add a note in small grey type."""
    add_paragraph(document, text, size=8, colour=SOFT)


def add_bullets(document: Any, sentences: Sequence[str]) -> None:
    """Add a list."""
    for sentence in sentences:
        document.add_paragraph(sentence, style="List Bullet").paragraph_format.space_after = Pt(3)


def add_contents(document: Any, headings: Sequence[str]) -> None:
    """Add a table of contents: a field of Word, which shows the headings until it is updated with page numbers."""
    first = document.add_paragraph()
    _begin_field(first, 'TOC \\o "1-1" \\h \\z \\u')
    paragraph = first
    for rank, line in enumerate(headings):
        paragraph = first if rank == 0 else document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        _write(paragraph, line)
    _mark(paragraph, "end")
    add_note(document, "Dans Word : clic droit sur la liste, « Mettre à jour les champs », pour les numéros de page.")


def _mark(paragraph: Any, kind: str, size: float = 10) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    _write(paragraph, "", size=size)._r.append(mark)  # noqa: SLF001 - python-docx has no fields


def add_table(
    document: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    n_left: int = 1,
    size: float = 8.5,
    row_height: float = 0.0,
) -> None:
    """Add a native table with a head that repeats on each page.

    Parameters
    ----------
    document
        Where it goes.
    heads, rows
        Texts.
    widths
        Width of each column (mm), `TEXT_MM` in all.
    n_left
        Columns of texts, to the left; figures go to the right.
    size
        Type (points).
    row_height
        Least height of the rows (mm): room to write in.
    """
    table = document.add_table(rows=1 + len(rows), cols=len(heads))
    _rule(table)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)  # LibreOffice reads the grid, Word the cells
    for rank, texts in enumerate([heads, *rows]):
        row = table.rows[rank]
        _keep_whole(row, repeats=rank == 0)
        if row_height and rank:
            row.height = Mm(row_height)
        for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
            # A short table stays on one page: its head alone at the foot of a page says nothing
            paragraph.paragraph_format.keep_with_next = len(rows) <= MOST_KEPT_ROWS and rank < len(rows)
            _write(paragraph, text, size=size, colour=ACCENT if rank == 0 else None, bold=rank == 0)
            if place >= n_left:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if rank == 0:
                _tint(cell, BAND)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _rule(table: Any) -> None:
    """Return a table thin grey lines."""
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - python-docx has no lines of a table


def _keep_whole(row: Any, *, repeats: bool) -> None:
    """Never cut a row between two pages; repeat the head."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
    properties.append(OxmlElement("w:cantSplit"))
    if repeats:
        properties.append(OxmlElement("w:tblHeader"))


def add_blank(document: Any, questions: Sequence[str], *, n_lines: int = 3) -> None:
    """Add a frame to be written in: guiding questions, then empty lines."""
    table = document.add_table(rows=1, cols=1)
    _rule(table)
    _keep_whole(table.rows[0], repeats=False)
    cell = table.rows[0].cells[0]
    cell.width = Mm(TEXT_MM)
    _tint(cell, BLANK_FILL)
    _write(cell.paragraphs[0], BLANK_TITLE, bold=True, colour=ACCENT)
    for question in questions:
        paragraph = cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(1)
        _write(paragraph, f"– {question}", size=9, colour=SOFT)
    for _ in range(n_lines):
        cell.add_paragraph()
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def add_picture(document: Any, content: bytes, width: float, description: str) -> None:
    """Add a picture as wide as asked (mm), with its description for those who do not see it; its note follows."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture = paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(width))
    picture._inline.docPr.set("descr", description)  # noqa: SLF001 - python-docx has no other way to a description


def _tint(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx has no other way to a tinted cell


def to_bytes(document: Any) -> bytes:
    """Return the document as a file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
