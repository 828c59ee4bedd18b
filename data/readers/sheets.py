"""Official tables kept as Excel workbooks (.xlsx), read by python-calamine."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from data.errors import SourceLayoutError, SourceUnreadable
from data.readers.raw_text import read_bytes
from data.readers.source_table import SourceTable, find_columns, normal_label

Rows: TypeAlias = list[list[str]]
"""Cells of a sheet as stripped text; row 0 is line 1 of the sheet."""


def read_workbook(path: Path) -> dict[str, Rows]:
    """Give the cells of every sheet of a workbook, as text.

    Numbers become the shortest text that reads back as the same float64, so nothing is lost: what a column holds
    (codes, numbers) is decided and checked later, in one place for all formats.

    Parameters
    ----------
    path
        Workbook in the .xlsx format.

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
    """
    contents = read_bytes(path)
    _require_whole_archive(contents, path)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(contents))
        return {
            name: _as_text(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise SourceUnreadable(path, expected="un classeur .xlsx", found=f"{type(error).__name__} : {error}") from error


def table_in(rows: Rows, patterns: Mapping[str, str], *, path: Path, sheet: str) -> SourceTable:
    """Give the wanted columns of a sheet, whatever their order and the lines above the header.

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


def _as_text(rows: Iterable[Iterable[object]]) -> Rows:
    return [[_cell_text(cell) for cell in row] for row in rows]


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _require_whole_archive(contents: bytes, path: Path) -> None:
    """Refuse an archive whose members do not have the checksums that it announces.

    A workbook is a zip archive: its own checksums tell a cut or altered file before any cell is believed.
    """
    expected = "un classeur .xlsx entier"
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            damaged = archive.testzip()
            is_workbook = "[Content_Types].xml" in archive.namelist()
    # zipfile names only some faults of a damaged archive; the rest surfaces as whatever its parsing stumbles on.
    except Exception as error:
        raise SourceUnreadable(path, expected=expected, found=f"une archive abîmée ({error})") from error
    if damaged is not None:
        raise SourceUnreadable(path, place=damaged, expected=expected, found="une somme de contrôle fausse")
    if not is_workbook:
        raise SourceUnreadable(path, expected=expected, found="une archive sans classeur")
