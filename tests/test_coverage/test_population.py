from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.population import (
    density_per_km2,
    population,
    population_change,
    population_of_year,
    population_weighted,
    share_population_known,
)
from coverage.territories import Territories


def area(toy) -> pd.Series:
    return toy.communes.set_index("commune_code")["area_km2"]


def ends(toy) -> tuple[pd.Series, pd.Series]:
    return population_of_year(toy.population_series, 2013), population_of_year(toy.population_series, 2021)


def test_population_by_hand(toy_country):
    assert population(Territories.of(toy_country.communes, "region")).to_dict() == {
        "04": 6_000,
        "06": 12_000,
        "76": 34_900,
        "84": 34_000,
    }


def test_density_counts_the_people_of_a_commune_drawn_inside_its_neighbour(toy_country):
    # 32003 has no shape: 8 900 inhabitants with it, on 80 + 25 + 5 km² which hold its land already.
    density = density_per_km2(area(toy_country), Territories.of(toy_country.communes, "departement"))
    assert density["32"] == pytest.approx(8_900 / 110)
    own = density_per_km2(area(toy_country), Territories.of(toy_country.communes, "commune"))
    assert np.isnan(own["32003"])
    assert own["32004"] == 0  # known to be empty


def test_change_compares_the_same_communes_at_both_dates(toy_country):
    change = population_change(*ends(toy_country), Territories.of(toy_country.communes, "departement"))
    # 32003 is in neither list: (8 080 + 500) against (8 400 + 580); counting it at one date would move the result.
    assert change["32"] == pytest.approx((8_580 - 8_980) / 8_980)
    assert np.isnan(change["976"])


def test_change_needs_both_years(toy_country):
    before, _ = ends(toy_country)
    never = population_of_year(toy_country.population_series, 1901)
    assert never.empty
    assert population_change(before, never, Territories.of(toy_country.communes, "region")).isna().all()


def test_nobody_then_is_no_rate_of_change(toy_country):
    change = population_change(*ends(toy_country), Territories.of(toy_country.communes, "commune"))
    assert np.isnan(change["32004"])


def test_weighted_value_stays_within_its_communes(toy_country):
    rate = toy_country.commune_context.set_index("commune_code")["poverty_rate"]
    found = population_weighted(rate, Territories.of(toy_country.communes, "departement"))
    # 31003 is secret: (20 000 · .20 + 3 000 · .10 + 2 000 · .15) / 25 000; the plain mean would be .15.
    assert found["31"] == pytest.approx(0.184)
    assert np.isnan(found["974"])


def test_share_known_counts_people_not_communes(toy_country):
    rate = toy_country.commune_context.set_index("commune_code")["poverty_rate"]
    found = share_population_known(rate, Territories.of(toy_country.communes, "departement"))
    assert found["31"] == pytest.approx(25 / 26)
    assert found["974"] == 0
