from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.cards import INDICATORS
from coverage.indicators.ranking import rank, worst_first

BETTER_HIGH = INDICATORS["msp_per_100k"]
BETTER_LOW = INDICATORS["population_per_msp"]
NEUTRAL = INDICATORS["population"]


def test_ties_share_the_better_rank_and_the_next_one_is_skipped():
    values = pd.Series({"11": 3.0, "24": 5.0, "27": 5.0, "28": 1.0})
    assert rank(values, BETTER_HIGH).table["rank"].to_dict() == {"24": 1, "27": 1, "11": 3, "28": 4}


def test_direction_follows_the_indicator_or_its_opposite():
    values = pd.Series({"11": 3.0, "24": 5.0})
    assert rank(values, BETTER_LOW).table.index.tolist() == ["11", "24"]
    assert rank(values, NEUTRAL).table.index.tolist() == ["24", "11"]
    assert rank(values, BETTER_HIGH, best_first=False).table.index.tolist() == ["11", "24"]


def test_the_unknown_have_no_rank_and_are_listed():
    ranking = rank(pd.Series({"06": np.nan, "76": 2.0, "04": np.nan}), BETTER_HIGH, 1.5)
    assert ranking.unknown == ("04", "06")
    assert "06" not in ranking.table.index
    assert ranking.table.loc["76", "rank"] == 1
    assert ranking.n_ranked == 1
    assert ranking.table.loc["76", "gap_to_france"] == 0.5


def test_france_unknown_leaves_the_gap_unknown():
    ranking = rank(pd.Series({"76": 2.0}), BETTER_HIGH)
    assert math.isnan(ranking.france_value)
    assert ranking.table["gap_to_france"].isna().all()
    assert ranking.vintage == BETTER_HIGH.vintage


def test_out_of_reach_is_known_and_last():
    times = pd.Series({"76": 12.0, "06": np.inf, "84": 9.0})
    assert rank(times, INDICATORS["nearest_msp_min"]).table.index.tolist() == ["84", "76", "06"]


def test_nothing_known_is_an_empty_ranking():
    ranking = rank(pd.Series({"76": np.nan}), BETTER_HIGH)
    assert ranking.n_ranked == 0
    assert ranking.unknown == ("76",)


@given(st.dictionaries(st.text("0123456789AB", min_size=2, max_size=3), st.integers(0, 5) | st.none(), max_size=20))
def test_rank_is_one_more_than_those_strictly_better(known):
    values = pd.Series(known, dtype=float)
    ranking = rank(values, BETTER_HIGH)
    for code, value in values.items():
        expected = None if math.isnan(value) else 1 + sum(other > value for other in values.dropna())
        assert (ranking.table.loc[code, "rank"] if code in ranking.table.index else None) == expected
    assert ranking.n_ranked + len(ranking.unknown) == len(values)


def by_hand(values, people, worse):
    """Order from the worst by comparing every pair, one territory after the other."""
    left = [code for code in values if not math.isnan(values[code])]
    order = []
    while left:
        first = left[0]
        for code in left[1:]:
            if worse(values[code], values[first]) or (values[code] == values[first] and people[code] > people[first]):
                first = code
        order.append(first)
        left.remove(first)
    ranks = {code: 1 + sum(worse(values[other], values[code]) for other in order) for code in order}
    unknown = sorted((code for code in values if math.isnan(values[code])), key=lambda code: -people[code])
    return [*order, *unknown], ranks


@given(
    st.dictionaries(
        st.text("0123456789AB", min_size=2, max_size=3),
        st.tuples(st.integers(0, 4).map(float) | st.just(math.nan) | st.just(math.inf), st.integers(0, 3).map(float)),
        max_size=20,
    ),
    st.sampled_from([BETTER_HIGH, BETTER_LOW, NEUTRAL]),
)
def test_worst_first_is_the_order_made_by_comparing_pairs(known, indicator):
    values = {code: value for code, (value, _) in known.items()}
    people = {code: count for code, (_, count) in known.items()}
    low_is_worse = indicator is BETTER_HIGH
    order, ranks = by_hand(values, people, lambda one, other: one < other if low_is_worse else one > other)
    found = worst_first(pd.Series(values, dtype=float), indicator, pd.Series(people, dtype=float))
    assert list(found.index) == order
    assert found.dropna().to_dict() == ranks


def test_where_there_is_nothing_to_divide_by_comes_first():
    values = pd.Series({"11": 5000.0, "24": np.nan, "27": np.nan})
    people = pd.Series({"11": 5000.0, "24": 800.0, "27": 900.0})
    found = worst_first(values, BETTER_LOW, people, np.array([False, True, False]))
    assert found.index.tolist() == ["24", "11", "27"]
    assert found.tolist()[:2] == [1, 2]
    assert math.isnan(found["27"])


def test_zones_stand_in_their_own_order_and_the_unknown_last():
    zones = pd.Series({"a": "HZ", "b": None, "c": "ZIP", "d": "ZIP"})
    people = pd.Series({"a": 1.0, "b": 9.0, "c": 2.0, "d": np.nan})
    found = worst_first(zones, INDICATORS["zone"], people)
    assert found.index.tolist() == ["c", "d", "a", "b"]
    assert found.tolist()[:3] == [1, 1, 3]
