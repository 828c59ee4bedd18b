from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from coverage.definitions import INDICATORS
from coverage.ranking import rank

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
    assert ranking.rank_of("06") is None
    assert ranking.rank_of("76") == 1
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
        assert ranking.rank_of(code) == expected
    assert ranking.n_ranked + len(ranking.unknown) == len(values)
