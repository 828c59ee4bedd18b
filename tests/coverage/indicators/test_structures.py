from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.errors import UnknownCommuneError
from coverage.indicators.population import population
from coverage.indicators.structures import (
    covered_communes,
    n_structures,
    per_100k,
    population_per,
    sites_by_commune,
)
from coverage.territories.aggregation import Territories
from tests.toy import COVERED_REGIONS


@pytest.fixture
def covered(toy_country):
    return covered_communes(toy_country.communes, COVERED_REGIONS)


def count(toy, structure_type: str, covered: pd.Series, level: str) -> pd.Series:
    sites = sites_by_commune(toy.structures, structure_type, covered)
    return n_structures(sites, Territories.of(toy.communes, level))


def test_sites_are_counted_where_they_stand(toy_country, covered):
    by_epci = count(toy_country, "msp", covered, "epci")
    # The EPCI over two departments gathers Rivelune's and the two of Auchelle.
    assert by_epci.iloc[:2].tolist() == [1, 3]
    assert np.isnan(by_epci["200000003"])


def test_a_territory_half_covered_is_unknown(toy_country, covered):
    communes = toy_country.communes.assign(region_code=toy_country.communes["region_code"].replace("84", "76"))
    half = covered_communes(communes, COVERED_REGIONS) & (communes["commune_code"] != "69002").to_numpy()
    assert np.isnan(
        n_structures(sites_by_commune(toy_country.structures, "msp", half), Territories.of(communes, "region"))["76"]
    )


def test_covered_without_any_is_zero(toy_country, covered):
    counts = count(toy_country, "cpts", covered, "departement")
    assert counts["32"] == 0
    assert counts["69"] != 0


def test_sites_of_a_region_not_covered_are_not_shown_as_its_count(toy_country, covered):
    # A stray site across the border does not make the other region known.
    stray = toy_country.structures.assign(commune_code="69123")
    counts = n_structures(sites_by_commune(stray, "msp", covered), Territories.of(toy_country.communes, "region"))
    assert np.isnan(counts["84"])


def test_a_site_in_an_unknown_commune_is_named(toy_country, covered):
    lost = toy_country.structures.assign(commune_code="31999")
    with pytest.raises(UnknownCommuneError, match="31999"):
        n_structures(sites_by_commune(lost, "msp", covered), Territories.of(toy_country.communes, "region"))


def test_rates_where_nobody_lives_or_nothing_stands():
    counts, people = pd.Series([0.0, 2.0, np.nan, 1.0]), pd.Series([100.0, 4000.0, 10.0, 0.0])
    np.testing.assert_array_equal(per_100k(counts, people), [0, 50, np.nan, np.nan])
    np.testing.assert_array_equal(population_per(counts, people), [np.nan, 2000, np.nan, 0])


def test_rates_are_not_averaged(toy_country, covered):
    whole, parts = (
        population_per(count(toy_country, "pharmacie", covered, level), population(territories))
        for level in ("region", "departement")
        for territories in [Territories.of(toy_country.communes, level)]
    )
    assert whole["76"] == pytest.approx(34_900 / 3)  # one in 31, two in 32
    assert parts[["31", "32"]].mean() == (26_000 + 4_450) / 2  # another figure, and a wrong one
