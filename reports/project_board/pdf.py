"""The yearly report on one A4 page, as a PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.patches import Rectangle

from coverage.terms.project_list import RUNNING_STAGES, STAGES
from reports.figures.numbers import UNKNOWN
from reports.page.paper import DEFAULT_FONT, RULE, SOFT_INK, Box, Paper, line_height
from reports.page.pictures import drawing_settings
from reports.project_board.content import Tile, YearlyReport
from reports.project_board.tables import TOTAL, ReportTable, first_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN: Final = 12.0
GAP: Final = 6.0
ACCENT: Final = "#1f5a96"
BAND: Final = "#eef3f8"
RUNNING_COLOUR: Final = "#1f5a96"
COMING_COLOUR: Final = "#8fb3d9"
ROW: Final = 4.5
TILE: Final = 17.5
TILES_A_ROW: Final = 4
BAR_ROW: Final = 5.8
FEWEST_ROWS: Final = 9
"""Rows of the tables side by side: the seven professions, their sum, and one more facilitator."""


def render_report_pdf(report: YearlyReport, *, font: str = DEFAULT_FONT) -> bytes:
    """Draw a yearly report.

    Parameters
    ----------
    report
        What is said.
    font
        Family of the type.

    Returns
    -------
    bytes
        A PDF of one A4 page, fonts embedded; rows that have no room are counted in a line that says where they are.
    """
    paper = Paper("a4", "portrait", font)
    buffer = io.BytesIO()
    properties = {"Title": report.title, "Creator": "Maillage", "CreationDate": None}
    with drawing_settings(), PdfPages(buffer, metadata=properties) as pages:
        figure, page = paper.sheet()
        _draw(page, paper, report)
        pages.savefig(figure)
    return buffer.getvalue()


def _draw(page: Axes, paper: Paper, report: YearlyReport) -> None:
    width = paper.width - 2 * MARGIN
    top = _head(page, paper, report)
    for sentence in report.sentences:
        lines = paper.wrap(sentence, 9.0, width - 4.0)
        paper.write(page, MARGIN, top - 3.1, "•", 9.0, color=ACCENT)
        top = paper.write_block(page, MARGIN + 4.0, top, lines, 9.0) - 0.6
    top = _tiles(page, paper, report.tiles, top - 2.0)
    top = _bars(page, paper, report, top - 3.5)
    half = (width - GAP) / 2
    top -= 3.5
    left, right = Box(MARGIN, 0, half, top), Box(MARGIN + half + GAP, 0, half, top)
    shares = (0.4, 0.17, 0.18, 0.25)
    bottoms = [_table(page, paper, report.professions, left, shares, FEWEST_ROWS)]
    bottoms += [_table(page, paper, report.facilitators, right, (0.4, 0.12, 0.12, 0.14, 0.09, 0.13), FEWEST_ROWS)]
    bottom = _foot(page, paper, report)
    top = min(bottoms) - 4.0
    room = int((top - bottom - 13.0) // ROW)
    columns = (0.28, 0.11, 0.11, 0.11, 0.09, 0.15, 0.15)
    _table(page, paper, report.departements, Box(MARGIN, 0, width, top), columns, max(room, 1))


def _head(page: Axes, paper: Paper, report: YearlyReport) -> float:
    width = paper.width - 2 * MARGIN
    top = paper.height - MARGIN
    lines = paper.wrap(report.title, 18.0, width, "bold")[:2]
    top = paper.write_block(page, MARGIN, top, lines, 18.0, weight="bold", color=ACCENT)
    lines = paper.wrap(report.subtitle, 9.0, width)[:2]
    top = paper.write_block(page, MARGIN, top - 0.5, lines, 9.0, color=SOFT_INK)
    page.plot([MARGIN, paper.width - MARGIN], [top - 1.5] * 2, color=ACCENT, linewidth=1.2)
    return top - 4.5


def _tiles(page: Axes, paper: Paper, tiles: Sequence[Tile], top: float) -> float:
    """Draw the key figures, four a row; returns the y (mm) of their bottom."""
    gap = 3.0
    width = (paper.width - 2 * MARGIN - (TILES_A_ROW - 1) * gap) / TILES_A_ROW
    for rank, tile in enumerate(tiles):
        row, place = divmod(rank, TILES_A_ROW)
        left, high = MARGIN + place * (width + gap), top - row * (TILE + gap)
        page.add_patch(Rectangle((left, high - TILE), width, TILE, facecolor=BAND, edgecolor="none"))
        page.add_patch(Rectangle((left, high - TILE), 1.0, TILE, facecolor=ACCENT, edgecolor="none"))
        room = width - 4.0
        paper.write_block(page, left + 2.6, high - 1.2, paper.wrap(tile.label, 6.8, room)[:2], 6.8, color=SOFT_INK)
        paper.write(page, left + 2.6, high - 12.2, tile.figure, 14.0, weight="bold")
        figure = paper.text_width(tile.figure, 14.0, "bold") + 2.0
        note = paper.wrap(tile.note, 6.2, room)
        if len(note) == 1:
            paper.write(page, left + 2.6, high - 16.0, note[0], 6.2, color=SOFT_INK)
        elif note:  # a long word on the figure stands beside it
            lines = paper.wrap(tile.note, 6.2, room - figure)[:4]
            lowest = high - 16.6
            paper.write_block(
                page, left + 2.6 + figure, lowest + len(lines) * line_height(6.2), lines, 6.2, color=SOFT_INK
            )
    rows = -(-len(tiles) // TILES_A_ROW)
    return top - rows * TILE - (rows - 1) * gap


def _bars(page: Axes, paper: Paper, report: YearlyReport, top: float) -> float:
    """Draw the projects at each stage as bars, with their age beside them; returns the y (mm) of the bottom."""
    top = _heading(page, paper, "Projets par étape, et depuis combien de temps ils y sont", MARGIN, top)
    counts = report.figures.stages["n_current"]
    name_room, text_room = 30.0, 84.0
    length = paper.width - 2 * MARGIN - name_room - text_room
    for stage, row in zip(STAGES, report.stages.rows, strict=True):
        label, shown, _, median, oldest, undated, _ = row
        middle = top - BAR_ROW / 2
        paper.write(page, MARGIN, middle - 1.1, label, 8.5)
        bar = length * counts[stage] / max(counts.max(), 1)
        colour = RUNNING_COLOUR if stage in RUNNING_STAGES else COMING_COLOUR
        page.add_patch(Rectangle((MARGIN + name_room, middle - 2.0), bar, 4.0, facecolor=colour, edgecolor="none"))
        x = MARGIN + name_room + bar + 2.0
        paper.write(page, x, middle - 1.2, shown, 9.5, weight="bold")
        x += paper.text_width(shown, 9.5, "bold") + 3.0
        if counts[stage]:
            age = f"âge médian {median} mois, le plus ancien {oldest}" if median != UNKNOWN else "âge n.d."
            text = f"{age}, {undated} sans date" if undated != "0" else age
            paper.write(page, x, middle - 1.0, text, 7.0, color=SOFT_INK)
        top -= BAR_ROW
    return top


def _heading(page: Axes, paper: Paper, text: str, left: float, top: float) -> float:
    return paper.write_block(page, left, top, [text], 10.0, weight="bold") - 0.8


def _table(page: Axes, paper: Paper, table: ReportTable, place: Box, shares: Sequence[float], most: int) -> float:
    """Draw a table under the top of a place, its columns sharing the width; returns the y (mm) of its bottom."""
    size = 7.4
    rows, left_out = first_rows(table, most)
    top = _heading(page, paper, table.title, place.left, place.top)
    rights = [place.left + place.width * sum(shares[: rank + 1]) - 1.0 for rank in range(len(shares))]
    heads = [
        paper.wrap(head, 6.4, place.width * share - 1.5, "bold")[:3]
        for head, share in zip(table.heads, shares, strict=True)
    ]
    deepest = max(map(len, heads))
    for rank, (lines, right) in enumerate(zip(heads, rights, strict=True)):
        for line, text in enumerate(lines):
            y = top - (deepest - len(lines) + line + 0.8) * line_height(6.4)
            x, side = (right, "right") if rank else (place.left + 1.0, "left")
            paper.write(page, x, y, text, 6.4, weight="bold", ha=side, color=ACCENT)
    top -= deepest * line_height(6.4) + 1.0
    for number, row in enumerate(rows):
        if number % 2 == 0:
            page.add_patch(Rectangle((place.left, top - ROW), place.width, ROW, facecolor=BAND, edgecolor="none"))
        weight = "bold" if row[0] == TOTAL else "normal"
        shown, room = row[0], place.width * shares[0] - 2.0
        if (taken := paper.text_width(shown, size, weight)) > room:
            shown = f"{shown[: int(len(shown) * room / taken) - 1].rstrip()}…"
        paper.write(page, place.left + 1.0, top - 3.3, shown, size, weight=weight)
        for text, right in zip(row[1:], rights[1:], strict=True):
            paper.write(page, right, top - 3.3, text, size, weight=weight, ha="right")
        top -= ROW
    if left_out:
        top = paper.write_block(page, place.left + 1.0, top - 0.6, [left_out], 6.4, color=SOFT_INK)
    return top


def _foot(page: Axes, paper: Paper, report: YearlyReport) -> float:
    """Write what must be known and the source at the bottom; returns the y (mm) of their top."""
    size = 6.6
    text = " ".join((*report.notes, report.source))
    lines = paper.wrap(text, size, paper.width - 2 * MARGIN)
    top = 9.0 + len(lines) * line_height(size)
    page.plot([MARGIN, paper.width - MARGIN], [top + 1.5] * 2, color=RULE, linewidth=0.6)
    paper.write_block(page, MARGIN, top, lines, size, color=SOFT_INK)
    return top + 1.5
