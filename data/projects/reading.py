"""A user's file as a raw table: CSV of any separator and encoding, XLSX workbook, or GeoJSON points; cells are text."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from data.errors import FileRefused, SourceLayoutError, SourceUnreadable
from data.files.delimited_text import cut
from data.files.encodings import Said, decode
from data.files.workbooks import Limits, read_rows
from data.projects import safety
from data.projects.columns import guess_columns
from geo.documents import parse_json

_MOST_MARKS: Final = {"{": 200_000, "[": 500_000, ",": 2_000_000}
"""Of a GeoJSON: each makes a value, which takes ten times its two characters in memory."""

_TITLE_LINES: Final = 20
_DEPARTEMENT: Final = re.compile(r"(?<![0-9])(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[12346])(?![0-9])")
_LONGEST_LABEL: Final = 80
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_SUPPORTED: Final = "un fichier CSV, XLSX, ODS ou GeoJSON"


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
    remarks
        What was repaired, guessed or is doubtful in the reading itself, to be shown before anything is kept.
    """

    name: str
    kind: Literal["csv", "xlsx", "geojson"]
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    sheet: str = ""
    remarks: tuple[Said, ...] = ()


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
        text, said = decode(contents, shown, expected=_SUPPORTED)
        table = _read_geojson(text, shown) if text.lstrip()[:1] in {"{", "["} else _read_csv(text, shown)
        table = replace(table, remarks=(*said, *table.remarks))
    if not table.rows:
        raise SourceLayoutError(shown, expected="des lignes sous l’en-tête", found="aucune")
    safety.check_shape(len(table.rows), len(table.header), shown)
    return table


def _read_csv(text: str, name: str) -> RawTable:
    if text.lstrip().startswith("<"):
        raise SourceUnreadable(name, expected=_SUPPORTED, found="une page HTML ou XML")
    rows, lines, remarks = cut(text, name, most_rows=safety.MOST_ROWS + _TITLE_LINES)
    for row, line in zip(rows, lines, strict=True):
        safety.check_shape(0, len(row), name, place=f"ligne {line}")
    return replace(_with_header(rows, lines, name=name, kind="csv"), remarks=remarks)


def _read_workbook(contents: bytes, name: str) -> RawTable:
    limits = Limits(
        rows=2 * safety.MOST_ROWS,  # a list of communes to choose from may stand beside that of the projects
        columns=2 * safety.MOST_COLUMNS,
        cells=safety.MOST_CELLS,
        characters=safety.MOST_CHARACTERS,
        content_bytes=safety.LARGEST_CONTENT_BYTES,
    )
    rows: dict[str, list[list[str]]] = {}
    lines: dict[str, list[int]] = {}
    for sheet, line, cells in read_rows(contents, name, limits, fill_merged=True):
        if any(cells):
            rows.setdefault(sheet, []).append(cells)
            lines.setdefault(sheet, []).append(line)
    tables = [_with_header(rows[sheet], lines[sheet], name=name, kind="xlsx", sheet=sheet) for sheet in rows]
    if not tables:
        raise SourceLayoutError(name, expected="une feuille avec un en-tête et des lignes", found="aucune")
    # The sheet of the projects is the one whose labels we know best: workbooks also hold notes and lists of values.
    best = max(tables, key=lambda table: (len(guess_columns(table.header)), len(table.rows)))
    return _with_other_sheets(best, tables)


def _with_other_sheets(best: RawTable, tables: list[RawTable]) -> RawTable:
    """Put under a sheet those of the same columns (one a department, one a year), and say the others."""
    known = set(guess_columns(best.header))
    alike = [table for table in tables if len(known) > 1 and set(guess_columns(table.header)) == known]
    said = [
        Said(0, f"la feuille « {table.sheet} » n’est pas lue ({_lines(len(table.rows))}) : ses colonnes sont autres.")
        for table in tables
        if table is not best and table not in alike and table.rows
    ]
    if len(alike) < 2:  # noqa: PLR2004 - the sheet itself
        return replace(best, remarks=tuple(said))
    labels = list(dict.fromkeys(label for table in [best, *alike] for label in table.header))
    codes = [_DEPARTEMENT.findall(table.sheet) for table in alike]
    is_named = "departement" not in known and all(len(found) == 1 for found in codes)
    rows, lines = [], []
    for table, found in zip(alike, codes, strict=True):
        places = {label: at for at, label in enumerate(table.header)}
        for row, line in zip(table.rows, table.lines, strict=True):
            cells = [row[places[label]] if label in places else "" for label in labels]
            rows.append([*cells, found[0] if is_named else table.sheet])
            lines.append(line)
    told = ", ".join(f"« {table.sheet} » {len(table.rows)}" for table in alike)
    said.insert(0, Said(0, f"{len(alike)} feuilles de mêmes colonnes sont lues, l’une après l’autre : {told} lignes."))
    header = _distinct([*labels, "Département" if is_named else "Feuille"])
    return RawTable(best.name, "xlsx", header, rows, lines, best.sheet, tuple(said))


def _lines(n_rows: int) -> str:
    return f"{n_rows} ligne{'s' if n_rows > 1 else ''}"


def _read_geojson(text: str, name: str) -> RawTable:
    expected = "un GeoJSON de points (FeatureCollection)"
    for mark, most in _MOST_MARKS.items():
        if text.count(mark) > most:
            raise FileRefused(name, expected=f"{most} signes « {mark} » au plus", found=text.count(mark))
    try:
        document = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(name, expected=expected, found=error) from error
    features = _features(document)
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


def _features(document: Any) -> Any:
    """Return the features of a collection, or those of all the layers of a uMap."""
    if not isinstance(document, dict):
        return None
    layers = document.get("layers")
    if document.get("type") == "umap" and isinstance(layers, list):
        inside = [layer.get("features") for layer in layers if isinstance(layer, dict)]
        return [feature for features in inside if isinstance(features, list) for feature in features]
    return document.get("features")


def _refuse_projected(document: dict[str, Any], name: str) -> None:
    """Let no doubt stand: a GeoJSON is in degrees (RFC 7946) unless an old "crs" member says otherwise."""
    named = json.dumps(document.get("crs"), ensure_ascii=False)
    if document.get("crs") is not None and "CRS84" not in named and "4326" not in named and "2154" not in named:
        raise SourceLayoutError(name, place="crs", expected="des degrés WGS 84 ou du Lambert-93", found=named)


def _point_cells(geometry: Any) -> dict[str, str]:
    """Give longitude and latitude of a point; the text of what is not one, so that its row can say so."""
    if geometry is None:
        return {}
    if isinstance(geometry, dict) and geometry.get("type") in ("Point", "MultiPoint"):  # may be a list
        coordinates = geometry.get("coordinates")
        if geometry["type"] == "MultiPoint":
            spots = coordinates if isinstance(coordinates, list) else []
            if len(spots) != 1:
                told = f"{len(spots)} points pour un projet"
                return {"longitude": told, "latitude": told}
            coordinates = spots[0]
        if isinstance(coordinates, list) and len(coordinates) >= 2:  # noqa: PLR2004 - a height may follow
            return {"longitude": _json_text(coordinates[0]), "latitude": _json_text(coordinates[1])}
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    told = f"géométrie {_json_text(kind)[:20]}, non un point"
    return {"longitude": told, "latitude": told}


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
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
