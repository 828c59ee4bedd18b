"""What-if: changes of supply and what they do to the APL, on the toy country and on drawn scenarios."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access.apl_model import apl_by_commune, apl_model
from coverage.simulator.scenario import Outcome, outcome_by_level, run_scenario
from coverage.simulator.supply_change import (
    Baseline,
    Change,
    Closure,
    Departures,
    Move,
    Opening,
    RetirementOver65,
    ScenarioError,
)
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.matrix import TENTHS_PER_MINUTE
from tests.toy import toy_country

TOY = toy_country()
TABLE = apl_by_commune(TOY.apl, 2023)
TIMES = estimate_travel_times(TOY.communes)
MODEL = apl_model(TIMES, TABLE["population_standardised"], TOY.apl_parameters)
START = Baseline(MODEL, TABLE, TOY.communes)
KNOWN = list(TABLE.index)


def slow_outcome(changes: list[Opening | Closure], base: Baseline) -> dict[str, float]:
    """Add to each published APL, pair by pair, the weight × acts / demand in reach of each change."""

    def weight(minutes: float) -> float:
        return 1.0 if minutes < 10 else 2 / 3 if minutes < 15 else 1 / 3 if minutes < 20 else 0.0

    after = base.apl_table["apl"].to_dict()
    for change in changes:
        acts = change.gp_fte * 5400 * (1 if isinstance(change, Opening) else -1)
        in_reach = sum(
            weight(TIMES.minutes_from(k).get(change.commune_code, math.inf))
            * base.apl_table["population_standardised"][k]
            for k in KNOWN
        )
        for i in KNOWN:
            after[i] += weight(TIMES.minutes_from(i).get(change.commune_code, math.inf)) * acts / in_reach
    return {code: max(value, 0.0) for code, value in after.items()}


openings = st.builds(Opening, st.sampled_from(KNOWN), st.floats(0, 20))
removals = st.builds(Closure, st.sampled_from(KNOWN), st.floats(0, 20))


@settings(deadline=None)
@given(st.lists(openings | removals, max_size=6))
def test_a_scenario_equals_its_slow_twin(changes: list[Opening | Closure]):
    outcome = run_scenario(changes, START)
    found = outcome.by_commune["apl_after"].dropna()
    assert found.to_dict() == pytest.approx(slow_outcome(changes, START), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(st.lists(openings | removals, max_size=6), st.randoms(use_true_random=False))
def test_order_is_irrelevant_and_each_change_undoes_its_contrary(changes: list[Change], random):
    before = run_scenario(changes, START)
    shuffled = list(changes)
    random.shuffle(shuffled)
    undone = [*changes, Opening("31001", 3.0), Closure("31001", 3.0)]
    for other in (shuffled, undone):
        pd.testing.assert_frame_equal(run_scenario(other, START).by_commune, before.by_commune, rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(st.lists(openings, max_size=5))
def test_openings_lower_nobody_and_conserve_the_acts(changes: list[Opening]):
    outcome = run_scenario(changes, START)
    table = outcome.by_commune.dropna()
    assert (table["apl_change"] >= 0).all()
    assert outcome.people_worse == outcome.people_dropped == outcome.n_floored == 0
    acts = (table["apl_change"] * table["population_standardised"]).sum()
    assert acts == pytest.approx(sum(change.gp_fte for change in changes) * 5400)
    assert outcome.fte_added == pytest.approx(sum(change.gp_fte for change in changes))


@given(st.floats(0, 5), st.integers(1, 5))
def test_one_large_opening_is_several_small_ones(gp_fte: float, n: int):
    whole = run_scenario([Opening("31003", gp_fte)], START)
    parts = run_scenario([Opening("31003", gp_fte / n)] * n, START)
    pd.testing.assert_frame_equal(whole.by_commune, parts.by_commune, rtol=1e-9)


def test_a_hand_computed_opening():
    # Case-Volcan is alone on its island: 5 100 standardised inhabitants, one GP of 5 400 acts → + 5400 / 5100
    outcome = run_scenario([Opening("97401", 1.0)], START)
    assert outcome.by_commune.loc["97401", "apl_after"] == pytest.approx(3.5 + 5400 / 5100)
    assert outcome.people_better == 5950
    assert outcome.people_lifted == 0  # 3.5 was already above 2.5


def test_people_lifted_are_counted_by_total_population():
    # Sèchecombe: 600 standardised, 500 inhabitants at 1.1; alone within 20 minutes or not, 1 GP lifts it above 2.5
    outcome = run_scenario([Opening("32002", 1.0)], START)
    lifted = outcome.by_commune.query("apl_before < 2.5 and apl_after >= 2.5")
    assert "32002" in lifted.index
    assert outcome.people_lifted == lifted["population_total"].sum()


def test_unknown_stays_unknown():
    outcome = run_scenario([Opening("31001", 50.0)], START)
    assert outcome.by_commune.loc[["97601", "32003"], ["apl_before", "apl_after", "apl_change"]].isna().all(axis=None)


def test_a_move_takes_here_and_gives_there():
    moved = run_scenario([Move("31001", "97401", 2.0)], START)
    twice = run_scenario([Departures("31001", 2.0), Opening("97401", 2.0)], START)
    pd.testing.assert_frame_equal(moved.by_commune, twice.by_commune)
    assert (moved.fte_added, moved.fte_removed) == (2.0, 2.0)
    assert moved.people_worse > 0
    assert moved.people_better == 5950


def test_a_clicked_point_at_the_town_hall_is_an_opening_in_the_commune():
    position = TIMES.positions["31002"]
    column = TIMES.with_data(TIMES.tenths / TENTHS_PER_MINUTE + 1).tocsc()[:, [position]].tocoo()  # + 1 keeps the zeros
    minutes = tuple(
        (TIMES.place_codes[i], float(value) - 1) for i, value in zip(column.coords[0], column.data, strict=True)
    )
    at_point = run_scenario([Opening("31002", 2.0, minutes_to_point=minutes)], START)
    in_commune = run_scenario([Opening("31002", 2.0)], START)
    pd.testing.assert_frame_equal(at_point.by_commune, in_commune.by_commune)
    assert at_point.fte_added == 2.0


def test_retirement_of_the_over_65_removes_their_acts_in_the_territory_only():
    over_65 = pd.Series({"31001": 5400.0, "32001": 2700.0, "97401": 5400.0})
    base = replace(START, supply_over_65_acts=over_65)
    outcome = run_scenario([RetirementOver65("region", "76")], base)
    same = run_scenario([Departures("31001", 1.0), Departures("32001", 0.5)], START)
    pd.testing.assert_frame_equal(outcome.by_commune, same.by_commune)
    half = run_scenario([RetirementOver65("france", "FR", share=0.5)], base)
    assert half.fte_removed == pytest.approx(1.25)


def test_a_removal_never_brings_an_apl_under_zero_and_says_so():
    outcome = run_scenario([Closure("97401", 1000.0)], START)
    assert outcome.by_commune.loc["97401", "apl_after"] == 0.0
    assert outcome.n_floored == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Opening("99999", 1.0), "commune connue, trouvé '99999'"),
        (Opening("31001", -1.0), "positif, trouvé -1"),
        (Departures("31001", math.nan), "positif, trouvé nan"),
        (Opening("97601", 1.0), "population connue à portée de 97601"),
        (Opening("31001", 1.0, minutes_to_point=()), "à portée du point"),
        (RetirementOver65("region", "76"), "plus de 65 ans, trouvé aucune"),
    ],
)
def test_impossible_changes_are_refused(change: Change, message: str):
    with pytest.raises(ScenarioError, match=message):
        run_scenario([change], START)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (RetirementOver65("canton", "76"), "niveau parmi"),
        (RetirementOver65("region", "00"), "territoire connu, trouvé '00'"),
        (RetirementOver65("region", "76", share=1.5), "part de 0 à 1"),
    ],
)
def test_impossible_retirements_are_refused(change: Change, message: str):
    with pytest.raises(ScenarioError, match=message):
        run_scenario([change], replace(START, supply_over_65_acts=pd.Series({"31001": 1.0})))


def test_more_cannot_leave_than_there_is_whatever_the_order():
    base = replace(START, supply_acts=pd.Series({"31001": 10_800.0}))
    run_scenario([Departures("31001", 3.0), Opening("31001", 1.0)], base)
    run_scenario([Departures("31001", 2.0)], base)
    with pytest.raises(ScenarioError, match=r"31001 : attendu au plus 10800 .* trouvé 16200"):
        run_scenario([Departures("31001", 3.0)], base)


def slow_level(outcome: Outcome, column: str) -> dict[str, dict[str, float]]:
    """Sum and average over the communes of each territory with loops."""
    result: dict[str, dict[str, float]] = {}
    for commune in TOY.communes.itertuples():
        row = outcome.by_commune.loc[commune.commune_code]
        code = getattr(commune, column)
        if math.isnan(row["apl_after"]) or not isinstance(code, str):
            continue
        sums = result.setdefault(code, dict.fromkeys(("weight", "acts", "people", "lifted"), 0.0))
        sums["weight"] += row["population_standardised"]
        sums["acts"] += row["population_standardised"] * row["apl_after"]
        sums["people"] += row["population_total"]
        sums["lifted"] += row["population_total"] * (row["apl_before"] < 2.5 <= row["apl_after"])
    return result


@pytest.mark.parametrize(("level", "column"), [("epci", "epci_code"), ("departement", "departement_code")])
def test_levels_equal_their_slow_twin(level: str, column: str):
    outcome = run_scenario([Opening("32002", 1.0), Departures("31001", 2.0)], START)
    table = outcome_by_level(outcome, TOY.communes, level)
    for code, sums in slow_level(outcome, column).items():
        assert table.loc[code, "apl_after"] == pytest.approx(sums["acts"] / sums["weight"])
        assert table.loc[code, "population_total"] == pytest.approx(sums["people"])
        assert table.loc[code, "people_lifted"] == pytest.approx(sums["lifted"])
    assert (table["people_under_before"] - table["people_lifted"] + table["people_dropped"]).equals(
        table["people_under_after"]
    )
    if level == "departement":
        assert table.loc["976"].isna().all()  # no APL there: unknown, not 0


def test_inputs_are_left_as_they_were():
    before = (TABLE.copy(), TOY.communes.copy())
    run_scenario([Opening("31001", 1.0)], START)
    pd.testing.assert_frame_equal(TABLE, before[0])
    pd.testing.assert_frame_equal(TOY.communes, before[1])
    assert np.isnan(MODEL.demand).sum() == len(MODEL.places) - len(TABLE)
