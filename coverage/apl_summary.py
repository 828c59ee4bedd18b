"""The APL published by the DREES, carried to the current communes and summed up by territory.

Mean APL is weighted by STANDARDISED population; shares of people and quantiles by TOTAL population, as the workbook
says.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from coverage.territories import Territories

SERIES: Final = ("apl", "apl_65")
UNDER_DENSE: Final = 2.5
"""Consultations a year per inhabitant under which a commune is under-dense (DREES, ministry's threshold)."""


def apl_by_commune(apl: pd.DataFrame, vintage: int, threshold: float = UNDER_DENSE) -> pd.DataFrame:
    """Gather the units of a vintage (communes of its year, arrondissements) into current communes.

    Source: DREES, APL aux médecins généralistes.

    Parameters
    ----------
    apl
        Table `apl`: vintage, commune_code, apl, apl_65, population_standardised, population_total.
    vintage
        Year.
    threshold
        Consultations a year per inhabitant.

    Returns
    -------
    pandas.DataFrame
        Index commune code; for each series s of `SERIES`: `s` (consultations a year per standardised inhabitant, mean
        of the units by standardised population), `weight_s` (standardised population where s is known),
        `population_s` (total population where s is known) and `population_under_s` (of them, those of the units where
        s < threshold). Communes without a unit are absent.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> table = apl_by_commune(toy_country().apl, 2022)
    >>> round(table.loc["69123", "apl"], 3)  # (9 000 · 5 + 18 000 · 3) / 27 000: two arrondissements
    np.float64(3.667)
    >>> table.loc["69123", "population_under_apl_65"]  # one of them is under 2.5 in this series
    np.float64(19500.0)
    """
    units = apl[apl["vintage"] == vintage]
    parts: dict[str, pd.Series] = {}
    for series in SERIES:
        known = units[series].notna()
        weight = units["population_standardised"].where(known)
        parts[f"weighted_{series}"] = units[series] * weight
        parts[f"weight_{series}"] = weight
        parts[f"population_{series}"] = units["population_total"].where(known)
        parts[f"population_under_{series}"] = (
            units["population_total"].where(units[series] < threshold, 0.0).where(known)
        )
    grouped = pd.DataFrame({"commune_code": units["commune_code"], **parts}).groupby("commune_code")
    sums = grouped.sum(min_count=1)
    is_alone = grouped.size() == 1
    plain = units.groupby("commune_code")[list(SERIES)].mean()
    for series in SERIES:
        weight = sums[f"weight_{series}"]
        mean = sums.pop(f"weighted_{series}") / weight.where(weight > 0)
        # One unit: its own figure, without rounding (2.5 must stay at the threshold), and also where its standardised
        # population is 0.
        sums[series] = mean.mask(is_alone, plain[series]).fillna(plain[series])
    return sums


def mean_apl(by_commune: pd.DataFrame, series: str, territories: Territories) -> pd.Series:
    """Average the APL (consultations a year per standardised inhabitant) by standardised population.

    mean = sum of (standardised population · APL) / sum of standardised population.

    Source: DREES, sheet « Paramètres » of the workbook: published checks 3.34 (2022) and 3.29 (2023), 65 or less.

    Parameters
    ----------
    by_commune
        Result of `apl_by_commune`.
    series
        "apl" (GPs of all ages) or "apl_65" (GPs of 65 or less, the reference).
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 or more. NaN where no commune has an APL (Mayotte).

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> mean = mean_apl(apl_by_commune(toy.apl, 2022), "apl", Territories.of(toy.communes, "departement"))
    >>> mean["32"].round(4)  # (8 000 · 3.2 + 1 000 · 1.6 + 600 · 1.2) / 9 600
    np.float64(2.9083)
    """
    values, weights = (territories.align(by_commune[name]) for name in (series, f"weight_{series}"))
    return territories.mean(values, weights).rename(series)


def apl_at_risk_share(apl: pd.Series, apl_65: pd.Series) -> pd.Series:
    """Give the share (0 to 1) of the APL that GPs over 65 bring: what retirement puts at risk.

    share = (APL all ages - APL 65 or less) / APL all ages, on the values or on the means of a territory.

    Parameters
    ----------
    apl, apl_65
        The two series of one vintage, same index.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where one is unknown or there is no GP in reach at all.

    Examples
    --------
    >>> import pandas as pd
    >>> apl_at_risk_share(pd.Series({"31": 4.0}), pd.Series({"31": 3.0}))["31"]
    np.float64(0.25)
    """
    return (apl - apl_65) / apl.where(apl > 0)


def share_population_under(by_commune: pd.DataFrame, series: str, territories: Territories) -> pd.Series:
    """Give the share (0 to 1) of the people who live under the APL threshold, by total population.

    share = total population of the units under the threshold / total population of the units with an APL. A unit is a
    commune or an arrondissement of Paris, Lyon or Marseille. Always to be shown with its level, series and vintage.

    Parameters
    ----------
    by_commune
        Result of `apl_by_commune`, which fixes the threshold.
    series
        "apl" or "apl_65".
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where no commune has an APL.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> table = apl_by_commune(toy.apl, 2022)
    >>> share_population_under(table, "apl", Territories.of(toy.communes, "departement"))["31"]  # 1 000 of 25 600
    np.float64(0.0390625)
    """
    under = territories.total_known(territories.align(by_commune[f"population_under_{series}"]))
    people = territories.total_known(territories.align(by_commune[f"population_{series}"]))
    return (under / people.where(people > 0)).rename(f"share_population_under_{series}")


def apl_quantile(apl: pd.DataFrame, vintage: int, series: str, share: float) -> float:
    """Give the APL at or under which a share of the people live: a quantile by total population.

    Parameters
    ----------
    apl
        Table `apl`, whole or of one territory.
    vintage
        Year.
    series
        "apl" or "apl_65".
    share
        Between 0 and 1: 0.1 for the first decile.

    Returns
    -------
    float
        Consultations a year per standardised inhabitant: the smallest APL such that the units at or under it hold at
        least that share of the people. NaN when nothing is known.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> apl_quantile(toy_country().apl, 2022, "apl_65", 0.5)  # half the people live at 2.8 or under
    2.8
    """
    units = _ordered(apl, vintage, series)
    people = units["population_total"].cumsum().to_numpy(np.float64)
    if not len(people) or people[-1] <= 0:
        return float("nan")
    return float(units[series].iloc[np.searchsorted(people, share * people[-1])])


def mean_apl_of_least_served(apl: pd.DataFrame, vintage: int, series: str, share: float = 0.1) -> float:
    """Average the APL of the share of the people who have the lowest: what the DREES publishes of its first decile.

    The people are ranked by the APL of their unit and counted by total population; the mean of those within the share
    is weighted by standardised population; the unit that straddles the limit counts for the part within.

    Source: DREES; published checks, 65 or less: 1.47 (2022), 1.38 (2023). The decile itself is 1.91 and 1.83.

    Parameters
    ----------
    apl
        Table `apl`, whole or of one territory.
    vintage
        Year.
    series
        "apl" or "apl_65".
    share
        Above 0, at most 1: 0.1 for the tenth of the people least served. With 1, the mean APL.

    Returns
    -------
    float
        Consultations a year per standardised inhabitant; NaN when nothing is known.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> round(mean_apl_of_least_served(toy_country().apl, 2022, "apl_65", 1.0), 3)  # 211 940 / 70 900
    2.989
    """
    units = _ordered(apl, vintage, series)
    people = units["population_total"].to_numpy(np.float64)
    before = people.cumsum() - people
    inside = np.clip(share * people.sum() - before, 0.0, people)
    weights = units["population_standardised"].to_numpy(np.float64) * np.divide(
        inside, people, out=np.zeros_like(people), where=people > 0
    )
    total = weights.sum()
    return float((weights * units[series].to_numpy(np.float64)).sum() / total) if total > 0 else float("nan")


def _ordered(apl: pd.DataFrame, vintage: int, series: str) -> pd.DataFrame:
    known = apl[[series, "population_standardised", "population_total"]].notna().all(axis=1)
    return apl[known & (apl["vintage"] == vintage)].sort_values([series, "unit_code"])
