"""Correlations against the textbook, and weights against a list where each place stands several times."""

import math

import numpy as np
import pytest
from scipy import stats

from coverage.crossing.correlation import FEWEST_PLACES, correlate, weighted_ranks


@pytest.fixture
def pair():
    random = np.random.default_rng(3)
    first = random.integers(0, 20, 200).astype(float)  # many equal values
    return first, first**2 + random.normal(0, 60, 200)


def test_without_weights_they_are_those_of_the_textbook(pair):
    found = correlate(*pair)
    assert found.n_places == 200
    assert found.pearson == pytest.approx(stats.pearsonr(*pair).statistic)
    assert found.spearman == pytest.approx(stats.spearmanr(*pair).statistic)


def test_a_place_of_weight_three_is_three_places(pair):
    weights = np.random.default_rng(4).integers(0, 6, 200).astype(float)
    found = correlate(*pair, weights)
    repeated = [np.repeat(values, weights.astype(int)) for values in pair]
    assert found.n_places == np.count_nonzero(weights)
    assert found.pearson == pytest.approx(stats.pearsonr(*repeated).statistic)
    assert found.spearman == pytest.approx(stats.spearmanr(*repeated).statistic)


def test_what_is_unknown_or_infinite_or_without_people_is_left_out(pair):
    first, second = (values.copy() for values in pair)
    weights = np.ones(200)
    first[0], second[1], first[2], weights[3], weights[4] = math.nan, math.nan, math.inf, math.nan, 0.0
    whole = correlate(first, second, weights)
    assert whole.n_places == 195
    assert whole == correlate(first[5:], second[5:], weights[5:])
    assert correlate(first, second).n_places == 197


def test_too_few_places_and_what_does_not_vary_have_none():
    few = np.arange(FEWEST_PLACES - 1.0)
    assert correlate(few, few).n_places == len(few)
    assert math.isnan(correlate(few, few).spearman)
    enough = np.arange(float(FEWEST_PLACES))
    assert correlate(enough, -enough).spearman == pytest.approx(-1.0)
    flat = correlate(enough, np.ones(FEWEST_PLACES))
    assert math.isnan(flat.pearson)
    assert math.isnan(flat.spearman)


def test_ranks_count_the_weight_below_and_half_of_the_equals():
    assert weighted_ranks(np.array([5.0, 1.0, 5.0]), np.array([1.0, 4.0, 1.0])).tolist() == [5.0, 2.0, 5.0]
