"""The check list: thresholds met at the bound, ticks that only ever help, every condition with its source."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.study import eligibility
from coverage.study.eligibility import STATUS_WORDS, Team, UnknownConditionError, check, read_check_list

RULES = read_check_list()
teams = st.builds(Team, st.integers(0, 20), st.integers(0, 20), st.frozensets(st.sampled_from(RULES.ticked_ids)))


def met(team: Team) -> set[str]:
    return {answer.condition.id for answer in check(team) if answer.is_met}


@pytest.mark.parametrize(
    ("team", "expected"),
    [
        (Team(), set()),
        (Team(1, 0), set()),
        (Team(2, 0), {"medecins"}),
        (Team(2, 1), {"medecins", "paramedical"}),
        (Team(0, 0, frozenset({"projet_ecrit"})), {"projet_ecrit"}),
    ],
)
def test_teams_by_hand(team, expected):
    assert met(team) == expected


@given(teams, teams)
def test_a_larger_team_with_more_done_lacks_nothing_more(one, other):
    both = Team(max(one.n_gp, other.n_gp), max(one.n_paramedical, other.n_paramedical), one.ticked | other.ticked)
    assert met(one) | met(other) <= met(both)


def test_everything_ticked_by_a_whole_team_leaves_nothing():
    assert met(Team(2, 1, frozenset(RULES.ticked_ids))) == {condition.id for condition in RULES.conditions}


@pytest.mark.parametrize("ticked", ["medecins", "inconnu"])
def test_a_tick_that_is_none_is_refused_with_the_list(ticked):
    with pytest.raises(UnknownConditionError, match=f"attendu .*projet_ecrit.*trouvé {ticked}"):
        check(Team(ticked=frozenset({ticked})))


def test_every_condition_says_where_it_stands_and_how_sure():
    ids = [condition.id for condition in RULES.conditions]
    assert len(ids) == len(set(ids))
    for condition in RULES.conditions:
        assert condition.source
        assert condition.status in STATUS_WORDS
        assert condition.counted in {"", *RULES.thresholds}
    assert {condition.counted for condition in RULES.conditions} == {"", *RULES.thresholds}
    # The four prerequisites of the ACI in the guide of October 2022: opening, crisis, coordination, information system
    assert len(next(step for step in RULES.steps if step.id == "aci").conditions) == 4
    assert "2022" in RULES.edition


def test_the_example_runs():
    outcome = doctest.testmod(eligibility)
    assert (outcome.attempted > 0, outcome.failed) == (True, 0)
