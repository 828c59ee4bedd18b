"""What the DREES does or publishes of the APL that no screen shows: acts counted, standardised people, deciles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coverage.errors import CoverageError


class AgeWeightError(CoverageError, ValueError):
    """Age classes of the population are not those of the weights."""


def counted_acts(acts: pd.Series, apl_parameters: pd.DataFrame) -> pd.Series:
    """Return the acts a year that the DREES counts for each liberal GP, from the acts that the GP did.

    Below 250: 0; up to 3 600: 3 600; up to 6 000: as they are; above: 6 000 (bounds read in the sheet « Paramètres
    »). Not for health centres, whose acts have no bounds.

    Parameters
    ----------
    acts : acts a year of each GP, 0 or more.
    apl_parameters : snapshot table; its rows `supply_counted` (value NaN: counted as it is).

    Returns
    -------
    Acts a year, same index and name; NaN where the acts are unknown.
    """
    bands = apl_parameters[apl_parameters["parameter"] == "supply_counted"].sort_values("lower")
    band = np.searchsorted(bands["lower"].to_numpy(np.float64), acts.to_numpy(np.float64), side="right") - 1
    value = bands["value"].to_numpy(np.float64)[band]
    counted = np.where(np.isnan(value), acts, value)
    return pd.Series(counted, index=acts.index, name=acts.name).where(acts.notna())


def standardised_population(by_age: pd.DataFrame, apl_parameters: pd.DataFrame, vintage: int) -> pd.Series:
    """Return the standardised inhabitants of each place: inhabitants weighted by the care their age uses.

    P̃_i = k Σ_a weight_a P_i,a, with k such that Σ P̃ = Σ P over the places with known ages.

    Parameters
    ----------
    by_age : inhabitants; a row per place, a column per age class named by its lower bound in years (0, 5, …, 90).
    apl_parameters : snapshot table; its rows `age_weight` of the vintage.
    vintage : year of the weights.

    Returns
    -------
    Series "population_standardised", index of `by_age`; NaN where an age is unknown.

    Raises
    ------
    AgeWeightError
        The columns are not the age classes of the weights.
    """
    chosen = (apl_parameters["parameter"] == "age_weight") & (apl_parameters["vintage"] == vintage)
    weights = apl_parameters[chosen].set_index("lower")["value"]
    columns = by_age.columns.astype(np.float64)
    if sorted(columns) != sorted(weights.index) or weights.empty:
        raise AgeWeightError(
            f"Âges : attendu les classes {sorted(weights.index)} ({vintage}), trouvé {sorted(columns)}."
        )
    inhabitants = by_age.to_numpy(np.float64)
    raw = inhabitants @ weights.loc[columns].to_numpy(np.float64)
    known = ~np.isnan(raw)
    total = raw[known].sum()
    factor = inhabitants[known].sum() / total if total > 0 else 1.0
    return pd.Series(raw * factor, index=by_age.index, name="population_standardised")


def apl_quantile(apl: pd.DataFrame, vintage: int, series: str, share: float) -> float:
    """Return the APL at or under which a share of the people live: a quantile by total population.

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
