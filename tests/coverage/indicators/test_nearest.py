from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.errors import UnknownCommuneError
from coverage.indicators.nearest import (
    is_at_most,
    mean_minutes,
    minutes_out_of_cover,
    minutes_to_structure,
    share_population_within,
)
from coverage.indicators.structures import covered_communes
from coverage.territories.aggregation import Territories
from tests.coverage import twins
from tests.toy import COVERED_REGIONS


@pytest.fixture
def covered(toy_country):
    return covered_communes(toy_country.communes, COVERED_REGIONS)


def test_unknown_outside_what_is_covered_and_where_there_is_no_point(toy_country, covered):
    communes = toy_country.communes.assign(
        longitude=toy_country.communes["longitude"].mask(toy_country.communes["commune_code"] == "31003")
    )
    minutes = minutes_to_structure(toy_country.structures, "msp", communes, covered)
    assert minutes.index[minutes.isna()].tolist() == ["31003", "69002", "69123", "97401", "97601"]


def test_no_road_leads_off_an_island(toy_country):
    everywhere = covered_communes(toy_country.communes, COVERED_REGIONS | {"04"})
    minutes = minutes_to_structure(toy_country.structures, "msp", toy_country.communes, everywhere)
    assert minutes["97401"] == np.inf


def test_the_order_of_the_covered_flags_is_irrelevant(toy_country, covered):
    expected = minutes_to_structure(toy_country.structures, "msp", toy_country.communes, covered)
    found = minutes_to_structure(toy_country.structures, "msp", toy_country.communes, covered.iloc[::-1])
    pd.testing.assert_series_equal(found, expected)


def test_one_more_structure_never_takes_anyone_farther(toy_country, covered):
    before = minutes_to_structure(toy_country.structures, "msp", toy_country.communes, covered)
    opened = toy_country.structures.iloc[[0]].assign(commune_code="32002", departement_code="32", longitude=0.85)
    after = minutes_to_structure(pd.concat([toy_country.structures, opened]), "msp", toy_country.communes, covered)
    assert (after[before.notna()] <= before.dropna()).all()
    assert after["32002"] < before["32002"]


def test_a_structure_in_an_unknown_commune_is_named(toy_country, covered):
    with pytest.raises(UnknownCommuneError, match="31999"):
        minutes_to_structure(toy_country.structures.assign(commune_code="31999"), "msp", toy_country.communes, covered)


def test_nobody_counts_where_nobody_lives(toy_country):
    minutes = pd.Series({"31001": 5.0, "31002": 15.0, "31003": 25.0, "31004": 10.0})
    departements = Territories.of(toy_country.communes, "departement")
    # 20 000 · 5 + 3 000 · 15 + 1 000 · 25 + 2 000 · 10 over 26 000
    assert mean_minutes(minutes, departements)["31"] == pytest.approx(190_000 / 26_000)
    # Less than 10 minutes, 10 itself being outside: Villehaute only.
    assert share_population_within(minutes, 10, departements)["31"] == pytest.approx(20 / 26)
    assert share_population_within(minutes, 30, departements)["31"] == 1


def test_a_departement_with_an_unknown_inhabited_commune_is_unknown_but_an_empty_one_does_not_matter(toy_country):
    departements = Territories.of(toy_country.communes, "departement")
    without_village_mort = pd.Series({"32001": 5.0, "32002": 15.0, "32003": 25.0})
    assert mean_minutes(without_village_mort, departements)["32"] == pytest.approx((40_000 + 7_500 + 10_000) / 8_900)
    partial = without_village_mort.drop("32003")
    assert np.isnan(mean_minutes(partial, departements)["32"])
    assert np.isnan(share_population_within(partial, 20, departements)["32"])


def test_people_cut_off_are_out_of_the_mean_and_in_the_share(toy_country):
    departements = Territories.of(toy_country.communes, "departement")
    one_island = pd.Series({"69123": 10.0, "69002": np.inf})
    assert mean_minutes(one_island, departements)["69"] == 10
    assert share_population_within(one_island, 20, departements)["69"] == pytest.approx(30 / 34)
    all_cut_off = pd.Series({"69123": np.inf, "69002": np.inf})
    assert mean_minutes(all_cut_off, departements)["69"] == np.inf
    assert share_population_within(all_cut_off, 20, departements)["69"] == 0


def slow_minutes_out(toy, regions):
    """Walk every pair of a covered commune and one that is not, with the twin's formula; nothing shared with ours."""
    out = {}
    for here in toy.communes.to_dict("records"):
        homes = [home for home in toy.communes.to_dict("records") if home["region_code"] not in regions]
        sites = pd.DataFrame(homes).assign(structure_type="any") if homes else toy.structures.iloc[:0]
        out[here["commune_code"]] = twins.minutes(here, replace(toy, structures=sites), "any", regions)
    return pd.Series(out)


@pytest.mark.parametrize("regions", [{"76"}, {"84"}, {"76", "84"}, {"04", "06", "76", "84"}, set()])
def test_minutes_out_of_cover_are_those_of_a_walk_through_the_communes(toy_country, regions):
    covered = covered_communes(toy_country.communes, frozenset(regions))
    found = minutes_out_of_cover(toy_country.communes, covered)
    expected = slow_minutes_out(toy_country, frozenset(regions))
    pd.testing.assert_series_equal(found, expected, check_names=False, check_exact=False, rtol=1e-6)


def test_a_time_is_a_maximum_only_where_an_unknown_place_is_nearer():
    minutes = pd.Series({"31001": 12.0, "31002": 12.0, "31003": np.nan, "31004": np.inf})
    out = pd.Series({"31001": 11.9, "31002": 12.0, "31003": 1.0, "31004": 40.0})
    assert is_at_most(minutes, out).tolist() == [True, False, False, True]


def test_loading_another_region_never_makes_a_maximum_and_loading_all_leaves_none(toy_country):
    flags = []
    for regions in ({"76"}, {"76", "84"}, {"76", "84", "04", "06"}):
        covered = covered_communes(toy_country.communes, frozenset(regions))
        minutes = minutes_to_structure(toy_country.structures, "msp", toy_country.communes, covered)
        flags.append(is_at_most(minutes, minutes_out_of_cover(toy_country.communes, covered)))
    known_first = covered_communes(toy_country.communes, frozenset({"76"}))
    assert not (flags[1] & ~flags[0] & known_first).any()
    assert not flags[2].any()
