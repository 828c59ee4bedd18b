"""Supply of each commune, estimated from the published APL: an estimate, to be shown as such with its residual.

The DREES does not publish the acts of each commune. Under its own weights the APL is linear in them, so the acts that
explain the published figures best, none being negative, can be sought. Neighbouring communes that reach the same people
cannot be told apart: the total of a small area is better known than the place of each GP in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import optimize

from coverage.catchment import NegativeQuantityError, UnknownPlaceError
from coverage.errors import CoverageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from coverage.apl_engine import AplModel

MAX_ITERATIONS: Final = 100  # on all France 300 more lower the root mean square from 0.433 to 0.431
_CORRECTIONS: Final = 10  # pairs of vectors that L-BFGS keeps
_SMALLEST_GAIN: Final = 1e-9  # relative fall of the squared residual below which the fit has ended


class SupplyEstimateError(CoverageError, RuntimeError):
    """The fit did not end well, and its result must not be shown."""


@dataclass(frozen=True, eq=False)
class SupplyEstimate:
    """Acts a year of each commune that explain a published APL, and what they leave unexplained.

    Attributes
    ----------
    supply_acts
        Acts a year, index commune_code, 0 or more; NaN where nobody with a known APL is in reach.
    residual
        Refitted APL minus published APL, acts a year per standardised inhabitant; NaN where the APL is unknown.
    rmse
        Root of the mean squared residual, weighted by standardised population.
    share_explained
        1 - Σ P̃ residual² / Σ P̃ (APL - mean)²; NaN when the APL is the same everywhere.
    """

    supply_acts: pd.Series
    residual: pd.Series
    rmse: float
    share_explained: float


def estimate_supply(published_apl: pd.Series, model: AplModel) -> SupplyEstimate:
    """Estimate the supply of each commune, in acts a year, by non-negative least squares on the published APL.

    minimise Σ_i P̃_i (Σ_j w_ij S_j / D_j - APL_i)², S_j >= 0, with D_j = Σ_k w_kj P̃_k. Weighting by P̃ makes the
    total of
    the acts come out as Σ P̃·APL, as in the DREES's own model. Started from S_j = P̃_j APL_j, so that places that
    cannot be told apart share what they have in common by their inhabitants.

    Parameters
    ----------
    published_apl : acts a year per standardised inhabitant, index commune_code; absent or NaN is unknown.
    model : demand and weights, of the same vintage.

    Raises
    ------
    UnknownPlaceError
        An APL is given for a commune that the model does not know.
    NegativeQuantityError
        An APL is negative.
    SupplyEstimateError
        The solver failed.
    """
    published = _aligned(published_apl, model)
    known = np.isfinite(published) & (np.nan_to_num(model.demand) > 0)
    weight = np.where(known, np.nan_to_num(model.demand), 0.0)
    total = float(weight.sum())
    target = np.where(known, published, 0.0)
    weights, transposed = model.reach.weights, model.reach.transposed
    reached = transposed @ weight > 0
    if not reached.any():
        nothing = pd.Series(np.nan, index=model.places)
        return SupplyEstimate(nothing.rename("supply_acts"), nothing.rename("residual"), float("nan"), float("nan"))
    # The unknowns are the rates S/D, each divided by the length of its column: without it a hamlet and Paris differ a
    # million times in curvature and the descent crawls.
    length = np.sqrt(transposed.multiply(transposed) @ weight)
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=reached)

    def loss(unknown: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        error = weights @ (unknown * scale) - target
        return 0.5 * float(weight @ error**2) / total, (transposed @ (weight * error)) * scale / total

    own_rate = np.divide(weight * target, model.demand_in_reach, out=np.zeros_like(weight), where=reached)
    fit = optimize.minimize(
        loss,
        own_rate * length,
        jac=True,
        method="L-BFGS-B",
        bounds=optimize.Bounds(0, np.inf),
        options={"maxiter": MAX_ITERATIONS, "maxcor": _CORRECTIONS, "ftol": _SMALLEST_GAIN, "gtol": 1e-12},
    )
    if not np.isfinite(fit.fun):
        raise SupplyEstimateError(f"Offre estimée : attendu un ajustement fini, trouvé {fit.message}.")
    rate = fit.x * scale
    residual = np.where(known, weights @ rate - target, np.nan)
    squared = float(weight @ np.nan_to_num(residual) ** 2)
    spread = float(weight @ np.where(known, target - (weight @ target) / total, 0.0) ** 2)
    return SupplyEstimate(
        supply_acts=pd.Series(
            np.where(reached, rate * model.demand_in_reach, np.nan), index=model.places, name="supply_acts"
        ),
        residual=pd.Series(residual, index=model.places, name="residual"),
        rmse=float(np.sqrt(squared / total)),
        share_explained=1 - squared / spread if spread > 0 else float("nan"),
    )


def estimate_supply_by_age(apl_table: pd.DataFrame, model: AplModel) -> tuple[SupplyEstimate, SupplyEstimate]:
    """Estimate apart the supply of GPs of 65 or less and of GPs over 65, in acts a year.

    The second is fitted on the difference of the two published series, so that neither can be negative anywhere.

    Parameters
    ----------
    apl_table : columns apl and apl_65 of `coverage.apl_engine.apl_by_commune`.
    model : demand and weights, of the same vintage.

    Returns
    -------
    (of GPs of 65 or less, of GPs over 65); the supply of all ages is their sum.
    """
    over_65 = (apl_table["apl"] - apl_table["apl_65"]).clip(lower=0)  # -0.001 by rounding to three decimals
    return estimate_supply(apl_table["apl_65"], model), estimate_supply(over_65, model)


def _aligned(published_apl: pd.Series, model: AplModel) -> npt.NDArray[np.float64]:
    unknown = published_apl.index.difference(model.places)
    if len(unknown):
        raise UnknownPlaceError(f"APL : attendu des lieux de la matrice de temps, trouvé {list(unknown[:5])}.")
    if bool((published_apl < 0).any()):
        raise NegativeQuantityError(f"APL : attendu des valeurs positives, trouvé {published_apl.min()}.")
    aligned: npt.NDArray[np.float64] = published_apl.reindex(model.places).to_numpy(np.float64)
    return aligned
