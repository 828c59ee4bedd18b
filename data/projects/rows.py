"""The rows of a user's file, checked one by one: the good ones become projects, the others say what is wrong."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.terms.project_list import COLUMNS, empty_projects
from data.projects import values
from data.projects.fields import PLACE_FIELDS
from data.projects.places import PlaceError, Places
from data.projects.reading import RawTable
from data.projects.row_cells import (
    ReadRow,
    Remark,
    clean_cell,
    read_cell,
    read_counts,
    read_stage_and_days,
    read_texts,
)
from data.projects.schema import conform
from data.projects.values import CellError, is_empty
from geo.commune_names import fold


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
        ReadRow(line, rank, {name: clean_cell(cells[at]) for name, at in columns.items() if not is_empty(cells[at])})
        for rank, (line, cells) in enumerate(zip(table.lines, table.rows, strict=True))
    ]
    given = frozenset(columns)
    for row in rows:
        read_texts(row, defaults or {})
        read_counts(row, given)
        read_stage_and_days(row, today, defaults or {})
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


def _place(rows: list[ReadRow], places: Places) -> None:
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


def _read_coordinates(row: ReadRow) -> None:
    cells = dict(row.cells)
    if "lat_lon" in cells and "longitude" not in cells:
        pair = read_cell(row, "lat_lon", values.read_pair, None)
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


def _place_by_coordinates(rows: list[ReadRow], places: Places) -> None:
    if not rows:
        return
    codes = places.commune_shapes.communes_at(*_coordinates(rows))
    for row, code in zip(rows, codes, strict=True):
        if pd.isna(code):
            continue
        fault = row.values.pop("place_fault", None)
        row.values["commune_code"] = code
        more = " Le nom ou le code donné n’a pas suffi." if fault else ""
        row.remark("longitude", f"{places.label(code)} d’après les coordonnées.{more}")


def _read_points(rows: list[ReadRow], places: Places) -> None:
    if not rows:
        return
    codes = pd.Series([row.values["commune_code"] for row in rows], dtype="str")
    points = places.commune_shapes.points_in(codes, *_coordinates(rows))
    for row, longitude, latitude, remark in zip(rows, *points, strict=True):
        if remark:
            row.remark("longitude", remark)
        row.values |= places.homes[row.values["commune_code"]] | {"point_origin": "commune"}
        if np.isfinite(longitude):
            row.values |= {"longitude": longitude, "latitude": latitude, "point_origin": "donne"}


def _coordinates(rows: list[ReadRow]) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    x, y = (pd.Series([row.values.get(name, np.nan) for row in rows], dtype="float64") for name in ("x", "y"))
    return x, y


def _refuse_twins(rows: list[ReadRow]) -> None:
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


def _projects_of(rows: list[ReadRow]) -> pd.DataFrame:
    if not rows:
        return empty_projects()
    return conform(pd.DataFrame([{name: row.values.get(name) for name in COLUMNS} for row in rows]))
