"""Projects counted with the FINESS sites, on the toy country."""

import doctest

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS, available_at
from coverage.indicators.compute import compute
from coverage.projects import planned_structures
from coverage.projects.planned_structures import (
    COUNTED_INDICATORS,
    add_projects,
    indicators_with_projects,
    projects_to_count,
)


def projects(*rows):
    """Give projects at the mairie of Montclair (31003), 11 km east of the town, unless said otherwise."""
    base = {
        "project_id": "P1", "name": "MSP", "structure_type": "msp", "stage": "projet", "abandoned": False,
        "commune_code": "31003", "departement_code": "31", "region_code": "76", "longitude": 1.70, "latitude": 43.55,
        "point_origin": "commune", "finess_code": None,
    }  # fmt: skip
    return pd.DataFrame([base | {"project_id": f"P{n}"} | row for n, row in enumerate(rows, start=1)])


def test_examples_run():
    outcome = doctest.testmod(planned_structures)
    assert (outcome.attempted > 0, outcome.failed) == (True, 0)


def test_only_what_finess_lacks_is_counted():
    table = projects(
        {"stage": "idee"}, {"stage": "projet"}, {"stage": "valide_ars"}, {"stage": "ouvert"}, {"stage": "aci_signe"},
        {"abandoned": True}, {"structure_type": "esp"}, {"structure_type": "cpts"},
    )  # fmt: skip
    assert projects_to_count(table)["project_id"].tolist() == ["P1", "P2", "P3", "P8"]
    assert projects_to_count(table, with_open=True)["project_id"].tolist() == ["P1", "P2", "P3", "P4", "P5", "P8"]


def test_an_open_one_with_a_finess_code_never_counts_twice():
    table = projects({"stage": "ouvert", "finess_code": "310000001"}, {"stage": "ouvert"})
    assert projects_to_count(table, with_open=True)["project_id"].tolist() == ["P2"]


def test_without_a_project_nothing_changes(toy_country):
    tables = toy_country.tables()
    for level in ("commune", "departement", "region", "france"):
        now = compute(level, tables)
        then = indicators_with_projects(level, tables, projects({}).iloc[:0])
        pd.testing.assert_frame_equal(then, now[then.columns])


def test_a_project_is_one_more_site_and_nobody_is_farther(toy_country):
    """Region 76 has 4 MSP in FINESS for 34 900 inhabitants: with one more, 5 and 6 980 each."""
    tables = toy_country.tables()
    counted = projects_to_count(projects({"commune_code": "31004"}))
    region = indicators_with_projects("region", tables, counted).loc["76"]
    assert (region["n_msp_finess"], region["population_per_msp_finess"]) == (5.0, 6980.0)
    now, then = compute("commune", tables), indicators_with_projects("commune", tables, counted)
    # Rivelune has none in the BPE: it has its own now.
    assert (now.loc["31004", "n_msp"], then.loc["31004", "n_msp"]) == (0, 1)
    assert now.loc["31004", "nearest_msp_min"] > then.loc["31004", "nearest_msp_min"] == 0
    known = now["nearest_msp_min"].notna()
    assert (then.loc[known, "nearest_msp_min"] <= now.loc[known, "nearest_msp_min"]).all()
    assert then["n_msp"].sum() == now["n_msp"].sum() + 1
    pd.testing.assert_series_equal(then["n_cpts_finess"], now["n_cpts_finess"])


def test_a_project_does_not_make_an_unloaded_region_known(toy_country):
    counted = projects({"commune_code": "69123", "departement_code": "69", "region_code": "84", "longitude": 4.84})
    table = indicators_with_projects("region", toy_country.tables(), projects_to_count(counted))
    assert np.isnan(table.loc["84", "n_msp_finess"])
    assert table.loc["84", "n_msp"] == 5  # the BPE knows the whole country


def test_the_tables_are_not_changed(toy_country):
    tables = toy_country.tables()
    before = tables.structures.copy()
    merged = add_projects(tables.structures, projects({}))
    pd.testing.assert_frame_equal(tables.structures, before)
    assert merged.dtypes.equals(before.dtypes)
    assert merged["finess_code"].iloc[-1] == "P1"


@pytest.mark.parametrize("level", ["commune", "epci", "departement", "region", "france"])
def test_the_indicators_are_those_of_finess_sites_alone(toy_country, level):
    table = indicators_with_projects(level, toy_country.tables(), projects({}))
    assert set(table.columns) == COUNTED_INDICATORS & set(available_at(level))
    assert not any("dgos" in name or name.startswith("apl") for name in COUNTED_INDICATORS)
    assert set(INDICATORS) >= COUNTED_INDICATORS
