"""A user's file as a raw table: CSV of any separator and encoding, XLSX workbook, or GeoJSON points; cells are text."""

import codecs
import csv
import datetime as dt
import io
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, Literal

from python_calamine import CalamineWorkbook

from data.errors import DataError, SourceLayoutError, SourceUnreadable
from data.projects import safety
from data.projects.columns import guess_columns

SEPARATORS: Final = (";", ",", "\t", "|")
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte-order marks; UTF-32 before UTF-16, whose mark its own begins with."""

_TITLE_LINES: Final = 20
_SNIFFED_LINES: Final = 50
_LONGEST_LABEL: Final = 80
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_SUPPORTED: Final = "un fichier CSV, XLSX ou GeoJSON"


@dataclass(frozen=True)
class RawTable:
    """The cells of a file.

    Attributes
    ----------
    name
        Name of the file as it may be shown.
    kind
        "csv", "xlsx" or "geojson".
    header
        Labels of the columns, all different and none empty.
    rows
        Text cells, as many a row as labels; blank rows are left out.
    lines
        Line of each row in the file (the first line is 1); its rank, in a GeoJSON.
    sheet
        Sheet of a workbook, else empty.
    """

    name: str
    kind: Literal["csv", "xlsx", "geojson"]
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    sheet: str = ""


def read_file(contents: bytes, name: str) -> RawTable:
    """Read a file, whatever it is called: what it holds says what it is.

    Parameters
    ----------
    contents
        Its bytes.
    name
        Its name, for the messages alone.

    Returns
    -------
    RawTable
        At least one row.

    Raises
    ------
    FileRefused
        It is too big, or made to harm.
    SourceUnreadable, SourceLayoutError
        It is none of the three formats, cut, or holds no table.
    """
    shown = safety.shown_name(name)
    safety.check_size(contents, shown)
    if contents.startswith(b"PK"):
        table = _read_workbook(contents, shown)
    elif contents.startswith(_OLD_WORKBOOK):
        raise SourceUnreadable(
            shown,
            expected=_SUPPORTED,
            found="un classeur de l’ancien format .xls, ou protégé par un mot de passe",
            remedy="Enregistrez-le au format .xlsx, sans mot de passe.",
        )
    else:
        text = _decode(contents, shown)
        table = _read_geojson(text, shown) if text.lstrip()[:1] in {"{", "["} else _read_csv(text, shown)
    if not table.rows:
        raise SourceLayoutError(shown, expected="des lignes sous l’en-tête", found="aucune")
    safety.check_shape(len(table.rows), len(table.header), shown)
    return table


def _decode(contents: bytes, name: str) -> str:
    """Decode UTF-8, UTF-16 or UTF-32 by its mark, else UTF-8, else Windows-1252 (a French spreadsheet's CSV)."""
    encoding = next((known for mark, known in _MARKS.items() if contents.startswith(mark)), "")
    if not encoding and b"\0" in contents:
        raise SourceUnreadable(name, expected=_SUPPORTED, found="un fichier binaire")
    for tried in [encoding] if encoding else ["utf-8", "cp1252", "latin-1"]:
        try:
            text = contents.decode(tried)
        except UnicodeDecodeError:
            continue
        return unicodedata.normalize("NFC", text)
    raise SourceUnreadable(name, expected=f"un texte en {encoding}", found="des octets qui n’en sont pas")


def _read_csv(text: str, name: str) -> RawTable:
    if text.lstrip().startswith("<"):
        raise SourceUnreadable(name, expected=_SUPPORTED, found="une page HTML ou XML")
    rows, lines = _split(text, _find_separator(text), name)
    return _with_header(rows, lines, name=name, kind="csv")


def _find_separator(text: str) -> str:
    """Choose the separator that cuts most of the first lines in the same number of cells, the widest of them first."""
    first = "\n".join(text.splitlines()[:_SNIFFED_LINES])

    def regularity(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(first), delimiter=separator) if any(row))
        except csv.Error:
            return (0, 0)
        wide = [(count, width) for width, count in widths.items() if width > 1]
        return max(wide, default=(0, 0))

    return max(SEPARATORS, key=regularity)


def _split(text: str, separator: str, name: str) -> tuple[list[list[str]], list[int]]:
    rows, lines = [], []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                lines.append(reader.line_num)
            if len(rows) > safety.MOST_ROWS + _TITLE_LINES:
                break
    except csv.Error as error:
        place = f"ligne {reader.line_num}"
        raise SourceUnreadable(name, place=place, expected="un texte délimité", found=error) from error
    return rows, lines


def _read_workbook(contents: bytes, name: str) -> RawTable:
    safety.check_workbook(contents, name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(contents))
        sheets = {
            sheet: workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in workbook.sheet_names
        }
    except DataError:
        raise
    # A damaged workbook makes calamine raise errors of any class, a panic of its Rust side included.
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise SourceUnreadable(name, expected="un classeur .xlsx", found=type(error).__name__) from error
    tables = []
    for sheet, cells in sheets.items():
        texts = [[_cell_text(cell) for cell in row] for row in cells]
        numbered = [(line, row) for line, row in enumerate(texts, start=1) if any(row)]
        if numbered:
            rows, lines = [row for _, row in numbered], [line for line, _ in numbered]
            tables.append(_with_header(rows, lines, name=name, kind="xlsx", sheet=sheet))
    if not tables:
        raise SourceLayoutError(name, expected="une feuille avec un en-tête et des lignes", found="aucune")
    # The sheet of the projects is the one whose labels we know best: workbooks also hold notes and lists of values.
    return max(tables, key=lambda table: (len(guess_columns(table.header)), len(table.rows)))


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _read_geojson(text: str, name: str) -> RawTable:
    expected = "un GeoJSON de points (FeatureCollection)"
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(name, expected=expected, found=f"un JSON incorrect ({error})") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise SourceLayoutError(name, expected=expected, found="un JSON sans liste « features »")
    _refuse_projected(document, name)
    safety.check_shape(len(features), 0, name)
    labels: dict[str, None] = {}
    found: list[dict[str, str]] = []
    for rank, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise SourceLayoutError(name, place=f"élément {rank}", expected="un objet « Feature »", found=feature)
        properties = feature.get("properties")
        cells = {str(label): _json_text(value) for label, value in (properties or {}).items()} if isinstance(
            properties, (dict, type(None))
        ) else {}  # fmt: skip
        cells |= _point_cells(feature.get("geometry"))
        labels |= dict.fromkeys(cells)
        safety.check_shape(0, len(labels), name)
        found.append(cells)
    rows = [[cells.get(label, "") for label in labels] for cells in found]
    return RawTable(name, "geojson", _distinct(list(labels)), rows, list(range(1, len(rows) + 1)))


def _refuse_projected(document: dict[str, Any], name: str) -> None:
    """Let no doubt stand: a GeoJSON is in degrees (RFC 7946) unless an old "crs" member says otherwise."""
    named = json.dumps(document.get("crs"), ensure_ascii=False)
    if document.get("crs") is not None and "CRS84" not in named and "4326" not in named and "2154" not in named:
        raise SourceLayoutError(name, place="crs", expected="des degrés WGS 84 ou du Lambert-93", found=named)


def _point_cells(geometry: Any) -> dict[str, str]:
    """Give longitude and latitude of a point; the text of what is not one, so that its row can say so."""
    if geometry is None:
        return {}
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        coordinates = geometry.get("coordinates")
        if isinstance(coordinates, list) and len(coordinates) >= 2:  # noqa: PLR2004 - a height may follow
            return {"longitude": _json_text(coordinates[0]), "latitude": _json_text(coordinates[1])}
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    told = f"géométrie {_json_text(kind)[:20]}, non un point"
    return {"longitude": told, "latitude": told}


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (bool, float)):
        return _cell_text(value)
    return value.strip() if isinstance(value, str) else str(value)[: safety.LONGEST_CELL]


def _with_header(
    rows: list[list[str]], lines: list[int], *, name: str, kind: Literal["csv", "xlsx"], sheet: str = ""
) -> RawTable:
    """Part the header from the rows: the line whose labels we know best, among the first ones."""
    if not rows:
        raise SourceLayoutError(name, expected="un en-tête et des lignes", found="aucune ligne remplie")
    width = max(len(row) for row in rows)
    safety.check_shape(0, width, name)
    known = [len(guess_columns(row)) for row in rows[:_TITLE_LINES]]
    filled = [sum(bool(cell) for cell in row) > 1 for row in rows[:_TITLE_LINES]]
    best = max(range(len(known)), key=lambda at: (known[at], filled[at], -at))
    header = _distinct(rows[best] + [""] * (width - len(rows[best])))
    full = [row + [""] * (width - len(row)) for row in rows[best + 1 :]]
    return RawTable(name, kind, header, full, lines[best + 1 :], sheet)


def _distinct(labels: list[str]) -> list[str]:
    """Name every column, each by its own name."""
    found: list[str] = []
    taken: set[str] = set()
    for at, label in enumerate(labels, start=1):
        text = " ".join(label.split())[:_LONGEST_LABEL] or f"Colonne {at}"
        unique, number = text, 2
        while unique in taken:
            unique, number = f"{text} ({number})", number + 1
        taken.add(unique)
        found.append(unique)
    return found
