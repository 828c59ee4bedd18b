"""The perimeters of the CPTS against loops over rows, and against sums made by hand on the toy country."""

from __future__ import annotations

import doctest
import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import coverage.cpts.borders
import coverage.cpts.colours
import coverage.cpts.perimeters
import coverage.cpts.units
from coverage.cpts.borders import shared_borders
from coverage.cpts.colours import colour_neighbours
from coverage.cpts.perimeters import (
    communes_in_two,
    covered_territories,
    cpts_population,
    cpts_territories,
    home_departements,
    n_cpts_by_unit,
    share_population_covered,
    size_class,
    white_communes,
    white_zones,
)
from coverage.cpts.portrait import CareFacts, apl_by_unit, describe_cpts, zoning_by_unit
from coverage.cpts.units import cpts_units, in_finest_units, spread_counts
from coverage.errors import UnknownCommuneError
from coverage.indicators.structures import covered_communes, sites_by_commune
from coverage.indicators.zones import ZONES, zone_shares
from tests.toy import COVERED_REGIONS, toy_country
from tests.toy_cpts import TOY_RULES, perimeters_of

TOY = toy_country()
UNITS = cpts_units(TOY.communes, TOY.arrondissements)
CODES = list(TOY.communes["commune_code"])
ANY_UNIT = list(UNITS["unit_code"])
PARTS = {"69381": "69123", "69382": "69123"}
PEOPLE = dict(zip(CODES, TOY.communes["population"], strict=True))
HOME = dict(zip(CODES, TOY.communes["departement_code"], strict=True))


TWO = perimeters_of({"est": ["31001", "31002", "31003"], "ouest": ["31003", "31004", "32001", "32002"]})
"""Montclair (31003, 1 000 people) is in both; 32003 and 32004 in none."""


@pytest.mark.parametrize(
    "module", [coverage.cpts.perimeters, coverage.cpts.borders, coverage.cpts.colours, coverage.cpts.units]
)
def test_examples_run(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("people", "size"), [(0, 1), (39_999, 1), (40_000, 2), (79_999, 2), (80_000, 3), (174_999, 3), (175_000, 4)]
)
def test_a_cpts_goes_up_one_size_at_the_bound(people, size):
    assert size_class(pd.Series([float(people)]), TOY_RULES).tolist() == [size]


def test_a_commune_in_two_counts_once_for_the_territory_and_whole_in_each_cpts():
    cpts = cpts_territories(TWO, UNITS)
    assert cpts.total(cpts.population).to_dict() == {"est": 24_000.0, "ouest": 11_500.0}
    counts = n_cpts_by_unit(TWO, UNITS, {"31", "32"})
    share = share_population_covered(counts, covered_territories(UNITS, "departement"))
    assert share["31"] == 1.0
    assert share["32"] == pytest.approx(8_500 / 8_900)  # 32003, 400 people, is in none


def test_outside_the_departments_of_the_list_coverage_is_unknown_not_zero():
    counts = n_cpts_by_unit(TWO, UNITS, {"31"})
    by_departement = share_population_covered(counts, covered_territories(UNITS, "departement"))
    assert math.isnan(by_departement["32"])  # 32001 is covered, but nothing is known of 32003
    assert math.isnan(by_departement["69"])
    assert math.isnan(share_population_covered(counts, covered_territories(UNITS, "france"))["FR"])
    where_known = share_population_covered(counts, covered_territories(UNITS, "region"), where_known=True)
    assert where_known["76"] == 1.0  # 26 000 people of 31, 8 500 of 32, all of them in a CPTS
    assert math.isnan(where_known["84"])


def test_a_commune_that_does_not_exist_is_refused_by_name():
    with pytest.raises(UnknownCommuneError, match="99999"):
        cpts_territories(perimeters_of({"a": ["31001", "99999"]}), UNITS)


def test_the_home_of_a_cpts_is_where_most_of_its_people_live():
    assert home_departements(TWO, UNITS).to_dict() == {"est": "31", "ouest": "32"}  # 3 000 and 8 500


def test_communes_in_two_name_their_cpts():
    table = communes_in_two(TWO, UNITS)
    assert table.to_dict("records") == [
        {
            "unit_code": "31003",
            "commune_code": "31003",
            "name": "Montclair",
            "departement_code": "31",
            "population": 1_000.0,
            "n_cpts": 2,
            "cpts": "CPTS est ; CPTS ouest",
        }
    ]


def test_white_communes_hold_together_by_their_borders_largest_zone_first():
    counts = n_cpts_by_unit(perimeters_of({"a": ["31002"]}), UNITS, {"31", "32"})
    place = {code: row for row, code in enumerate(CODES)}
    # 31001 | 31002 (covered) | 31003, and 31004 - 32001 - 32002: three zones, 32003 and 32004 alone.
    borders = np.array([sorted((place[a], place[b])) for a, b in [
        ("31001", "31002"), ("31002", "31003"), ("31004", "32001"), ("32001", "32002")]])  # fmt: skip
    table = white_communes(counts, UNITS, TOY.communes, borders)
    assert dict(zip(table["commune_code"], table["zone"], strict=True)) == {
        "31001": 1.0, "31004": 2.0, "32001": 2.0, "32002": 2.0, "31003": 3.0, "32003": 4.0, "32004": 5.0,
    }  # fmt: skip
    zones = white_zones(table)
    assert zones[["main_commune", "n_communes", "population"]].iloc[1].tolist() == ["Auchelle", 3, 10_500.0]
    assert zones["population"].sum() == 34_900 - 3_000  # all the region but 31002


def test_without_white_commune_or_without_borders_nothing_breaks():
    nothing = np.empty((0, 2), dtype=np.intp)
    everywhere = n_cpts_by_unit(perimeters_of({"a": CODES}), UNITS, set(HOME.values()))
    assert white_zones(white_communes(everywhere, UNITS, TOY.communes, nothing)).empty
    unknown = white_communes(n_cpts_by_unit(TWO, UNITS, {"32"}), UNITS, TOY.communes)
    assert unknown["zone"].isna().all()


def test_borders_are_edges_in_common_not_corners():
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(3)] + [None])
    found = {tuple(pair) for pair in shared_borders(squares).tolist()}
    twin = {
        (i, j)
        for i in range(9)
        for j in range(i + 1, 9)
        if shapely.length(shapely.intersection(squares[i], squares[j])) > 0
    }
    assert found == twin
    assert len(found) == 12  # 2 × 3 inner walls each way
    assert shared_borders(np.array([None, None])).shape == (0, 2)


def test_a_hole_in_a_shape_borders_what_fills_it():
    ring = shapely.difference(shapely.box(0, 0, 3, 3), shapely.box(1, 1, 2, 2))
    assert shared_borders(np.array([ring, shapely.box(1, 1, 2, 2)])).tolist() == [[0, 1]]


def grid_of(side: int) -> tuple[pd.Index, np.ndarray]:
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(side) for y in range(side)])
    return pd.Index([f"{rank:05d}" for rank in range(side * side)]), shared_borders(squares)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=36, max_size=36), st.randoms(use_true_random=False))
def test_two_neighbours_never_have_the_same_colour(owners, shuffler):
    """Twelve colours for at most twelve CPTS always suffice: nothing excuses a clash."""
    codes, borders = grid_of(6)
    rows = pd.DataFrame({"cpts_id": [f"c{owner:02d}" for owner in owners], "commune_code": codes})
    colours = colour_neighbours(rows, codes, borders, 12)
    for one, other in borders:
        if owners[one] != owners[other]:
            assert colours[f"c{owners[one]:02d}"] != colours[f"c{owners[other]:02d}"]
    order = list(range(36))
    shuffler.shuffle(order)
    pd.testing.assert_series_equal(colour_neighbours(rows.iloc[order], codes, borders, 12), colours)


def test_blocks_in_one_piece_need_at_most_six_colours():
    codes, borders = grid_of(12)
    blocks = [f"c{x // 2}{y // 3}" for x in range(12) for y in range(12)]
    colours = colour_neighbours(pd.DataFrame({"cpts_id": blocks, "commune_code": codes}), codes, borders, 6)
    assert all(colours[blocks[a]] != colours[blocks[b]] for a, b in borders if blocks[a] != blocks[b])
    assert colours.value_counts().max() <= 6  # spread over the colours: 24 CPTS, none has more than a quarter


def test_two_cpts_that_share_a_commune_differ_in_colour():
    codes, borders = grid_of(3)
    rows = pd.DataFrame({"cpts_id": ["a", "b"], "commune_code": [codes[0], codes[0]]})
    assert colour_neighbours(rows, codes, borders, 2).nunique() == 2


def care() -> CareFacts:
    covered = covered_communes(TOY.communes, COVERED_REGIONS)
    return CareFacts(
        apl_by_unit=apl_by_unit(TOY.apl, UNITS, 2023),
        zone_shares=zone_shares(zoning_by_unit(TOY.zoning, UNITS)),
        msp=spread_counts(sites_by_commune(TOY.structures, "msp", covered), UNITS),
        gps=spread_counts(pd.Series({code: float(rank) for rank, code in enumerate(CODES)}), UNITS),
    )


def naive_portrait(members: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Walk through the communes of each CPTS one by one."""
    told = {}
    parts = [row for row in TOY.zoning.to_dict("records") if isinstance(row["zone"], str)]
    homes = set(TOY.communes.loc[TOY.communes["region_code"].isin(COVERED_REGIONS), "commune_code"])
    for name, codes in members.items():
        weighted = weight = under = people = 0.0
        for row in TOY.apl[TOY.apl["vintage"] == 2023].itertuples():
            if row.commune_code in codes:
                weighted += row.apl_65 * row.population_standardised
                weight += row.population_standardised
                people += row.population_total
                under += row.population_total * (row.apl_65 < 2.5)
        n_msp = sum(row.commune_code in codes for row in TOY.structures.itertuples() if row.structure_type == "msp")
        inside = [
            (row["zone"], PEOPLE[row["commune_code"]] * row["share"]) for row in parts if row["commune_code"] in codes
        ]
        zoned = sum(people for _, people in inside)
        told[name] = {
            "n_communes": len(codes),
            "population": sum(PEOPLE[code] for code in codes),
            "apl": weighted / weight if weight else math.nan,
            "share_population_under_2_5": under / people if people else math.nan,
            "n_msp": n_msp if set(codes) <= homes else math.nan,
            "n_gp": sum(CODES.index(code) for code in codes),
            "n_shared_communes": sum(
                any(code in others for other, others in members.items() if other != name) for code in codes
            ),
        } | {
            f"share_population_{zone.lower()}": (
                sum(people for name_, people in inside if name_ == zone) / zoned if zoned else math.nan
            )
            for zone in ZONES
        }
    return told


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), st.lists(st.sampled_from(CODES), min_size=1, unique=True), min_size=1
    )
)
def test_the_portrait_is_that_of_a_walk_through_the_communes(members):
    table = describe_cpts(perimeters_of(members), UNITS, care(), TOY_RULES)
    for name, expected in naive_portrait(members).items():
        for column, value in expected.items():
            assert table.loc[name, column] == pytest.approx(value, nan_ok=True), (name, column)


def test_what_is_missing_is_unknown_and_the_tables_are_left_alone():
    before = TWO.copy()
    table = describe_cpts(TWO, UNITS, CareFacts(), TOY_RULES)
    assert table[["apl", "n_msp", "n_gp", "gp_per_100k", "share_population_zip"]].isna().all().all()
    assert table["population"].tolist() == [24_000.0, 11_500.0]
    assert table["departement_code"].tolist() == ["31", "32"]
    pd.testing.assert_frame_equal(TWO, before)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), st.lists(st.sampled_from(CODES), min_size=1, unique=True)),
    st.sets(st.sampled_from(sorted(set(HOME.values())))),
)
def test_coverage_is_that_of_a_walk_through_the_communes(members, known):
    rows = perimeters_of(members) if members else perimeters_of({"a": ["31001"]}).iloc[:0]
    counts = n_cpts_by_unit(rows, UNITS, known)
    shares = share_population_covered(counts, covered_territories(UNITS, "departement"))
    inside = {code for codes in members.values() for code in codes}
    for departement, share in shares.items():
        communes = [code for code in CODES if HOME[code] == departement]
        unknown = departement not in known and any(code not in inside and PEOPLE[code] for code in communes)
        total = sum(PEOPLE[code] for code in communes)
        expected = math.nan if unknown else sum(PEOPLE[code] for code in communes if code in inside) / total
        assert share == pytest.approx(expected, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), st.lists(st.sampled_from(ANY_UNIT), min_size=1, unique=True), min_size=1
    ),
    st.sets(st.sampled_from(sorted(set(HOME.values())))),
)
def test_arrondissements_are_those_of_a_walk_through_the_finest_places(members, known):
    """Each place of the country, a city by its arrondissements, is asked to each CPTS in turn."""
    places = [code for code in ANY_UNIT if code != "69123"]
    rows = perimeters_of(members)
    counts = n_cpts_by_unit(rows, UNITS, known)
    assert list(counts.index) == places
    for place in places:
        commune = PARTS.get(place, place)
        n = sum(place in codes or commune in codes for codes in members.values())
        expected = n if n or HOME[commune] in known else math.nan
        assert counts[place] == pytest.approx(expected, nan_ok=True)
    overlap = in_finest_units(rows, UNITS)
    assert len(overlap) == sum(
        sum(place in codes or PARTS.get(place, place) in codes for place in places) for codes in members.values()
    )


def test_two_cpts_on_different_arrondissements_do_not_overlap_and_count_their_own_people():
    rows = perimeters_of({"1er": ["69381"], "2e": ["69382", "69002"]})
    assert cpts_population(rows, UNITS).to_dict() == {"1er": 12_000.0, "2e": 22_000.0}
    assert communes_in_two(rows, UNITS).empty
    table = describe_cpts(rows, UNITS, care(), TOY_RULES)
    assert table["n_shared_communes"].tolist() == [0.0, 0.0]
    assert table["n_part_communes"].tolist() == [1.0, 1.0]
    assert table["n_communes"].tolist() == [1.0, 2.0]
    assert table.loc["1er", "apl"] == 4.5  # that of 69381, not the mean of the city
    assert table.loc["1er", ["n_msp", "n_gp"]].isna().all()  # known of the city only


def test_an_arrondissement_of_a_cpts_of_the_whole_city_overlaps_it_there_alone():
    rows = perimeters_of({"ville": ["69123"], "2e": ["69382"]})
    assert communes_in_two(rows, UNITS)["name"].tolist() == ["Grandrive 2e Arrondissement"]
    both = communes_in_two(perimeters_of({"a": ["69123"], "b": ["69123"]}), UNITS)
    assert both[["unit_code", "population"]].to_numpy().tolist() == [["69123", 30_000.0]]
    apart = communes_in_two(perimeters_of({"a": ["69123"], "b": ["69381"], "c": ["69382"]}), UNITS)
    assert apart["cpts"].tolist() == ["CPTS a ; CPTS c", "CPTS a ; CPTS b"]  # not one line: the CPTS differ


def test_a_part_that_nobody_measured_makes_its_cpts_unknown_and_still_covers_the_commune():
    extents = {("nord", "31001"): "partie", ("sud", "31001"): "partie"}
    rows = perimeters_of({"nord": ["31001"], "sud": ["31001", "31002"]}, extents)
    assert cpts_population(rows, UNITS).isna().all()
    counts = n_cpts_by_unit(rows, UNITS, {"31"})
    assert counts["31001"] == 1.0  # shared, not twice covered
    assert communes_in_two(rows, UNITS).empty
    share = share_population_covered(counts, covered_territories(UNITS, "departement"))["31"]
    assert share == pytest.approx(23_000 / 26_000)
    table = describe_cpts(rows, UNITS, care(), TOY_RULES)
    measured = table.loc[:, "population":]
    assert measured.isna().all().all()
    assert table["n_part_communes"].tolist() == [1.0, 1.0]


def test_a_cpts_that_goes_beyond_the_list_has_unknown_people():
    rows = perimeters_of({"a": ["31001"], "b": ["31002"]}, {("a", "31001"): "deborde"})
    table = describe_cpts(rows, UNITS, care(), TOY_RULES)
    assert table["population"].isna().tolist() == [True, False]
    assert table["apl"].isna().tolist() == [True, False]
    assert table["n_part_communes"].tolist() == [0.0, 0.0]
    assert n_cpts_by_unit(rows, UNITS, set())["31001"] == 1.0


def test_an_arrondissement_of_unknown_people_is_unknown():
    units = cpts_units(TOY.communes, TOY.arrondissements.assign(population=[np.nan, 18_000.0]))
    people = cpts_population(perimeters_of({"a": ["69381"], "b": ["69382"], "c": ["69123"]}), units)
    assert people.isna().to_dict() == {"a": True, "b": False, "c": False}


def test_a_city_without_cpts_is_one_white_commune_and_a_part_of_it_is_itself():
    nowhere = n_cpts_by_unit(perimeters_of({"a": ["69002"]}), UNITS, {"69"})
    assert white_communes(nowhere, UNITS, TOY.communes)["unit_code"].tolist() == ["69123"]
    half = n_cpts_by_unit(perimeters_of({"a": ["69002", "69381"]}), UNITS, {"69"})
    table = white_communes(half, UNITS, TOY.communes)
    assert table[["unit_code", "commune_code", "population"]].to_numpy().tolist() == [["69382", "69123", 18_000.0]]


def test_an_arrondissement_has_its_own_zone_and_the_city_its_shares():
    rows = perimeters_of({"1er": ["69381"], "2e": ["69382"], "ville": ["69123"]})
    table = describe_cpts(rows, UNITS, care(), TOY_RULES)
    assert table["share_population_hz"].to_dict() == pytest.approx({"1er": 1.0, "2e": 0.0, "ville": 0.4})
    assert table["share_population_zac"].to_dict() == pytest.approx({"1er": 0.0, "2e": 1.0, "ville": 0.6})
    one_zone = pd.DataFrame({"part_code": ["69123"], "commune_code": ["69123"], "zone": ["ZIP"], "share": [1.0]})
    assert zoning_by_unit(one_zone, UNITS)["zone"].tolist() == ["ZIP"] * 3
