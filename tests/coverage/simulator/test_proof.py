"""The exact solvers: equal to enumeration and to spopt, watched, stopped, absent, never trusted blindly."""

from __future__ import annotations

import gc
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spopt.locate import MCLP, PMedian

from coverage.simulator.siting.program import as_start, integer_program
from coverage.simulator.siting.proof import MAX_PAIRS, ProofProgress, start_proof
from coverage.simulator.siting.proposal import propose, value_of
from coverage.simulator.siting.request import Rules, SitingError, SitingRequest, formulate
from coverage.simulator.siting.solver import read_cbc_log, read_highs_log
from tests.coverage.simulator.test_siting import enumerated, plane, requests
from tests.reference.proving import prove

LINE = plane([(0, 0), (15, 0), (30, 0), (60, 0)])
PEOPLE = pd.Series([10.0, 10.0, 10.0, 25.0], index=list(LINE.place_codes))
ASKED = SitingRequest(LINE, PEOPLE, LINE.place_codes, 2)
LITTLE = settings(deadline=None, max_examples=8)  # each example starts a process


def scattered(n: int, n_sites: int, seed: int = 3, objective: str = "distance") -> SitingRequest:
    """Scatter places on a square of 100 min, with people that no two share."""
    generator = np.random.default_rng(seed)
    times = plane([tuple(point) for point in generator.uniform(0, 100, (n, 2))])
    people = pd.Series(generator.integers(10, 5000, n).astype(float), index=list(times.place_codes))
    return SitingRequest(times, people, times.place_codes, n_sites, objective=objective, max_minutes=10.0)


@pytest.mark.parametrize("solver", ["cbc", "highs"])
@LITTLE
@given(request_=requests())
def test_each_solver_equals_enumeration(solver: str, request_: SitingRequest):
    best = enumerated(request_)
    answer = prove(request_, solver=solver)
    if not best:
        assert answer.status == "impossible"
    else:
        assert answer.status == "optimal"
        assert answer.value == answer.upper_bound == pytest.approx(best)


@given(requests())
def test_the_program_counts_a_choice_as_the_problem_does(request_: SitingRequest):
    problem, reason = formulate(request_)
    if reason:
        return
    program = integer_program(problem, request_.n_sites)
    chosen = list(range(min(request_.n_sites, len(problem.codes))))
    start = as_start(program, chosen)
    assert program.value @ start == pytest.approx(value_of(problem, chosen))
    is_rule = ~program.matrix[:, program.n_candidates :].toarray().any(axis=1)  # a choice at random may break these
    assert (program.matrix @ start <= program.limits + 1e-9)[~is_rule].all()


SPOPT_CALLS_OLD_PULP = pytest.mark.filterwarnings("ignore:.*PuLP 4.0.*:DeprecationWarning")


@SPOPT_CALLS_OLD_PULP
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_coverage_equals_spopt(seed: int):
    asked = scattered(30, 4, seed, "coverage")
    minutes = asked.times.with_data(asked.times.tenths / 10 + 1).toarray()
    minutes = np.where(minutes == 0, 999, minutes - 1)
    theirs = MCLP.from_cost_matrix(minutes, asked.people.to_numpy(), 10.0, p_facilities=4).solve(quiet_cbc())
    assert prove(asked).value == pytest.approx(theirs.problem.objective.value())


@SPOPT_CALLS_OLD_PULP
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_distance_equals_spopt(seed: int):
    asked = scattered(30, 4, seed)
    minutes = asked.times.with_data(asked.times.tenths / 10 + 1).toarray()
    minutes = np.where(minutes == 0, 60.0, minutes - 1)  # beyond the limit, a commune counts as the limit
    theirs = PMedian.from_cost_matrix(minutes, asked.people.to_numpy(), p_facilities=4).solve(quiet_cbc())
    # ours is what is saved out of an hour for everybody, theirs what is left
    saved = 60 * asked.people.sum() - theirs.problem.objective.value()
    assert prove(asked).value == pytest.approx(saved)


def quiet_cbc() -> pulp.LpSolver:
    return pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False)


@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_a_proof_is_watched_and_only_improves(solver: str):
    seen: list[ProofProgress] = []
    asked = scattered(90, 8)
    answer = prove(asked, solver=solver, watch=seen.append)
    assert answer.status == "optimal"
    assert answer.value >= propose(asked).value - 1e-9
    values, bounds = [step.value for step in seen], [step.upper_bound for step in seen]
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)
    assert all(step.upper_bound >= answer.value * (1 - 1e-9) for step in seen)
    assert (seen[-1].is_running, seen[-1].gap_share, seen[-1].solver) == (False, 0.0, solver)
    assert seen[0].elapsed_s <= seen[-1].elapsed_s


@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_a_proof_stopped_at_once_gives_what_is_known(solver: str):
    asked = scattered(150, 8)
    proof = start_proof(asked, solver=solver)
    start = time.monotonic()
    proof.stop()
    assert time.monotonic() - start < 1  # the screen is not held up
    answer = proof.answer()
    assert not proof.is_running
    assert answer.status in ("interrupted", "optimal")
    assert answer.value >= propose(asked).value - 1e-9
    assert answer.upper_bound >= answer.value
    assert len(answer.sites) == 8
    assert proof.answer() is answer
    proof.stop()  # a second press of the button
    assert proof.progress().value == answer.value


@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_the_clock_ends_a_proof_without_calling_it_optimal(solver: str):
    asked = scattered(170, 12)
    answer = prove(asked, solver=solver, time_limit_s=0.01)
    assert answer.value >= propose(asked).value - 1e-9
    if answer.status == "optimal":  # only if the bound closed before the clock did
        assert answer.value == pytest.approx(answer.upper_bound, rel=1e-6)
    else:
        assert answer.upper_bound > answer.value


@pytest.mark.parametrize("solver", ["cbc", "highs"])
def test_a_spacing_that_no_choice_respects_is_proven(solver: str):
    answer = prove(replace(ASKED, n_sites=4, rules=Rules(min_minutes_between=20)), solver=solver)
    assert answer.status == "impossible"
    assert "écartement" in answer.reason


def test_an_impossible_request_starts_no_solver():
    proof = start_proof(replace(ASKED, n_sites=9))
    assert not proof.is_running
    assert proof.progress().solver == ""
    proof.stop()
    assert proof.answer().status == "impossible"


def test_highs_stands_in_where_cbc_cannot_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", "/nonexistent/cbc")
    proof = start_proof(ASKED)
    assert proof.progress().solver == "highs"
    assert proof.answer().value == 55.0
    with pytest.raises(OSError, match="nonexistent"):
        start_proof(ASKED, solver="cbc")


@pytest.mark.parametrize(
    "left",
    [
        None,  # it died
        "Optimal - objective value -99\n",  # no site at all
        "Optimal - objective value -99\n 0 X0000000 1 0\n 1 X0000001 1 0\n 2 X0000002 1 0\n",  # one too many
        "Stopped on time (no integer solution - continuous used) - objective value -9\n",
    ],
)
def test_a_solver_that_answers_nonsense_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left: str | None
):
    script = tmp_path / "cbc"
    text = "" if left is None else f"printf '{left}' > \"$last\"\n"
    script.write_text(f"#!/bin/sh\nfor last; do :; done\n{text}")
    script.chmod(0o755)
    monkeypatch.setattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", str(script))
    asked = scattered(40, 3)
    answer = prove(asked, solver="cbc")
    assert answer.value == propose(asked).value
    assert answer.status == "interrupted"
    assert answer.upper_bound > answer.value


def test_a_proof_leaves_no_file_and_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    prove(ASKED)
    assert not list(tmp_path.iterdir())
    proof = start_proof(scattered(170, 12), time_limit_s=30)
    process = proof._run._process
    assert list(tmp_path.iterdir())
    del proof  # a tab that is closed
    gc.collect()
    assert process.poll() is not None
    assert not list(tmp_path.iterdir())


def test_too_large_a_proof_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(MAX_PAIRS, "coverage", 3)
    with pytest.raises(SitingError, match="au plus 3 paires"):
        start_proof(ASKED)


# --- logs -----------------------------------------------------------------------------------------------------------

CBC_LOG = """Continuous objective value is -3.66767e+06 - 0.27 seconds
Cbc0045I MIPStart provided solution with cost -3.63507e+06
Cbc0012I Integer solution of -3635069 found by Reduced search after 0 iterations and 0 nodes (0.62 seconds)
Cbc0012I Integer solution of -3667634 found by DiveCoefficient after 0 iterations and 0 nodes (0.68 seconds)
Cbc0013I At root node, 1 cuts changed objective from -3667665.7 to -3667650 in 1 passes
Cbc0010I After 100 nodes, 3 on tree, -3667634 best solution, best possible -3667640.5 (2.10 seconds)
"""


def test_a_log_of_cbc_is_read_and_its_rounding_allowed_for():
    reading = read_cbc_log(CBC_LOG)
    assert reading.value == 3667634
    assert 3667640.5 < reading.bound < 3667640.5 * (1 + 2e-6)
    # six figures hide up to five: the bound stays above what they may stand for
    assert read_cbc_log(CBC_LOG.splitlines()[0]).bound >= 3667675
    assert read_cbc_log("") == (-np.inf, np.inf)


HIGHS_LOG = """        Nodes      |    B&B Tree     |            Objective Bounds              |   Work
 J       0       0         0   0.00%   -inf            -246308.4          Large        0     1.6s
 R       0       0         0   0.00%   -44368302.65    -43453797.6        2.10%        0     6.9s
         5       1         1  50.00%   -44368301.5     inf                inf          0     6.9s
"""


def test_a_log_of_highs_is_read():
    reading = read_highs_log(HIGHS_LOG)
    assert reading.value == 43453797.6
    assert 44368301.5 < reading.bound < 44368301.5 * (1 + 2e-6)
    assert read_highs_log("") == (-np.inf, np.inf)


@given(st.text())
def test_any_other_log_says_nothing_wrong(text: str):
    for read in (read_cbc_log, read_highs_log):
        value, bound = read(text)
        assert value <= np.inf
        assert bound >= -np.inf
