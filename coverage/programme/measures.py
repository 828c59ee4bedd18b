"""What a programme of MSP is followed by: the APL inside and outside their communes, and who has one in reach.

All of it describes; none of it proves. MSP settle where a team is found, often where GPs already are or are leaving: a
difference between communes with and without one is not the effect of the MSP.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.nearest import share_population_within
from coverage.territories.aggregation import Territories

WITH, WITHOUT = "avec", "sans"
"""A commune with an MSP; without any."""

REACH_MIN: Final = (10, 15, 20)
ALL: Final = "ensemble"


def msp_presence(n_msp: pd.Series) -> pd.Series:
    """Say of each commune whether it has an MSP.

    Source: INSEE, BPE (its day is that of the count).

    Parameters
    ----------
    n_msp
        MSP of each commune; NaN unknown.

    Returns
    -------
    pandas.Series
        `WITH` or `WITHOUT`, same index; missing where the number is unknown.

    Examples
    --------
    >>> said = msp_presence(pd.Series({"31001": 2.0, "31002": 0.0, "32003": float("nan")}))
    >>> said[["31001", "31002"]].tolist(), said.isna()["32003"]
    (['avec', 'sans'], np.True_)
    """
    said = pd.Series(np.where(n_msp > 0, WITH, WITHOUT), index=n_msp.index, dtype="str")
    return said.where(n_msp.notna()).rename("msp_presence")


def apl_change_by_group(
    before: pd.DataFrame, after: pd.DataFrame, groups: pd.Series, *, series: str = "apl_65"
) -> pd.DataFrame:
    """Compare the mean APL (consultations a year per standardised inhabitant) of groups of communes at two vintages.

    mean = sum of (standardised population · APL) / sum of standardised population, each vintage with its own, over the
    communes known at both.

    Source: DREES, APL aux médecins généralistes.

    Parameters
    ----------
    before, after
        Results of `coverage.indicators.apl_summary.apl_by_commune` for the two vintages.
    groups
        Group of each commune to be counted, index commune_code; missing where it is in none.
    series
        "apl_65" (GPs of 65 or less, the reference) or "apl" (all ages).

    Returns
    -------
    pandas.DataFrame
        Index: the groups, sorted, then `ALL`, all those that are in a group. n_communes, population_total
        (inhabitants, second vintage), apl_before, apl_after, change (difference of the two means), and
        share_population_under_2_5_before, share_population_under_2_5_after (0 to 1, by total population). NaN where
        nothing is known.

    Examples
    --------
    >>> from coverage.indicators.apl_summary import apl_by_commune
    >>> from tests.toy import toy_country
    >>> apl = toy_country().apl
    >>> groups = pd.Series({"31001": "avec", "31002": "sans", "31003": "sans"})
    >>> table = apl_change_by_group(apl_by_commune(apl, 2022), apl_by_commune(apl, 2023), groups, series="apl")
    >>> table.loc["sans", "apl_before"].round(4)  # (3 000 · 2.6 + 1 100 · 2.0) / 4 100
    np.float64(2.439)
    """
    grouped = groups.dropna()
    both = before[series].dropna().index.intersection(after[series].dropna().index)
    codes = grouped.index.intersection(both)
    member = grouped[codes]
    parts = {f"{name}_{when}": value for when, table in (("before", before), ("after", after))
             for name, value in _sums(table.loc[codes], series).items()}  # fmt: skip
    rows = pd.DataFrame({"n_communes": 1.0, **parts}, index=codes)
    sums = rows.groupby(member.to_numpy()).sum()
    sums = sums.reindex(sorted(grouped.unique()), fill_value=0.0)
    sums.loc[ALL] = rows.sum()
    means = {when: _ratio(sums[f"weighted_{when}"], sums[f"weight_{when}"]) for when in ("before", "after")}
    under = {when: _ratio(sums[f"under_{when}"], sums[f"people_{when}"]) for when in ("before", "after")}
    return pd.DataFrame(
        {
            "n_communes": sums["n_communes"],
            "population_total": sums["people_after"],
            "apl_before": means["before"],
            "apl_after": means["after"],
            "change": means["after"] - means["before"],
            "share_population_under_2_5_before": under["before"],
            "share_population_under_2_5_after": under["after"],
        }
    ).rename_axis("group")


def reach_by_group(
    minutes: pd.Series,
    groups: pd.Series,
    communes: pd.DataFrame,
    limits_min: tuple[int, ...] = REACH_MIN,
    by_cell: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Give the share (0 to 1) of the inhabitants of groups of communes who live less than so many minutes from an MSP.

    share = population of the communes whose minutes < limit / population of the group. Everyone is counted at the
    commune's point, or by cell where cells are known (`nearest.share_population_within`).

    Parameters
    ----------
    minutes
        Minutes from each commune to the nearest MSP (`nearest.minutes_to_structure`), index commune_code; inf
        where no road leads to one, NaN unknown.
    groups
        Group of each commune to be counted, index commune_code; missing where it is in none.
    communes
        Table of communes: commune_code, population.
    limits_min
        Minutes, exclusive.
    by_cell
        As in `nearest.share_population_within`; what it says of communes that are in no group is left.

    Returns
    -------
    pandas.DataFrame
        Index: the groups, sorted, then `ALL`, all those that are in a group. n_communes, population (inhabitants), and
        share_within_<limit>_min; NaN where an inhabited commune of the group is unknown: a share of the covered half
        would pass for the whole.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> minutes = pd.Series({"31001": 2.0, "31002": 12.0, "31003": 25.0})
    >>> groups = pd.Series({"31001": "HZ", "31002": "ZAC", "31003": "ZAC"})
    >>> table = reach_by_group(minutes, groups, toy_country().communes)
    >>> table.loc["ZAC", "share_within_15_min"]  # 3 000 of 4 000
    np.float64(0.75)
    """
    grouped = groups.dropna()
    people = communes.set_index("commune_code")["population"].reindex(grouped.index)
    placed = minutes.reindex(grouped.index)
    cells = None if by_cell is None else by_cell.reindex(grouped.index)
    everyone = pd.Categorical([ALL] * len(grouped), categories=[ALL])
    tables = [_reach(placed, named, people, limits_min, cells) for named in (pd.Categorical(grouped), everyone)]
    return pd.concat(tables).rename_axis("group")


def _reach(
    minutes: pd.Series,
    named: pd.Categorical,
    people: pd.Series,
    limits_min: tuple[int, ...],
    by_cell: pd.DataFrame | None,
) -> pd.DataFrame:
    territories = Territories(
        level="group",
        codes=named.categories,
        unit_codes=people.index,
        membership=named.codes.astype(np.intp),
        population=people.to_numpy(np.float64),
    )
    columns = {"n_communes": territories.total(np.ones(len(minutes))),
               "population": territories.total(territories.population)}  # fmt: skip
    for limit in limits_min:
        columns[f"share_within_{limit}_min"] = share_population_within(minutes, limit, territories, by_cell)
    return pd.DataFrame(columns)


def _sums(table: pd.DataFrame, series: str) -> dict[str, pd.Series]:
    """Return what is added up of the communes: weighted APL, weights, inhabitants and those under the threshold."""
    weight = table[f"weight_{series}"]
    return {
        "weighted": table[series] * weight,
        "weight": weight,
        "people": table[f"population_{series}"],
        "under": table[f"population_under_{series}"],
    }


def _ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    values: npt.NDArray[np.float64] = denominator.to_numpy(np.float64)
    return numerator / np.where(values > 0, values, np.nan)
