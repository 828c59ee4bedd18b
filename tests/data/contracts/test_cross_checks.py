"""What no table can check alone: sums and links."""

import pandas as pd
import pytest
from shapely.affinity import translate

from data.contracts import cross_checks
from data.contracts.schemas import CONTRACTS
from data.errors import ContractError
from data.sources.catalog import load_catalog
from tests.toy import toy_country


@pytest.fixture
def tables():
    country = toy_country()
    return {name: getattr(country, name).copy() for name in CONTRACTS}


def with_sites_everywhere(tables):
    """Add one MSP to each region of the toy country that has no structure: the sources cover the whole country."""
    structures = tables["structures"]
    bare = set(tables["regions"]["region_code"]) - set(structures["region_code"])
    msp = structures[structures["structure_type"] == "msp"].head(1)
    added = [msp.assign(region_code=code) for code in sorted(bare)]
    return tables | {"structures": pd.concat([structures, *added], ignore_index=True)}


def test_the_toy_country_agrees_with_itself(tables):
    tables = with_sites_everywhere(tables)
    found = cross_checks.run_cross_checks(tables, toy_country().commune_geometry, load_catalog())
    assert found == {"coverage_is_valid": True, "msp_levels_agree": True}


@pytest.mark.parametrize("level", ["departement", "region", "france"])
def test_one_msp_too_many_is_named(tables, level):
    series = tables["msp_series"]
    row = series.index[(series["level"] == level) & (series["structure_type"] == "msp")][0]
    series.loc[row, "n_structures"] += 1
    with pytest.raises(ContractError, match="msp_series"):
        cross_checks.require_levels_agree(series, tables["departements"])


def test_a_region_left_out_is_zero_only_if_its_departements_are(tables):
    series = tables["msp_series"]
    keep = series[~((series["level"] == "region") & (series["territory_code"] == "06"))]  # no MSP
    cross_checks.require_levels_agree(keep, tables["departements"])
    lost = series[~((series["level"] == "region") & (series["territory_code"] == "76"))]
    with pytest.raises(ContractError, match="76"):
        cross_checks.require_levels_agree(lost, tables["departements"])


def spoil(name, column, value, row=0):
    def change(tables):
        tables[name].loc[row, column] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        spoil("communes", "departement_code", "33"),
        spoil("communes", "region_code", "84"),
        spoil("communes", "epci_code", "200000009"),
        spoil("epci", "population", 1.0),
        spoil("communes", "bassin_de_vie_code", "99999"),
        spoil("aires_attraction", "aire_attraction_code", "999"),
        spoil("commune_history", "old_code", "31001"),
        spoil("arrondissements", "population", 11_999.0),  # arrondissements that lose an inhabitant
    ],
)
def test_territories_that_disagree_are_seen(tables, change):
    change(tables)
    with pytest.raises(ContractError):
        cross_checks.require_territories_agree(tables)


def test_a_gap_between_bands_is_seen(tables):
    parameters = tables["apl_parameters"]
    cross_checks.require_parameters_follow(parameters)
    for column, value in (("upper", 9.0), ("lower", 1.0)):
        wrong = parameters.copy()
        wrong.loc[wrong["parameter"] == "distance_weight", column] = value
        with pytest.raises(ContractError, match="distance_weight"):
            cross_checks.require_parameters_follow(wrong)


def test_overlapping_shapes_are_seen():
    shapes = toy_country().commune_geometry
    cross_checks.require_coverage(shapes)
    shapes.loc[0, "geometry"] = translate(shapes.geometry.iloc[1], 0.01, 0.0)
    with pytest.raises(ContractError, match="frontières"):
        cross_checks.require_coverage(shapes)


def test_structures_stand_where_their_source_says(tables):
    structures, regions = with_sites_everywhere(tables)["structures"], set(tables["regions"]["region_code"])
    cross_checks.require_covered_regions(structures, load_catalog(), regions)
    away = structures.assign(region_code="84")
    with pytest.raises(ContractError, match="cpts en 84"):
        cross_checks.require_covered_regions(away[away["structure_type"] == "cpts"], load_catalog(), set())
    with pytest.raises(ContractError, match="aucune structure en 04"):
        cross_checks.require_covered_regions(structures[structures["region_code"] != "04"], load_catalog(), regions)
