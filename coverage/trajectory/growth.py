"""How coverage grew: structures by half-year with the population of the day, ranks at each date, openings by year."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from coverage.indicators.cards.indicator import FROM_DEPARTEMENT
from coverage.indicators.population import population_for_rates
from coverage.indicators.structures import per_100k, population_per
from coverage.territories.aggregation import FloatArray, Territories, departement_units

Measure = Literal["n_structures", "per_100k", "population_per_structure"]

POPULATION_YEAR: Final = 2023
"""Vintage of the municipal populations of the list of communes (see the catalogue of sources)."""

BETTER_WHEN_LOW: Final = frozenset({"population_per_structure"})


def population_by_year(
    communes: pd.DataFrame,
    population_estimates: pd.DataFrame,
    current_year: int = POPULATION_YEAR,
    bpe_departements: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the inhabitants of departments, regions and France on 1 January of each year known.

    Before ``current_year``, INSEE's estimates that are no longer provisional: one geography for all years. In
    ``current_year``, the inhabitants that the indicators divide by, so that a curve ends on the figure of the map.

    Parameters
    ----------
    communes
        commune_code, departement_code, region_code, population (municipal, of `current_year`).
    population_estimates
        departement_code, year, population (by class of age), provisional.
    current_year
        Year of the populations of `communes`.
    bpe_departements
        For Mayotte of today, see `coverage.indicators.population.population_for_rates`.

    Returns
    -------
    pandas.DataFrame
        Index (level, territory_code), one column a year, increasing. NaN before a department has estimates.
    """
    settled = population_estimates[~population_estimates["provisional"] & (population_estimates["year"] < current_year)]
    by_departement = settled.pivot_table(
        index="departement_code", columns="year", values="population", aggfunc="sum", min_count=1
    )
    units = departement_units(communes)
    frames = []
    for level in FROM_DEPARTEMENT:
        departements = Territories.of(units, level)
        codes = units["departement_code"].to_numpy(dtype=object)
        years = {
            year: departements.total(departements.align(by_departement[year].dropna()))
            for year in by_departement.columns
        }
        years[current_year] = population_for_rates(departements, codes, bpe_departements)
        frame = pd.DataFrame(years)
        frame.index = pd.MultiIndex.from_product([[level], frame.index], names=["level", "territory_code"])
        frames.append(frame)
    return pd.concat(frames)


def population_at(by_year: pd.DataFrame, dates: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return the inhabitants at the end of some days, linear between two known 1 January; flat beyond the ends.

    At the end of the day, because a count of 31 December is set against the population of the next morning, 1 January.

    Parameters
    ----------
    by_year
        As returned by `population_by_year`.
    dates
        Days wanted.

    Returns
    -------
    pandas.DataFrame
        Same index, one column a date.
    """
    years = by_year.columns.to_numpy(dtype=np.float64)
    moments = [date.year + date.day_of_year / (366 if date.is_leap_year else 365) for date in dates]
    values = [_interpolated(moments, years, row) for row in by_year.to_numpy(dtype=np.float64)]
    return pd.DataFrame(values, index=by_year.index, columns=pd.DatetimeIndex(dates))


def _interpolated(moments: Sequence[float], years: FloatArray, row: FloatArray) -> FloatArray:
    known = np.isfinite(row)
    if not known.any():
        return np.full(len(moments), np.nan)
    return np.interp(moments, years[known], row[known])


def msp_by_half_year(
    msp_series: pd.DataFrame,
    communes: pd.DataFrame,
    population_estimates: pd.DataFrame,
    bpe_departements: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the labelled MSP of each territory over time, alone and against its population of the day.

    The one place where labelled MSP meet inhabitants: maps, cards, rankings, lines and exports all read it.

    Parameters
    ----------
    msp_series
        Table `msp_series`: level, territory_code, structure_type, date, n_structures.
    communes, population_estimates, bpe_departements
        As in `population_by_year`.

    Returns
    -------
    pandas.DataFrame
        As returned by `trajectory`.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> table = msp_by_half_year(toy.msp_series, toy.communes, toy.population_estimates)
    >>> float(table[table["level"] == "france"]["population_per_structure"].iloc[-1])  # 86 900 inhabitants, 10 MSP
    8690.0
    """
    series = msp_series[msp_series["structure_type"] == "msp"]
    by_year = population_by_year(communes, population_estimates, bpe_departements=bpe_departements)
    return trajectory(series, by_year)


def trajectory(series: pd.DataFrame, by_year: pd.DataFrame) -> pd.DataFrame:
    """Return the structures of each territory over time, alone and against its population of the day.

    Source: DGOS, half-yearly counts, published at each level and never added up; INSEE, estimates and
    municipal populations of 1 January.

    Parameters
    ----------
    series
        level, territory_code, date, n_structures: one type of structure of `msp_series`.
    by_year
        As returned by `population_by_year`.

    Returns
    -------
    pandas.DataFrame
        level, territory_code, date, n_structures, population, per_100k, population_per_structure (NaN where there is no
        structure), sorted by these first three.
    """
    dates = sorted(series["date"].unique())
    people = population_at(by_year, [pd.Timestamp(date) for date in dates])
    long = people.reset_index().melt(["level", "territory_code"], var_name="date", value_name="population")
    long["date"] = pd.to_datetime(long["date"])
    table = series[["level", "territory_code", "date", "n_structures"]].merge(
        long, on=["level", "territory_code", "date"], how="left"
    )
    table["per_100k"] = per_100k(table["n_structures"], table["population"])
    table["population_per_structure"] = population_per(table["n_structures"], table["population"])
    return table.sort_values(["level", "territory_code", "date"], ignore_index=True)


def rank_by_date(table: pd.DataFrame, level: str, measure: Measure) -> pd.DataFrame:
    """Return the rank of the territories of a level at each date, 1 the best served; equal values share the smaller.

    Parameters
    ----------
    table
        As returned by `trajectory`.
    level
        "region" or "departement".
    measure
        What they are ranked on: high is better, except for the population per structure.

    Returns
    -------
    pandas.DataFrame
        Index territory_code, one column a date; NaN where the value is unknown, or where there is no structure to be
        divided by.
    """
    rows = table[table["level"] == level]
    wide = rows.pivot_table(index="territory_code", columns="date", values=measure, aggfunc="first")
    return wide.rank(ascending=measure in BETTER_WHEN_LOW, method="min")


def openings_by_year(structures: pd.DataFrame) -> pd.DataFrame:
    """Return the sites still open today by year of opening, and cumulated.

    Closed sites have left the file: the past is underestimated, the more so the further back.

    Parameters
    ----------
    structures
        opened_on of each site; rows without a date are left out.

    Returns
    -------
    pandas.DataFrame
        Index year, without a gap from the first to the last; n_opened, n_cumulated. Empty when no site has a date.
    """
    years = structures["opened_on"].dropna().dt.year
    if years.empty:
        return pd.DataFrame({"n_opened": [], "n_cumulated": []}, dtype="int64")
    counts = years.value_counts().reindex(range(int(years.min()), int(years.max()) + 1), fill_value=0)
    return pd.DataFrame({"n_opened": counts, "n_cumulated": counts.cumsum()}).rename_axis("year")
