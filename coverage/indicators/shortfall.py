"""The full-time GPs behind the APL, those that are lacking and those about to leave, today and as projected.

One full-time GP is 5 400 consultations a year (DREES). Counts are added up over the units of the APL (communes, and
arrondissements of Paris, Lyon and Marseille), each judged by its own APL: a territory that is well served on average
may hold communes that are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.access.decay import read_access_parameters

if TYPE_CHECKING:
    from coverage.territories.aggregation import Territories

PER_INHABITANTS: Final = 10_000
LACKING: Final = "gp_fte_short_of_2_5_65"
KEY: Final = "projected_left_to_convince_share"
PROJECTED: Final = {
    "projected_need_to_find": "need_to_find",
    "projected_left_to_convince": "left_to_convince",
}
"""Id of each projected indicator, and its measure in `coverage.projection.MEASURES`."""

_ACTS: Final = {
    "gp_fte": "acts_apl",
    "gp_fte_short_of_2_5": "acts_lacking_apl",
    LACKING: "acts_lacking_apl_65",
    "gp_fte_over_65": "acts_over_65",
}


def acts_per_fte() -> float:
    """Return the consultations a year of one full-time GP (DREES)."""
    return float(read_access_parameters()["general_practitioner"]["acts_per_fte"])


def full_time_gps(by_commune: pd.DataFrame, territories: Territories) -> Iterator[tuple[str, pd.Series]]:
    """Yield the counts of full-time GPs of each territory, and the same for 10 000 inhabitants.

    gp_fte = sum of (standardised population · APL) / 5 400: the activity that the inhabitants reach, wherever its
    doctors are. gp_fte_short_of_2_5 = sum of (standardised population · max(0, 2.5 - APL)) / 5 400: a lower bound, as
    if each consultation reached only those who lack it. The same with "_65" on the APL of GPs of 65 or less.
    gp_fte_over_65 = sum of (standardised population · (APL - APL of 65 or less)) / 5 400.

    Source: DREES, APL aux médecins généralistes.

    Parameters
    ----------
    by_commune
        Result of `coverage.indicators.apl_summary.apl_by_commune`, which fixes the threshold.
    territories
        Territories of a level.

    Yields
    ------
    tuple of str and pandas.Series
        Each id, 0 or more, and its id with "_per_10k": the count over the municipal population of the communes where it
        is known. Communes without an APL are left out of both; NaN where no commune has one (Mayotte), and for 10 000
        inhabitants where nobody lives.

    Examples
    --------
    >>> from coverage.indicators.apl_summary import apl_by_commune
    >>> from coverage.territories.aggregation import Territories
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> counts = dict(full_time_gps(apl_by_commune(toy.apl, 2023), Territories.of(toy.communes, "departement")))
    >>> counts["gp_fte_short_of_2_5"]["32"].round(4)  # 600 · (2.5 - 1.1) / 5 400: Auchelle is above
    np.float64(0.1556)
    """
    acts_of_one = acts_per_fte()
    for name, column in _ACTS.items():
        count = territories.align(by_commune[column]) / acts_of_one
        total = territories.total_known(count)
        people = territories.total_known(np.where(np.isfinite(count), territories.population, np.nan))
        yield name, total
        yield f"{name}_per_10k", total / people.where(people > 0) * PER_INHABITANTS


def key_of_distribution(by_commune: pd.DataFrame, communes: Territories, departements: Territories) -> pd.Series:
    """Return the part (0 to 1) of each commune in the full-time GPs that its department lacks to reach 2.5.

    It is how a figure of the department may be shared out if doctors go where they are lacking: an assumption, not a
    projection of the commune. The parts of a department add up to 1.

    Parameters
    ----------
    by_commune
        Result of `coverage.indicators.apl_summary.apl_by_commune`; GPs of 65 or less.
    communes, departements
        The same communes, alone and by department.

    Returns
    -------
    pandas.Series
        Index commune code. NaN where the APL is unknown, and in a department that lacks nothing.

    Examples
    --------
    >>> from coverage.indicators.apl_summary import apl_by_commune
    >>> from coverage.territories.aggregation import Territories
    >>> from tests.toy import toy_country
    >>> toy = toy_country()
    >>> levels = (Territories.of(toy.communes, level) for level in ("commune", "departement"))
    >>> key_of_distribution(apl_by_commune(toy.apl, 2023), *levels).loc[["32001", "32002"]].tolist()
    [0.0, 1.0]
    """
    lacking = communes.align(by_commune[_ACTS[LACKING]])
    of_departement = departements.total_known(lacking).to_numpy()[departements.membership]
    return communes.place(
        np.divide(lacking, of_departement, out=np.full_like(lacking, np.nan), where=of_departement > 0)
    )


def projected_shortfall(yearly: pd.DataFrame, level: str, codes: pd.Index) -> pd.DataFrame:
    """Return what each territory has to find, and has left to convince, at the horizon of a projection.

    Parameters
    ----------
    yearly
        `coverage.projection.Projection.yearly`.
    level
        "departement", "region" or "france".
    codes
        Codes of the territories, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        Index `codes`, a column per id of `PROJECTED`, in GPs (heads), cumulated since the start. A negative number left
        to convince means more arrivals than needed. NaN where the projection is not possible.
    """
    at_end = yearly[(yearly["level"] == level) & (yearly["year"] == yearly["year"].max())].set_index("territory_code")
    return pd.DataFrame({name: at_end[measure].reindex(codes) for name, measure in PROJECTED.items()}, index=codes)
