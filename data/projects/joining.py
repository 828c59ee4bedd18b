"""What one reader changed of the list that they saw, joined to what others have made of it meanwhile.

Cells that go together (the commune and its point; the stage and its days; the professions and their total) are one:
what two readers changed is kept whole, of one or of the other, never half of each.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from coverage.terms.project_list import COLUMNS, PROFESSIONS, STAGE_DATES, STAGES, STRUCTURE_TYPES
from data.projects.fields import DAY_FIELDS, FIELDS
from data.projects.merging import stacked
from data.projects.storage import records_of
from geo.commune_names import fold

_PLACE: Final = ("commune_code", "departement_code", "region_code", "longitude", "latitude", "point_origin")
_STAGE: Final = ("stage", "abandoned", *STAGE_DATES.values())
_COUNTS: Final = (*PROFESSIONS, "n_professionals")
_TEAM: Final = ("facilitator", "accompanied")
_TOGETHER: Final = (_PLACE, _STAGE, _COUNTS, _TEAM)
GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    *_TOGETHER,
    *((name,) for name in COLUMNS if name != "project_id" and not any(name in group for group in _TOGETHER)),
)
"""Columns that are changed together."""

GROUP_OF: Final[Mapping[str, tuple[str, ...]]] = {name: group for group in GROUPS for name in group} | {
    "commune_name": _PLACE
}
"""The group of each column, and of each cell of the table on screen."""


@dataclass
class Meanwhile:
    """What others have changed since the list was seen, in French sentences.

    Attributes
    ----------
    lost
        Changes of the reader that were not made: what stands now, and what they had asked.
    moved
        Projects of which others changed something else: both changes stand.
    """

    lost: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def join_changes(
    seen: pd.DataFrame,
    current: pd.DataFrame,
    fresh: pd.DataFrame,
    touched: Mapping[str, AbstractSet[tuple[str, ...]]],
    removed: AbstractSet[str],
    label: Callable[[str], str],
    meanwhile: Meanwhile,
) -> pd.DataFrame:
    """Make the list wanted: what the reader changed, on what the list holds now.

    Parameters
    ----------
    seen
        The list as the reader saw it.
    current
        The list as it is now.
    fresh
        The rows that the reader changed or added, whole; a new one has no `project_id`.
    touched
        Groups of columns (of `GROUPS`) changed in each of these, by `project_id`.
    removed
        Those that the reader removed.
    label
        Writes the commune of a code of any year, always the same for the same commune of today.
    meanwhile
        Told what could not be made, and what moved.

    Returns
    -------
    pandas.DataFrame
        With the columns of the schema.
    """
    before, now = records_of(seen), records_of(current)
    kept = dict(now)
    for project_id in removed & now.keys():
        if moved := _moved(before[project_id], now[project_id], label):
            told = _tell(moved, now[project_id], label)
            meanwhile.lost.append(f"« {now[project_id]['name']} » n’est pas retiré : il tient maintenant {told}.")
        else:
            del kept[project_id]
    wanted = {row["project_id"]: row for row in fresh.dropna(subset=["project_id"]).to_dict("records")}
    for project_id, groups in touched.items():
        row = {str(name): value for name, value in wanted[project_id].items()}
        if project_id not in now:
            told = _tell(groups, row, label)
            meanwhile.lost.append(
                f"« {row['name']} » a été retiré ailleurs : votre changement ({told}) n’est pas fait."
            )
            continue
        kept[project_id] = _join_row(before[project_id], now[project_id], row, groups, label, meanwhile)
    new = fresh[fresh["project_id"].isna()]
    others = {(fold(row["name"]), label(row["commune_code"])) for key, row in now.items() if key not in before}
    is_there = [
        (fold(name), label(code)) in others for name, code in zip(new["name"], new["commune_code"], strict=True)
    ]
    meanwhile.lost += [f"« {name} » vient d’être ajouté par ailleurs : il ne l’est pas deux fois."
                       for name in new.loc[is_there, "name"]]  # fmt: skip
    table = pd.DataFrame(list(kept.values()), columns=list(COLUMNS))
    return stacked(table, new[[not there for there in is_there]])


def _join_row(
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    row: Mapping[str, Any],
    groups: AbstractSet[tuple[str, ...]],
    label: Callable[[str], str],
    meanwhile: Meanwhile,
) -> dict[str, Any]:
    joined = dict(now)
    moved = _moved(before, now, label)
    for group in groups:
        if group in moved and _said(group, now, label) != _said(group, row, label):
            meanwhile.lost.append(
                f"« {now['name']} » : la liste tient maintenant {_tell({group}, now, label)} ; "
                f"vous aviez écrit {_tell({group}, row, label)}, qui n’est pas enregistré."
            )
        else:
            joined |= {name: row[name] for name in group}
    if others := moved - groups:
        meanwhile.moved.append(f"« {now['name']} » a aussi changé par ailleurs : {_tell(others, now, label)}.")
    return joined


def _moved(before: Mapping[str, Any], now: Mapping[str, Any], label: Callable[[str], str]) -> set[tuple[str, ...]]:
    return {group for group in GROUPS if _said(group, before, label) != _said(group, now, label)}


def _said(group: tuple[str, ...], row: Mapping[str, Any], label: Callable[[str], str]) -> list[str]:
    if group is _PLACE:  # codes of two years may be one commune
        given = row["point_origin"] == "donne"
        return [label(row["commune_code"]), *([str(row["longitude"]), str(row["latitude"])] if given else [])]
    return [_write(name, row[name], label) for name in group]


def _tell(groups: AbstractSet[tuple[str, ...]], row: Mapping[str, Any], label: Callable[[str], str]) -> str:
    names = [name for group in GROUPS if group in groups for name in group if name in FIELDS]
    told = [f"{FIELDS[name].label} « {_write(name, row[name], label)} »" for name in names
            if name in {"commune_code", "stage"} or len(GROUP_OF[name]) == 1 or not _is_unknown(row[name])]  # fmt: skip
    told = [text for text in told if not text.startswith(("Longitude", "Latitude", "Département"))]
    return ", ".join(told).replace(FIELDS["commune_code"].label, FIELDS["commune_name"].label) or "une case vide"


def _write(name: str, value: Any, label: Callable[[str], str]) -> str:
    if _is_unknown(value):
        return "(vide)"
    if name == "commune_code":
        return label(value)
    if name in {"stage", "structure_type"}:
        return str({**STAGES, **STRUCTURE_TYPES}[value])
    if isinstance(value, bool):
        return "oui" if value else "non"
    if name in DAY_FIELDS:
        return f"{pd.Timestamp(value):%d/%m/%Y}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _is_unknown(value: Any) -> bool:
    return value is None or bool(pd.isna(value)) or value == ""
