"""Need for GPs: trend and ageing of the population of each department, and what would lift it to a target."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.population import GROWTH_YEARS, OLD_AGE, estimated_population
from coverage.projection.assumptions import assumptions

Floats = npt.NDArray[np.float64]


def population_growth(population_estimates: pd.DataFrame) -> "pd.Series[float]":
    """Return the mean yearly growth of the population of each department between `GROWTH_YEARS`, relative.

    Formula: ``(P_last / P_first) ** (1 / years) - 1``. Source: INSEE, estimations de population, on one geography: no
    merger of communes shows in it.

    Parameters
    ----------
    population_estimates
        departement_code, year, age_min, population.

    Returns
    -------
    pandas.Series
        Indexed by departement_code; a department without both years is absent.
    """
    first, last = GROWTH_YEARS
    ends = [estimated_population(population_estimates, year) for year in (first, last)]
    return ((ends[1] / ends[0]) ** (1 / (last - first)) - 1).dropna().rename("population_growth")


def share_75plus(population_estimates: pd.DataFrame) -> "pd.Series[float]":
    """Return the share of people of 75 or more by department at the last year of the table, 0-1.

    Source: INSEE, estimations de population (provisional).
    """
    return _share_of_old(population_estimates, int(population_estimates["year"].max())).rename("share_75plus")


def ageing_gap(population_estimates: pd.DataFrame) -> "pd.Series[float]":
    """Return by how much the share of 75+ of each department grows faster a year than that of France, relative.

    Formula: ``(s_last / s_first) ** (1 / years) - 1`` between `GROWTH_YEARS`, less the same of France. The pace of the
    country is an assumption of the scenario, for the large cohorts born from 1946 on reach 75 after these years; where
    it is faster or slower is measured. Source: INSEE, estimations de population.

    Returns
    -------
    pandas.Series
        Indexed by departement_code; a department without both years is absent.
    """
    first, last = GROWTH_YEARS
    years = last - first
    shares = [_share_of_old(population_estimates, year) for year in GROWTH_YEARS]
    national = [national_share_75plus(population_estimates, year) for year in GROWTH_YEARS]
    growth = (shares[1] / shares[0]) ** (1 / years) - (national[1] / national[0]) ** (1 / years)
    return growth.dropna().rename("ageing_gap")


def national_share_75plus(population_estimates: pd.DataFrame, year: int | None = None) -> float:
    """Return the share of people of 75 or more of all the departments, 0-1, at a year or at the last one."""
    when = int(population_estimates["year"].max()) if year is None else year
    old, every = (estimated_population(population_estimates, when, age).sum() for age in (OLD_AGE, 0.0))
    return float(old / every)


def _share_of_old(population_estimates: pd.DataFrame, year: int) -> "pd.Series[float]":
    old, every = (estimated_population(population_estimates, year, age) for age in (OLD_AGE, 0.0))
    return old / every


def ageing_effect(apl_parameters: pd.DataFrame, national_share_75plus: float) -> float:
    """Return how much the need per inhabitant rises when the share of 75+ rises by 1 (one point: a hundredth of it).

    Formula: ``w75 - w_under`` where w75 averages the age weights of 75-79 … 90+ with the shares of ``assumptions.toml``
    and w_under is what is left so that the national mean is 1, as DREES scales it. Assumes that only the part of the
    75+ moves, not the ages below. The slope of standardised over total population against the share of 75+ across
    departments is twice that (1.67), because departments with more 75+ also have more people of 60-74. The band, whose
    standard deviation is 0.30 of the logarithm, rarely goes that far: about one draw in two hundred.

    Raises
    ------
    ValueError
        When the four weights of 75 or more are not in the table.
    """
    weights = apl_parameters[apl_parameters["parameter"] == "age_weight"]
    weights = weights[weights["vintage"] == weights["vintage"].max()].sort_values("lower")
    old = weights.loc[weights["lower"] >= 75, "value"].to_numpy(dtype=np.float64)  # noqa: PLR2004 - the class asked for
    shares = np.asarray(assumptions()["weight_shares_75_plus"].value)
    if len(old) != len(shares):
        raise ValueError(f"Poids d’âge de l’APL : attendu {len(shares)} classes à partir de 75 ans, trouvé {len(old)}.")
    weight_75plus = float(old @ shares)
    weight_under = (1 - national_share_75plus * weight_75plus) / (1 - national_share_75plus)
    return weight_75plus - weight_under


def latest_apl(apl: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Return the last vintage of the APL with the department of each unit; units of no current commune are left out."""
    last = apl[apl["vintage"] == apl["vintage"].max()]
    return last.merge(communes[["commune_code", "departement_code"]], on="commune_code", how="inner").dropna(
        subset=["apl", "population_standardised"]
    )


def share_over_65(apl_units: pd.DataFrame) -> "pd.Series[float]":
    """Return the share of GP activity held by doctors over 65 by department, 0-1: ``1 - Σ P̃·APL≤65 / Σ P̃·APL``.

    It is the activity that the residents reach, not that of the doctors located there: near a border the two differ.
    Source: DREES, APL.
    """
    known = apl_units.dropna(subset=["apl_65"])
    within = (known["population_standardised"] * known["apl_65"]).groupby(known["departement_code"]).sum()
    every = (known["population_standardised"] * known["apl"]).groupby(known["departement_code"]).sum()
    return (1 - within / every.where(every > 0)).clip(0, 1).rename("share_over_65")


def need_per_inhabitant(apl_units: pd.DataFrame) -> "pd.Series[float]":
    """Return standardised over total population by department; 1 is France, range about 0.84-1.11."""
    sums = apl_units.groupby("departement_code")[["population_standardised", "population_total"]].sum()
    return (sums["population_standardised"] / sums["population_total"]).rename("need_per_inhabitant")
