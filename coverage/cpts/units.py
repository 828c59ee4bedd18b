"""The units that CPTS are made of: communes, and the municipal arrondissements of Paris, Lyon and Marseille.

A CPTS may cover a city whole, some of its arrondissements, or a part that nobody has published (`extent`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from geo.levels import LEVELS, code_column

_COPIED: Final = tuple(code_column(level) for level in LEVELS[1:-1])


def cpts_units(communes: pd.DataFrame, arrondissements: pd.DataFrame) -> pd.DataFrame:
    """List what a perimeter may name: every commune, then every arrondissement.

    Parameters
    ----------
    communes
        Table of communes: commune_code, name, the code of each level above, population.
    arrondissements
        Table `arrondissements`: arrondissement_code, name, commune_code, population (NaN unknown).

    Returns
    -------
    pandas.DataFrame
        RangeIndex; unit_code (unique), commune_code, name, the code of each level above, population
        (inhabitants), is_finest: False for a city that is listed by its arrondissements too.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> units = cpts_units(toy.communes, toy.arrondissements).set_index("unit_code")
    >>> units.loc[["69123", "69381"], ["commune_code", "population", "is_finest"]].to_numpy().tolist()
    [['69123', 30000.0, False], ['69123', 12000.0, True]]
    """
    home = communes.set_index("commune_code")[list(_COPIED)]
    parts = arrondissements[arrondissements["commune_code"].isin(home.index)]
    parts = parts.join(home, on="commune_code").rename(columns={"arrondissement_code": "unit_code"})
    wholes = communes.assign(unit_code=communes["commune_code"])
    columns = ["unit_code", "commune_code", "name", *_COPIED, "population"]
    units = pd.concat([wholes[columns], parts[columns]], ignore_index=True)
    cities = set(parts["commune_code"])
    is_city = units["unit_code"].isin(cities)
    return units.assign(is_finest=~is_city)


def finest_units(units: pd.DataFrame) -> pd.DataFrame:
    """Keep the units that make up the country without overlap: a city by its arrondissements.

    Parameters
    ----------
    units
        Result of `cpts_units`.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, the columns of `units` but is_finest.
    """
    return units[units["is_finest"]].drop(columns="is_finest").reset_index(drop=True)


def in_finest_units(perimeters: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Write perimeters by the finest units: a CPTS of a whole city covers each of its arrondissements.

    Parameters
    ----------
    perimeters
        Table `cpts_perimeters`.
    units
        Result of `cpts_units`.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, the columns of `perimeters`; each (cpts_id, unit_code) once.
    """
    cities = units.loc[~units["is_finest"], "unit_code"]
    parts = units.loc[units["is_finest"] & units["commune_code"].isin(cities), ["commune_code", "unit_code"]]
    is_city = perimeters["unit_code"].isin(cities)
    spread = perimeters[is_city].drop(columns="unit_code").merge(parts, on="commune_code")
    rows = pd.concat([perimeters[~is_city], spread[list(perimeters.columns)]], ignore_index=True)
    rows = rows.sort_values(["cpts_id", "unit_code", "extent"])
    return rows.drop_duplicates(["cpts_id", "unit_code"], ignore_index=True)


def gather_cities(table: pd.DataFrame, units: pd.DataFrame, same: str | None = None) -> pd.DataFrame:
    """Write a city once where all its arrondissements are listed.

    Parameters
    ----------
    table
        Columns unit_code, commune_code, name, population among others.
    units
        Result of `cpts_units`.
    same
        Column that must say the same of all the arrondissements of the city.

    Returns
    -------
    pandas.DataFrame
        RangeIndex; the columns of `table`, with code, name and inhabitants of the city where it is whole.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> units = cpts_units(toy_country().communes, toy_country().arrondissements)
    >>> table = units[units["unit_code"].isin(["31003", "69381", "69382"])]
    >>> gather_cities(table, units)[["unit_code", "population"]].to_numpy().tolist()
    [['31003', 1000.0], ['69123', 30000.0]]
    """
    cities = units[~units["is_finest"]].set_index("unit_code")
    n_parts = units.loc[units["is_finest"] & units["commune_code"].isin(cities.index), "commune_code"].value_counts()
    is_part = table["unit_code"] != table["commune_code"]
    alike = ["commune_code"] if same is None else ["commune_code", same]
    counted = table[is_part].groupby(alike).size().groupby("commune_code").max()
    is_whole = counted == n_parts.reindex(counted.index)
    joined = is_part & table["commune_code"].isin(is_whole.index[is_whole])
    one = table[joined].drop_duplicates("commune_code")
    named = cities.loc[one["commune_code"], ["name", "population"]].set_axis(one.index)
    one = one.assign(unit_code=one["commune_code"], name=named["name"], population=named["population"])
    return pd.concat([table[~joined], one]).sort_index().reset_index(drop=True)


def spread_counts(counts: pd.Series, units: pd.DataFrame) -> pd.Series:
    """Return each unit the count of its commune; that of an arrondissement is unknown, unless the city has none.

    Parameters
    ----------
    counts
        Index commune_code; NaN unknown.
    units
        Result of `cpts_units`.

    Returns
    -------
    pandas.Series
        Index unit_code.
    """
    placed = counts.reindex(units["commune_code"]).set_axis(pd.Index(units["unit_code"]))
    is_part = (units["unit_code"] != units["commune_code"]).to_numpy()
    return placed.mask(is_part & (placed.to_numpy(np.float64) != 0))
