from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.apl_summary import apl_at_risk_share, apl_by_commune, mean_apl, share_population_under
from coverage.territories.aggregation import Territories
from tests.reference.apl import apl_quantile, mean_apl_of_least_served


def test_mean_is_by_standardised_population_and_shares_by_total(toy_country):
    table = apl_by_commune(toy_country.apl, 2022)
    departements = Territories.of(toy_country.communes, "departement")
    # Department 31, 65 or less: (19 000 · 3.5 + 3 000 · 2.4 + 1 100 · 1.2 + 2 000 · 2.0) / 25 100
    assert mean_apl(table, "apl_65", departements)["31"] == pytest.approx(79_020 / 25_100)
    # Under 2.5: all but Villehaute, by total population 5 800 of 25 600.
    assert share_population_under(table, "apl_65", departements)["31"] == pytest.approx(5_800 / 25_600)
    # All ages: only Montclair. The two series never answer for one another.
    assert share_population_under(table, "apl", departements)["31"] == pytest.approx(1_000 / 25_600)


def test_a_merged_commune_is_the_mean_of_its_units_and_each_unit_is_judged_by_its_own_apl(toy_country):
    table = apl_by_commune(toy_country.apl, 2022)
    assert table.loc["32001", "apl"] == pytest.approx((8_000 * 3.2 + 1_000 * 1.6) / 9_000)
    assert table.loc["32001", "population_under_apl"] == 700
    assert table.loc["32001", "population_apl"] == 8_100


def test_mayotte_and_the_unknown_have_no_apl(toy_country):
    table = apl_by_commune(toy_country.apl, 2023)
    regions = Territories.of(toy_country.communes, "region")
    assert np.isnan(mean_apl(table, "apl", regions)["06"])
    assert np.isnan(share_population_under(table, "apl", regions)["06"])
    assert np.isnan(mean_apl(table, "apl", Territories.of(toy_country.communes, "commune"))["32003"])


def test_an_apl_of_exactly_the_threshold_is_not_under_it(toy_country):
    apl = toy_country.apl.assign(apl=2.5)
    share = share_population_under(apl_by_commune(apl, 2022), "apl", Territories.of(toy_country.communes, "france"))
    assert share["FR"] == 0


def test_a_unit_where_nobody_is_standardised_keeps_its_apl(toy_country):
    empty = toy_country.apl.assign(population_standardised=0.0)
    table = apl_by_commune(empty, 2023)
    assert table.loc["31003", "apl"] == 1.9
    assert np.isnan(mean_apl(table, "apl", Territories.of(toy_country.communes, "region"))["76"])


def test_a_unit_unknown_in_one_series_counts_in_the_other_only(toy_country):
    apl = toy_country.apl.assign(apl_65=toy_country.apl["apl_65"].mask(toy_country.apl["unit_code"] == "69381"))
    table = apl_by_commune(apl, 2022)
    assert table.loc["69123", "apl_65"] == 2.3
    assert table.loc["69123", "population_apl_65"] == 19_500
    assert table.loc["69123", "population_apl"] == 29_500


def test_at_risk_where_there_is_nothing_to_lose():
    share = apl_at_risk_share(pd.Series([4.0, 0.0, np.nan]), pd.Series([3.0, 0.0, 1.0]))
    np.testing.assert_array_equal(share, [0.25, np.nan, np.nan])


def test_an_absent_vintage_is_unknown(toy_country):
    assert apl_by_commune(toy_country.apl, 1999).empty
    assert np.isnan(apl_quantile(toy_country.apl, 1999, "apl", 0.5))
    assert np.isnan(mean_apl_of_least_served(toy_country.apl, 1999, "apl"))


def units(values: list[tuple[float, int]]) -> pd.DataFrame:
    apl, people = zip(*values, strict=True)
    return pd.DataFrame(
        {
            "vintage": 2022,
            "unit_code": [f"{i:05d}" for i in range(len(values))],
            "commune_code": [f"{i:05d}" for i in range(len(values))],
            "apl": apl,
            "apl_65": apl,
            "population_standardised": np.asarray(people, dtype=float),
            "population_total": np.asarray(people, dtype=float),
        }
    )


UNITS = st.lists(st.tuples(st.floats(0, 20), st.integers(1, 50)), min_size=1, max_size=12)


@given(UNITS, st.data())
def test_quantile_and_least_served_equal_a_queue_of_people(values, data):
    """Twin: everyone stands in a queue, the least served first, and half of the last one asked for is counted."""
    queue = sorted(apl for apl, people in values for _ in range(people))
    rank = data.draw(st.integers(0, len(queue) - 1))
    share = (rank + 0.5) / len(queue)
    assert apl_quantile(units(values), 2022, "apl", share) == queue[rank]
    mean = (sum(queue[:rank]) + queue[rank] / 2) / (rank + 0.5)
    assert mean_apl_of_least_served(units(values), 2022, "apl", share) == pytest.approx(mean, rel=1e-9, abs=1e-9)
