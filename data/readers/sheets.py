"""Official tables kept as Excel workbooks (.xlsx, or the older .xls), read apart (data/files)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

import pandas as pd

from data.errors import SourceLayoutError
from data.files.workbooks import Limits, read_rows
from data.readers.raw_text import read_bytes
from data.readers.source_table import SourceTable, find_columns, normal_label

Rows: TypeAlias = list[list[str]]
"""Cells of a sheet as stripped text; row 0 is line 1 of the sheet."""

LIMITS: Final = Limits(
    rows=1_048_576, columns=16_384, cells=50_000_000, characters=1_000_000_000, content_bytes=2_000_000_000
)
"""Some ten times the largest official workbook (DREES, doctors by age: 300 000 lines of 25 cells)."""


def read_workbook(path: Path) -> dict[str, Rows]:
    """Return the cells of every sheet of a workbook, as text.

    Numbers become the shortest text that reads back as the same float64, so nothing is lost: what a column holds
    (codes, numbers) is decided and checked later, in one place for all formats.

    Parameters
    ----------
    path
        Workbook in the .xlsx format, or .xls.

    Returns
    -------
    dict of str to list of list of str
        Rows by sheet name, in the order of the workbook; each row as wide as the sheet.

    Raises
    ------
    SourceMissing
        When nothing is at this path.
    SourceUnreadable
        When the file is cut, damaged (a checksum of the archive is wrong), locked, or not a workbook.
    FileRefused
        When reading it would cost more than its size explains.
    """
    sheets: dict[str, Rows] = {}
    for sheet, _, cells in read_rows(read_bytes(path), path, LIMITS):
        rows = sheets.setdefault(sheet, [])
        if cells:
            rows.append(cells)
    return sheets


def table_in(rows: Rows, patterns: Mapping[str, str], *, path: Path, sheet: str) -> SourceTable:
    """Return the wanted columns of a sheet, whatever their order and the lines above the header.

    Parameters
    ----------
    rows
        Cells of the sheet.
    patterns
        For each of our names, the regular expression that the whole official label must match.
    path, sheet
        Where the rows come from, for the messages.

    Returns
    -------
    SourceTable
        Text cells of the lines below the header; entirely blank lines are left out.

    Raises
    ------
    SourceLayoutError
        When a label is absent or written twice, or when nothing stands below the header.
    """
    header, positions = find_columns(rows, patterns, path=path, sheet=sheet)
    below = {number: row for number, row in enumerate(rows[header + 1 :], start=header + 2) if any(row)}
    if not below:
        raise SourceLayoutError(
            path, place=f"feuille « {sheet} »", expected="des lignes sous l’en-tête", found="aucune"
        )
    cells = pd.DataFrame(
        {name: [row[position] for row in below.values()] for name, position in positions.items()},
        index=pd.Index(list(below), name="line"),
        dtype="str",
    )
    labels = {name: normal_label(rows[header][position]) for name, position in positions.items()}
    return SourceTable(path, cells, labels, sheet)
