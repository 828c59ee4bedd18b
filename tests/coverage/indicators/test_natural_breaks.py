from __future__ import annotations

from itertools import combinations

import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.natural_breaks import jenks_cuts


def spread(values: np.ndarray, cuts: np.ndarray) -> float:
    parts = np.split(values, np.searchsorted(values, cuts))
    return sum(((part - part.mean()) ** 2).sum() for part in parts if len(part))


def brute_force(values: np.ndarray, n_classes: int) -> float:
    distinct = np.unique(values)
    return min(spread(values, np.array(cuts)) for cuts in combinations(distinct[1:], n_classes - 1))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=10), st.integers(1, 5))
def test_no_other_classes_are_tighter(numbers, n_classes):
    values = np.sort(np.asarray(numbers, dtype=float))
    n_classes = min(n_classes, len(np.unique(values)))
    cuts = jenks_cuts(values, n_classes)
    assert len(cuts) == n_classes - 1
    assert spread(values, cuts) == pytest.approx(brute_force(values, n_classes), abs=1e-6)


@pytest.mark.filterwarnings("ignore:Numba not installed")
@pytest.mark.parametrize("n_classes", [2, 5, 7])
def test_same_classes_as_mapclassify(n_classes):
    values = np.sort(np.random.default_rng(7).gamma(4, 0.8, 300))
    theirs = mapclassify.FisherJenks(values, k=n_classes)
    # Its classes hold their upper bound, ours start just above it.
    starts = values[np.searchsorted(values, theirs.bins[:-1], side="right")]
    assert starts.tolist() == jenks_cuts(values, n_classes).tolist()


def test_many_values_gathered_in_groups_lose_next_to_nothing():
    values = np.sort(np.random.default_rng(3).lognormal(3, 1.2, 35_000))  # like densities: a crowd and a long tail
    cuts = jenks_cuts(values, 5)
    assert len(cuts) == 4
    # Moving any break by a thousandth of the ranks does not help by more than one per cent.
    best = spread(values, cuts)
    for i, rank in enumerate(np.searchsorted(values, cuts)):
        for step in (-35, 35):
            moved = cuts.copy()
            moved[i] = values[np.clip(rank + step, 1, len(values) - 1)]
            assert spread(values, np.sort(moved)) >= best * 0.99


def test_values_far_from_zero_keep_their_digits():
    values = np.array([0.0, 0.1, 5.0, 5.1]) + 1e9
    assert jenks_cuts(values, 2).tolist() == [1e9 + 5.0]
