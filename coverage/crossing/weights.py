"""Places ranked on several criteria by several decision makers, and what of the ranking stays when weights change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOST_WEIGHT: Final = 5
FIRST: Final = 20
DRAWS: Final = 1000
SEED: Final = 20260101
CLOSENESS: Final = 10.0
"""Sum of the parameters of a Dirichlet law for each criterion, where draws stay around given weights: with five
criteria of equal weight, two draws in three give each from 14 to 26 % of the whole."""
_CELLS_AT_A_TIME: Final = 4_000_000
"""Scores held at a time: 32 MB."""
_SAME: Final = 1e-9
"""Scores nearer than it are equal: the sum of the same ranks may differ by its last digits."""


def percentile_ranks(values: FloatArray, low_first: BoolArray) -> FloatArray:
    """Return the percentile rank of each place on each criterion, 1 for the most urgent.

    Parameters
    ----------
    values
        Shape (places, criteria), all known; an infinite value is the last there is.
    low_first
        For each criterion, True where a low value is what is urgent.

    Returns
    -------
    numpy.ndarray of float
        Same shape, between 0 and 1: the share of places less urgent, and half of the equal ones, itself among them.
    """
    ranks = np.empty(values.shape, dtype=np.float64)
    for criterion in range(values.shape[1]):
        urgency = -values[:, criterion] if low_first[criterion] else values[:, criterion]
        _, place, count = np.unique(urgency, return_inverse=True, return_counts=True)
        ranks[:, criterion] = ((np.cumsum(count) - count / 2) / max(len(values), 1))[place]
    return ranks


def scores_of(ranks: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the score of each place for each decision maker: the weighted mean of its ranks.

    Parameters
    ----------
    ranks
        Result of `percentile_ranks`, shape (places, criteria).
    weights
        Shape (decision makers, criteria), 0 or more.

    Returns
    -------
    numpy.ndarray of float
        Shape (places, decision makers), between 0 and 1; NaN for one who gives no weight to anything.
    """
    sums = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, sums, out=np.full(weights.shape, np.nan), where=sums > 0)
    scores: FloatArray = ranks @ shares.T
    return scores


def places_of(scores: FloatArray) -> FloatArray:
    """Return the place of each score in its column, 1 for the highest; equal scores share the smaller place.

    A column of NaN stays NaN.
    """
    places = np.empty(scores.shape, dtype=np.float64)
    for maker in range(scores.shape[1]):
        column = np.round(scores[:, maker] / _SAME) * _SAME
        _, position, count = np.unique(-column, return_inverse=True, return_counts=True)
        places[:, maker] = np.where(np.isnan(column), np.nan, (np.cumsum(count) - count + 1)[position])
    return places


def random_weights(n_criteria: int, n_draws: int = DRAWS, *, around: FloatArray | None = None) -> FloatArray:
    """Draw weights that are all positive and add up to 1, the same at each call.

    Parameters
    ----------
    n_criteria, n_draws
        Shape of what comes out.
    around
        Weights that the draws stay near (their mean is that of the draws); None: all weights are as likely.

    Returns
    -------
    numpy.ndarray of float
        Shape (draws, criteria), by a Dirichlet law.
    """
    parameters = np.ones(n_criteria)
    if around is not None and around.sum() > 0:
        # A criterion that nobody weighs keeps a little of it: Dirichlet's law has no null parameter.
        parameters = np.maximum(around / around.sum(), 1e-3) * CLOSENESS * n_criteria
    return np.random.default_rng(SEED).dirichlet(parameters, n_draws)


def share_of_draws_first(ranks: FloatArray, weights: FloatArray, first: int = FIRST) -> FloatArray:
    """Return the share of the draws (0-1) in which each place is among the first; those equal to the last one are in.

    Parameters
    ----------
    ranks
        Shape (places, criteria).
    weights
        Shape (draws, criteria), each line adding up to 1.
    first
        How many places are the first; all are where there are no more.
    """
    if not len(ranks) or not len(weights):
        return np.zeros(len(ranks))
    hits = np.zeros(len(ranks), dtype=np.int64)
    kept = min(first, len(ranks))
    for some in _slices(weights, len(ranks)):
        scores = some @ ranks.T  # a line a draw, so that each is read in one piece
        least = np.partition(scores, len(ranks) - kept, axis=1)[:, len(ranks) - kept]
        hits += np.count_nonzero(scores >= least[:, None] - _SAME, axis=0)
    return hits / len(weights)


def _slices(weights: FloatArray, n_places: int) -> Iterator[FloatArray]:
    """Part the draws so that the scores of a part fit in the memory meant for them."""
    step = max(1, _CELLS_AT_A_TIME // n_places)
    for start in range(0, len(weights), step):
        yield weights[start : start + step]
