"""Official tables whose column names, order, separator, encoding and container (CSV or workbook) change by the year.

Where `delimited` holds a file to the one layout that the embedded data were made from, this module takes any of the
labels that a producer has used, and names the nearest one when none is there.
"""

import codecs
import csv
import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import pandas as pd
import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable, named_faults
from data.files.texts import long_cell
from data.files.workbook_cells import LONGEST_CELL
from data.readers.sheets import Rows, read_workbook
from data.readers.source_table import SourceTable
from geo.texts import normalize

Labels: TypeAlias = Mapping[str, Sequence[str]]
"""For each of our names, the labels that producers have used for it, the one to be preferred first."""

COMMUNE_LABELS: Final = (
    *("code_insee", "codgeo", "com", "code_commune", "depcom", "insee_com", "code_commune_insee", "code_insee_commune"),
    *("code_de_la_commune", "commune_code", "code_geographique", "insee", "code"),
)
DEPARTEMENT_LABELS: Final = ("departement", "code_departement", "dep", "code_dep", "departement_code")
REGION_LABELS: Final = ("region", "code_region", "reg", "code_reg", "region_code")

_SEPARATORS: Final = (";", ",", "\t", "|")
_SEARCHED_ROWS: Final = 20
_SNIFFED_BYTES: Final = 2**16
_BLOCK_BYTES: Final = 2**23
_WORKBOOK: Final = b"PK\x03\x04"
_FOREIGN_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACES: Final = r"[\s\u00a0\u202f]"
_FRENCH: Final = r"[\s,\u00a0\u202f]"


def read_loose_table(path: Path, needed: Labels, *, optional: Labels | None = None) -> SourceTable:
    """Return the wanted columns of a table as text, whatever its container, separator, encoding, order and labels.

    A label is compared without accents, case nor punctuation: « Code région » is code_region. Title lines above the
    header are passed over, blank lines below it left out. Every line must have as many cells as the header: a file cut
    in the middle of a line is refused.

    Parameters
    ----------
    path
        CSV file (comma, semicolon, tab or bar; UTF-8 or ISO 8859-1) or workbook (.xlsx), told apart by content.
    needed
        Labels of the columns that must be there.
    optional
        Labels of those that may be; absent from the cells when they are not.

    Returns
    -------
    SourceTable
        Stripped text cells, on the number of their line.

    Raises
    ------
    SourceMissing, SourceUnreadable
        When the file is absent, empty, cut, in another encoding, a web page or binary.
    SourceLayoutError
        When a needed column is absent (the message names the nearest label), a label is written twice, or nothing
        stands below the header.
    """
    wanted = {**needed, **(optional or {})}
    start = _first_bytes(path)
    if start.startswith(_WORKBOOK):
        return _from_workbook(path, wanted, needed)
    return _from_text(path, start, wanted, needed)


@lru_cache(maxsize=8192)
def label_key(label: str) -> str:
    """Return a label as it is compared: no accent, lower case, words joined by underscores."""
    letters = "".join(mark for mark in normalize("NFKD", label) if not unicodedata.combining(mark))
    return re.sub(r"[^a-z0-9]+", "_", letters.casefold().replace("’", "'")).strip("_")


def with_plain_numbers(table: SourceTable, *columns: str) -> SourceTable:
    """Return the table with the French numbers of some columns (« 1 234,5 ») written as 1234.5."""
    plain = {}
    for name in columns:
        cells = table.cells.get(name)
        if cells is None or not cells.str.contains(_FRENCH, regex=True).any():
            continue
        plain[name] = cells.str.replace(_SPACES, "", regex=True).str.replace(",", ".", regex=False)
    return SourceTable(table.path, table.cells.assign(**plain), table.labels, table.sheet) if plain else table


def with_whole_codes(table: SourceTable, column: str, length: int) -> SourceTable:
    """Return the table with the leading zero that a spreadsheet took from codes of `length` characters."""
    codes = table.cells[column]
    lost = codes.str.fullmatch(rf"[1-9][0-9]{{{length - 2}}}")
    if not lost.any():
        return table
    whole = table.cells.assign(**{column: codes.mask(lost, "0" + codes)})
    return SourceTable(table.path, whole, table.labels, table.sheet)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED_BYTES)
    except FileNotFoundError as error:
        raise SourceMissing(path, remedy="Relancez la synchronisation ou vérifiez le dossier des données.") from error
    except OSError as error:
        raise SourceUnreadable(path, expected="un fichier que l’on peut ouvrir", found=error.strerror) from error
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise SourceUnreadable(path, expected="un fichier officiel", found="un fichier sans contenu")
    if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise SourceUnreadable(path, expected="des données", found="une page HTML ou XML : le téléchargement a échoué")
    if start.startswith(_FOREIGN_MARKS) or (b"\0" in start and not start.startswith(_WORKBOOK)):
        raise SourceUnreadable(path, expected="un texte en UTF-8 ou ISO 8859-1", found="un fichier binaire ou UTF-16")
    return start


def _from_workbook(path: Path, wanted: Labels, needed: Labels) -> SourceTable:
    """Read the sheet that holds the most of the wanted columns."""
    sheets = read_workbook(path)
    if not sheets:
        raise SourceLayoutError(path, expected="une feuille", found="aucune")
    found = {sheet: _find_header(rows, wanted) for sheet, rows in sheets.items()}
    sheet = max(found, key=lambda name: len(found[name][1]))
    header, positions = found[sheet]
    rows = sheets[sheet]
    _require_header(path, rows, header, positions, wanted, needed, f"feuille « {sheet} »")
    below = {number: row for number, row in enumerate(rows[header + 1 :], start=header + 2) if any(row)}
    cells = pd.DataFrame(
        {name: [row[position] for row in below.values()] for name, position in positions.items()},
        index=pd.Index(list(below), name="line"),
        dtype="str",
    )
    return _table(path, cells, {name: rows[header][position] for name, position in positions.items()}, sheet)


def _from_text(path: Path, start: bytes, wanted: Labels, needed: Labels) -> SourceTable:
    """Read a delimited text with the separator under which its first lines hold the most of the wanted columns."""
    encoding = encoding_of(path)
    text = start.decode(encoding, errors="ignore").removeprefix("\ufeff")
    lines = re.split(r"\r\n|\n|\r", text)[:_SEARCHED_ROWS]
    split = {separator: [_cells_of(line, separator) for line in lines] for separator in _SEPARATORS}
    found = {separator: _find_header(rows, wanted) for separator, rows in split.items()}
    separator = max(found, key=lambda mark: (len(found[mark][1]), len(split[mark][found[mark][0]])))
    header, positions = found[separator]
    _require_header(path, split[separator], header, positions, wanted, needed, "")
    labels = split[separator][header]
    names = {position: name for name, position in positions.items()}
    arrow, numbers = _read_arrow(path, separator, header, len(labels), names, encoding)
    for name in positions:  # one column after the other: a census table has seven million lines
        arrow = arrow.set_column(arrow.column_names.index(name), name, compute.utf8_trim_whitespace(arrow[name]))
    index = pd.RangeIndex(numbers.start, numbers.stop) if isinstance(numbers, range) else pd.Index(numbers)
    cells = arrow.select([name for name in wanted if name in positions]).to_pandas(self_destruct=True)
    cells = cells.astype("str").set_axis(index.rename("line"))
    del arrow
    return _table(path, cells, {name: labels[position] for name, position in positions.items()}, "")


def _table(path: Path, cells: pd.DataFrame, labels: Mapping[str, str], sheet: str) -> SourceTable:
    """Make the table of its cells, the lines without any left out."""
    is_blank = pd.Series(data=True, index=cells.index)
    for name in cells:
        is_blank &= cells[name] == ""
    if is_blank.all():
        raise SourceLayoutError(path, expected="des lignes sous l’en-tête", found="aucune")
    return SourceTable(path, cells[~is_blank] if is_blank.any() else cells, dict(labels), sheet)


def _read_arrow(
    path: Path, separator: str, header: int, width: int, names: Mapping[int, str], encoding: str
) -> tuple[pa.Table, "range | list[int]"]:
    """Read the kept columns below the header as text, and the line that each row stands on."""
    blank: list[int] = []
    wrong: list[tuple[int, int]] = []

    def judge(row: arrow_csv.InvalidRow) -> str:
        number = row.number or 0
        if not row.text.strip():
            blank.append(number)
            return "skip"
        wrong.append((number, row.actual_columns))
        return "error"

    columns = [names.get(position, f"_{position}") for position in range(width)]
    reading = arrow_csv.ReadOptions(
        use_threads=False, block_size=_BLOCK_BYTES, skip_rows=header + 1, column_names=columns, encoding=encoding
    )
    parsing = arrow_csv.ParseOptions(
        delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=judge
    )
    kept = list(names.values())
    converting = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(kept, pa.string()), include_columns=kept, strings_can_be_null=False
    )
    expected = f"{width} cases, comme l’en-tête"
    try:
        with named_faults(path, expected):
            table = arrow_csv.read_csv(path, read_options=reading, parse_options=parsing, convert_options=converting)
    except SourceUnreadable as error:
        if not wrong:
            raise
        place = f"ligne {wrong[0][0]}" if wrong[0][0] else ""
        found = f"{wrong[0][1]} cases (fichier tronqué ou séparateur dans une case)"
        raise SourceUnreadable(path, place=place, expected=expected, found=found) from error
    lines = range(header + 2, header + 2 + table.num_rows + len(blank))
    numbers = [line for line in lines if line not in set(blank)] if blank else lines
    for name in table.column_names:
        longest = compute.max(compute.binary_length(table[name])).as_py() or 0  # bytes: known without reading them
        if longest > LONGEST_CELL:
            lengths = compute.utf8_length(table[name])
            if (n_characters := compute.max(lengths).as_py()) > LONGEST_CELL:
                line = numbers[compute.index(lengths, n_characters).as_py()]
                raise long_cell(path, f"ligne {line}, colonne « {name} »", n_characters)
    return table, numbers


def _find_header(rows: Rows, wanted: Labels) -> tuple[int, dict[str, int]]:
    """Find the row that holds the most of the wanted columns, and where they are; a label written twice is at -1."""
    best_row, best = 0, dict[str, int]()
    for number, row in enumerate(rows[:_SEARCHED_ROWS]):
        keys = [label_key(cell) for cell in row]
        positions: dict[str, int] = {}
        for name, labels in wanted.items():
            known = next((key for key in map(label_key, labels) if key in keys), None)
            if known is not None:
                positions[name] = keys.index(known) if keys.count(known) == 1 else -1
        if len(positions) > len(best):
            best_row, best = number, positions
    return best_row, best


def _require_header(
    path: Path, rows: Rows, header: int, positions: Mapping[str, int], wanted: Labels, needed: Labels, sheet: str
) -> None:
    """Refuse a table that lacks a needed column, naming the nearest label, or writes one twice."""
    place = ", ".join(part for part in (sheet, f"ligne {header + 1} (en-tête)") if part)
    seen = [cell.strip() for cell in rows[header] if cell.strip()] if rows else []
    missing = [name for name in needed if name not in positions]
    if not positions and not missing:
        known = ", ".join(f"« {one[0]} »" for one in wanted.values())
        raise SourceLayoutError(
            path, place=place, expected=f"une colonne parmi {known}", found=", ".join(seen) or "aucune colonne"
        )
    if missing:
        labels = [label_key(label) for name in missing for label in needed[name]]
        near = difflib.get_close_matches(labels[0], [label_key(cell) for cell in seen], n=1, cutoff=0.5)
        original = next((cell for cell in seen if near and label_key(cell) == near[0]), "")
        raise SourceLayoutError(
            path,
            place=place,
            expected="les colonnes " + ", ".join(f"« {needed[name][0]} »" for name in missing),
            found=", ".join(seen) or "aucune colonne",
            remedy=f"Le nom le plus proche est « {original} »." if original else "",
        )
    twice = [name for name, position in positions.items() if position < 0]
    if twice:
        label = wanted[twice[0]][0]
        raise SourceLayoutError(path, place=place, expected=f"une seule colonne « {label} »", found="plusieurs")


def _cells_of(line: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]


def encoding_of(path: Path) -> str:
    """Tell UTF-8 from ISO 8859-1 by the whole file: one accent in the last line is enough."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"
