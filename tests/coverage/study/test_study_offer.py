"""What already stands around a candidate: lists by hand, overlap against a slow twin on drawn structures."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access.reach import Reach
from coverage.indicators.structures import covered_communes
from coverage.study.offer import (
    compete,
    cpts_of,
    is_covered,
    professionals_around,
    projects_around,
    structures_around,
)
from geo.travel_time.estimate import estimate_travel_times
from tests.coverage.study.study_times import uneven_times
from tests.toy import COVERED_REGIONS, toy_country
from tests.toy_cpts import perimeters_of

TOY = toy_country()
TIMES = uneven_times()
ROADS = estimate_travel_times(TOY.communes)
COVERED = covered_communes(TOY.communes, COVERED_REGIONS)
EVERYWHERE = COVERED | True
PEOPLE = dict(zip(TOY.communes["commune_code"], TOY.communes["population"], strict=True))
CODES = list(PEOPLE)


def minutes(origin: str, to: str) -> float:
    return TIMES.minutes_from(origin).get(to, math.inf)


def msp_at(homes: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "finess_code": [f"31{rank:07}" for rank in range(len(homes))],
            "structure_type": "msp",
            "name": [f"MSP {rank}" for rank in range(len(homes))],
            "commune_code": pd.Series(homes, dtype="str"),
        }
    )


@settings(max_examples=40)
@given(st.sampled_from(CODES), st.lists(st.sampled_from(CODES), max_size=5))
def test_competition_equals_its_slow_twin(candidate, homes):
    found = compete(Reach.of(candidate, TOY.communes, TIMES), msp_at(homes), TOY.communes, EVERYWHERE, TIMES)
    catchment = [code for code in CODES if minutes(code, candidate) < 15]
    assert found.population == sum(PEOPLE[code] for code in catchment)
    served = sum(PEOPLE[code] for code in catchment if any(minutes(code, home) < 15 for home in homes))
    nearest = sum(
        PEOPLE[code] for code in catchment if all(minutes(code, candidate) < minutes(code, home) for home in homes)
    )
    assert (found.population_served, found.population_nearest) == (served, nearest)
    shared = {
        f"MSP {rank}": float(sum(PEOPLE[code] for code in catchment if minutes(code, home) < 15))
        for rank, home in enumerate(homes)
    }
    by_name = found.by_msp.set_index("name")["population_shared"]
    assert by_name.to_dict() == {name: people for name, people in shared.items() if people > 0}


@settings(max_examples=40)
@given(st.sampled_from(CODES), st.lists(st.sampled_from(CODES), max_size=4), st.sampled_from(CODES))
def test_one_more_msp_serves_no_fewer_people_and_leaves_no_more_nearest(candidate, homes, another):
    reach = Reach.of(candidate, TOY.communes, TIMES)
    before = compete(reach, msp_at(homes), TOY.communes, EVERYWHERE, TIMES)
    after = compete(reach, msp_at([*homes, another]), TOY.communes, EVERYWHERE, TIMES)
    assert after.population_served >= before.population_served
    assert after.population_nearest <= before.population_nearest
    assert ((after.by_msp["share_shared"] >= 0) & (after.by_msp["share_shared"] <= 1)).all()


def test_an_msp_in_the_commune_itself_shares_all_and_keeps_its_people():
    found = compete(Reach.of("31004", TOY.communes, ROADS), TOY.structures, TOY.communes, COVERED, ROADS)
    own = found.by_msp.set_index("name").loc["MSP de Rivelune"]
    assert (own["minutes"], own["share_shared"]) == (0.0, 1.0)
    assert found.population_nearest == 0  # at equal minutes the existing one keeps them
    assert found.is_complete


def test_where_structures_are_not_loaded_nothing_is_said_to_be_free():
    found = compete(Reach.of("69123", TOY.communes, ROADS), TOY.structures, TOY.communes, COVERED, ROADS)
    assert math.isnan(found.population_served)
    assert math.isnan(found.population_nearest)
    assert not found.is_complete
    assert found.by_msp.empty


def test_half_known_surroundings_give_figures_and_say_they_are_not_whole():
    half = COVERED.copy()
    half["31002"] = False  # 31001's neighbour, which an MSP out of the list could serve
    found = compete(Reach.of("31001", TOY.communes, TIMES), TOY.structures, TOY.communes, half, TIMES)
    assert not found.is_complete
    assert found.population_served > 0


def test_a_place_where_nobody_lives_has_no_share():
    found = compete(Reach.of("32004", TOY.communes, TIMES), msp_at(["32004"]), TOY.communes, EVERYWHERE, TIMES)
    assert found.population == sum(PEOPLE[code] for code in CODES if minutes(code, "32004") < 15)
    assert not found.by_msp["share_shared"].gt(1).any()


def test_structures_around_are_listed_by_type_then_minutes():
    reach = Reach.of("31001", TOY.communes, TIMES)
    table = structures_around(TOY.structures, TOY.communes, reach, 20.0)
    near = {code for code in CODES if minutes("31001", code) < 20}
    assert set(table["finess_code"]) == set(
        TOY.structures.loc[TOY.structures["commune_code"].isin(near), "finess_code"]
    )
    order = ["msp", "centre_sante", "hopital", "pharmacie", "cpts"]
    assert table["structure_type"].map(order.index).is_monotonic_increasing
    assert table["minutes"].notna().all()
    assert table.set_index("name").loc["MSP de Villehaute", "commune_name"] == "Villehaute"


@pytest.mark.parametrize(("code", "known"), [("31001", True), ("69123", False), ("97601", False)])
def test_coverage_of_the_surroundings(code, known):
    reach = Reach.of(code, TOY.communes, ROADS)
    assert is_covered(COVERED, reach.minutes_from < 20) is known


def test_projects_around_leave_out_those_given_up_and_those_far_away():
    projects = pd.DataFrame(
        {
            "name": ["Ici", "Abandonné", "Au loin", "Sans étape"],
            "structure_type": "msp",
            "stage": pd.Series(["projet", "idee", "ouvert", None], dtype="str"),
            "commune_code": pd.Series(["31001", "31001", "97401", "31001"], dtype="str"),
            "abandoned": [False, True, False, False],
        }
    )
    table = projects_around(projects, TOY.communes, Reach.of("31001", TOY.communes, TIMES))
    assert list(table["name"]) == ["Ici", "Sans étape"]
    assert list(table["minutes"]) == [0.0, 0.0]
    assert np.asarray(table["stage"].isna()).tolist() == [False, True]


def test_the_cpts_of_a_commune_come_from_the_perimeters():
    members = {"Nord": ["31001"], "Sud": ["31001", "31003", "69381"]}
    perimeters = perimeters_of(members, {("Sud", "31003"): "partie"})
    assert cpts_of("31001", perimeters) == ("CPTS Nord", "CPTS Sud")  # in two: it happens
    assert cpts_of("31002", perimeters) == ()
    assert cpts_of("31003", perimeters) == ("CPTS Sud (en partie)",)
    assert cpts_of("69123", perimeters) == ("CPTS Sud (en partie)",)


def test_professionals_of_a_zone_are_unknown_as_soon_as_one_commune_is():
    reach = Reach.of("31001", TOY.communes, TIMES)
    zone = list(reach.zone(10.0))
    known = pd.DataFrame({"n_gp": 2.0}, index=zone)
    table = professionals_around(known, reach)
    assert table.loc["n_gp", 10.0] == 2.0 * len(zone)
    assert len(reach.zone(20.0)) > len(zone)
    assert math.isnan(table.loc["n_gp", 20.0])
