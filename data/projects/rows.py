"""The rows of a user's file, checked one by one: the good ones become projects, the others say what is wrong."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from data.projects import values
from data.projects.columns import fold
from data.projects.fields import COUNT_FIELDS, DATE_FIELDS, FIELDS, PLACE_FIELDS
from data.projects.places import PlaceError, Places, joined
from data.projects.reading import RawTable
from data.projects.schema import (
    COLUMNS,
    PROFESSIONS,
    STAGE_DATES,
    STAGES,
    conform,
    empty_projects,
)
from data.projects.values import CellError, is_empty

LONGEST: Final = {"name": 200, "facilitator": 200, "note": 2_000}
_GUARDED: Final = ("'=", "'+", "'-", "'@")
_FINESS: Final = r"(?:[0-9]{2}|2[AB])[0-9]{7}"


@dataclass(frozen=True)
class Remark:
    """What is said of a cell.

    Attributes
    ----------
    line
        Line of the file.
    row
        Rank of the row in the raw table.
    field
        What the cell should hold, a key of `FIELDS`.
    found
        What it holds.
    reason
        A French sentence: what was expected, or what was repaired.
    """

    line: int
    row: int
    field: str
    found: str
    reason: str


@dataclass(frozen=True)
class CheckedRows:
    """What the check of a file gives.

    Attributes
    ----------
    projects
        The good rows, in the form of `data.projects.schema`, `project_id` missing unless the file gives it.
    faults
        What keeps a row from being loaded.
    remarks
        What was repaired, completed or set aside in a row that is loaded.
    given
        Columns that the file gives: the others are unknown to it, and an update leaves them as they are.
    n_rows
        Rows of the file.
    """

    projects: pd.DataFrame
    faults: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    given: frozenset[str]
    n_rows: int

    @property
    def n_wrong(self) -> int:
        """Number of rows that are not loaded."""
        return len({fault.row for fault in self.faults})


@dataclass
class _Row:
    """A row being read: its cells by field, the values found, what is said of them."""

    line: int
    rank: int
    cells: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, name: str, expected: str) -> None:
        self.faults.append(Remark(self.line, self.rank, name, self.cells.get(name, ""), f"Attendu : {expected}."))

    def remark(self, name: str, sentence: str) -> None:
        self.remarks.append(Remark(self.line, self.rank, name, self.cells.get(name, ""), sentence))


def check_rows(
    table: RawTable,
    columns: Mapping[str, int],
    places: Places,
    *,
    today: dt.date,
    defaults: Mapping[str, str] | None = None,
) -> CheckedRows:
    """Check a file row by row.

    Parameters
    ----------
    table
        Cells of the file.
    columns
        Position of the column of each field (`data.projects.columns.guess_columns`, confirmed by the user).
    places
        The communes.
    today
        Day of the check: what lies beyond it has not been reached.
    defaults
        Stage and type (keys of `STAGES` and `STRUCTURE_TYPES`) of the rows that do not say theirs; without one, such a
        row is wrong.

    Returns
    -------
    CheckedRows
        A row is in `projects` exactly when it has no fault. The table is not changed.
    """
    rows = [
        _Row(line, rank, {name: _clean(cells[at]) for name, at in columns.items() if not is_empty(cells[at])})
        for rank, (line, cells) in enumerate(zip(table.lines, table.rows, strict=True))
    ]
    given = frozenset(columns)
    for row in rows:
        _read_texts(row, defaults or {})
        _read_counts(row, given)
        _read_stage(row, today, defaults or {})
    _place(rows, places)
    _refuse_twins(rows)
    good = [row for row in rows if not row.faults]
    return CheckedRows(
        projects=_projects_of(good),
        faults=tuple(fault for row in rows for fault in row.faults),
        remarks=tuple(remark for row in good for remark in row.remarks),
        given=given,
        n_rows=len(rows),
    )


def _clean(text: str) -> str:
    """Put a cell on one line, without the characters that no one can see, nor the apostrophe of an export.

    Exports write one before what a spreadsheet would run as a formula.
    """
    if text.startswith(_GUARDED):
        text = text[1:]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _read_texts(row: _Row, defaults: Mapping[str, str]) -> None:
    cells, found = row.cells, row.values
    if "name" not in cells:
        row.fault("name", "le nom de la structure ou du projet")
    for name, most in LONGEST.items():
        found[name] = cells.get(name, np.nan)
        if len(cells.get(name, "")) > most:
            row.fault(name, f"{most} caractères au plus")
    found["structure_type"] = _read(row, "structure_type", values.read_type, defaults.get("structure_type"))
    if found["structure_type"] is None and "structure_type" not in cells:
        row.fault("structure_type", "le type de structure (MSP, CPTS…)")
    asked = cells.get("project_id", "").upper()
    found["project_id"] = asked if asked[:1] == "P" and asked[1:].isdecimal() and asked.isascii() else np.nan
    found["accompanied"] = _read(row, "accompanied", values.read_yes_no, pd.NA)
    if "accompanied" not in cells and "facilitator" in cells:
        found["accompanied"] = True
    found["finess_code"] = np.nan
    if code := cells.get("finess_code", "").upper().replace(" ", ""):
        if len(code) == 8 and code.isdigit():  # noqa: PLR2004 - a spreadsheet has eaten the leading zero
            row.remark("finess_code", f"Le n° {code} est lu 0{code}.")
            code = f"0{code}"
        if re.fullmatch(_FINESS, code):
            found["finess_code"] = code
        else:
            row.fault("finess_code", "neuf chiffres")


def _read_counts(row: _Row, given: frozenset[str]) -> None:
    for name in COUNT_FIELDS:
        count = _read(row, name, values.read_count, np.nan)
        row.values[name] = np.nan if count is None else count
    known = [row.values[name] for name in PROFESSIONS if not np.isnan(row.values[name])]
    total = row.values["n_professionals"]
    if total < sum(known):
        row.fault("n_professionals", f"au moins la somme des professions, {sum(known):.0f}")
    elif np.isnan(total):
        asked = [row.values[name] for name in PROFESSIONS if name in given]
        row.values["n_professionals"] = sum(asked) if asked else np.nan  # unknown as soon as one of them is


def _read_stage(row: _Row, today: dt.date, defaults: Mapping[str, str]) -> None:
    """Read the stage and its days, which must agree: a stage reached, its day in the past, days in their order."""
    days: dict[str, dt.date] = {}
    for name in DATE_FIELDS:
        if (read := _read(row, name, values.read_day, None)) is not None:
            days[name], completed = read
            if completed:
                row.remark(name, f"{completed.capitalize()} sans jour : le {days[name]:%d/%m/%Y} est retenu.")
    said = _read(row, "stage", values.read_stage, None)
    abandoned = _read(row, "abandoned", values.read_yes_no, None) is True or said == values.ABANDONED
    past = [stage for stage, name in STAGE_DATES.items() if name in days and days[name] <= today]
    reached = past[-1] if past else defaults.get("stage")
    if said in STAGES:
        stage = said
    elif reached is None and abandoned:
        stage = "idee"
        row.remark("stage", "Étape atteinte avant l’abandon inconnue : « Idée » est retenue.")
    elif reached is None:
        if "stage" not in row.cells:
            row.fault("stage", "l’étape (Idée, Projet, Validé par l’ARS, Ouvert, ACI signé) ou une date d’étape")
        return
    else:
        stage = reached
    row.values |= {"stage": stage, "abandoned": abandoned}
    _check_days(row, stage, days, today)


def _check_days(row: _Row, stage: str, days: dict[str, dt.date], today: dt.date) -> None:
    order = list(STAGES)
    planned = []
    for other, name in STAGE_DATES.items():
        if name not in days:
            continue
        label = FIELDS[name].label.removesuffix(" le")
        if order.index(other) > order.index(stage):
            if days[name] <= today:
                row.fault(name, f"rien, ou une étape plus avancée que « {STAGES[stage]} »")
            else:
                planned.append(f"{label} prévu le {days[name]:%d/%m/%Y}")
                row.remark(name, "Date à venir : elle est gardée dans la note, l’étape n’est pas atteinte.")
            del days[name]
        elif days[name] > today:
            row.fault(name, f"un jour passé, puisque l’étape « {STAGES[stage]} » est atteinte")
    known = [name for name in DATE_FIELDS if name in days]
    for before, after in pairwise(known):
        if days[after] < days[before]:
            row.fault(after, f"un jour qui ne précède pas « {FIELDS[before].label} » ({days[before]:%d/%m/%Y})")
    row.values |= {name: pd.Timestamp(days[name]) if name in days else pd.NaT for name in DATE_FIELDS}
    if planned:
        note = row.cells.get("note", "")
        told = [sentence for sentence in planned if sentence not in note]
        row.values["note"] = " ; ".join([note, *told] if note else told)[: LONGEST["note"]]


def _read(row: _Row, name: str, read: Any, empty: Any) -> Any:
    """Read a cell; `empty` where it says nothing, None (and a fault) where it cannot be read."""
    if name not in row.cells:
        return empty
    try:
        return read(row.cells[name])
    except CellError as error:
        row.fault(name, str(error))
        return None


def _place(rows: list[_Row], places: Places) -> None:
    """Find the commune of every row, then its point: the geometry is asked once for all of them."""
    for row in rows:
        _read_coordinates(row)
        cells = row.cells
        named = {name: cells.get(name, "") for name in ("commune_code", "commune_name", "postcode", "departement")}
        has_point = "x" in row.values
        if not any(named[name] for name in ("commune_code", "commune_name", "postcode")) and has_point:
            continue
        try:
            found = places.find_commune(
                code=named["commune_code"],
                name=named["commune_name"],
                postcode=named["postcode"],
                departement=named["departement"],
            )
        except PlaceError as error:
            row.values["place_fault"] = str(error)
        else:
            row.values["commune_code"] = found.commune_code
            if found.remark:
                row.remark("commune_code" if named["commune_code"] else "commune_name", found.remark)
    _place_by_coordinates([row for row in rows if "commune_code" not in row.values and "x" in row.values], places)
    for row in rows:
        if "commune_code" not in row.values:
            told = next((name for name in PLACE_FIELDS if name in row.cells), "commune_name")
            fault = row.values.get("place_fault", "des coordonnées dans une commune de France")
            if not any(fault.field in {"longitude", "latitude", "lat_lon"} for fault in row.faults):
                row.fault(told, fault)
    _read_points([row for row in rows if "commune_code" in row.values], places)


def _read_coordinates(row: _Row) -> None:
    cells = dict(row.cells)
    if "lat_lon" in cells and "longitude" not in cells:
        pair = _read(row, "lat_lon", values.read_pair, None)
        if pair is None:
            return
        cells["latitude"], cells["longitude"] = pair
    given = [name for name in ("longitude", "latitude") if name in cells]
    if len(given) == 1:
        row.fault(given[0], "longitude et latitude, ou aucune des deux")
    found = {}
    for name in given:
        try:
            found[name] = values.read_number(cells[name])
        except CellError as error:
            row.fault(name if name in row.cells else "lat_lon", str(error))
    if len(found) == 2:  # noqa: PLR2004 - a pair
        row.values["x"], row.values["y"] = found["longitude"], found["latitude"]


def _place_by_coordinates(rows: list[_Row], places: Places) -> None:
    if not rows:
        return
    codes = places.communes_at(*_coordinates(rows))
    for row, code in zip(rows, codes, strict=True):
        if pd.isna(code):
            continue
        fault = row.values.pop("place_fault", None)
        row.values["commune_code"] = code
        told = f"{places.label(code)} d’après les coordonnées."
        row.remark("longitude", joined([told, "Le nom ou le code donné n’a pas suffi." if fault else ""]))


def _read_points(rows: list[_Row], places: Places) -> None:
    if not rows:
        return
    codes = pd.Series([row.values["commune_code"] for row in rows], dtype="str")
    points = places.points_in(codes, *_coordinates(rows))
    for row, longitude, latitude, remark in zip(rows, *points, strict=True):
        if remark:
            row.remark("longitude", remark)
        row.values |= places.homes[row.values["commune_code"]] | {"point_origin": "commune"}
        if np.isfinite(longitude):
            row.values |= {"longitude": longitude, "latitude": latitude, "point_origin": "donne"}


def _coordinates(rows: list[_Row]) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    x, y = (pd.Series([row.values.get(name, np.nan) for row in rows], dtype="float64") for name in ("x", "y"))
    return x, y


def _refuse_twins(rows: list[_Row]) -> None:
    """Refuse a project written twice: it would count for two."""
    first: dict[tuple[str, str], int] = {}
    ids: dict[str, int] = {}
    for row in rows:
        if row.faults:
            continue
        key = (fold(row.cells["name"]), row.values["commune_code"])
        if key in first:
            row.fault("name", f"un projet qui n’est pas déjà dans le fichier (même nom et commune, ligne {first[key]})")
            continue
        first[key] = row.line
        project_id = row.values["project_id"]
        if isinstance(project_id, str) and ids.setdefault(project_id, row.line) != row.line:
            row.fault("project_id", f"un identifiant qui n’est pas déjà à la ligne {ids[project_id]}")


def _projects_of(rows: list[_Row]) -> pd.DataFrame:
    if not rows:
        return empty_projects()
    return conform(pd.DataFrame([{name: row.values.get(name) for name in COLUMNS} for row in rows]))
