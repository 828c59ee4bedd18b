"""The APL published by the DREES, carried to the current communes and summed up by territory.

Mean APL is weighted by STANDARDISED population; shares of people and quantiles by TOTAL population, as the workbook
says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from coverage.territories.aggregation import Territories

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
        `population_s` (total population where s is known), `population_under_s` (of them, those of the units where
        s < threshold), `acts_s` (consultations a year, standardised population · s) and `acts_lacking_s` (those that
        would lift each unit to the threshold); `acts_over_65` (those of GPs over 65, where both series are known).
        Communes without a unit are absent.

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
        parts[f"acts_{series}"] = units[series] * weight
        parts[f"acts_lacking_{series}"] = (threshold - units[series]).clip(lower=0) * weight
        parts[f"weight_{series}"] = weight
        parts[f"population_{series}"] = units["population_total"].where(known)
        parts[f"population_under_{series}"] = (
            units["population_total"].where(units[series] < threshold, 0.0).where(known)
        )
    parts["acts_over_65"] = parts["acts_apl"] - parts["acts_apl_65"]
    grouped = pd.DataFrame({"commune_code": units["commune_code"], **parts}).groupby("commune_code")
    sums = grouped.sum(min_count=1)
    is_alone = grouped.size() == 1
    plain = units.groupby("commune_code")[list(SERIES)].mean()
    for series in SERIES:
        weight = sums[f"weight_{series}"]
        mean = sums[f"acts_{series}"] / weight.where(weight > 0)
        # One unit: its own figure, without rounding (2.5 must stay at the threshold), and also where its standardised
        # population is 0.
        sums[series] = mean.mask(is_alone, plain[series]).fillna(plain[series])
    return sums


def apl_by_zoned_part(apl: pd.DataFrame, zoning: pd.DataFrame, vintage: int) -> pd.DataFrame:
    """Gather the units of a vintage into the parts that the ARS zones: current communes, arrondissements.

    Parameters
    ----------
    apl
        Table `apl`.
    zoning
        Table `zoning`: part_code.
    vintage
        Year.

    Returns
    -------
    pandas.DataFrame
        Columns of `apl_by_commune`, index: part_code, or commune code where the units are not the parts of the zoning.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> apl_by_zoned_part(toy.apl, toy.zoning, 2022).loc[["69381", "69382"], "apl"].tolist()  # one is HZ, one ZAC
    [5.0, 3.0]
    """
    is_part = apl["unit_code"].isin(zoning["part_code"])
    return apl_by_commune(apl.assign(commune_code=apl["unit_code"].where(is_part, apl["commune_code"])), vintage)


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
    """Return the share (0 to 1) of the APL that GPs over 65 bring: what retirement puts at risk.

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
    """Return the share (0 to 1) of the people who live under the APL threshold, by total population.

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


def published_by_departement(published: pd.DataFrame, departements: Territories) -> Iterator[tuple[str, pd.Series]]:
    """Return what is published by department only of the last edition, GPs of all ages.

    The mean is the published one, of departments and of France: that of a region would need standardised populations.
    share = sum of the inhabitants of communes below 2.5 / sum of the inhabitants, over the departments that are known.

    Source: DREES, APL 2024, transcribed by a third party.

    Parameters
    ----------
    published
        Table `apl_departements`: level, territory_code, vintage, apl, population_total, population_under_2_5.
    departements
        Territories of "departement", "region" or "france", made of `aggregation.departement_units`.

    Yields
    ------
    tuple of str and pandas.Series
        "apl_all_ages_<year>" (acts a year per standardised inhabitant; NaN for a region and where none is published)
        and "share_population_under_2_5_all_ages_<year>" (0 to 1; NaN where no department is known).

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> france = Territories.of(departement_units(toy.communes), "france")
    >>> found = dict(published_by_departement(toy.apl_departements, france))
    >>> found["apl_all_ages_2024"]["FR"], round(found["share_population_under_2_5_all_ages_2024"]["FR"], 3)
    (np.float64(3.2), np.float64(0.163))
    """
    year = int(published["vintage"].max())
    last = published[published["vintage"] == year]
    here = last[last["level"] == departements.level].set_index("territory_code")["apl"]
    yield f"apl_all_ages_{year}", here.reindex(departements.codes).astype(np.float64)
    of_departements = last[last["level"] == "departement"].set_index("territory_code")
    under, people = (departements.align(of_departements[f"population_{name}"]) for name in ("under_2_5", "total"))
    share = departements.total_known(under) / departements.total_known(people)
    yield f"share_population_under_2_5_all_ages_{year}", share
