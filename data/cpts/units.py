"""What a CPTS covers, row by row: a commune, or one municipal arrondissement of Paris, Lyon or Marseille.

A part of a city is never the city: the code of an arrondissement is kept beside that of its commune, and a part that
has no code (a quarter, one of several CPTS of a town) is said to be one.
"""

from collections.abc import Collection
from typing import Final

import pandas as pd

from coverage.terms.extents import PART, WHOLE
from data.history import Carried, carry_codes

COLUMNS: Final = ("cpts_id", "commune_code", "unit_code", "name", "finess_code", "extent")
"""Columns of the table `cpts_perimeters`; `unit_code` is a commune, or an arrondissement of commune_code."""

_KEY: Final = ["cpts_id", "unit_code"]


def arrondissements_of(history: pd.DataFrame) -> "pd.Series[str]":
    """Return the commune of each municipal arrondissement (index: its code) from the table `commune_history`."""
    is_one = history["relation"] == "arrondissement"
    return history[is_one].set_index("old_code")["commune_code"]


def carry_units(table: pd.DataFrame, history: pd.DataFrame, current: Collection[str]) -> Carried:
    """Carry the codes of a table to the current communes, and keep which arrondissement a row spoke of.

    Parameters
    ----------
    table, history, current
        As `data.history.carry_codes`; the history with its relation.

    Returns
    -------
    Carried
        Its table has `unit_code` too: the arrondissement that was written, else the current commune.

    Examples
    --------
    >>> history = pd.DataFrame(
    ...     {"old_code": ["69383"], "commune_code": ["69123"], "relation": ["arrondissement"]}
    ... )
    >>> carried, _ = carry_units(pd.DataFrame({"commune_code": ["69383", "69123"]}), history, ["69123"])
    >>> carried[["commune_code", "unit_code"]].to_numpy().tolist()
    [['69123', '69383'], ['69123', '69123']]
    """
    carried, not_carried = carry_codes(table, history, current)
    written = table["commune_code"].reindex(carried.index)
    is_part = written.isin(arrondissements_of(history).index)
    units = written.where(is_part, carried["commune_code"]).astype("str")
    return Carried(carried.assign(unit_code=units), not_carried)


def settle(rows: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Make the table `cpts_perimeters`: each unit of a CPTS once; all the arrondissements of a city are the city.

    Parameters
    ----------
    rows
        Columns of `COLUMNS`; extent may be absent: every unit is then whole.
    history
        Table `commune_history`.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, text, sorted by cpts_id and unit_code. A unit said whole and in part by one CPTS is whole.

    Examples
    --------
    >>> history = pd.DataFrame(
    ...     {"old_code": ["75101", "75102"], "commune_code": "75056", "relation": "arrondissement"}
    ... )
    >>> rows = pd.DataFrame({"cpts_id": ["a", "a", "b"], "commune_code": "75056", "name": "x", "finess_code": None,
    ...                      "unit_code": ["75101", "75102", "75102"]})
    >>> settle(rows, history)[["cpts_id", "unit_code"]].to_numpy().tolist()
    [['a', '75056'], ['b', '75102']]
    """
    given = rows["extent"] if "extent" in rows else pd.Series(WHOLE, index=rows.index)
    table = rows.assign(extent=given)[list(COLUMNS)].astype(dict.fromkeys(COLUMNS, "str"))
    table = table.sort_values([*_KEY, "extent"], ignore_index=True).drop_duplicates(_KEY)
    parts = arrondissements_of(history)
    known = table[(table["extent"] != PART) & table["unit_code"].isin(parts.index)]
    n_listed = known.groupby(["cpts_id", "commune_code"])["unit_code"].nunique()
    is_every = n_listed.to_numpy() == n_listed.index.get_level_values("commune_code").map(parts.value_counts())
    is_whole = (table["unit_code"] == table["commune_code"]) & (table["extent"] != PART)
    whole = pd.MultiIndex.from_frame(table.loc[is_whole, ["cpts_id", "commune_code"]])
    cities = n_listed.index[is_every].union(whole)
    of_city = pd.MultiIndex.from_frame(table[["cpts_id", "commune_code"]]).isin(cities)
    table["unit_code"] = table["unit_code"].mask(of_city, table["commune_code"])
    table = table.sort_values([*_KEY, "extent"]).drop_duplicates(_KEY)
    return table.sort_values(_KEY, ignore_index=True)
