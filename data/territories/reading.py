"""A set of communes as a reader gives it: a pasted text or a file, read line by line, with what was wrong of each."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from data.errors import FileRefused, SourceLayoutError
from data.files.encodings import Said
from data.projects.columns import guess_columns
from data.projects.places import PlaceError, Places
from data.projects.reading import RawTable, read_file
from geo.codes import COMMUNE_OF_ARRONDISSEMENT
from geo.commune_names import fold

MAX_TEXT: Final = 1_000_000
"""Characters of a pasted text: the names of all the communes take half of it."""
REPORT_COLUMNS: Final = ("line", "written", "commune", "kept", "reason")
NAME_HEAD: Final = "Territoire"
CODE_HEAD: Final = "Code commune"

_LONGEST: Final = 80
_PARTS: Final = re.compile(r"[;,|\t]+")
_CODES: Final = re.compile(r"(?:[0-9]{4,5}|2[ABab][0-9]{3})(?:[\s;,|]+(?:[0-9]{4,5}|2[ABab][0-9]{3}))+[\s;,|]*")
_CODE_AND_NAME: Final = re.compile(r"([0-9]{4,5}|2[ABab][0-9]{3})[ \t]+([^0-9;,|\t][^;,|\t]*)")
_FIELDS: Final = {"commune_code": "code", "commune_name": "name", "postcode": "postcode", "departement": "departement"}


@dataclass(frozen=True, eq=False)
class TerritoryReading:
    """What was read of a set of communes.

    Attributes
    ----------
    name
        Name of the territory, where the file gives one; else empty.
    communes
        Codes of current communes; may be empty.
    report
        One row for what was not taken as it stood: line (from 1), written, commune (its name and code, "" for none),
        kept (False where it is left out), reason (French).
    n_read
        Lines, or parts of a line, that hold something.
    remarks
        What was repaired or is doubtful in the reading of the file itself.
    """

    name: str
    communes: frozenset[str]
    report: pd.DataFrame
    n_read: int
    remarks: tuple[Said, ...] = ()

    @property
    def n_left(self) -> int:
        """How many lines, or parts of one, name no commune."""
        return int((~self.report["kept"].astype(bool)).sum())


class _Asked(NamedTuple):
    """What one line, or a part of it, names a commune by."""

    line: int
    written: str
    cells: dict[str, str]


def read_text(text: str, places: Places) -> TerritoryReading:
    r"""Read codes, names or postcodes, one a line or parted by commas, semicolons, bars or tabs.

    Parameters
    ----------
    text
        As a reader pastes it.
    places
        The communes, see `data.projects.places.Places.find_commune`: the one rule to read a commune.

    Raises
    ------
    FileRefused
        It has more than `MAX_TEXT` characters.
    """
    if len(text) > MAX_TEXT:
        raise FileRefused("texte collé", expected=f"au plus {MAX_TEXT} caractères", found=f"{len(text)} caractères")
    return _gather(_parts_of(text, places), places)


def read_territory_file(contents: bytes, name: str, places: Places) -> TerritoryReading:
    """Read a list file (CSV, XLSX, ODS): one commune a row, by its code, its name or its postcode.

    The file that a territory is downloaded as is read back, its name too.

    Raises
    ------
    FileRefused
        The file is too big, or made to harm.
    SourceUnreadable, SourceLayoutError
        It is of another format, or has no column for the communes.
    """
    raw = read_file(contents, name)
    columns = _columns(raw)
    asked = [
        _Asked(line, " ".join(filter(None, cells.values())), cells)
        for line, row in zip(raw.lines, raw.rows, strict=True)
        if any((cells := {field: row[at].strip() for field, at in columns.items()}).values())
    ]
    return _gather(asked, places, name=_name_of(raw), remarks=raw.remarks)


def _columns(raw: RawTable) -> dict[str, int]:
    """Find the columns that name a commune; a column without a known head is taken where it is the only one."""
    found = {_FIELDS[field]: at for field, at in guess_columns(raw.header, raw.rows[:200]).items() if field in _FIELDS}
    if {"code", "name", "postcode"} & set(found):
        return found
    if len(raw.header) == 1:
        return {"name": 0}
    expected = "une colonne « Code commune » (INSEE) ou « Commune »"
    raise SourceLayoutError(raw.name, place="en-tête", expected=expected, found=", ".join(raw.header))


def _name_of(raw: RawTable) -> str:
    at = next((at for at, label in enumerate(raw.header) if fold(label) == fold(NAME_HEAD)), None)
    return "" if at is None else next((row[at] for row in raw.rows if row[at].strip()), "")


def _parts_of(text: str, places: Places) -> Iterator[_Asked]:
    for number, line in enumerate(text.splitlines(), start=1):
        written = line.strip(" \t;,|\ufeff")
        if not written:
            continue
        if _CODES.fullmatch(written):
            parts = re.split(r"[\s;,|]+", written)
        elif _find(places, _cells_of(written, places))[0]:
            parts = [written]
        elif named := _CODE_AND_NAME.fullmatch(written):
            yield _Asked(number, written, {"code": named[1], "name": named[2]})
            continue
        else:
            parts = _PARTS.split(written)
        yield from (_Asked(number, part.strip(), _cells_of(part.strip(), places)) for part in parts if part.strip())


def _cells_of(text: str, places: Places) -> dict[str, str]:
    """Take a text for the code of a commune of today before a postcode: 48100 is both."""
    return {"code": text} if text.upper() in places.names else {"name": text}


def _find(places: Places, cells: dict[str, str]) -> tuple[str, str]:
    """Return the current commune and what had to be done, or "" and why there is none."""
    try:
        found = places.find_commune(**cells)
    except PlaceError as error:
        return "", f"attendu {error.args[0]}"
    return found.commune_code, found.remark


def _gather(
    parts: Iterable[_Asked], places: Places, *, name: str = "", remarks: tuple[Said, ...] = ()
) -> TerritoryReading:
    communes: dict[str, int] = {}
    report: list[tuple[int, str, str, bool, str]] = []
    asked = list(parts)
    for one in asked:
        code, said = _find(places, one.cells)
        whole = COMMUNE_OF_ARRONDISSEMENT.get(one.cells.get("code") or one.cells.get("name", ""))
        if code and whole == code:
            said = "arrondissement : la commune entière est prise"
        if code and not said and code == one.cells.get("code") and code in places.known.by_postcode:
            said = "lu comme un code INSEE ; c’est aussi un code postal"
        if code in communes:
            said = said or f"déjà à la ligne {communes[code]}"
        if said:
            report.append((one.line, one.written[:_LONGEST], places.label(code) if code else "", bool(code), said))
        if code:
            communes.setdefault(code, one.line)
    table = pd.DataFrame(report, columns=list(REPORT_COLUMNS)).astype({"kept": bool})
    return TerritoryReading(name, frozenset(communes), table, len(asked), remarks)
