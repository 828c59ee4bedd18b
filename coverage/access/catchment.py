"""Parts of the floating catchments: demand and supply on the places, and each supply shared by the demand in reach.

Common notation: w_ij weight of the trip from i to j, P_i demand, S_j supply. Common rules:

- demand (index: place code) absent or NaN is unknown: the place's result is NaN, and it weighs nothing on the others;
- supply absent is none; supply NaN is unknown: the result is NaN wherever it is in reach;
- nothing in reach of a place with a known demand is 0;
- a supply that no demand reaches serves nobody and counts nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.errors import CoverageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from coverage.access.decay import Catchments


class UnknownPlaceError(CoverageError, ValueError):
    """A table speaks of a place that the travel times do not know."""


class NegativeQuantityError(CoverageError, ValueError):
    """A demand or a supply is negative or infinite."""


def supply_rates(offer: npt.NDArray[np.float64], demand_in_reach: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give R_j = S_j / demand in reach of j; 0 where the supply is none, unknown, or reached by nobody."""
    rate = np.zeros_like(offer)
    np.divide(np.nan_to_num(offer), demand_in_reach, out=rate, where=demand_in_reach > 0)
    return rate


def align_demand(demand: pd.Series, reach: Catchments) -> npt.NDArray[np.float64]:
    """Put a demand in the order of the places, NaN where it is not given."""
    return _align(demand, reach, np.nan, "demande")


def align_supply(supply: pd.Series, reach: Catchments) -> npt.NDArray[np.float64]:
    """Put a supply in the order of the places, 0 where it is not given, NaN where it is said to be unknown."""
    return _align(supply, reach, 0.0, "offre")


def _align(values: pd.Series, reach: Catchments, absent: float, what: str) -> npt.NDArray[np.float64]:
    places = reach.places
    same = values.index.equals(places)  # a supply of the model's own: nothing to look up
    position = np.arange(len(places)) if same else places.get_indexer(values.index)
    if (position < 0).any():
        unknown = list(values.index[position < 0][:5])
        raise UnknownPlaceError(f"{what} : attendu des lieux de la matrice de temps, trouvé {unknown}.")
    if values.index.has_duplicates:
        twice = list(values.index[values.index.duplicated()][:5])
        raise UnknownPlaceError(f"{what} : attendu chaque lieu une fois, trouvé plusieurs fois {twice}.")
    given = values.to_numpy(np.float64, na_value=np.nan)
    if bool(((given < 0) | np.isinf(given)).any()):
        raise NegativeQuantityError(f"{what} : attendu des valeurs finies et positives, trouvé {np.nanmin(given)}.")
    aligned = np.full(len(places), absent)
    aligned[position] = given
    return aligned
