"""What GPs would change: each row is the scenario of one opening, linear, conserved, refused where nobody is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access.apl_model import apl_by_commune, apl_model
from coverage.access.reach import Reach
from coverage.indicators.commune_facts import commune_facts
from coverage.simulator.supply_change import Baseline, ScenarioError
from coverage.study.dossier import StudyTables, study
from coverage.study.staffing import N_GPS, staffing
from geo.travel_time.estimate import estimate_travel_times
from tests.coverage.study.study_times import uneven_times
from tests.toy import COVERED_REGIONS, toy_country

TOY = toy_country()
TIMES = uneven_times()
ROADS = estimate_travel_times(TOY.communes)
TABLE = apl_by_commune(TOY.apl, 2023)
MODEL = apl_model(TIMES, TABLE["population_standardised"], TOY.apl_parameters)
START = Baseline(MODEL, TABLE, TOY.communes, series="apl_65")
ON_ROADS = Baseline(
    apl_model(ROADS, TABLE["population_standardised"], TOY.apl_parameters), TABLE, TOY.communes, series="apl_65"
)
KNOWN = list(TABLE.index)


def weight(origin: str, to: str) -> float:
    minutes = TIMES.minutes_from(origin).get(to, 99.0)
    return 1.0 if minutes < 10 else 2 / 3 if minutes < 15 else 1 / 3 if minutes < 20 else 0.0


def slow(candidate: str, n_gp: int) -> dict[str, float]:
    """Add the acts to the published APL, pair by pair."""
    people = TABLE["population_standardised"]
    in_reach = sum(weight(k, candidate) * people[k] for k in KNOWN)
    after = {i: TABLE["apl_65"][i] + weight(i, candidate) * n_gp * 5400 / in_reach for i in KNOWN}
    near = [i for i in KNOWN if TIMES.minutes_from(i).get(candidate, 99.0) < 15]
    return {
        "apl_commune": after[candidate],
        "apl_catchment": sum(people[i] * after[i] for i in near) / sum(people[i] for i in near),
        "people_under": sum(TABLE["population_total"][i] for i in near if after[i] < 2.5),
        "people_lifted": sum(TABLE["population_total"][i] for i in KNOWN if TABLE["apl_65"][i] < 2.5 <= after[i]),
    }


@settings(max_examples=40)
@given(st.sampled_from(KNOWN), st.integers(1, 12))
def test_each_number_of_gps_equals_its_slow_twin(candidate, n_gp):
    table = staffing(Reach.of(candidate, TOY.communes, TIMES), START, [n_gp])
    for row in (0, n_gp):
        expected = slow(candidate, row)
        assert table.loc[row, list(expected)].to_dict() == pytest.approx(expected, rel=1e-9)


def test_two_to_eight_gps_never_lower_access_and_each_adds_the_same():
    table = staffing(Reach.of("31003", TOY.communes, TIMES), START)
    assert list(table.index) == [0, *N_GPS]
    assert N_GPS == (2, 3, 4, 5, 6, 7, 8)
    steps = table["apl_catchment"].diff().iloc[2:]
    assert steps.to_numpy() == pytest.approx([steps.iloc[0]] * 6)  # linear in the supply
    assert steps.iloc[0] > 0
    assert table["people_lifted"].is_monotonic_increasing
    assert table["people_under"].is_monotonic_decreasing
    assert table["people_lifted_per_gp"].iloc[1:].to_numpy() == pytest.approx(
        table["people_lifted"].iloc[1:] / table.index[1:]
    )


def test_nobody_known_in_reach_is_refused():
    with pytest.raises(ScenarioError, match="97601"):
        staffing(Reach.of("97601", TOY.communes, ROADS), ON_ROADS)


def tables() -> StudyTables:
    return StudyTables(
        communes=TOY.communes,
        facts=commune_facts(TOY.tables()),
        structures=TOY.structures,
        covered_regions=COVERED_REGIONS,
        times=ROADS,
        baseline=ON_ROADS,
    )


def test_a_study_at_every_corner_of_the_country():
    for code in ("31001", "32003", "69123", "97401", "97601"):
        dossier = study(code, tables())
        # Without an APL, and with nobody who has one in reach, no GP can be tried
        assert (dossier.staffing is None) == (code not in KNOWN)
        assert dossier.provider == "estimation"
    assert study("31003", tables()).zone == "ZIP"
    assert study("97401", tables()).zone == ""
