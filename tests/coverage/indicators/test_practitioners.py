from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.practitioners import gp_bpe_per_100k, n_professionals, professionals_per_100k
from coverage.territories.aggregation import Territories, departement_units


def at(toy, level: str) -> Territories:
    return Territories.of(departement_units(toy.communes), level)


def test_a_region_adds_up_professionals_and_people(toy_country):
    density = professionals_per_100k(toy_country.professionals, at(toy_country, "region"))
    # 38 GPs for 34 900 people; the mean of the two departments' densities would be 102.6.
    assert density["76"] == pytest.approx(38 / 34_900 * 100_000)


def test_a_secret_department_is_out_of_both_sides_of_the_density_and_hides_the_total(toy_country):
    france = at(toy_country, "france")
    assert np.isnan(n_professionals(toy_country.professionals, france)["FR"])
    assert professionals_per_100k(toy_country.professionals, france)["FR"] == pytest.approx(85 / 74_900 * 100_000)


def test_another_profession_is_another_count(toy_country):
    nurses = n_professionals(toy_country.professionals, at(toy_country, "france"), "Infirmiers")
    assert nurses["FR"] == 154


def test_an_absent_department_is_unknown(toy_country):
    fewer = toy_country.professionals.query("departement_code != '32'")
    region = at(toy_country, "region")
    assert np.isnan(n_professionals(fewer, region)["76"])
    assert professionals_per_100k(fewer, region)["76"] == pytest.approx(30 / 26_000 * 100_000)


def test_the_bpe_is_a_series_of_its_own(toy_country):
    bpe = gp_bpe_per_100k(toy_country.bpe_departements, at(toy_country, "departement"))
    cnam = professionals_per_100k(toy_country.professionals, at(toy_country, "departement"))
    assert (bpe > cnam)[cnam.notna()].all()
    assert bpe["976"] == pytest.approx(4 / 12_000 * 100_000)


def test_totals_of_the_source_are_no_department(toy_country):
    total = toy_country.professionals.iloc[[0]].assign(departement_code="999")
    with pytest.raises(ValueError, match="999"):
        n_professionals(pd.concat([toy_country.professionals, total]), at(toy_country, "france"))
