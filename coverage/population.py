"""The inhabitants: how many, how dense, how their number moves, how old and how deprived they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coverage.territories import Territories


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
    """Give the inhabitants per km².

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


def population_of_year(series: pd.DataFrame, year: int) -> pd.Series:
    """Give the inhabitants of each commune in a year.

    Source: INSEE, legal populations 2013 to 2021.

    Parameters
    ----------
    series
        Table `population_series`: commune_code, year, population.
    year
        Year.

    Returns
    -------
    pandas.Series
        Inhabitants, index `commune_code`; empty for a year that is not in the table.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> population_of_year(toy_country().population_series, 2013)["31001"]
    np.float64(18000.0)
    """
    return series[series["year"] == year].set_index("commune_code")["population"]


def population_change(before: pd.Series, after: pd.Series, territories: Territories) -> pd.Series:
    """Give the relative change of the population between two dates (0.05: 5 % more).

    change = (sum of P_after - sum of P_before) / sum of P_before, over the communes known at both dates.

    Source: INSEE, legal populations 2013 to 2021.

    Parameters
    ----------
    before, after
        Inhabitants of each commune at the two dates, index `commune_code` (`population_of_year`).
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        -1 or more. NaN where no commune is known at both dates, or where nobody lived there at the first.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> before, after = (population_of_year(toy.population_series, year) for year in (2013, 2021))
    >>> change = population_change(before, after, Territories.of(toy.communes, "commune"))
    >>> round(change["31001"], 4)  # 18 000 to 20 000
    np.float64(0.1111)
    """
    first, last = territories.align(before), territories.align(after)
    both = np.isfinite(first) & np.isfinite(last)
    start = territories.total_known(np.where(both, first, np.nan))
    end = territories.total_known(np.where(both, last, np.nan))
    return ((end - start) / start.where(start > 0)).rename("population_change")


def population_weighted(values: pd.Series, territories: Territories) -> pd.Series:
    """Average a published value of each commune, weighted by its inhabitants: an estimate above the commune.

    value = sum of (population · value) / sum of population, over the communes where it is known. Used for the share of
    75 and over (the source gives a percentage and no count), the poverty rate and F-EDI, to be labelled « estimation ».

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


def share_population_known(values: pd.Series, territories: Territories) -> pd.Series:
    """Give the share (0 to 1) of the inhabitants who live in communes where a value is known.

    Parameters
    ----------
    values
        Value of each commune, index `commune_code`; NaN unknown.
    territories
        Territories of a level.

    Returns
    -------
    pandas.Series
        0 to 1; NaN where nobody lives.

    Examples
    --------
    >>> import pandas as pd
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> share_population_known(pd.Series({"31001": 0.08}), Territories.of(communes, "departement"))["31"].round(3)
    np.float64(0.769)
    """
    known = np.isfinite(territories.align(values))
    everywhere = np.ones_like(known)
    return territories.share(known, everywhere, territories.population).rename("share_population_known")
