"""What changed between two versions of a table; for the structures: opened, closed, moved, renamed."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.crs import planar_frame

MOVED_M: Final = 200.0
"""Distance (m) from which a site has moved: less is a point corrected within its street."""


class TableChanges(NamedTuple):
    """What changed from a version to the next.

    Attributes
    ----------
    n_before, n_now
        Rows.
    n_added, n_removed
        Keys that are only in the new one, only in the old one.
    n_changed
        By column that both have: rows of the same key whose value differs, unknown becoming known included.
    columns_added, columns_removed
        Columns of one version only.
    """

    n_before: int
    n_now: int
    n_added: int
    n_removed: int
    n_changed: "pd.Series[int]"
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()


class PreviousNotComparable(ValueError):
    """The two versions do not have the same key."""


def compare_tables(before: pd.DataFrame, now: pd.DataFrame, key: Sequence[str]) -> TableChanges:
    """Count what changed between two versions of a table.

    Parameters
    ----------
    before, now
        Two versions, not changed; each key is there at most once in each.
    key
        Columns that name a row.

    Returns
    -------
    TableChanges
        Counts; two unknown values are the same value.

    Raises
    ------
    PreviousNotComparable
        When a version lacks a column of the key.
    """
    for version in (before, now):
        if missing := [column for column in key if column not in version]:
            raise PreviousNotComparable(", ".join(missing))
    shared = [column for column in now.columns if column in before.columns and column not in key]
    old, new = (version.set_index(list(key)) for version in (before, now))
    common = new.index.intersection(old.index)
    old_rows, new_rows = old.loc[common, shared], new.loc[common, shared]
    changed = {column: int(_differ(old_rows[column], new_rows[column]).sum()) for column in shared}
    return TableChanges(
        n_before=len(before),
        n_now=len(now),
        n_added=len(new) - len(common),
        n_removed=len(old) - len(common),
        n_changed=pd.Series(changed, dtype="int64"),
        columns_added=tuple(column for column in now.columns if column not in before.columns),
        columns_removed=tuple(column for column in before.columns if column not in now.columns),
    )


def compare_structures(before: pd.DataFrame, now: pd.DataFrame, regions: Collection[str] | None = None) -> pd.DataFrame:
    """List the structures that opened, closed, moved, or changed name or type between two versions.

    A site that stands in another commune, or more than `MOVED_M` from where it stood, has moved; a point placed at the
    commune in either version tells nothing of a move within it.

    Parameters
    ----------
    before, now
        Two versions of the table `structures`, not changed.
    regions
        Regions that both versions cover: elsewhere nothing can be told. None for all.

    Returns
    -------
    pandas.DataFrame
        One row a change, sorted by department, change and name: change ("ouverte", "fermée", "déplacée", "renommée",
        "changée de type"), finess_code, structure_type, name, name_before (NA unless renamed), departement_code,
        commune_code, distance_m (NaN unless moved between two known points).
    """
    if regions is not None:
        before, now = (version[version["region_code"].isin(list(regions))] for version in (before, now))
    old, new = (version.set_index("finess_code") for version in (before, now))
    both = new.index.intersection(old.index)
    was, is_now = old.loc[both], new.loc[both]
    distance_m = _distance_m(was, is_now)
    is_true = (was["point_flag"] != "commune") & (is_now["point_flag"] != "commune")
    moved = (was["commune_code"] != is_now["commune_code"]) | (is_true & (distance_m > MOVED_M))
    renamed = was["name"] != is_now["name"]
    retyped = was["structure_type"] != is_now["structure_type"]
    kinds = [
        ("ouverte", new.loc[new.index.difference(old.index)]),
        ("fermée", old.loc[old.index.difference(new.index)]),
        ("déplacée", is_now[moved].assign(distance_m=distance_m[moved].where(is_true[moved]))),
        ("renommée", is_now[renamed].assign(name_before=was["name"][renamed])),
        ("changée de type", is_now[retyped]),
    ]
    found = pd.concat([rows.assign(change=kind) for kind, rows in kinds if len(rows)] or [new.iloc[:0]])
    listed = found.rename_axis("finess_code").reset_index().reindex(columns=_COLUMNS)
    return listed.astype({"distance_m": "float64"}).sort_values(
        ["departement_code", "change", "name", "finess_code"], ignore_index=True
    )


_COLUMNS: Final = (
    *("change", "finess_code", "structure_type", "name", "name_before"),
    *("departement_code", "commune_code", "distance_m"),
)


def _differ(before: "pd.Series[Any]", now: "pd.Series[Any]") -> "pd.Series[bool]":
    """Say, row by row, whether two values differ; two unknown ones do not."""
    same = (before == now).fillna(value=False).astype("bool")
    return ~(same | (before.isna() & now.isna()))


def _distance_m(was: pd.DataFrame, is_now: pd.DataFrame) -> "pd.Series[float]":
    """Return the distance (m) between the two points of each site."""
    one, other = (
        planar_frame(sites["longitude"], sites["latitude"], sites["departement_code"]) for sites in (was, is_now)
    )
    return pd.Series(np.hypot(*(other - one).T), index=is_now.index)
