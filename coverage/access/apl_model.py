"""The APL of the DREES as a model that can be run: demand, weights, and what a change of supply does to each commune.

Linear in the supply, so that a what-if is exact up to travel times: it is added to the published APL instead of
replacing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.access.catchment import align_demand, align_supply, supply_rates
from coverage.access.decay import Catchments, catchments, drees_decay
from coverage.errors import CoverageError
from coverage.indicators import apl_summary

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.travel_time.matrix import TravelTimes

APL_COLUMNS = ("apl", "apl_65", "population_standardised", "population_total")


class UnknownVintageError(CoverageError, ValueError):
    """The table of the APL has no such year."""


@dataclass(frozen=True, eq=False)
class AplModel:
    """Everything of the APL but the supply. Make one with `apl_model`.

    Attributes
    ----------
    reach
        Weighted catchments, with the decay of the DREES.
    demand
        Standardised inhabitants of each place, NaN where unknown (Mayotte).
    demand_in_reach
        Σ_k w_kj P̃_k: standardised inhabitants that weigh on a GP who would practise at j.
    """

    reach: Catchments
    demand: npt.NDArray[np.float64]
    demand_in_reach: npt.NDArray[np.float64]

    @property
    def places(self) -> pd.Index:
        """Codes of the places, in the order of the arrays."""
        return self.reach.places

    def apl(self, supply_acts: pd.Series) -> pd.Series:
        """Return the APL, in acts a year per standardised inhabitant, of a supply in acts a year (index commune_code).

        APL_i = Σ_j w_ij S_j / Σ_k w_kj P̃_k. Absent supply is none; NaN where the demand is unknown.
        """
        acts = align_supply(supply_acts, self.reach)
        change = self.change(acts)
        return pd.Series(change, index=self.places, name="apl")

    def change(self, acts_change: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Give the change of APL at each place for a change of supply (acts a year, either sign, order of the places).

        Δ APL_i = Σ_j w_ij ΔS_j / Σ_k w_kj P̃_k. NaN where the demand is unknown, or where an unknown ΔS_j is in reach.
        """
        unknown = np.isnan(acts_change)
        result = self.reach.weights @ supply_rates(acts_change, self.demand_in_reach)
        hidden = np.isnan(self.demand)
        if unknown.any():
            hidden |= self.reach.weights @ unknown.astype(np.float64) > 0
        return np.where(hidden, np.nan, result)


def apl_model(times: TravelTimes, population_standardised: pd.Series, apl_parameters: pd.DataFrame) -> AplModel:
    """Prepare the APL of the DREES on the communes of the travel times.

    Parameters
    ----------
    times : minutes between communes, limit at least 20.
    population_standardised : standardised inhabitants, index commune_code; absent or NaN is unknown.
    apl_parameters : snapshot table of the sheet « Paramètres ».

    Raises
    ------
    DecayError, UnknownPlaceError, NegativeQuantityError
        See each.
    """
    reach = catchments(times, drees_decay(apl_parameters))
    demand = align_demand(population_standardised, reach)
    return AplModel(reach, demand, reach.transposed @ np.nan_to_num(demand))


def apl_by_commune(apl: pd.DataFrame, vintage: int) -> pd.DataFrame:
    """Return the published APL of one vintage on the current communes, with the populations that the engine needs.

    A view of `coverage.indicators.apl_summary.apl_by_commune`, where merged communes and arrondissements are averaged.

    Parameters
    ----------
    apl : snapshot table (vintage, commune_code, apl, apl_65, population_standardised, population_total).
    vintage : year.

    Returns
    -------
    Columns apl, apl_65 (acts a year per standardised inhabitant), population_standardised, population_total (those of
    the units with an APL); index commune_code, sorted; communes without APL are absent.

    Raises
    ------
    UnknownVintageError
        The table has no row of that year.
    """
    years = sorted(set(apl["vintage"]))
    if vintage not in years:
        raise UnknownVintageError(f"APL : attendu un millésime parmi {years}, trouvé {vintage}.")
    table = apl_summary.apl_by_commune(apl, vintage)
    return table.assign(population_standardised=table["weight_apl"], population_total=table["population_apl"])[
        list(APL_COLUMNS)
    ]
