"""The figures around a candidate against a slow twin, commune by commune, and against the indicators of the levels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from coverage.indicators import Tables, commune_facts, compute
from coverage.study.portrait import ABOVE, CANDIDATE, catchment_communes, portrait, zone_name
from coverage.study.reach import BOUNDS_MIN, Reach
from geo.travel_time.estimate import estimate_travel_times
from tests.test_coverage.study_times import uneven_times
from tests.test_coverage.twins import ratio, rows, weighted
from tests.toy import toy_country

TOY = toy_country()
TIMES = uneven_times()
ROADS = estimate_travel_times(TOY.communes)
FACTS = commune_facts(TOY.tables())
CODES = list(TOY.communes["commune_code"])
VINTAGES = (2022, 2023)
NAN = float("nan")


def members(place: str, candidate: str) -> list[dict]:
    home = next(row for row in rows(TOY.communes) if row["commune_code"] == candidate)
    if place == CANDIDATE:
        return [home]
    if place in ABOVE:
        return [row for row in rows(TOY.communes) if place == "france" or row[f"{place}_code"] == home[f"{place}_code"]]
    bound = float(place.removeprefix("zone_"))
    return [
        row for row in rows(TOY.communes) if TIMES.minutes_from(row["commune_code"]).get(candidate, math.inf) < bound
    ]


def slow(place: str, candidate: str) -> dict[str, float]:
    """Go through the communes one by one; nothing is shared with the real code."""
    here = members(place, candidate)
    codes = {row["commune_code"]: row["population"] for row in here}
    context = {row["commune_code"]: row for row in rows(TOY.commune_context)}
    zones = {row["commune_code"]: row["zone"] for row in rows(TOY.zoning)}
    units = [row for row in rows(TOY.apl) if row["commune_code"] in codes]
    found: dict[str, float] = {"n_communes": len(here), "population": sum(codes.values())}
    for name in ("share_75plus", "poverty_rate"):
        found[name] = weighted([(context[code][name], people) for code, people in codes.items()])
    known = [people for code, people in codes.items() if not math.isnan(context[code]["poverty_rate"])]
    found["share_poverty_known"] = ratio(sum(known), found["population"])
    for vintage in VINTAGES:
        of_year = [unit for unit in units if unit["vintage"] == vintage]
        for series in ("apl", "apl_65"):
            found[f"{series}_{vintage}"] = weighted(
                [(unit[series], unit["population_standardised"]) for unit in of_year]
            )
    found["apl_at_risk_share"] = ratio(found["apl_2023"] - found["apl_65_2023"], found["apl_2023"])
    under = sum(unit["population_total"] for unit in of_year if unit["apl_65"] < 2.5)
    found["share_under_threshold"] = ratio(under, sum(unit["population_total"] for unit in of_year))
    zoned = sum(people for code, people in codes.items() if isinstance(zones[code], str))
    for zone in ("ZIP", "ZAC", "ZAR", "HZ"):
        in_zone = sum(people for code, people in codes.items() if zones[code] == zone)
        found[f"share_{zone.lower()}"] = ratio(in_zone, zoned)
    series = {(row["commune_code"], row["year"]): row["population"] for row in rows(TOY.population_series)}
    both = [code for code in codes if (code, 2013) in series and (code, 2021) in series]
    before, after = (sum(series[code, year] for code in both) for year in (2013, 2021))
    found["population_change"] = ratio(after - before, before)
    found["population_change_10_years"] = (1 + found["population_change"]) ** (10 / 8) - 1
    if of_year:
        found["fte_at_risk"] = (
            sum(unit["population_standardised"] * (unit["apl"] - unit["apl_65"]) for unit in of_year) / 5400
        )
    return found


@pytest.mark.parametrize("candidate", CODES)
def test_every_place_equals_its_slow_twin(candidate):
    table = portrait(Reach.of(candidate, TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    for place in table.index:
        expected = slow(place, candidate)
        found = table.loc[place, list(expected)].to_dict()
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True), place


def test_department_region_and_france_are_those_of_the_indicators():
    table = portrait(Reach.of("31003", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    same = {
        "population": "population",
        "share_75plus": "share_75plus",
        "apl_65_2023": "apl_65_2023",
        "apl_at_risk_share": "apl_at_risk_share_2023",
        "share_under_threshold": "share_population_under_2_5_apl_65_2023",
        "share_zip": "share_population_zip",
    }
    for level, code in (("departement", "31"), ("region", "76"), ("france", "FR")):
        official = compute(level, TOY.tables()).loc[code]
        for mine, theirs in same.items():
            assert table.loc[level, mine] == pytest.approx(official[theirs], rel=1e-12)


def test_the_gps_that_lift_a_hamlet_by_hand():
    # 32002: 600 standardised people at 0.7, so 1.8 short of 2.5: 1 080 acts, a fifth of a full-time GP
    table = portrait(Reach.of("32002", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    assert table.loc[CANDIDATE, "fte_to_threshold"] == pytest.approx(1080 / 5400)


def test_growth_keeps_todays_access_by_hand():
    # 31001: 18 000 to 20 000 in eight years; 19 200 standardised people at 3.8 use 72 960 acts
    table = portrait(Reach.of("31001", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    expected = 72_960 / 5400 * ((20_000 / 18_000) ** (10 / 8) - 1)
    assert table.loc[CANDIDATE, "fte_growth"] == pytest.approx(expected)


def test_what_is_unknown_stays_unknown():
    table = portrait(Reach.of("97601", TOY.communes, ROADS), TOY.communes, FACTS, VINTAGES)  # no APL, no context
    here = table.loc[zone_name(BOUNDS_MIN[-1])]
    for name in ("apl_2023", "apl_at_risk_share", "share_under_threshold", "fte_at_risk", "share_75plus", "share_zip"):
        assert np.isnan(here[name]), name
    assert here["population"] == 12_000


def test_without_any_source_but_the_communes_only_people_are_known():
    bare = commune_facts(Tables(communes=TOY.communes))
    table = portrait(Reach.of("31001", TOY.communes, TIMES), TOY.communes, bare, VINTAGES)
    assert set(table.columns[table.notna().any()]) == {"n_communes", "population"}


def test_the_communes_of_the_catchment_come_nearest_first_with_their_own_figures():
    reach = Reach.of("31001", TOY.communes, TIMES)
    table = catchment_communes(reach, TOY.communes, FACTS, VINTAGES)
    assert table["commune_code"].iloc[0] == "31001"
    assert table["minutes"].is_monotonic_increasing
    assert set(table["commune_code"]) == set(reach.zone(BOUNDS_MIN[-1]))
    first = table.iloc[0]
    assert (first["apl_65_2023"], first["zone"], first["share_75plus"]) == (3.3, "HZ", 0.08)


def test_inputs_are_left_as_they_were():
    before = TOY.communes.copy()
    portrait(Reach.of("31001", TOY.communes, TIMES), TOY.communes, replace(FACTS), VINTAGES)
    assert TOY.communes.equals(before)
