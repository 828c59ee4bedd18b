"""What a weighted ranking says of each place: its place for each decision maker, and how robust it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from coverage.crossing.weights import (
    DRAWS,
    FIRST,
    percentile_ranks,
    places_of,
    random_weights,
    scores_of,
    share_of_draws_first,
)

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

ALWAYS, SOMETIMES, IN_DRAWS, NEVER = range(4)
"""Among the first for every decision maker; for some of them; for none, but in some draws of weights; never."""
N_STANDINGS: Final = 4


@dataclass(frozen=True, eq=False)
class Standings:
    """Places compared on several criteria.

    Attributes
    ----------
    compared
        True for the places whose criteria are all known: only they are ranked.
    places
        Shape (all places, decision makers): place for each, 1 for the most urgent; NaN for those set aside, and for a
        decision maker who gives no weight to anything.
    mean_place
        Mean of these, over the decision makers who have weights.
    share_of_draws
        Share (0-1) of the draws of weights in which each place is among the first; NaN for those set aside.
    standing
        `ALWAYS`, `SOMETIMES`, `IN_DRAWS` or `NEVER`; NaN for those set aside.
    """

    compared: BoolArray
    places: FloatArray
    mean_place: FloatArray
    share_of_draws: FloatArray
    standing: FloatArray


def stand(
    values: FloatArray,
    low_first: BoolArray,
    weights: FloatArray,
    *,
    inside: BoolArray,
    near_makers: bool = False,
    first: int = FIRST,
    n_draws: int = DRAWS,
) -> Standings:
    """Rank the places of a territory.

    Parameters
    ----------
    values
        Shape (places, criteria); NaN is unknown, infinite is known.
    low_first
        For each criterion, True where a low value is what is urgent.
    weights
        Shape (decision makers, criteria), 0 or more.
    inside
        True for the places of the territory: only they are compared.
    near_makers
        True for draws around the mean of the decision makers' weights, each counted alike; False for all weights.
    first
        How many places are the first.
    n_draws
        Draws of weights.
    """
    compared = inside & ~np.isnan(values).any(axis=1)
    ranks = percentile_ranks(values[compared], low_first)
    places = places_of(scores_of(ranks, weights))
    heard = weights.sum(axis=1) > 0
    mean = places[:, heard].mean(axis=1) if heard.any() else np.full(len(ranks), np.nan)
    shares = weights[heard] / weights[heard].sum(axis=1, keepdims=True)
    around = shares.mean(axis=0) if near_makers and heard.any() else None
    drawn = share_of_draws_first(ranks, random_weights(values.shape[1], n_draws, around=around), first)
    return Standings(
        compared,
        _spread(places, compared),
        _spread(mean, compared),
        _spread(drawn, compared),
        _spread(_standing(places[:, heard] <= first, drawn), compared),
    )


def _standing(is_first: BoolArray, drawn: FloatArray) -> FloatArray:
    always = is_first.all(axis=1) & (is_first.shape[1] > 0)
    return np.select([always, is_first.any(axis=1), drawn > 0], [ALWAYS, SOMETIMES, IN_DRAWS], NEVER).astype(np.float64)


def _spread(found: FloatArray, compared: BoolArray) -> FloatArray:
    """Return what was found of the places compared for all places, NaN for the others."""
    whole = np.full((len(compared), *found.shape[1:]), np.nan)
    whole[compared] = found
    return whole
