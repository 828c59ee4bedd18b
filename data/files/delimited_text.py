"""The cells of a user's delimited text: a quote that is never closed swallows no line.

A cell between two quotes may hold separators, doubled quotes and line breaks. A quote that opens a cell and that
nothing closes as it should (before a separator or the end of a line) is a letter, and is said; one that closes after
lines that look like rows of the table is refused with its place: only the owner of the file knows.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from data.errors import SourceUnreadable
from data.files.encodings import Said
from data.files.texts import require_short_cells, require_short_lines

SEPARATORS: Final = (";", ",", "\t", "|")
_SNIFFED_LINES: Final = 50
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_MOST_SAID: Final = 50


class Cut(NamedTuple):
    """The rows of a delimited text.

    Attributes
    ----------
    rows
        Cells of each line with something in it, stripped.
    lines
        Line on which each row begins (the first line of the file is 1).
    remarks
        Quotes read as letters.
    """

    rows: list[list[str]]
    lines: list[int]
    remarks: tuple[Said, ...]


def cut(text: str, name: Path | str, *, most_rows: int, separator: str = "") -> Cut:
    r"""Cut a delimited text.

    Parameters
    ----------
    text
        The whole file.
    name
        Its name, for the messages.
    most_rows
        Stop after that many rows, which the caller then refuses.
    separator
        One character; by default the one that cuts the first lines most regularly.

    Raises
    ------
    FileRefused
        A line or a cell is longer than any spreadsheet takes.
    SourceUnreadable
        A quote is opened, and closed only after lines that look like rows.

    Examples
    --------
    >>> cut('a;b\n1;"open\n2;y\n', "a.csv", most_rows=10).rows
    [['a', 'b'], ['1', '"open'], ['2', 'y']]
    >>> cut('a;b\n1;"two\nlines"\n2;y\n', "a.csv", most_rows=10).rows
    [['a', 'b'], ['1', 'two\nlines'], ['2', 'y']]
    """
    require_short_lines(text, name)
    separator = separator or find_separator(text)
    width = _usual_width(text, separator)
    quoted = re.compile(r'[ ]*"((?:[^"]|"")*+)"[ \t]*(?=' + re.escape(separator) + r"|\r|\n|\Z)")
    rows: list[list[str]] = []
    lines: list[int] = []
    said: list[Said] = []
    at, line = 0, 1
    while at < len(text) and len(rows) < most_rows:
        end = _end_of_line(text, at)
        if '"' not in text[at:end]:
            cells, stop = text[at:end].split(separator), end
        else:
            cells, stop, letters = _cut_record(text, at, line, separator, quoted, width, name)
            said += [Said(line, f"un guillemet ouvert n’est jamais refermé : il est lu comme une lettre, « {cell} »")
                     for cell in letters]  # fmt: skip
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            require_short_cells(stripped, line, name)
            rows.append(stripped)
            lines.append(line)
        line += len(_LINE_END.findall(text, at, stop)) + 1
        at = stop + (2 if text.startswith("\r\n", stop) else 1)
    return Cut(rows, lines, tuple(said[:_MOST_SAID]))


def find_separator(text: str) -> str:
    """Choose the separator that cuts most of the first lines in the same number of cells, the widest of them first."""
    lines = _first_lines(text)

    def regularity(separator: str) -> tuple[int, int]:
        widths = Counter(len(_cut_simply(line, separator)) for line in lines)
        wide = [(count, width) for width, count in widths.items() if width > 1]
        return max(wide, default=(0, 0))

    return max(SEPARATORS, key=regularity)


def _first_lines(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text) and len(found) < _SNIFFED_LINES:
        end = _end_of_line(text, at)
        found.append(text[at:end])
        at = end + (2 if text.startswith("\r\n", end) else 1)
    return [line for line in found if line.strip()]


def _usual_width(text: str, separator: str) -> int:
    widths = Counter(len(_cut_simply(line, separator)) for line in _first_lines(text))
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _cut_simply(line: str, separator: str) -> list[str]:
    """Cut a line, the well quoted cells of it being whole."""
    return re.sub(r'"(?:[^"]|"")*+"', "", line).split(separator)


def _end_of_line(text: str, at: int) -> int:
    newline = text.find("\n", at)
    newline = len(text) if newline < 0 else newline
    carriage = text.find("\r", at, newline)
    return newline if carriage < 0 else carriage


def _cut_record(
    text: str, start: int, line: int, separator: str, quoted: "re.Pattern[str]", width: int, name: Path | str
) -> tuple[list[str], int, list[str]]:
    """Cut the record that begins at a place; give its cells, where it stops, and the cells whose quote is a letter."""
    cells: list[str] = []
    letters: list[str] = []
    at, opened_on = start, 0
    while True:
        found = quoted.match(text, at)
        if found is not None:
            content, stop = found[1], found.end()
            if n_breaks := len(_LINE_END.findall(content)):
                _require_a_cell(content, len(cells), line, n_breaks, separator, width, name)
                opened_on = opened_on or line + len(_LINE_END.findall(text, start, at))
            cells.append(content.replace('""', '"'))
        else:
            end = _end_of_line(text, at)
            stop = text.find(separator, at, end)
            stop = end if stop < 0 else stop
            cells.append(text[at:stop])
            if text[at:stop].lstrip(" ").startswith('"'):
                letters.append(text[at:stop].strip()[:40])
        if stop >= len(text) or text[stop] in "\r\n":
            break
        at = stop + 1
    if opened_on and len(cells) > width > 1:
        raise _swallowing(name, opened_on, "une ligne qui a trop de cases")
    return cells, stop, letters


def _require_a_cell(
    content: str, column: int, line: int, n_breaks: int, separator: str, width: int, name: Path | str
) -> None:
    """Refuse a cell of several lines, one of which looks like a row of the table."""
    if width < 2:  # noqa: PLR2004 - a table of one column says nothing of what a row is
        return
    _, *middle, last = _LINE_END.split(content)
    is_row = any(part.count(separator) == width - 1 for part in middle)
    if is_row or (column and last.count(separator) == column):
        raise _swallowing(name, line, f"{n_breaks} lignes du tableau prises dans une case")


def _swallowing(name: Path | str, line: int, found: str) -> SourceUnreadable:
    return SourceUnreadable(
        name,
        place=f"ligne {line}",
        expected="un guillemet refermé dans sa case",
        found=f"un guillemet ouvert à cette ligne et refermé plus bas, avec {found}",
        remedy="Retirez ce guillemet, ou refermez-le à la fin de sa case.",
    )
