"""How an import joins the list: added to it, put in its place, or brought to the projects that are already there."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import numpy as np
import pandas as pd

from coverage.terms.project_list import COLUMNS, PROFESSIONS, STAGE_DATES
from data.projects.fields import COUNT_FIELDS
from geo.commune_names import fold

MODES: Final[Mapping[str, str]] = {
    "update": "Mettre à jour : compléter les projets déjà là (même nom et commune), ajouter les autres",
    "add": "Ajouter : tout ajouter à la liste",
    "replace": "Remplacer : vider la liste, puis mettre celle-ci à sa place",
}
"""What an import may do, and how the reader is told."""


def merge(current: pd.DataFrame, fresh: pd.DataFrame, mode: str, given: AbstractSet[str]) -> pd.DataFrame:
    """Join what was imported to a list.

    Parameters
    ----------
    current
        The list, as `data.projects.schema` has it; not changed.
    fresh
        Good rows of a file (`data.projects.rows.CheckedRows.projects`); not changed.
    mode
        A key of `MODES`. In "update" and "replace" a project keeps its `project_id` when the file gives it, or gives
        its name and commune.
    given
        Fields that the file gives; "update" leaves the others as they are, and an empty cell erases nothing.

    Returns
    -------
    pandas.DataFrame
        The list wanted; new projects have no `project_id` yet.
    """
    if mode == "add":
        return stacked(current, fresh.assign(project_id=np.nan))
    known = _find_known(current, fresh)
    named = fresh.assign(project_id=known)
    if mode == "replace":
        return named
    is_new = known.isna()
    old = {row["project_id"]: row for row in current.to_dict("records")}
    for row in named[~is_new].to_dict("records"):
        old[row["project_id"]] = _update(old[row["project_id"]], row, given)
    updated = pd.DataFrame(list(old.values()), columns=list(COLUMNS))
    return stacked(updated, named[is_new])


def stacked(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put one table under the other; an empty one would blur the types of the other."""
    tables = [table.astype("object") for table in (first, second) if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else first.copy()


def _find_known(current: pd.DataFrame, fresh: pd.DataFrame) -> "pd.Series[str]":
    """Return the `project_id` of each imported project that is in the list already, each one once; NaN elsewhere."""
    ids = set(current["project_id"])
    by_name: dict[tuple[str, str], str] = {}
    for project_id, name, code in zip(current["project_id"], current["name"], current["commune_code"], strict=True):
        by_name.setdefault((fold(name), code), project_id)
    taken: set[str] = {project_id for project_id in fresh["project_id"].dropna() if project_id in ids}
    found: list[Any] = []
    for project_id, name, code in zip(fresh["project_id"], fresh["name"], fresh["commune_code"], strict=True):
        if isinstance(project_id, str) and project_id in ids:
            found.append(project_id)
            continue
        match = by_name.get((fold(name), code))
        found.append(match if match is not None and match not in taken else np.nan)
        taken |= {match} if match is not None else set()
    return pd.Series(found, index=fresh.index, dtype="str")


def _update(old: Mapping[Any, Any], new: Mapping[Any, Any], given: AbstractSet[str]) -> dict[Any, Any]:
    changed = set(given) & set(COLUMNS) - set(COUNT_FIELDS[-1:])
    changed |= {"name", "commune_code", "departement_code", "region_code"}
    if set(given) & {"stage", *STAGE_DATES.values()}:
        changed |= {"stage", "abandoned"}
    if "facilitator" in given:
        changed.add("accompanied")
    changed -= {"longitude", "latitude", "point_origin"}
    if new["point_origin"] == "donne" or new["commune_code"] != old["commune_code"]:
        changed |= {"longitude", "latitude", "point_origin"}
    row = dict(old) | {name: new[name] for name in changed if not pd.isna(new[name])}
    row["n_professionals"] = updated_total(old, row)
    if "n_professionals" in given and not pd.isna(new["n_professionals"]):
        row["n_professionals"] = new["n_professionals"]
    return row


def updated_total(old: Mapping[Any, Any], row: Mapping[Any, Any]) -> float:
    """Return the total of a project whose professions have changed: followed where it was their sum, else kept.

    A total that is less than its known parts is raised to their sum.
    """
    before, after = (float(np.nansum([values[name] for name in PROFESSIONS])) for values in (old, row))
    total = float(row["n_professionals"])
    was_sum = float(old["n_professionals"]) == before
    return after if was_sum or total < after else total
