"""Inhabitants by class of APL, against a plain loop."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.apl_classes import population_by_apl_class
from tests.toy import toy_country


def count_by_hand(apl, vintage, series, bounds, codes):
    totals = [0.0] * (len(bounds) + 1)
    for row in apl.to_dict("records"):
        value = row[series]
        if row["vintage"] != vintage or row["commune_code"] not in codes or math.isnan(value):
            continue
        totals[sum(value >= bound for bound in bounds)] += row["population_total"]
    return totals


@given(
    bounds=st.lists(st.floats(0.1, 6), unique=True, max_size=5).map(sorted),
    vintage=st.sampled_from([2022, 2023]),
    series=st.sampled_from(["apl", "apl_65"]),
    n=st.integers(0, 12),
)
def test_classes_equal_a_plain_loop_and_lose_no_one(bounds, vintage, series, n):
    country = toy_country()
    codes = country.communes["commune_code"].tolist()[:n]
    found = population_by_apl_class(country.apl, vintage, series, bounds, codes)
    assert found.tolist() == pytest.approx(count_by_hand(country.apl, vintage, series, bounds, codes))
    known = country.apl.query("vintage == @vintage and commune_code in @codes").dropna(subset=[series])
    assert found.sum() == pytest.approx(known["population_total"].sum())
