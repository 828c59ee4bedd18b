"""How coverage grew: structures by half-year with the population of the day, ranks at each date, openings by year."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

Measure = Literal["n_structures", "per_100k", "population_per_structure"]

LEVEL_COLUMNS: Final = {"departement": "departement_code", "region": "region_code"}
BETTER_WHEN_LOW: Final = frozenset({"population_per_structure"})


def population_by_year(communes: pd.DataFrame, population_series: pd.DataFrame, current_year: int) -> pd.DataFrame:
    """Return the inhabitants of departments, regions and France on 1 January of each year known.

    A commune missing between two years is interpolated; one without any series (Mayotte) keeps its population of
    `current_year`, so that France counts the same communes at every date.

    Parameters
    ----------
    communes
        commune_code, departement_code, region_code, population (municipal, of `current_year`).
    population_series
        commune_code, year, population (legal, 1 January); NaN unknown.
    current_year
        Year of the populations of `communes`.

    Returns
    -------
    pandas.DataFrame
        Index (level, territory_code), one column a year, increasing.
    """
    by_commune = population_series.pivot_table(
        index="commune_code", columns="year", values="population", aggfunc="sum", min_count=1
    )
    by_commune = by_commune.reindex(communes["commune_code"])
    by_commune[current_year] = communes["population"].to_numpy(dtype=np.float64)
    by_commune = by_commune[sorted(by_commune.columns)]
    filled = by_commune.T.interpolate(method="index", limit_direction="both").T
    frames = [_sum_into(filled, communes[column], level) for level, column in LEVEL_COLUMNS.items()]
    frames.append(_sum_into(filled, pd.Series("FR", index=communes.index), "france"))
    return pd.concat(frames)


def _sum_into(by_commune: pd.DataFrame, codes: pd.Series, level: str) -> pd.DataFrame:
    sums = by_commune.groupby(codes.to_numpy()).sum(min_count=1)
    sums.index = pd.MultiIndex.from_product([[level], sums.index], names=["level", "territory_code"])
    return sums


def population_at(by_year: pd.DataFrame, dates: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return the inhabitants at some dates, linear between two 1 January; the nearest year beyond the ends.

    Parameters
    ----------
    by_year
        As returned by `population_by_year`.
    dates
        Dates wanted.

    Returns
    -------
    pandas.DataFrame
        Same index, one column a date.
    """
    years = by_year.columns.to_numpy(dtype=np.float64)
    moments = [date.year + (date.day_of_year - 1) / (366 if date.is_leap_year else 365) for date in dates]
    values = [np.interp(moments, years, row) for row in by_year.to_numpy(dtype=np.float64)]
    return pd.DataFrame(values, index=by_year.index, columns=pd.DatetimeIndex(dates))


def trajectory(series: pd.DataFrame, by_year: pd.DataFrame) -> pd.DataFrame:
    """Return the structures of each territory over time, alone and against its population of the day.

    ``per_100k = n / population × 100 000`` and ``population_per_structure = population / n``. Source: DGOS, half-yearly
    counts; INSEE, legal populations.

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
    table["per_100k"] = table["n_structures"] / table["population"] * 1e5
    table["population_per_structure"] = table["population"] / table["n_structures"].where(table["n_structures"] > 0)
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
