"""Official tables kept as delimited text (CSV)."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from data.errors import SourceLayoutError, SourceUnreadable
from data.files.texts import require_short_cells, require_short_lines
from data.readers.raw_text import read_text
from data.readers.source_table import SourceTable, find_columns, normal_label


def read_delimited(
    path: Path, columns: Mapping[str, str], *, separator: str = ",", or_latin_1: bool = False
) -> SourceTable:
    """Return the wanted columns of a delimited file, whatever their order and the title lines above the header.

    Every line must have as many cells as the header: a file cut in the middle of a line is thereby refused, where
    pandas would quietly fill the line up. (A file cut between two lines can only be told by its checksum or by its
    totals.)

    Parameters
    ----------
    path
        File in UTF-8.
    columns
        Official label of each wanted column, by the name that we give to it. Other columns are ignored.
    separator
        One character.
    or_latin_1
        Also accept ISO 8859-1.

    Returns
    -------
    SourceTable
        Text cells, one row a line below the header; blank lines are left out.

    Raises
    ------
    SourceMissing, SourceUnreadable
        When the file is absent, empty, in another encoding, cut, or not a delimited text.
    SourceLayoutError
        When a label is absent or written twice, or when nothing stands below the header.
    """
    rows, lines = _split(path, read_text(path, or_latin_1=or_latin_1), separator)
    patterns = {name: re.escape(normal_label(label)) for name, label in columns.items()}
    header, positions = find_columns(rows, patterns, path=path)
    _require_full_rows(rows[header:], lines[header:], path)
    if len(rows) == header + 1:
        raise SourceLayoutError(path, expected="des lignes sous l’en-tête", found="aucune")
    cells = pd.DataFrame(
        {name: [row[position].strip() for row in rows[header + 1 :]] for name, position in positions.items()},
        index=pd.Index(lines[header + 1 :], name="line"),
        dtype="str",
    )
    return SourceTable(path, cells, dict(columns))


def read_labels(path: Path, *, separator: str = ",", or_latin_1: bool = False) -> list[str]:
    """Return the labels of the first line of a delimited file: for files whose columns are years."""
    rows, _ = _split(path, read_text(path, or_latin_1=or_latin_1), separator)
    return [normal_label(cell) for cell in rows[0]]


def _split(path: Path, text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """Return the non-blank rows of a delimited text and the number of the line that each one ends on."""
    require_short_lines(text, path)
    rows, lines = [], []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                require_short_cells(row, reader.line_num, path)
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        place = f"ligne {reader.line_num}"
        raise SourceUnreadable(path, place=place, expected="un texte délimité complet", found=error) from error
    if not rows:
        raise SourceUnreadable(path, expected="un texte délimité", found="aucune ligne")
    return rows, lines


def _require_full_rows(rows: list[list[str]], lines: list[int], path: Path) -> None:
    width = len(rows[0])
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            raise SourceUnreadable(
                path,
                place=f"ligne {line}",
                expected=f"{width} cases, comme l’en-tête",
                found=f"{len(row)} (fichier tronqué ou séparateur dans une case)",
            )
