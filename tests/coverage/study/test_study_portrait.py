"""The figures around a candidate against a slow twin, commune by commune, and against the indicators of the levels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from coverage.access.reach import BOUNDS_MIN, Reach
from coverage.indicators.commune_facts import Tables, commune_facts
from coverage.indicators.compute import compute
from coverage.study.portrait import ABOVE, CANDIDATE, catchment_communes, portrait, zone_name
from geo.travel_time.estimate import estimate_travel_times
from tests.coverage.study.study_times import uneven_times
from tests.coverage.twins import ratio, rows, weighted
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
    zoned_parts = [row for row in rows(TOY.zoning) if row["commune_code"] in codes and isinstance(row["zone"], str)]
    units = [row for row in rows(TOY.apl) if row["commune_code"] in codes]
    found: dict[str, float] = {"n_communes": len(here), "population": sum(codes.values())}
    if place not in ABOVE:  # the others are INSEE's own figures: see the test of the indicators
        found["share_75plus"] = weighted([(context[code]["share_75plus"], people) for code, people in codes.items()])
        bassins = {context[code]["bassin_de_vie_code"] for code in codes}
        rates = [context[code]["bassin_de_vie_poverty_rate"] for code in codes]
        found["poverty_rate"] = rates[0] if len(bassins) == 1 else math.nan
    for vintage in VINTAGES:
        of_year = [unit for unit in units if unit["vintage"] == vintage]
        for series in ("apl", "apl_65"):
            found[f"{series}_{vintage}"] = weighted(
                [(unit[series], unit["population_standardised"]) for unit in of_year]
            )
    found["apl_at_risk_share"] = ratio(found["apl_2023"] - found["apl_65_2023"], found["apl_2023"])
    under = sum(unit["population_total"] for unit in of_year if unit["apl_65"] < 2.5)
    found["share_under_threshold"] = ratio(under, sum(unit["population_total"] for unit in of_year))
    people_zoned = [(row["zone"], codes[row["commune_code"]] * row["share"]) for row in zoned_parts]
    zoned = sum(people for _, people in people_zoned)
    for zone in ("ZIP", "ZAC", "ZAR", "HZ"):
        in_zone = sum(people for name, people in people_zoned if name == zone)
        found[f"share_{zone.lower()}"] = ratio(in_zone, zoned)
    if place not in ABOVE:
        series = {(row["commune_code"], row["year"]): row["population"] for row in rows(TOY.population_series)}
        before, after = (sum(series[code, year] for code in codes) for year in (2017, 2023))
        grown = ratio(after, before)
        found["population_growth_per_year"] = grown if math.isnan(grown) else grown ** (1 / 6) - 1
        found["population_change_10_years"] = math.nan if math.isnan(grown) else grown ** (10 / 6) - 1
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
        "population_growth_per_year": "population_growth_per_year",
        "apl_65_2023": "apl_65_2023",
        "apl_at_risk_share": "apl_at_risk_share_2023",
        "share_under_threshold": "share_population_under_2_5_apl_65_2023",
        "share_zip": "share_population_zip",
    }
    for level, code in (("departement", "31"), ("region", "76"), ("france", "FR")):
        official = compute(level, TOY.tables()).loc[code]
        for mine, theirs in same.items():
            assert table.loc[level, mine] == pytest.approx(official[theirs], rel=1e-12)
        rate = official["poverty_rate"] if level == "departement" else math.nan  # no mean of rates
        assert table.loc[level, "poverty_rate"] == pytest.approx(rate, nan_ok=True)


def test_the_poverty_rate_of_a_zone_is_that_of_its_only_bassin_de_vie():
    table = portrait(Reach.of("31001", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    assert table.loc[CANDIDATE, "poverty_rate"] == 0.20
    wide = portrait(Reach.of("31003", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    assert np.isnan(wide.loc[zone_name(BOUNDS_MIN[-1]), "poverty_rate"])


def test_the_gps_that_lift_a_hamlet_by_hand():
    # 32002: 600 standardised people at 0.7, so 1.8 short of 2.5: 1 080 acts, a fifth of a full-time GP
    table = portrait(Reach.of("32002", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    assert table.loc[CANDIDATE, "fte_to_threshold"] == pytest.approx(1080 / 5400)


def test_growth_keeps_todays_access_by_hand():
    # 31001: 18 000 to 20 000 in six years; 19 200 standardised people at 3.8 use 72 960 acts
    table = portrait(Reach.of("31001", TOY.communes, TIMES), TOY.communes, FACTS, VINTAGES)
    expected = 72_960 / 5400 * ((20_000 / 18_000) ** (10 / 6) - 1)
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
