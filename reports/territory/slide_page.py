"""What every slide of a PowerPoint file has: its size, its title, its foot, its notes, its pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from reports.map.panel import describe_map
from reports.map.print_map import draw_map
from reports.page.paper import MM_PER_INCH, CustomPage
from reports.page.pictures import render_picture
from reports.page.properties import describe_document
from reports.territory.content import TerritorySheet, dated
from reports.territory.slides import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.map.content import MapContent
    from reports.map.shapes import PrintShapes
    from reports.territory.slides import SlideName


def colour_of(code: str) -> Any:
    """Give python-pptx's colour for "#rrggbb"."""
    return RGBColor.from_string(code.lstrip("#").upper())  # type: ignore[no-untyped-call]


WIDTH_IN, HEIGHT_IN, MARGIN_IN = 13.333, 7.5, 0.5
TITLE_ONLY: Final = 5
ACCENT: Final = colour_of("#1F5A96")
INK: Final = colour_of("#1D2733")
SOFT: Final = colour_of("#566270")
BAND: Final = colour_of("#EEF3F8")
WHITE: Final = colour_of("#FFFFFF")
FONT: Final = "Arial"
MAP_DPI: Final = 200
TWO_LINES: Final = 110
"""Letters of a title that two lines hold at its usual size."""
SUBTITLE_IN: Final = 0.9
ONE_LINE: Final = 130
"""Letters of a comment that a line holds."""
BODY_TOP_IN: Final = 1.25
BODY_BOTTOM_IN: Final = 7.0


def start_deck(title: str, author: str) -> Any:
    """Return a PowerPoint file without any slide, 16:9."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH_IN), Inches(HEIGHT_IN)
    describe_document(deck.core_properties, title, author=author)
    return deck


def save_deck(deck: Any) -> bytes:
    """Return the file."""
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def add_slide(deck: Any, sheet: TerritorySheet, title: str, notes: str, message: str = "") -> Any:
    """Add a slide whose title is its message, where it has one: what it shows then stands under it, smaller."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    place = slide.shapes.title
    place.left, place.top = Inches(MARGIN_IN), Inches(0.1)
    place.width, place.height = Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(0.85)
    place.text_frame.word_wrap = True
    place.text_frame.text = message or title
    if message:
        write(slide, title, SUBTITLE_IN, 12, SOFT)
    paragraph = place.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    style(paragraph.runs[0].font, _title_size(message or title), ACCENT, bold=True)
    write(slide, f"{sheet.name}. {dated(sheet)}.", 7.08, 10, SOFT)
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def _title_size(text: str) -> float:
    """Return the size (points) at which a title fits two lines."""
    return 22 if len(text) <= TWO_LINES else 18


def entitle(slide: Any, title: str, comment: str) -> None:
    """Put the words of an author on a slide: its title, and a comment in the place of what it shows."""
    run = slide.shapes.title.text_frame.paragraphs[0].runs[0]
    run.text, run.font.size = title, Pt(_title_size(title))
    if not comment:
        return
    for shape in [shape for shape in slide.shapes if shape.top == Inches(SUBTITLE_IN)]:
        shape._element.getparent().remove(shape._element)  # noqa: SLF001 - python-pptx has no other way
    write(slide, comment, SUBTITLE_IN - 0.03, 12 if len(comment) <= ONE_LINE else 10, SOFT)
    notes = slide.notes_slide.notes_text_frame
    notes.text = f"{comment}\n{notes.text}"


def add_told_slide(deck: Any, sheet: TerritorySheet, name: SlideName) -> tuple[Any, str]:
    """Add a slide that the screen shows too, with its words; return it and its title."""
    words = words_of(sheet, name)
    return add_slide(deck, sheet, words.title, f"{words.notes} {all_sources(sheet)}", words.message), words.title


def style(font: Any, size: float, colour: Any, *, bold: bool = False) -> None:
    """Write in our font, at a size in points."""
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb = colour


def write(slide: Any, text: str, top: float, size: float, colour: Any = INK, height: float = 0.35) -> None:
    """Write a line across a slide, at a height in inches."""
    box = slide.shapes.add_textbox(Inches(MARGIN_IN), Inches(top), Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(height))
    box.text_frame.word_wrap = True
    box.text_frame.text = text
    style(box.text_frame.paragraphs[0].runs[0].font, size, colour)


def all_sources(sheet: TerritorySheet) -> str:
    """Name every source of a sheet, and its day."""
    return f"Sources : {' ; '.join(sheet.sources)}. {dated(sheet)}."


def describe(shape: Any, description: str) -> None:
    """Say what a shape shows, for those who do not see it."""
    shape._element._nvXxPr.cNvPr.set("descr", description)  # noqa: SLF001 - python-pptx has no other way


def add_map(deck: Any, print_shapes: PrintShapes, sheet: TerritorySheet, content: MapContent, message: str) -> Any:
    """Add a slide of one map; return it."""
    slide = add_slide(deck, sheet, content.title, f"{content.subtitle}\n{content.source}", message)
    place_map(slide, print_shapes, content, MARGIN_IN, WIDTH_IN - 2 * MARGIN_IN)
    return slide


def place_map(slide: Any, print_shapes: PrintShapes, content: MapContent, left: float, width: float) -> None:
    """Draw a map over the height of a slide, from a place and over a width in inches."""
    height = BODY_BOTTOM_IN - BODY_TOP_IN
    paper = CustomPage(size=(width * MM_PER_INCH * 0.85, height * MM_PER_INCH * 0.85))  # type a sixth larger
    figure = draw_map(print_shapes, content, paper, bare=True)
    picture = render_picture(figure, "png", dpi=MAP_DPI, title=content.title, subject=content.subtitle)
    place = slide.shapes.add_picture(
        io.BytesIO(picture), Inches(left), Inches(BODY_TOP_IN), Inches(width), Inches(height)
    )
    describe(place, describe_map(content))


def add_table(slide: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], left: float, height: float) -> Any:
    """Add a native table, its first row a head and its second column in bold; widths and height in inches."""
    frame = slide.shapes.add_table(
        len(rows), len(widths), Inches(left), Inches(BODY_TOP_IN), Inches(sum(widths)), Inches(height)
    )
    table = frame.table
    for rank, width in enumerate(widths):
        table.columns[rank].width = Inches(width)
    for rank, row in enumerate(rows):
        table.rows[rank].height = Inches(height / len(rows))
        for place, text in enumerate(row):
            _fill_cell(table.cell(rank, place), text, rank, place)
    return frame


def _fill_cell(cell: Any, text: str, rank: int, place: int) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.fill.solid()
    cell.fill.fore_color.rgb = ACCENT if rank == 0 else BAND if rank % 2 else WHITE
    cell.text = text
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if place else PP_ALIGN.LEFT
    for run in paragraph.runs:
        style(run.font, 13, WHITE if rank == 0 else INK, bold=rank == 0 or place == 1)


def add_list_slide(deck: Any, sheet: TerritorySheet, title: str, lines: Sequence[str], size: float) -> None:
    """Add a slide of sentences."""
    slide = add_slide(deck, sheet, title, all_sources(sheet))
    box = slide.shapes.add_textbox(
        Inches(MARGIN_IN), Inches(BODY_TOP_IN), Inches(WIDTH_IN - 2 * MARGIN_IN), Inches(BODY_BOTTOM_IN - BODY_TOP_IN)
    )
    frame = box.text_frame
    frame.word_wrap = True
    for rank, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.space_after = Pt(0.5 * size)
        style(paragraph.runs[0].font, size, INK)
