"""The list edited by hand: the table that a reader changes, and what the changes make of the list once checked."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from coverage.terms.project_list import PROFESSIONS, STAGE_DATES
from data.projects.joining import GROUP_OF, Meanwhile, join_changes
from data.projects.merging import updated_total
from data.projects.places import Places
from data.projects.reading import RawTable
from data.projects.row_cells import Remark
from data.projects.rows import check_rows
from data.projects.storage import Edit
from data.projects.written import HEADS, cells_of, written_table
from geo.commune_names import fold

_LEFT_OUT: Final = ("commune_code", "postcode", "departement")
"""The commune stands in one cell, "Mende (48095)": two cells could contradict each other."""

_FIELDS: Final = tuple(name for name in HEADS if name not in _LEFT_OUT)


@dataclass(frozen=True)
class CheckedEdits:
    """What a reader's changes make of the list.

    Attributes
    ----------
    edit
        The change, to be given to `data.projects.storage.change_projects`; it only touches what was touched, so that
        what others did meanwhile stays. None when nothing was changed, or when something is wrong.
    faults, remarks
        As for a file; `line` is the rank of the row on screen, from 1.
    meanwhile
        Told by `edit` what others had changed since the list was shown.
    """

    edit: Edit | None
    faults: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    meanwhile: Meanwhile = field(default_factory=Meanwhile)


def editor_table(projects: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return the table that a reader edits: French heads, one row a project, on a RangeIndex."""
    labels = {code: places.label(code) for code in projects["commune_code"].unique()}
    table = written_table(projects, labels)
    return table[[HEADS[name] for name in _FIELDS]].reset_index(drop=True)


def check_edits(
    projects: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, places: Places, *, today: dt.date
) -> CheckedEdits:
    """Check what was changed in the table of `editor_table`.

    Parameters
    ----------
    projects
        The list that the table shows.
    before, after
        The table as it was shown and as it is now; rows may have been added and removed.
    places
        The communes.
    today
        As for `check_rows`.

    Returns
    -------
    CheckedEdits
        A change that is wrong anywhere is not made at all: the table still shows it, to be corrected.
    """
    if after.equals(before):
        return CheckedEdits(None)
    head = HEADS["project_id"]
    at = _FIELDS.index("project_id")
    old = {cells[at]: cells for cells in cells_of(before)}
    rows = [(rank, cells) for rank, cells in enumerate(cells_of(after), start=1) if any(cells)]
    touched = [(rank, _follow_total(old.get(cells[at]), cells)) for rank, cells in rows if cells != old.get(cells[at])]
    kept = set(after[head].dropna())
    removed = {project_id for project_id in before[head].dropna() if project_id not in kept}
    if not touched and not removed:
        return CheckedEdits(None)
    table = RawTable(
        "tableau", "csv", list(before.columns), [cells for _, cells in touched], [rank for rank, _ in touched]
    )
    checked = check_rows(table, {name: rank for rank, name in enumerate(_FIELDS)}, places, today=today)
    faults = checked.faults
    if not faults:
        faults = tuple(_twins(projects, checked.projects, removed, [rank for rank, _ in touched]))
    if faults:
        return CheckedEdits(None, faults, checked.remarks)
    fresh = _with_totals(projects, checked.projects)
    groups = {
        cells[at]: {GROUP_OF[name] for name, new, was in zip(_FIELDS, cells, old[cells[at]], strict=True) if new != was}
        for _, cells in touched
        if cells[at] in old
    }
    meanwhile = Meanwhile()

    def label(code: str) -> str:
        now = places.known.home(code)
        return places.label(now) if now in places.names else code

    def edit(current: pd.DataFrame) -> pd.DataFrame:
        return join_changes(projects, current, fresh, groups, removed, label, meanwhile)

    return CheckedEdits(edit, (), checked.remarks, meanwhile)


def advance(project_id: str, stage: str, day: dt.date) -> Edit:
    """Make the change that brings a project to a stage on a day; later stages that it had reached are forgotten.

    Parameters
    ----------
    project_id
        Which one; nothing changes when it is no longer in the list.
    stage
        A key of `STAGES`.
    day
        When it was reached.
    """
    later = list(STAGE_DATES.values())[list(STAGE_DATES).index(stage) + 1 :]

    def edit(current: pd.DataFrame) -> pd.DataFrame:
        moved = current.copy()
        here = moved["project_id"] == project_id
        moved.loc[here, ["stage", "abandoned"]] = [stage, False]
        moved.loc[here, STAGE_DATES[stage]] = pd.Timestamp(day)
        moved.loc[here, later] = pd.NaT
        return moved

    return edit


def remove_all(current: pd.DataFrame) -> pd.DataFrame:
    """Empty the list: an edit that can be undone, as any other."""
    return current.iloc[:0]


def _follow_total(old: list[str] | None, new: list[str]) -> list[str]:
    """Blank a total that was left as it was while professions changed: it is worked out again once they are checked."""
    if old is None:
        return new
    at = _FIELDS.index("n_professionals")
    counts = [_FIELDS.index(name) for name in PROFESSIONS]
    is_stale = new[at] == old[at] and any(new[k] != old[k] for k in counts)
    return [*new[:at], "", *new[at + 1 :]] if is_stale else new


def _with_totals(projects: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    old = {row["project_id"]: row for row in projects.to_dict("records")}
    totals = [
        updated_total(old[row["project_id"]], {**row, "n_professionals": old[row["project_id"]]["n_professionals"]})
        if row["project_id"] in old and pd.isna(row["n_professionals"]) and _counts_differ(old[row["project_id"]], row)
        else row["n_professionals"]
        for row in fresh.to_dict("records")
    ]
    return fresh.assign(n_professionals=pd.Series(totals, index=fresh.index, dtype="float64"))


def _counts_differ(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> bool:
    return any(old[name] != new[name] and not (pd.isna(old[name]) and pd.isna(new[name])) for name in PROFESSIONS)


def _twins(projects: pd.DataFrame, fresh: pd.DataFrame, removed: Iterable[str], ranks: list[int]) -> Iterable[Remark]:
    """Find the rows that now have the name and commune of another project of the list."""
    gone = {*removed, *fresh["project_id"].dropna()}
    others = projects[~projects["project_id"].isin(gone)]
    taken = set(zip(others["name"].map(fold), others["commune_code"], strict=True))
    for name, code in zip(fresh["name"], fresh["commune_code"], strict=True):
        if (fold(name), code) in taken:
            yield Remark(ranks[0] if len(ranks) == 1 else 0, 0, "name", name, "Attendu : un projet qui n’est pas déjà "
                         "dans la liste (même nom et même commune).")  # fmt: skip
