"""The cells of one row turned into the values of a project, and what is said of those that cannot be."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from coverage.terms.project_list import PLANNED_ON, PROFESSIONS, STAGE_DATES, STAGES
from data.projects import values
from data.projects.fields import COUNT_FIELDS, DATE_FIELDS, FIELDS
from data.projects.values import CellError

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


@dataclass
class ReadRow:
    """A row being read: its cells by field, the values found, what is said of them."""

    line: int
    rank: int
    cells: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def fault(self, name: str, expected: str) -> None:
        """Say that a cell keeps the row from being loaded, and what was expected in it."""
        self.faults.append(Remark(self.line, self.rank, name, self.cells.get(name, ""), f"Attendu : {expected}."))

    def remark(self, name: str, sentence: str) -> None:
        """Say what was repaired, completed or set aside."""
        self.remarks.append(Remark(self.line, self.rank, name, self.cells.get(name, ""), sentence))


def clean_cell(text: str) -> str:
    """Put a cell on one line, without the characters that no one can see, nor the apostrophe of an export.

    Exports write one before what a spreadsheet would run as a formula.
    """
    if text.startswith(_GUARDED):
        text = text[1:]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def read_texts(row: ReadRow, defaults: Mapping[str, str]) -> None:
    """Read name, type, identifier, facilitator, FINESS code and note."""
    cells, found = row.cells, row.values
    if "name" not in cells:
        row.fault("name", "le nom de la structure ou du projet")
    for name, most in LONGEST.items():
        found[name] = cells.get(name, np.nan)
        if len(cells.get(name, "")) > most:
            row.fault(name, f"{most} caractères au plus")
    found["structure_type"] = read_cell(row, "structure_type", values.read_type, defaults.get("structure_type"))
    if found["structure_type"] is None and "structure_type" not in cells:
        row.fault("structure_type", "le type de structure (MSP, CPTS…)")
    asked = cells.get("project_id", "").upper()
    found["project_id"] = asked if asked[:1] == "P" and asked[1:].isdecimal() and asked.isascii() else np.nan
    found["accompanied"] = read_cell(row, "accompanied", values.read_yes_no, pd.NA)
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


def read_counts(row: ReadRow, given: frozenset[str]) -> None:
    """Read the professionals; the total is theirs, else the sum of the professions that the list gives."""
    for name in COUNT_FIELDS:
        count = read_cell(row, name, values.read_count, np.nan)
        row.values[name] = np.nan if count is None else count
    known = [row.values[name] for name in PROFESSIONS if not np.isnan(row.values[name])]
    total = row.values["n_professionals"]
    if total < sum(known):
        row.fault("n_professionals", f"au moins la somme des professions, {sum(known):.0f}")
    elif np.isnan(total):
        asked = [row.values[name] for name in PROFESSIONS if name in given]
        row.values["n_professionals"] = sum(asked) if asked else np.nan  # unknown as soon as one of them is


def read_stage_and_days(row: ReadRow, today: dt.date, defaults: Mapping[str, str]) -> None:
    """Read the stage and its days, which must agree: a stage reached, its day in the past, days in their order."""
    days: dict[str, dt.date] = {}
    for name in DATE_FIELDS:
        if (read := read_cell(row, name, values.read_day, None)) is not None:
            days[name], completed = read
            if completed:
                row.remark(name, f"{completed.capitalize()} sans jour : le {days[name]:%d/%m/%Y} est retenu.")
    said = read_cell(row, "stage", values.read_stage, None)
    abandoned = read_cell(row, "abandoned", values.read_yes_no, None) is True or said == values.ABANDONED
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
    _read_planned(row, today)


def _read_planned(row: ReadRow, today: dt.date) -> None:
    """Read the day planned for the opening: one that is past means that the project is late."""
    read = read_cell(row, PLANNED_ON, values.read_day, None)
    if read is None:
        return
    day, completed = read
    row.values[PLANNED_ON] = pd.Timestamp(day)
    if completed:
        row.remark(PLANNED_ON, f"{completed.capitalize()} sans jour : le {day:%d/%m/%Y} est retenu.")
    is_open = list(STAGES).index(row.values["stage"]) >= list(STAGES).index("ouvert")
    if day < today and not is_open and not row.values["abandoned"]:
        row.remark(PLANNED_ON, "Le jour est passé et l’ouverture n’est pas dite : le projet est en retard.")


def _check_days(row: ReadRow, stage: str, days: dict[str, dt.date], today: dt.date) -> None:
    order = list(STAGES)
    planned = []
    for other, name in STAGE_DATES.items():
        if name not in days:
            continue
        label = FIELDS[name].label.removesuffix(" le")
        if order.index(other) > order.index(stage):
            if days[name] <= today:
                row.fault(name, f"rien, ou une étape plus avancée que « {STAGES[stage]} »")
            elif other == "ouvert" and PLANNED_ON not in row.cells:
                row.values[PLANNED_ON] = pd.Timestamp(days[name])
                row.remark(name, f"Date à venir : elle est celle de « {FIELDS[PLANNED_ON].label} ».")
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


def read_cell(row: ReadRow, name: str, read: Any, empty: Any) -> Any:
    """Read a cell; `empty` where it says nothing, None (and a fault) where it cannot be read."""
    if name not in row.cells:
        return empty
    try:
        return read(row.cells[name])
    except CellError as error:
        row.fault(name, str(error))
        return None
