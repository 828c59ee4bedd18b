"""Text of a file, held to limits in one pass each before anything works on it."""

from pathlib import Path
from typing import Final

from data.errors import FileRefused
from data.files.workbook_cells import LONGEST_CELL
from geo.texts import MOST_MARKS, find_excess_marks, normalize

LONGEST_LINE: Final = 1_000_000
"""Characters of a line of a delimited text: thirty cells as long as a cell can be."""


def composed(text: str, name: Path | str) -> str:
    """Return a text with its accents composed (NFC), so that a label typed on a Mac equals the official one.

    Parameters
    ----------
    text
        Of any length.
    name
        Name of the file, for the message.

    Raises
    ------
    FileRefused
        It has more than thirty combining marks in a row (UAX 15, « Stream-Safe Text Format »): nobody's name, and a
        run of them takes the square of its length to normalise.
    """
    at = find_excess_marks(text)
    if at >= 0:
        raise FileRefused(
            name,
            place=f"ligne {text.count(chr(10), 0, at) + 1}",
            expected=f"au plus {MOST_MARKS} signes diacritiques à la suite",
            found="davantage (texte piégé ?)",
        )
    return normalize("NFC", text)


def require_short_lines(text: str, name: Path | str) -> None:
    """Refuse a delimited text with a line that no table has.

    Raises
    ------
    FileRefused
        A line has more than a million characters.
    """
    start, number = 0, 1
    while len(text) - start > LONGEST_LINE:
        last = max(text.rfind("\n", start, start + LONGEST_LINE), text.rfind("\r", start, start + LONGEST_LINE))
        if last < 0:
            raise FileRefused(
                name,
                place=f"ligne {number}",
                expected=f"{LONGEST_LINE} caractères au plus dans une ligne",
                found="davantage",
            )
        number += text.count("\n", start, last + 1)
        start = last + 1


def require_short_cells(cells: list[str], line: int, name: Path | str) -> None:
    """Refuse a line of a delimited text with a cell that no spreadsheet has.

    Raises
    ------
    FileRefused
        A cell has more than 32 767 characters.
    """
    for column, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            raise long_cell(name, f"ligne {line}, colonne {column}", len(cell))


def long_cell(name: Path | str, place: str, n_characters: int) -> FileRefused:
    """Make the fault of a cell that no spreadsheet has."""
    expected = f"{LONGEST_CELL} caractères au plus dans une case"
    return FileRefused(name, place=place, expected=expected, found=f"{n_characters} caractères")
