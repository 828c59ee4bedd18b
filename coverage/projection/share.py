"""The part of a projection that falls to any set of communes: each department counts for the part of its people there.

The model knows departments only. Every figure made here is an estimate of a second degree: it assumes that the GPs of a
department are aged, leave, come and are needed alike wherever its people live.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.projection.path import MEASURES

RATIO: Final = "gp_per_100k"
"""The one measure that is not a sum."""
COUNTS: Final = tuple(name for name in MEASURES if name != RATIO)


def departement_shares(communes: pd.DataFrame, inside: npt.NDArray[np.bool_]) -> "pd.Series[float]":
    """Return the part (0 to 1) of the people of each department that a set of communes holds.

    Parameters
    ----------
    communes
        Table of communes: departement_code, population.
    inside
        True for each commune of the set, in the order of the table.

    Returns
    -------
    pandas.Series
        Index departement_code, those that the set touches only, sorted. A commune of unknown population counts for
        nobody; 0 where nobody lives in the part.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> communes = toy_country().communes
    >>> departement_shares(communes, communes["commune_code"].isin(["31001", "32001"]).to_numpy()).round(3).to_dict()
    {'31': 0.769, '32': 0.899}
    """
    homes = communes["departement_code"]
    whole = communes["population"].groupby(homes).sum()
    part = communes["population"][inside].groupby(homes[inside]).sum()
    return (part / whole.reindex(part.index).where(lambda people: people > 0)).fillna(0.0).rename("share")


def share_of_path(yearly: pd.DataFrame, shares: "pd.Series[float]") -> pd.DataFrame:
    """Return the yearly measures of a set of communes: the sum over departments of share · measure.

    Parameters
    ----------
    yearly
        `coverage.projection.Projection.yearly`.
    shares
        Result of `departement_shares`.

    Returns
    -------
    pandas.DataFrame
        Index year, the columns of `MEASURES`, n_departements and n_unknown: the departments projected, and those left
        out of the sums because their data are missing. NaN where none is projected. `gp_per_100k` divides the sums.
    """
    rows = yearly[(yearly["level"] == "departement") & yearly["territory_code"].isin(shares.index)]
    weight = rows["territory_code"].map(shares).to_numpy(np.float64)
    unknown = rows["left_to_convince"].isna().groupby(rows["territory_code"]).any()
    known = ~rows["territory_code"].map(unknown).to_numpy(dtype=bool)
    weighed = rows[list(COUNTS)].mul(weight, axis=0)[known]
    sums = weighed.groupby(rows.loc[known, "year"]).sum().reindex(sorted(rows["year"].unique()))
    sums[RATIO] = 1e5 * sums["stock"] / sums["population"].where(sums["population"] > 0)
    return sums[list(MEASURES)].assign(n_departements=int((~unknown).sum()), n_unknown=int(unknown.sum()))


def share_of_band(bands: pd.DataFrame, yearly: pd.DataFrame, shares: "pd.Series[float]") -> pd.DataFrame:
    """Return the bounds of a set of communes: the sum over departments of share · bound.

    The departments are taken to miss in the same direction: the band is rather too wide.

    Parameters
    ----------
    bands
        p10 and p90, index level, territory_code, measure, year.
    yearly, shares
        As in `share_of_path`; `yearly` weighs the ratio by people.

    Returns
    -------
    pandas.DataFrame
        p10 and p90, index measure, year; a department without a band is left out, NaN where none has one.
    """
    rows = bands.xs("departement", level=0).reset_index()
    rows = rows[rows["territory_code"].isin(shares.index) & rows["p10"].notna()]
    of_year = yearly[yearly["level"] == "departement"].set_index(["territory_code", "year"])["population"]
    people = of_year.reindex(pd.MultiIndex.from_frame(rows[["territory_code", "year"]])).to_numpy(np.float64)
    weight = rows["territory_code"].map(shares).to_numpy(np.float64)
    is_ratio = (rows["measure"] == RATIO).to_numpy()
    weight = np.where(is_ratio, weight * people, weight)
    divisor = pd.Series(np.where(is_ratio, weight, np.nan), index=rows.index)
    keys = [rows["measure"], rows["year"]]
    sums = rows[["p10", "p90"]].mul(weight, axis=0).groupby(keys).sum()
    people_of = divisor.groupby(keys).sum(min_count=1)
    return sums.div(people_of.where(people_of > 0).fillna(1.0), axis=0)


def share_of_ages(ages: pd.DataFrame, shares: "pd.Series[float]", year: int) -> "pd.Series[float]":
    """Return the GPs by age of a set of communes in one year (index age): the sum over departments of share · GPs.

    Parameters
    ----------
    ages
        `coverage.projection.Projection.ages`.
    shares, year
        As in `share_of_path`; the base year or the horizon.
    """
    rows = ages[(ages["level"] == "departement") & (ages["year"] == year) & ages["territory_code"].isin(shares.index)]
    counts = rows["n_gp"] * rows["territory_code"].map(shares)
    return counts.groupby(rows["age"]).sum(min_count=1)


def share_of_margin(margins: pd.DataFrame, shares: "pd.Series[float]") -> float:
    """Return by how much the arrivals of a set of communes must move for nobody to be left to convince.

    Parameters
    ----------
    margins
        `coverage.projection.arrivals_margin`, index level, territory_code.
    shares
        As in `share_of_path`.

    Returns
    -------
    float
        Relative, as `arrivals_margin`: sum of share · left / sum of share · effect; NaN where nobody arrives.
    """
    rows = margins.loc["departement"].reindex(shares.index)
    known = rows["effect"].notna().to_numpy()
    left, effect = (float((rows[name] * shares)[known].sum()) for name in ("left_to_convince", "effect"))
    return left / effect if effect > 0 else float("nan")
