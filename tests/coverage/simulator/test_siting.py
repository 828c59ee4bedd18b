"""Siting: against enumeration on small countries, the bound, the rules, and why a request is impossible."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.access.apl_model import AplModel, apl_model
from coverage.simulator.scenario import run_scenario
from coverage.simulator.siting.lifting import propose_lifting
from coverage.simulator.siting.proposal import greedy, propose, value_of
from coverage.simulator.siting.request import Rules, SitingError, SitingRequest, formulate, weigh_people
from coverage.simulator.supply_change import Baseline, Opening
from geo.travel_time.matrix import TravelTimes, travel_times_from_pairs
from tests.reference.proving import prove
from tests.toy import toy_country


def plane(points_min: list[tuple[float, float]]) -> TravelTimes:
    """Lay places on a plane measured in minutes."""
    at = np.array(points_min)
    n = len(at)
    rows, columns = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    minutes = np.hypot(*(at[rows] - at[columns]).T)
    codes = [f"010{k:02}" for k in range(n)]
    return travel_times_from_pairs(codes, rows, columns, minutes, limit_min=60, provider="table", vintage="test")


@st.composite
def requests(draw: st.DrawFn) -> SitingRequest:
    n = draw(st.integers(2, 8))
    coordinate = st.integers(0, 60).map(float)
    times = plane(draw(st.lists(st.tuples(coordinate, coordinate), min_size=n, max_size=n)))
    codes = times.place_codes
    people = pd.Series(draw(st.lists(st.integers(1, 500).map(float), min_size=n, max_size=n)), index=list(codes))
    epci = pd.Series(draw(st.lists(st.sampled_from(["A", "B", "C", None]), min_size=n, max_size=n)), index=list(codes))
    return SitingRequest(
        times,
        people,
        candidates=codes,
        n_sites=draw(st.integers(1, 3)),
        objective=draw(st.sampled_from(["coverage", "distance"])),
        max_minutes=draw(st.sampled_from([10.0, 20.0])),
        existing=tuple(draw(st.lists(st.sampled_from(codes), max_size=1))),
        rules=Rules(
            min_people_served=draw(st.sampled_from([0.0, 100.0])),
            min_minutes_between=draw(st.sampled_from([0.0, 25.0])),
            one_per_epci=draw(st.booleans()),
        ),
        epci=epci,
    )


def slow_value(request: SitingRequest, sites: tuple[str, ...]) -> float:
    """Count people newly near, or person-minutes saved, commune by commune."""
    total = 0.0
    for code, people in request.people.items():
        minutes = request.times.minutes_from(str(code))
        before = min((minutes.get(site, 60.0) for site in request.existing), default=60.0)
        after = min([before, *(minutes.get(site, 60.0) for site in sites)])
        if request.objective == "distance":
            total += people * (before - after)
        else:
            near = any(minutes.get(site, math.inf) <= request.max_minutes for site in sites)
            was = any(minutes.get(site, math.inf) <= request.max_minutes for site in request.existing)
            total += people * (near and not was)
    return total


def allowed(request: SitingRequest, sites: tuple[str, ...]) -> bool:
    rules, times = request.rules, request.times
    for site in sites:
        served = sum(
            people
            for code, people in request.people.items()
            if times.minutes_from(str(code)).get(site, math.inf) <= request.max_minutes
        )
        if served < rules.min_people_served:
            return False
    for a, b in itertools.combinations(sites, 2):
        if rules.one_per_epci and request.epci[a] is not None and request.epci[a] == request.epci[b]:
            return False
        if min(times.minutes_from(a).get(b, 99), times.minutes_from(b).get(a, 99)) < rules.min_minutes_between:
            return False
    return True


def enumerated(request: SitingRequest) -> float | None:
    """Try every choice; None when the rules allow none."""
    choices = itertools.combinations(request.candidates, request.n_sites)
    return max((slow_value(request, sites) for sites in choices if allowed(request, sites)), default=None)


@settings(deadline=None, max_examples=50)
@given(requests())
def test_the_proof_equals_enumeration_and_the_bound_holds(request_: SitingRequest):
    best = enumerated(request_)
    proven, quick = prove(request_), propose(request_)
    if not best:  # none allowed, or nothing to gain
        assert proven.status == "impossible"
        assert proven.reason
        return
    assert proven.status == "optimal"
    assert proven.value == pytest.approx(best)
    assert proven.value == pytest.approx(slow_value(request_, tuple(proven.sites["commune_code"])))
    assert allowed(request_, tuple(proven.sites["commune_code"]))
    assert allowed(request_, tuple(quick.sites["commune_code"]))
    assert quick.value == pytest.approx(slow_value(request_, tuple(quick.sites["commune_code"])))
    assert quick.upper_bound >= best * (1 - 1e-9)
    if len(quick.sites) < request_.n_sites:
        assert "écartement" in quick.reason  # fewer sites, better placed, may bring more than as many as asked
    else:
        assert quick.value <= best * (1 + 1e-9)


@settings(deadline=None, max_examples=25)
@given(requests())
def test_exchanging_is_never_worse_than_greedy(request_: SitingRequest):
    problem, reason = formulate(request_)
    if not reason:
        assert propose(request_).value >= value_of(problem, greedy(problem, request_.n_sites)) - 1e-9


@settings(deadline=None, max_examples=25)
@given(requests())
def test_more_iterations_never_raise_the_bound(request_: SitingRequest):
    bounds = [propose(request_, bound_iterations=n).upper_bound for n in (0, 5, 60)]
    assert bounds == sorted(bounds, reverse=True)


def test_a_hand_computed_country():
    # Four places on a line at 0, 15, 30, 60 min with 10, 10, 10, 25 people; 20 minutes, two sites.
    # 15 covers the first three (30 people), 60 covers itself (25): 55, everyone.
    times = plane([(0, 0), (15, 0), (30, 0), (60, 0)])
    people = pd.Series([10.0, 10.0, 10.0, 25.0], index=list(times.place_codes))
    answer = propose(SitingRequest(times, people, times.place_codes, 2))
    assert answer.sites["commune_code"].tolist() == ["01001", "01003"]
    assert answer.sites["gain"].tolist() == [30.0, 25.0]
    assert (answer.value, answer.upper_bound, answer.gap_share) == (55.0, 55.0, 0.0)


def test_people_already_near_an_existing_structure_bring_nothing():
    times = plane([(0, 0), (15, 0), (60, 0)])
    people = pd.Series([10.0, 10.0, 5.0], index=list(times.place_codes))
    answer = propose(SitingRequest(times, people, times.place_codes, 1, existing=("01000",)))
    assert answer.sites["commune_code"].tolist() == ["01002"]


LINE = plane([(0, 0), (15, 0), (30, 0), (60, 0)])
PEOPLE = pd.Series([10.0, 10.0, 10.0, 25.0], index=list(LINE.place_codes))
EPCI = pd.Series(["A", "A", "A", "A"], index=list(LINE.place_codes))
ASKED = SitingRequest(LINE, PEOPLE, LINE.place_codes, 2, epci=EPCI)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (replace(ASKED, n_sites=0), "au moins un site"),
        (replace(ASKED, candidates=()), "Aucune commune candidate"),
        (replace(ASKED, n_sites=5), "seulement 4 communes candidates"),
        (replace(ASKED, rules=Rules(min_people_served=31)), "seules 0 communes"),
        (replace(ASKED, rules=Rules(one_per_epci=True)), "1 EPCI seulement"),
        (replace(ASKED, existing=LINE.place_codes), "déjà desservis"),
    ],
)
def test_an_impossible_request_says_which_rule(request_: SitingRequest, reason: str):
    for answer in (propose(request_), prove(request_)):
        assert answer.status == "impossible"
        assert reason in answer.reason
        assert answer.sites.empty


def test_a_spacing_that_no_choice_respects_is_proven():
    asked = replace(ASKED, n_sites=4, rules=Rules(min_minutes_between=20))
    assert "écartement" in propose(asked).reason
    assert prove(asked).status == "impossible"
    assert "écartement" in prove(asked).reason


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (replace(ASKED, candidates=("99999",)), "candidates : .*99999"),
        (replace(ASKED, existing=("99999",)), "existantes : .*99999"),
        (replace(ASKED, people=pd.Series({"01000": -1.0})), "positives"),
        (replace(ASKED, max_minutes=90.0), "max_minutes : attendu de 0 à 60"),
        (replace(ASKED, rules=Rules(one_per_epci=True), epci=None), "un par EPCI"),
        (replace(ASKED, objective="beauty"), "beauty"),
    ],
)
def test_a_malformed_request_is_refused(request_: SitingRequest, message: str):
    with pytest.raises(SitingError, match=message):
        propose(request_)


def test_weights_count_the_old_and_the_poor_more_and_unknown_as_the_mean():
    population = pd.Series({"A": 100.0, "B": 300.0, "C": 50.0})
    share = pd.Series({"A": 0.2, "B": 0.1})
    weighed = weigh_people(population, share, weight_75plus=2.0)
    # mean share of A and B: (20 + 30) / 400 = 0.125
    assert weighed.to_dict() == pytest.approx({"A": 140.0, "B": 360.0, "C": 62.5})
    assert weigh_people(population).tolist() == population.tolist()
    with pytest.raises(SitingError, match="pauvreté"):
        weigh_people(population, weight_poverty=1.0)


# --- people lifted above the threshold ------------------------------------------------------------------------------


def lifting_model() -> AplModel:
    return apl_model(LINE, PEOPLE * 100, toy_country().apl_parameters)


def test_lifting_opens_where_most_people_rise_and_agrees_with_the_what_if():
    model = lifting_model()
    apl = pd.Series([2.4, 2.4, 2.4, 1.0], index=list(LINE.place_codes))
    answer = propose_lifting(replace(ASKED, n_sites=1), model, apl, gp_fte=1.0)
    table = pd.DataFrame({"apl": apl, "population_standardised": PEOPLE * 100, "population_total": PEOPLE})
    lifted = {}
    for code in LINE.place_codes:
        communes = pd.DataFrame({"commune_code": list(LINE.place_codes), "population": PEOPLE.to_numpy()})
        lifted[code] = run_scenario([Opening(code, 1.0)], Baseline(model, table, communes)).people_lifted
    assert answer.value == max(lifted.values()) == lifted[answer.sites["commune_code"][0]]
    assert math.isnan(answer.upper_bound)
    assert math.isnan(answer.gap_share)


def test_lifting_nobody_is_said():
    apl = pd.Series([0.0, 0.0, 0.0, 0.0], index=list(LINE.place_codes))
    answer = propose_lifting(replace(ASKED, n_sites=1), lifting_model(), apl, gp_fte=0.1)
    assert answer.value == 0
    assert "Aucun de ces sites" in answer.reason
    assert len(answer.sites) == 1  # the one that fills most of what is lacking


def test_lifting_leaves_the_published_apl_alone_and_respects_the_rules():
    apl = pd.Series([2.4, 2.4, 2.4, 1.0], index=list(LINE.place_codes))
    kept = apl.copy()
    answer = propose_lifting(
        replace(ASKED, n_sites=3, rules=Rules(min_minutes_between=25)), lifting_model(), apl, gp_fte=1.0
    )
    pd.testing.assert_series_equal(apl, kept)
    at = [LINE.place_codes.index(code) for code in answer.sites["commune_code"]]
    minutes = [0, 15, 30, 60]
    assert all(abs(minutes[a] - minutes[b]) >= 25 for a, b in itertools.combinations(at, 2))


def test_lifting_refuses_an_impossible_number_of_gps():
    with pytest.raises(SitingError, match="plus de 0"):
        propose_lifting(ASKED, lifting_model(), PEOPLE, gp_fte=0.0)
