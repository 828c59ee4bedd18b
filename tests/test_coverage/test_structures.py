from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.errors import UnknownCommuneError
from coverage.structures import (
    covered_communes,
    has_none,
    last_date,
    n_structures,
    n_structures_dgos,
    per_100k,
    population_per,
)
from coverage.territories import Territories
from tests.toy import COVERED_REGIONS


@pytest.fixture
def covered(toy_country):
    return covered_communes(toy_country.communes, COVERED_REGIONS)


def test_sites_are_counted_where_they_stand(toy_country, covered):
    by_epci = n_structures(toy_country.structures, "msp", covered, Territories.of(toy_country.communes, "epci"))
    # The EPCI over two departments gathers Rivelune's and the two of Auchelle.
    assert by_epci.iloc[:2].tolist() == [1, 3]
    assert np.isnan(by_epci["200000003"])


def test_a_territory_half_covered_is_unknown(toy_country, covered):
    communes = toy_country.communes.assign(region_code=toy_country.communes["region_code"].replace("84", "76"))
    half = covered_communes(communes, COVERED_REGIONS) & (communes["commune_code"] != "69002").to_numpy()
    assert np.isnan(n_structures(toy_country.structures, "msp", half, Territories.of(communes, "region"))["76"])


def test_covered_without_any_is_zero(toy_country, covered):
    counts = n_structures(toy_country.structures, "cpts", covered, Territories.of(toy_country.communes, "departement"))
    assert counts["32"] == 0
    assert has_none(counts)["32"]
    assert not has_none(counts)["69"]


def test_sites_of_a_region_not_covered_are_not_shown_as_its_count(toy_country, covered):
    # A stray site across the border does not make the other region known.
    stray = toy_country.structures.assign(commune_code="69123")
    counts = n_structures(stray, "msp", covered, Territories.of(toy_country.communes, "region"))
    assert np.isnan(counts["84"])


def test_a_site_in_an_unknown_commune_is_named(toy_country, covered):
    lost = toy_country.structures.assign(commune_code="31999")
    with pytest.raises(UnknownCommuneError, match="31999"):
        n_structures(lost, "msp", covered, Territories.of(toy_country.communes, "region"))


def test_rates_where_nobody_lives_or_nothing_stands():
    counts, people = pd.Series([0.0, 2.0, np.nan, 1.0]), pd.Series([100.0, 4000.0, 10.0, 0.0])
    np.testing.assert_array_equal(per_100k(counts, people), [0, 50, np.nan, np.nan])
    np.testing.assert_array_equal(population_per(counts, people), [np.nan, 2000, np.nan, 0])


def test_rates_are_not_averaged(toy_country, covered):
    regions = Territories.of(toy_country.communes, "region")
    departements = Territories.of(toy_country.communes, "departement")
    region, parts = (n_structures(toy_country.structures, "msp", covered, t) for t in (regions, departements))
    whole = population_per(region, pd.Series({"76": 34_900.0}))["76"]
    mean_of_ratios = population_per(parts, pd.Series({"31": 26_000.0, "32": 8_900.0})).mean()
    assert whole == 34_900 / 4
    assert mean_of_ratios == (13_000 + 4_450) / 2 == whole  # equal by chance: two each
    fewer = parts.mask(parts.index == "32", 1.0)
    assert population_per(fewer, pd.Series({"31": 26_000.0, "32": 8_900.0})).mean() != 34_900 / 3


def test_dgos_last_date_and_a_date_without_a_count(toy_country):
    regions = Territories.of(toy_country.communes, "region")
    assert last_date(toy_country.msp_series) == pd.Timestamp("2022-12-31")
    assert n_structures_dgos(toy_country.msp_series, regions)["76"] == 6
    assert n_structures_dgos(toy_country.msp_series, regions, date=pd.Timestamp("2022-06-30"))["76"] == 4
    assert n_structures_dgos(toy_country.msp_series, regions, date=pd.Timestamp("2010-01-01")).isna().all()
    assert n_structures_dgos(toy_country.msp_series, regions)["06"] == 0  # published as none


def test_dgos_centres_have_their_own_last_date(toy_country):
    france = Territories.of(toy_country.communes, "france")
    assert last_date(toy_country.msp_series, "centre_sante") == pd.Timestamp("2021-12-31")
    assert n_structures_dgos(toy_country.msp_series, france, "centre_sante")["FR"] == 3


def test_dgos_never_counted_at_commune_level(toy_country):
    communes = Territories.of(toy_country.communes, "commune")
    assert n_structures_dgos(toy_country.msp_series, communes).isna().all()


def test_dgos_departments_sum_to_regions_sum_to_france(toy_country):
    totals = [
        n_structures_dgos(toy_country.msp_series, Territories.of(toy_country.communes, level)).sum()
        for level in ("departement", "region", "france")
    ]
    assert totals == [10, 10, 10]
