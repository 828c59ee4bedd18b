"""Rankings under several weights, against loops over places, decision makers and draws."""

import time
import tracemalloc

import numpy as np
import pytest

from coverage.crossing.weights import (
    DRAWS,
    percentile_ranks,
    places_of,
    random_weights,
    scores_of,
    share_of_draws_first,
)


@pytest.fixture
def values():
    random = np.random.default_rng(5)
    table = random.integers(0, 12, (60, 4)).astype(float)
    table[7, 0] = np.inf
    return table


LOW_FIRST = np.array([False, True, False, True])


def slow_ranks(values):
    n = len(values)
    ranks = np.empty(values.shape)
    for criterion in range(values.shape[1]):
        for place in range(n):
            own, column = values[place, criterion], values[:, criterion]
            less = sum(other > own if LOW_FIRST[criterion] else other < own for other in column)
            ranks[place, criterion] = (less + sum(other == own for other in column) / 2) / n
    return ranks


def test_ranks_are_the_share_of_places_less_urgent_and_half_of_the_equal_ones(values):
    assert percentile_ranks(values, LOW_FIRST) == pytest.approx(slow_ranks(values))


def test_scores_are_weighted_means_and_places_share_the_smaller_number(values):
    ranks = percentile_ranks(values, LOW_FIRST)
    weights = np.array([[5, 0, 1, 2], [1, 1, 1, 1], [0, 0, 0, 0]], dtype=float)
    scores = scores_of(ranks, weights)
    places = places_of(scores)
    for maker in (0, 1):
        for place in range(len(values)):
            expected = sum(weights[maker] * ranks[place]) / sum(weights[maker])
            assert scores[place, maker] == pytest.approx(expected)
            above = sum(other > scores[place, maker] + 1e-7 for other in scores[:, maker])
            assert places[place, maker] == 1 + above
    assert np.isnan(scores[:, 2]).all()
    assert np.isnan(places[:, 2]).all()


def test_the_share_of_draws_is_that_of_a_loop_over_them(values):
    ranks = np.vstack([percentile_ranks(values, LOW_FIRST)] * 2)  # every score is that of two places
    weights = random_weights(4, 40)
    expected = np.zeros(len(ranks))
    for draw in weights:
        scores = [sum(draw * place) for place in ranks]
        last = sorted(scores, reverse=True)[9 - 1]
        expected += [score >= last - 1e-9 for score in scores]
    found = share_of_draws_first(ranks, weights, first=9)
    assert found == pytest.approx(expected / len(weights))
    assert set(np.round(found * 40)) - {0, 40}, "some places are first for some weights only"
    assert (found[:60] == found[60:]).all()


def test_fewer_places_than_the_first_are_always_among_them():
    assert share_of_draws_first(np.array([[0.2, 0.7], [0.6, 0.1]]), random_weights(2, 10)).tolist() == [1.0, 1.0]
    assert share_of_draws_first(np.empty((0, 2)), random_weights(2, 10)).tolist() == []


def test_draws_are_positive_the_same_each_time_and_around_what_is_asked():
    drawn = random_weights(5)
    assert drawn.shape == (DRAWS, 5)
    assert (drawn > 0).all()
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    assert (drawn == random_weights(5)).all()
    assert drawn.mean(axis=0) == pytest.approx(0.2, abs=0.03)
    wanted = np.array([4.0, 4.0, 2.0, 0.0, 0.0])
    near = random_weights(5, around=wanted)
    assert near.mean(axis=0) == pytest.approx(wanted / 10, abs=0.02)
    assert near.std(axis=0).max() < drawn.std(axis=0).min()
    assert (random_weights(5, around=np.zeros(5)) == drawn).all()


def test_all_communes_and_a_thousand_draws_stay_small():
    ranks = percentile_ranks(np.random.default_rng(6).normal(size=(34_900, 5)), np.zeros(5, dtype=bool))
    weights = random_weights(5)
    tracemalloc.start()
    began = time.process_time()
    shares = share_of_draws_first(ranks, weights)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < 10  # 1.2 s measured on a quiet machine
    assert used < 150e6
    assert shares.sum() == pytest.approx(20, abs=0.01)
