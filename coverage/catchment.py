"""Floating catchments: how many GPs (or consultations) each place has per inhabitant, counting all that is in reach.

Common notation: w_ij weight of the trip from i to j, P_i demand, S_j supply. Common rules, for the functions below:

- demand (index: place code) absent or NaN is unknown: the place's result is NaN, and it weighs nothing on the others;
- supply absent is none; supply NaN is unknown: the result is NaN wherever it is in reach;
- nothing in reach of a place with a known demand is 0;
- a supply that no demand reaches serves nobody and counts nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from coverage.errors import CoverageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from coverage.decay import Catchments


class UnknownPlaceError(CoverageError, ValueError):
    """A table speaks of a place that the travel times do not know."""


class NegativeQuantityError(CoverageError, ValueError):
    """A demand or a supply is negative or infinite."""


def two_step(demand: pd.Series, supply: pd.Series, reach: Catchments) -> pd.Series:
    """Give the supply per unit of demand at each place, by two-step floating catchments.

    R_j = S_j / Σ_i w_ij P_i ; A_i = Σ_j w_ij R_j

    Source: Luo and Wang (2003) with a decay of one band (2SFCA); Luo and Qi (2009) with several (E2SFCA); the APL of
    the
    DREES with its own weights. Σ_i P_i A_i = Σ_j S_j when every supply has demand in reach.

    Parameters
    ----------
    demand : inhabitants (or standardised inhabitants), index place code.
    supply : GPs (or acts a year), index place code.
    reach : weighted catchments of the places.

    Returns
    -------
    Series "access", index place code in the order of `reach`: supply units per demand unit, 0 or more; see the module
    for NaN.

    Raises
    ------
    UnknownPlaceError, NegativeQuantityError
        See each.
    """
    need, offer = align_demand(demand, reach), align_supply(supply, reach)
    rate = supply_rates(offer, reach.weights.T @ np.nan_to_num(need))
    return _named(reach.weights @ rate, need, offer, reach)


def three_step(demand: pd.Series, supply: pd.Series, reach: Catchments) -> pd.Series:
    """Give the supply per unit of demand at each place, people choosing first among the sites in reach.

    G_ij = w_ij / Σ_k w_ik ; R_j = S_j / Σ_i G_ij w_ij P_i ; A_i = Σ_j G_ij w_ij R_j

    Source: Wan, Zou and Sternberg (2012), 3SFCA. The choice is among places that offer something (S_j not 0).

    Parameters, result and errors are those of `two_step`.
    """
    need, offer = align_demand(demand, reach), align_supply(supply, reach)
    sites = sparse.diags_array((offer != 0).astype(np.float64))  # NaN differs from 0: an unknown supply is a site
    weights = (reach.weights @ sites).tocsr()
    total = weights @ np.ones(len(offer))
    share = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    chosen = (sparse.diags_array(share) @ weights.multiply(weights)).tocsr()
    rate = supply_rates(offer, chosen.T @ np.nan_to_num(need))
    return _named(chosen @ rate, need, offer, reach)


def modified_two_step(demand: pd.Series, supply: pd.Series, reach: Catchments) -> pd.Series:
    """Give the supply per unit of demand at each place, distance also costing in absolute terms.

    A_i = Σ_j S_j w_ij² / Σ_k w_kj P_k

    Source: Delamater (2013), M2SFCA. Never above `two_step`: part of a badly placed supply reaches nobody.

    Parameters, result and errors are those of `two_step`.
    """
    need, offer = align_demand(demand, reach), align_supply(supply, reach)
    rate = supply_rates(offer, reach.weights.T @ np.nan_to_num(need))
    return _named(reach.weights.multiply(reach.weights).tocsr() @ rate, need, offer, reach)


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
    places = pd.Index(reach.place_codes)
    position = places.get_indexer(values.index)
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


def _named(
    access: npt.NDArray[np.float64], need: npt.NDArray[np.float64], offer: npt.NDArray[np.float64], reach: Catchments
) -> pd.Series:
    """Hide what cannot be known: places of unknown demand, and places within reach of an unknown supply."""
    hidden = np.isnan(need)
    unknown_supply = np.isnan(offer)
    if unknown_supply.any():
        hidden |= reach.weights @ unknown_supply.astype(np.float64) > 0
    return pd.Series(
        np.where(hidden, np.nan, access), index=pd.Index(reach.place_codes, name="commune_code"), name="access"
    )
