from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.errors import UnknownCommuneError, UnknownLevelError
from coverage.territories.aggregation import Territories, departement_units


def array(toy, known: dict[str, float]) -> np.ndarray:
    return toy.communes["commune_code"].map(known).to_numpy(float)


def test_an_epci_crosses_departments_and_a_commune_may_have_none(toy_country):
    territories = Territories.of(toy_country.communes, "epci")
    assert territories.codes.tolist() == ["200000001", "200000002", "200000003"]
    assert (territories.membership == -1).sum() == 3  # 32004, 97401, 97601


def test_a_total_is_unknown_as_soon_as_one_part_is(toy_country):
    territories = Territories.of(toy_country.communes, "departement")
    values = array(toy_country, {"31001": 1.0, "31002": 2.0, "69002": 3.0, "69123": 4.0})
    assert territories.total(values)["69"] == 7
    assert np.isnan(territories.total(values)["31"])
    assert territories.total_known(values)["31"] == 3
    assert np.isnan(territories.total_known(values)["32"])


def test_a_mean_leaves_out_what_is_unknown_on_either_side(toy_country):
    territories = Territories.of(toy_country.communes, "departement")
    values = array(toy_country, {"31001": 1.0, "31002": 5.0, "31003": 100.0})
    weights = array(toy_country, {"31001": 3.0, "31002": 1.0, "31004": 9.0})
    assert territories.mean(values, weights)["31"] == 2  # (3 · 1 + 1 · 5) / 4


def test_the_mean_of_a_commune_is_its_own_value_even_when_nobody_lives_there(toy_country):
    territories = Territories.of(toy_country.communes, "commune")
    values = array(toy_country, {"32004": 7.0})
    assert territories.mean(values, territories.population)["32004"] == 7


def test_the_mean_of_a_territory_of_one_commune_is_the_figure_of_that_commune(toy_country):
    territories = Territories.of(toy_country.communes[toy_country.communes["commune_code"] == "31001"], "departement")
    weight = 145109.352  # Saint-Denis (97411): 3.815 is written "3,81", 3.8150000000000004 would be "3,82"
    assert 3.815 * weight / weight != 3.815
    assert territories.mean(np.array([3.815]), np.array([weight])).tolist() == [3.815]


def test_series_in_another_order_or_with_gaps_are_aligned(toy_country):
    territories = Territories.of(toy_country.communes, "france")
    aligned = territories.align(pd.Series({"97601": 2.0, "31001": 1.0}))
    assert aligned[0] == 1
    assert aligned[-1] == 2
    assert np.isnan(aligned[1:-1]).all()


def test_a_commune_that_is_not_in_the_list_is_named(toy_country):
    with pytest.raises(UnknownCommuneError, match="00000"):
        Territories.of(toy_country.communes, "france").align(pd.Series({"00000": 1.0}))


def test_an_unknown_level_is_named(toy_country):
    with pytest.raises(UnknownLevelError, match="iris"):
        Territories.of(toy_country.communes, "iris")


def test_departments_are_units_too(toy_country):
    units = departement_units(toy_country.communes)
    regions = Territories.of(units, "region")
    assert regions.unit_codes.tolist() == ["31", "32", "69", "974", "976"]
    assert regions.total(units["population"].to_numpy())["76"] == 34_900
