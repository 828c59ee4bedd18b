"""What no table can check alone: sums, links, and the figures that the producers publish."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from data import store
from data.catalog import Catalog, load_catalog
from data.errors import CatalogError, ContractError
from data.tables import cross_checks
from data.tables.schemas import CONTRACTS
from tests.toy import toy_country


@pytest.fixture
def tables():
    country = toy_country()
    return {name: getattr(country, name).copy() for name in CONTRACTS}


def catalog_with(**checks):
    source = replace(load_catalog().source("etalab_decoupage"), checks=MappingProxyType(checks))
    structures = replace(load_catalog().source("finess_occitanie"), checks=MappingProxyType({}))
    return Catalog((source, structures))


def test_the_toy_country_agrees_with_itself(tables):
    # Figures counted by hand in tests/toy.py.
    catalog = catalog_with(n_communes=12.0, population=86_900.0, n_units_2022=11.0)
    found = cross_checks.run_cross_checks(tables, toy_country().commune_geometry, catalog)
    assert found["published_figures"]["etalab_decoupage"]["population"] == 86_900


def test_a_published_figure_that_is_not_found_again_stops_the_build(tables):
    with pytest.raises(ContractError, match=r"chiffre publié population .*Attendu : 86901\. Trouvé : 86900"):
        cross_checks.run_cross_checks(tables, toy_country().commune_geometry, catalog_with(population=86_901.0))


def test_an_unknown_check_is_refused(tables):
    with pytest.raises(CatalogError, match="n_cats"):
        cross_checks.run_cross_checks(tables, toy_country().commune_geometry, catalog_with(n_cats=3.0))


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
        spoil("commune_history", "old_code", "31001"),
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
    cross_checks.require_covered_regions(tables["structures"], catalog_with())
    tables["structures"].loc[0, "region_code"] = "84"
    with pytest.raises(ContractError, match="76"):
        cross_checks.require_covered_regions(tables["structures"], catalog_with())


people = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=15)


@given(people, st.integers(1, 10))
def test_the_slow_twin_of_the_lowest_mean_agrees(rows, tenths):
    """Line the people up one by one, from the lowest APL, and average the first ones."""
    line = [
        (apl / 100, standardised / total)
        for apl, total, standardised in sorted(rows, key=lambda row: row[0])
        for _ in range(total * 10)  # ten pieces a person, so that every tenth is whole
    ]
    first = line[: len(line) * tenths // 10]
    weight = sum(piece[1] for piece in first)
    units = pd.DataFrame(rows, columns=["apl", "population_total", "population_standardised"]).astype("float64")
    found = cross_checks.lowest_mean(units.assign(apl=units["apl"] / 100), "apl", tenths / 10)
    if weight == 0:
        assert np.isnan(found)
    else:
        # Units of equal APL may be taken in another order, with another weight: the mean is the same, the bound is not.
        assert min(apl for apl, _ in line) - 1e-9 <= found <= max(apl for apl, _ in line) + 1e-9
        if len({row[0] for row in rows}) == len(rows):
            assert found == pytest.approx(sum(apl * w for apl, w in first) / weight)


def test_the_first_decile_of_the_snapshot_is_the_published_one():
    apl = store.load("apl", store.DEFAULT_FOLDER)
    for year, expected in ((2022, 1.47), (2023, 1.38)):
        assert round(cross_checks.lowest_mean(apl[apl["vintage"] == year], "apl_65", 0.1), 2) == expected
