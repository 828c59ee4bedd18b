"""Cells of a workbook (.xlsx, .ods, .xls), read apart: members unpacked and counted first, then sheets, then cells.

Nothing here looks for an attack by its form: whatever a file holds, its reading may not take more memory nor more
processor than an honest file of that size unpacked would.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from data.errors import FileRefused, SourceUnreadable
from data.files import apart
from data.files.workbook_cells import LONGEST_CELL, FilledCells, column_letters, too_long

_MOST_MEMBERS: Final = 2_000
_MOST_SHEETS: Final = 500
_HIGHEST_RATIO: Final = 200
"""Bytes unpacked for one packed: XML full of zeros packs 50 to 100 times, a bomb 1 000 times and more."""

_SMALL_MEMBER_BYTES: Final = 1_000_000
"""A member that unpacks to less than this does no harm, whatever its ratio."""

_CHUNK: Final = 2**20
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"

# An honest cell takes at least 15 bytes of XML (<c><v>1</v></c>); the library keeps 40 bytes of each, twice while its
# list grows, and 32 bytes of each place of the rectangle around them. Measured: docs/reliability.md.
_MEMORY_AT_REST_BYTES: Final = 128 * 2**20
_MEMORY_PER_PLACE_BYTES: Final = 32
_MEMORY_PER_BYTE: Final = 10
_PROCESSOR_AT_REST_S: Final = 1.2
_PROCESSOR_PER_BYTE_S: Final = 1 / 6e6


@dataclass(frozen=True)
class Limits:
    """What a workbook may hold.

    Attributes
    ----------
    rows, columns
        Lines with something in them, and column of the last cell, of one sheet.
    cells
        Places of the rectangles from A1 to the last cell of each sheet, all together.
    characters
        Of all cells together.
    content_bytes
        Of the archive once unpacked.
    """

    rows: int
    columns: int
    cells: int
    characters: int
    content_bytes: int


class Row(NamedTuple):
    """A line of a sheet: its number (the first is 1) and its cells, as wide as the sheet."""

    sheet: str
    line: int
    cells: list[str]


def read_rows(
    contents: bytes, name: Path | str, limits: Limits, *, sheets: str = "", fill_merged: bool = False
) -> Iterator[Row]:
    """Return the lines of a workbook, blank ones included, as text; to be believed when the last one has come.

    A number is the shortest text that reads back as the same float64, a boolean « oui » or « non », a date its ISO
    form, without its hour.

    Parameters
    ----------
    contents
        Bytes of the file.
    name
        Its name, for the messages.
    limits
        What it may hold.
    sheets
        Beginning of the names of the sheets to be read, whatever the case; all of them by default.
    fill_merged
        Write the value of merged cells (.xlsx) on each of their lines, in their first column.

    Yields
    ------
    Row
        Sheet after sheet, in the order of the workbook; a sheet without any cell gives one line without cells.

    Raises
    ------
    FileRefused
        It holds more than it may, or reading it would cost more than its size explains.
    SourceUnreadable
        It is cut, damaged, locked, or no workbook.
    """
    sheet, width, line = "", 0, 0
    for value in apart.values(__name__, _request(limits, sheets, fill_merged), contents, name=name):
        if isinstance(value, dict):
            sheet, width, line = value["sheet"], value["width"], 0
            if not width:
                yield Row(sheet, 1, [])
        else:
            line += 1
            yield Row(sheet, line, value + [""] * (width - len(value)))


def _request(limits: Limits, sheets: str, fill_merged: bool) -> dict[str, Any]:  # noqa: FBT001 - as it is asked
    return {"limits": asdict(limits), "sheets": sheets, "fill_merged": fill_merged}


def _work(request: dict[str, Any], contents: bytes) -> Iterator[Any]:
    """Do the work of the child: a heading for each sheet, then each of its lines without the blanks at its end."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - the parent needs none of it

    limits = Limits(**request["limits"])
    is_old = contents.startswith(_OLD_WORKBOOK)
    n_bytes, n_cells = (len(contents), limits.cells) if is_old else _check_archive(contents, limits)
    apart.limit(
        memory_bytes=_MEMORY_AT_REST_BYTES
        + len(contents)
        + _MEMORY_PER_PLACE_BYTES * n_cells
        + _MEMORY_PER_BYTE * n_bytes,
        processor_s=_PROCESSOR_AT_REST_S + _PROCESSOR_PER_BYTE_S * n_bytes,
    )
    count = _Count(limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(contents))
        names = [name for name in workbook.sheet_names if name.casefold().startswith(request["sheets"])]
        if len(names) > _MOST_SHEETS:
            raise FileRefused("", expected=f"{_MOST_SHEETS} feuilles au plus", found=len(names))
        for name in names:
            place = f"feuille « {name[:40]} »"
            apart.say_place(place)
            sheet = workbook.get_sheet_by_name(name)
            if sheet.end is None or sheet.start is None:
                yield {"sheet": name, "width": 0}
                continue
            count.add_sheet(place, sheet.end[0] + 1, sheet.end[1] + 1)
            yield {"sheet": name, "width": sheet.end[1] + 1}
            before = [""] * sheet.start[1]
            merged = _Merged((sheet.merged_cell_ranges or []) if request["fill_merged"] else [])
            for line, row in enumerate(sheet.iter_rows(), start=1):
                cells = merged.fill(line, before + [_text(cell) for cell in row])
                while cells and not cells[-1]:
                    cells.pop()
                count.add_row(place, line, cells)
                yield cells
    except CalamineError as error:
        raise SourceUnreadable("", expected="un classeur .xlsx", found=error) from error


class _Merged:
    """Merged cells of a sheet: each of their lines has the value of the first."""

    def __init__(self, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._starts: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _) in ranges:
            if last > first:
                self._starts.setdefault(first + 1, []).append((column, last + 1))
        self._open: dict[int, tuple[int, str]] = {}  # one at most in each column

    def fill(self, line: int, cells: list[str]) -> list[str]:
        """Return the cells of a line, in order, those that a merged cell covers having its value."""
        self._open = {column: (last, text) for column, (last, text) in self._open.items() if last >= line}
        for column, (_, text) in self._open.items():
            if column < len(cells):
                cells[column] = cells[column] or text
        for column, last in self._starts.get(line, []):
            if column < len(cells):
                self._open[column] = (last, cells[column])
        return cells


class _Count:
    """What was found until now, held to the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.n_cells = 0
        self._n_characters = 0

    def add_sheet(self, place: str, last_row: int, last_column: int, n_rows: int = 0) -> None:
        """Count a sheet by its last cell (from 1) and its filled lines, before room is made for any of its cells."""
        limits = self._limits
        n_cells = last_row * last_column
        self.n_cells += n_cells
        if n_rows > limits.rows or last_column > limits.columns or n_cells > limits.cells:
            raise FileRefused(
                "",
                place=f"{place}, cellule {column_letters(last_column)}{last_row}",
                expected=f"au plus {limits.rows} lignes remplies, {limits.columns} colonnes et {limits.cells} cases",
                found="une cellule remplie bien au-delà",
                remedy="Supprimez ce qui est écrit loin sous le tableau ou à sa droite.",
            )
        if self.n_cells > limits.cells:
            raise FileRefused(
                "",
                place=place,
                expected=f"au plus {limits.cells} cases, toutes feuilles ensemble",
                found=f"{self.n_cells} cases jusqu’à celle-ci",
                remedy="Ne gardez que les feuilles utiles.",
            )

    def add_row(self, place: str, line: int, cells: list[str]) -> None:
        """Count the text of a line."""
        lengths = [len(cell) for cell in cells]
        self._n_characters += sum(lengths)
        if lengths and max(lengths) > LONGEST_CELL:
            raise too_long(f"{place}, cellule {column_letters(lengths.index(max(lengths)) + 1)}{line}")
        if self._n_characters > self._limits.characters:
            raise FileRefused(
                "",
                place=f"{place}, ligne {line}",
                expected=f"{self._limits.characters} caractères au plus dans tout le classeur",
                found="davantage",
            )


def _check_archive(contents: bytes, limits: Limits) -> tuple[int, int]:
    """Unpack every member without keeping it, and count its cells; give the real size of all (bytes) and their number.

    What an archive declares may lie, and a sheet may stand anywhere in it: every member that is XML is parsed.
    """
    count = _Count(limits)
    n_bytes = 0
    try:
        with zipfile.ZipFile(io.BytesIO(contents)) as archive:
            members = archive.infolist()
            _check_members(members)
            for member in members:
                n_bytes += _check_member(archive, member, limits.content_bytes - n_bytes, count)
    except (FileRefused, MemoryError):
        raise
    # zipfile names only some faults of a damaged archive; the rest surfaces as whatever its parsing stumbles on.
    except Exception as error:
        found = f"une archive abîmée ({type(error).__name__})"
        raise SourceUnreadable("", expected="un classeur .xlsx entier", found=found) from error
    return n_bytes, count.n_cells


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise FileRefused("", expected=f"{_MOST_MEMBERS} éléments au plus dans le classeur", found=len(members))
    names = [member.filename for member in members]
    is_office = "[Content_Types].xml" in names and any(part.startswith("xl/") for part in names)
    if not is_office and not {"mimetype", "content.xml"} <= set(names):
        raise FileRefused("", expected="un classeur .xlsx ou .ods", found="une archive d’une autre sorte")
    if len(set(names)) < len(names):
        raise FileRefused("", expected="un classeur .xlsx", found="deux éléments du même nom")
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused("", expected="un classeur sans mot de passe", found="un classeur chiffré")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, count: _Count) -> int:
    """Unpack a member chunk by chunk and count what a table would hold of it; give its size (bytes)."""
    place, size = member.filename[-60:], 0
    apart.say_place(place)
    cells = FilledCells(place)
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            is_dense = size > _SMALL_MEMBER_BYTES and size > _HIGHEST_RATIO * max(1, member.compress_size)
            if size > left or is_dense:
                raise FileRefused(
                    "",
                    place=place,
                    expected="un contenu proportionné à la taille du fichier",
                    found="un contenu démesuré une fois décompressé (bombe de décompression ?)",
                )
            apart.limit_processor(2 * _PROCESSOR_AT_REST_S)  # for each chunk
            cells.feed(chunk)
    for _ in range(max(1, cells.n_tables)):  # those of an .ods are in one member
        count.add_sheet(place, cells.last_row, cells.last_column, cells.n_rows)
    return size


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell.date()) if hasattr(cell, "date") else str(cell)


if __name__ == "__main__":
    apart.serve(_work)
