"""How two indicators go together: correlations of Pearson and of Spearman, each place counted once or by its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FEWEST_PLACES: Final = 10
"""Under it no correlation is given: with ten places chance alone often passes 0.6."""


@dataclass(frozen=True)
class Correlation:
    """Correlations of two indicators.

    Attributes
    ----------
    n_places
        Places whose two values are known and finite.
    pearson, spearman
        From -1 to 1; NaN under `FEWEST_PLACES`, and where one of the indicators does not vary.
    """

    n_places: int
    pearson: float
    spearman: float


def correlate(first: FloatArray, second: FloatArray, weights: FloatArray | None = None) -> Correlation:
    """Return the correlations of two indicators over some places.

    Parameters
    ----------
    first, second
        Their values, one a place; NaN is unknown, an infinite value (no road) is left out too.
    weights
        Weight of each place, its inhabitants for instance; NaN or 0 leaves a place out. None: each counts once.

    Returns
    -------
    Correlation
        With whole weights, those of a list where each place would stand as many times as its weight.
    """
    kept = np.isfinite(first) & np.isfinite(second)
    if weights is not None:
        kept &= np.nan_to_num(weights) > 0
    n_places = int(kept.sum())
    if n_places < FEWEST_PLACES:
        return Correlation(n_places, float("nan"), float("nan"))
    x, y = first[kept], second[kept]
    shares = np.ones(n_places) if weights is None else weights[kept]
    shares = shares / shares.sum()
    ranks = (weighted_ranks(x, shares), weighted_ranks(y, shares))
    return Correlation(n_places, _pearson(x, y, shares), _pearson(*ranks, shares))


def weighted_ranks(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the rank of each value: the weight of the lower ones and half that of its equals, itself among them."""
    _, place = np.unique(values, return_inverse=True)
    weight = np.bincount(place, weights=weights)
    ranks: FloatArray = (np.cumsum(weight) - weight / 2)[place]
    return ranks


def _pearson(x: FloatArray, y: FloatArray, shares: FloatArray) -> float:
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    across, along = x - shares @ x, y - shares @ y
    return float((shares @ (across * along)) / np.sqrt((shares @ across**2) * (shares @ along**2)))
