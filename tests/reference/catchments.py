"""The floating catchments of the literature, with their decays, on the weights of `coverage.access`.

Rules on the unknown: see `coverage.access.catchment`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from coverage.access.catchment import align_demand, align_supply, supply_rates
from coverage.access.decay import Catchments, Decay, DecayError
from geo.documents import read_toml

if TYPE_CHECKING:
    import numpy.typing as npt

DECAYS_FILE = Path(__file__).with_name("decays.toml")


def published_decay(name: str) -> Decay:
    """Return a decay of the literature: "two_step", "enhanced_two_step" or "three_step".

    Raises
    ------
    DecayError
        No decay has this name.
    """
    decays = read_toml(DECAYS_FILE)["decay"]
    if name not in decays:
        raise DecayError(f"Décroissance : attendu {', '.join(decays)}, trouvé {name!r}.")
    table = decays[name]
    return Decay(name, tuple(table["upper_min"]), tuple(table["weight"]), table["source"])


def two_step(demand: pd.Series, supply: pd.Series, reach: Catchments) -> pd.Series:
    """Return the supply per unit of demand at each place, by two-step floating catchments.

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
    """Return the supply per unit of demand at each place, people choosing first among the sites in reach.

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
    """Return the supply per unit of demand at each place, distance also costing in absolute terms.

    A_i = Σ_j S_j w_ij² / Σ_k w_kj P_k

    Source: Delamater (2013), M2SFCA. Never above `two_step`: part of a badly placed supply reaches nobody.

    Parameters, result and errors are those of `two_step`.
    """
    need, offer = align_demand(demand, reach), align_supply(supply, reach)
    rate = supply_rates(offer, reach.weights.T @ np.nan_to_num(need))
    return _named(reach.weights.multiply(reach.weights).tocsr() @ rate, need, offer, reach)


def _named(
    access: npt.NDArray[np.float64], need: npt.NDArray[np.float64], offer: npt.NDArray[np.float64], reach: Catchments
) -> pd.Series:
    """Hide what cannot be known: places of unknown demand, and places within reach of an unknown supply."""
    hidden = np.isnan(need)
    unknown_supply = np.isnan(offer)
    if unknown_supply.any():
        hidden |= reach.weights @ unknown_supply.astype(np.float64) > 0
    return pd.Series(np.where(hidden, np.nan, access), index=reach.places, name="access")
