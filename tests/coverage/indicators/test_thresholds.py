from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.errors import ClassificationError
from coverage.indicators.thresholds import METHODS, UNKNOWN, classify

ANY_VALUE = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 2.5, np.nan, np.inf, -np.inf])
COMPUTED = [method for method in METHODS if method != "bounds"]


@given(st.lists(ANY_VALUE, max_size=60), st.sampled_from(COMPUTED), st.integers(1, 9))
def test_every_value_is_in_the_class_whose_edges_hold_it(numbers, method, n_classes):
    """Twin: look for the class of each value by comparing it with every edge."""
    values = pd.Series(numbers, dtype=float, index=[f"c{i}" for i in range(len(numbers))])
    classes = classify(values, method, n_classes)
    assert list(classes.index.index) == list(values.index)
    assert classes.n_classes <= n_classes
    assert classes.n_unknown == values.isna().sum()
    assert sum(classes.counts) + classes.n_unknown == len(values)
    assert list(classes.edges) == sorted(classes.edges)
    assert len(classes.edges) == (classes.n_classes + 1 if classes.n_classes else 0)
    for code, value in values.items():
        expected = UNKNOWN if np.isnan(value) else sum(value >= edge for edge in classes.edges[1:-1])
        assert classes.index[code] == expected
    assert classes.counts == tuple((classes.index == i).sum() for i in range(classes.n_classes))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), st.sampled_from(COMPUTED), st.integers(1, 9))
def test_no_class_of_finite_values_is_empty(numbers, method, n_classes):
    assert min(classify(pd.Series(numbers), method, n_classes).counts) > 0


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40), st.sampled_from(COMPUTED), st.randoms())
def test_order_of_rows_is_irrelevant(numbers, method, random):
    values = pd.Series(numbers)
    order = random.sample(range(len(values)), len(values))
    assert classify(values, method).edges == classify(values.iloc[order], method).edges


@pytest.mark.parametrize("method", COMPUTED)
def test_all_equal_is_one_class(method):
    classes = classify(pd.Series([4.0, 4.0, 4.0]), method, 5)
    assert (classes.edges, classes.counts) == ((4.0, 4.0), (3,))


@pytest.mark.parametrize("method", ["quantiles", "jenks"])
def test_fewer_distinct_values_than_classes_is_a_class_a_value(method):
    classes = classify(pd.Series([1.0, 2.0, 2.0, 7.0]), method, 5)
    assert (classes.edges, classes.counts) == ((1.0, 2.0, 7.0, 7.0), (1, 2, 1))


@pytest.mark.parametrize("method", METHODS)
def test_nothing_known(method):
    classes = classify(pd.Series([np.nan, np.nan]), method, 5, bounds=[1, 2])
    assert classes.n_unknown == 2
    assert sum(classes.counts) == 0
    assert classes.index.tolist() == [UNKNOWN, UNKNOWN]


def test_quantiles_without_ties_are_of_equal_size():
    assert classify(pd.Series(np.arange(100.0)), "quantiles", 5).counts == (20, 20, 20, 20, 20)


def test_a_value_that_fills_several_quantiles_takes_one_class_and_leaves_the_others_to_the_rest():
    # Nine communes in ten have no MSP: plain quintiles would draw one colour for all.
    values = pd.Series([0.0] * 90 + list(range(1, 11)))
    assert classify(values, "quantiles", 3).counts == (90, 5, 5)


def test_equal_widths():
    assert classify(pd.Series([0.0, 1.0, 3.0, 4.0]), "equal", 4).edges == (0, 1, 3, 4)  # none lies in [2, 3): dropped


def test_infinite_is_known_and_in_the_end_class():
    classes = classify(pd.Series([1.0, 2.0, 3.0, np.inf]), "equal", 2)
    assert classes.edges == (1.0, 2.0, 3.0)
    assert classes.index.tolist() == [0, 1, 1, 1]
    only = classify(pd.Series([np.inf, np.nan]), "quantiles")
    assert (only.counts, only.n_unknown) == ((1,), 1)


def test_policy_bounds_are_kept_even_where_a_class_is_empty_and_hold_their_lower_bound():
    classes = classify(pd.Series([2.5, 2.499, 4.5]), "bounds", bounds=[1.5, 2.5, 3.5, 4.5])
    assert classes.edges == (-np.inf, 1.5, 2.5, 3.5, 4.5, np.inf)
    assert classes.counts == (0, 1, 1, 0, 1)


@pytest.mark.parametrize("bounds", [None, [], [2.0, 1.0], [1.0, 1.0], [np.nan], [1.0, np.inf]])
def test_faulty_bounds_are_named(bounds):
    with pytest.raises(ClassificationError, match="Bornes"):
        classify(pd.Series([1.0]), "bounds", bounds=bounds)


def test_faulty_requests_are_named():
    with pytest.raises(ClassificationError, match="deciles"):
        classify(pd.Series([1.0]), "deciles")
    with pytest.raises(ClassificationError, match="de 1 à 9"):
        classify(pd.Series([1.0]), "jenks", 0)


WHOLE = st.lists(st.integers(0, 60) | st.just(0), min_size=1, max_size=60)


@given(WHOLE, st.sampled_from(COMPUTED), st.integers(2, 7))
def test_zero_is_a_class_by_itself_in_a_count(numbers, method, n_classes):
    values = pd.Series(numbers, dtype=float)
    classes = classify(values, method, n_classes, zero_apart=True, grain=1.0)
    assert classes.n_classes <= n_classes
    assert all(edge == int(edge) for edge in classes.edges)
    if 0 in numbers:
        assert classes.counts[0] == numbers.count(0)
        assert set(classes.index[values == 0]) == {0}
    assert sum(classes.counts) == len(numbers)


def twin_around(numbers, centre, method, n_classes):
    """Bounds at the same distances on both sides: those that cut the distances alone, put on each side."""
    distances = pd.Series([abs(number - centre) for number in numbers])
    inner = [edge for edge in classify(distances, method, (n_classes + 1) // 2).edges[1:-1] if edge > 0]
    both = {centre + side * distance for distance in inner for side in (-1, 1)}
    return sorted(both if n_classes % 2 else both | {centre})


@given(
    st.lists(st.integers(-50, 50), min_size=3, max_size=60),
    st.sampled_from(["quantiles", "jenks"]),
    st.integers(3, 7),
)
def test_classes_of_a_change_are_the_same_on_both_sides_of_no_change(numbers, method, n_classes):
    classes = classify(pd.Series(numbers, dtype=float), method, n_classes, around=0.0)
    assert list(classes.edges[1:-1]) == twin_around(numbers, 0.0, method, n_classes)
    assert (classes.edges[0], classes.edges[-1]) == (-np.inf, np.inf)
    assert list(classes.edges) == [-edge for edge in reversed(classes.edges)]


def test_an_odd_number_of_classes_has_one_astride_and_an_even_one_a_bound_there():
    values = pd.Series([-6.86, -0.3, -0.1, -0.02, 0.0, 0.01, 0.05, 0.2, 0.4, 4.44])
    odd, even = (classify(values, "quantiles", n, around=0.0, grain=0.01) for n in (5, 4))
    assert odd.edges == (-np.inf, -0.3, -0.05, 0.05, 0.3, np.inf)
    assert even.edges == (-np.inf, -0.2, 0.0, 0.2, np.inf)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), st.sampled_from(COMPUTED), st.integers(1, 9))
def test_a_grain_lowers_bounds_to_what_is_written_of_them(numbers, method, n_classes):
    values = pd.Series(numbers)
    fine, coarse = classify(values, method, n_classes), classify(values, method, n_classes, grain=0.1)
    for edge in coarse.edges[1:-1]:
        assert round(edge, 1) == pytest.approx(edge, abs=1e-9)
        assert any(-1e-9 <= cut - edge < 0.1 + 1e-9 for cut in fine.edges[1:-1])
