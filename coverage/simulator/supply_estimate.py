"""Supply of each commune: the GPs that the BPE counts there, their activity from the published APL, and the residual.

The DREES does not publish the acts of each commune. Under its own weights the APL is linear in them, so the acts that
explain the published figures best, none being negative, can be sought. Left free, the fit cannot tell apart
neighbouring communes that reach the same people: in 2023 it explains 89 % of the APL (root mean square 0.43) but puts
a quarter of the acts where there is no GP, and leaves 22 000 GPs of 60 600 in communes of less than a tenth of a full
time. The counts alone, each GP as active as the mean, explain 26 % (1.11). The acts are therefore fitted within what
the GPs of each commune can do at most: 74 % (0.65), none where there is no GP, 3 800 GPs left with next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import optimize

from coverage.access.catchment import NegativeQuantityError, UnknownPlaceError
from coverage.errors import CoverageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from coverage.access.apl_model import AplModel

MAX_ITERATIONS: Final = 100  # on all France 300 more lower the root mean square from 0.433 to 0.431
_CORRECTIONS: Final = 10  # pairs of vectors that L-BFGS keeps
_SMALLEST_GAIN: Final = 1e-9  # relative fall of the squared residual below which the fit has ended
_IN_FULL: Final = "supply_counted"


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
        1 - Σ P̃ residual² / Σ P̃ (APL - mean)²; negative when worse than the mean; NaN when the APL is the same
        everywhere.
    """

    supply_acts: pd.Series
    residual: pd.Series
    rmse: float
    share_explained: float


def most_acts(n_gp: pd.Series, apl_parameters: pd.DataFrame) -> pd.Series:
    """Give the acts a year that the GPs of a commune can be counted for at most, by the bound of the DREES for one GP.

    Parameters
    ----------
    n_gp : GPs of each commune (places of practice of the BPE), NaN unknown.
    apl_parameters : snapshot table; its last band of `supply_counted` (6 000 acts a year).

    Returns
    -------
    Acts a year, same index; NaN unknown.

    Examples
    --------
    >>> from tests.toy import toy_country
    >>> most_acts(pd.Series({"31001": 2.0, "31004": 0.0}), toy_country().apl_parameters).to_dict()
    {'31001': 12000.0, '31004': 0.0}
    """
    bands = apl_parameters[apl_parameters["parameter"] == _IN_FULL]
    return n_gp * float(bands.loc[bands["lower"].idxmax(), "value"])


def estimate_supply(published_apl: pd.Series, model: AplModel, most: pd.Series | None = None) -> SupplyEstimate:
    """Estimate the supply of each commune, in acts a year, by bounded least squares on the published APL.

    minimise Σ_i P̃_i (Σ_j w_ij S_j / D_j - APL_i)², 0 <= S_j <= most_j, with D_j = Σ_k w_kj P̃_k. Weighting by P̃ makes
    the total of the acts come out as Σ P̃·APL, as in the DREES's own model, as far as the bounds let it. Started from a
    same share of most_j, and from P̃_j APL_j where there is no bound, so that places that cannot be told apart share
    what they have in common by their GPs, or by their inhabitants.

    Parameters
    ----------
    published_apl : acts a year per standardised inhabitant, index commune_code; absent or NaN is unknown.
    model : demand and weights, of the same vintage.
    most : acts a year that a commune can have at most, index commune_code; absent or NaN is no bound. None for no bound
        at all.

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
    ceiling = np.full(len(reached), np.inf)
    if most is not None:
        bounds = most.reindex(model.places).to_numpy(np.float64)
        ceiling = np.where(np.isnan(bounds), np.inf, bounds)
    ceiling = np.where(reached, ceiling, 0.0)
    # The unknowns are the rates S/D, each divided by the length of its column: without it a hamlet and Paris differ a
    # million times in curvature and the descent crawls.
    length = np.sqrt(transposed.multiply(transposed) @ weight)
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=reached)
    per_act = np.divide(length, model.demand_in_reach, out=np.zeros_like(length), where=reached)

    def loss(unknown: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        error = weights @ (unknown * scale) - target
        return 0.5 * float(weight @ error**2) / total, (transposed @ (weight * error)) * scale / total

    bounded = np.isfinite(ceiling)
    used = min(1.0, float(weight @ target) / ceiling[bounded].sum()) if ceiling[bounded].any() else 0.0
    start = np.where(bounded, np.where(bounded, ceiling, 0.0) * used, weight * target)
    highest = np.where(bounded, np.where(bounded, ceiling, 0.0) * per_act, np.inf)
    fit = _minimise(loss, start * per_act, highest)
    if not np.isfinite(fit.fun):
        raise SupplyEstimateError(f"Offre estimée : attendu un ajustement fini, trouvé {fit.message}.")
    acts = np.where(reached, fit.x * scale * model.demand_in_reach, np.nan)
    return assess_supply(pd.Series(np.fmin(acts, ceiling), index=model.places).where(reached), published_apl, model)


def assess_supply(supply_acts: pd.Series, published_apl: pd.Series, model: AplModel) -> SupplyEstimate:
    """Set the APL that a supply gives against the published one.

    Parameters
    ----------
    supply_acts : acts a year of each commune, in the order of `model.places`; NaN where nobody is in reach.
    published_apl, model : as `estimate_supply`.
    """
    published = _aligned(published_apl, model)
    known = np.isfinite(published) & (np.nan_to_num(model.demand) > 0)
    weight = np.where(known, np.nan_to_num(model.demand), 0.0)
    total, target = float(weight.sum()), np.where(known, published, 0.0)
    residual = np.where(known, model.change(np.nan_to_num(supply_acts.to_numpy(np.float64))) - target, np.nan)
    squared = float(weight @ np.nan_to_num(residual) ** 2)
    spread = float(weight @ np.where(known, target - (weight @ target) / total, 0.0) ** 2)
    return SupplyEstimate(
        supply_acts=supply_acts.rename("supply_acts"),
        residual=pd.Series(residual, index=model.places, name="residual"),
        rmse=float(np.sqrt(squared / total)),
        share_explained=1 - squared / spread if spread > 0 else float("nan"),
    )


def assess_counts(n_gp: pd.Series, published_apl: pd.Series, model: AplModel) -> SupplyEstimate:
    """Set the APL that the counts alone give, every GP being as active as the mean, against the published one.

    S_j = n_j · Σ P̃·APL / Σ n, over the communes from which someone of known demand is in reach.

    Parameters
    ----------
    n_gp : GPs of each commune, index commune_code; absent or NaN counts none.
    published_apl, model : as `estimate_supply`.
    """
    counted = np.where(model.demand_in_reach > 0, np.nan_to_num(n_gp.reindex(model.places).to_numpy(np.float64)), 0.0)
    acts = float(np.nansum(model.demand * _aligned(published_apl, model)))
    return assess_supply(pd.Series(counted * acts / counted.sum(), index=model.places), published_apl, model)


def share_without_gp(supply_acts: pd.Series, n_gp: pd.Series) -> float:
    """Return the share (0 to 1) of the acts that a supply puts in communes known to have no GP.

    Examples
    --------
    >>> share_without_gp(pd.Series({"31001": 300.0, "31004": 100.0}), pd.Series({"31001": 2.0, "31004": 0.0}))
    0.25
    """
    return float(supply_acts[n_gp.reindex(supply_acts.index) == 0].sum() / supply_acts.sum())


def _minimise(
    loss: Callable[[npt.NDArray[np.float64]], tuple[float, npt.NDArray[np.float64]]],
    start: npt.NDArray[np.float64],
    highest: npt.NDArray[np.float64],
) -> optimize.OptimizeResult:
    """Minimise over quantities from 0 to a highest, starting anew where the solver stopped until that gains nothing.

    L-BFGS-B may stop on a bound before the optimum, with the pairs of vectors that it keeps; without them it goes on.
    """
    left, point, before = MAX_ITERATIONS, start, np.inf
    while True:
        options = {"maxiter": left, "maxcor": _CORRECTIONS, "ftol": _SMALLEST_GAIN, "gtol": 1e-12}
        fit = optimize.minimize(
            loss, point, jac=True, method="L-BFGS-B", bounds=optimize.Bounds(0, highest), options=options
        )
        left -= max(fit.get("nit", 0), 1)  # none is counted where every quantity is fixed at 0
        if left <= 0 or not before - fit.fun > _SMALLEST_GAIN * fit.fun:
            return fit
        point, before = fit.x, fit.fun


def estimate_supply_by_age(
    apl_table: pd.DataFrame, model: AplModel, most: pd.Series | None = None
) -> tuple[SupplyEstimate, SupplyEstimate]:
    """Estimate the supply of GPs of all ages, and that of GPs over 65 within it, in acts a year.

    The second is fitted on the difference of the two published series and never exceeds the first, so that what is left
    to GPs of 65 or less is negative nowhere.

    Parameters
    ----------
    apl_table : columns apl and apl_65 of `coverage.access.apl_model.apl_by_commune`.
    model, most : as `estimate_supply`.

    Returns
    -------
    (of GPs of all ages, of GPs over 65); the supply of GPs of 65 or less is their difference.
    """
    over_65 = (apl_table["apl"] - apl_table["apl_65"]).clip(lower=0)  # -0.001 by rounding to three decimals
    every = estimate_supply(apl_table["apl"], model, most)
    return every, estimate_supply(over_65, model, every.supply_acts)


def _aligned(published_apl: pd.Series, model: AplModel) -> npt.NDArray[np.float64]:
    unknown = published_apl.index.difference(model.places)
    if len(unknown):
        raise UnknownPlaceError(f"APL : attendu des lieux de la matrice de temps, trouvé {list(unknown[:5])}.")
    if bool((published_apl < 0).any()):
        raise NegativeQuantityError(f"APL : attendu des valeurs positives, trouvé {published_apl.min()}.")
    aligned: npt.NDArray[np.float64] = published_apl.reindex(model.places).to_numpy(np.float64)
    return aligned
