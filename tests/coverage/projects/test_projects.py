"""The list of projects: its columns, what runs, one person whatever the spelling."""

import doctest
import importlib
from functools import partial

import pandas as pd
import pytest

from coverage.projects.listing import facilitator_names, is_in_project, is_late, is_running, stage_ranks, within
from coverage.terms.project_list import DTYPES, STAGE_DATES, STAGES, empty_projects
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from tests.toy_projects import build_projects


def test_an_empty_list_has_every_column_of_its_type():
    table = empty_projects()
    assert {name: str(kind) for name, kind in table.dtypes.items()} == DTYPES
    assert list(STAGE_DATES) == list(STAGES)


def test_a_project_runs_is_on_its_way_or_is_given_up():
    rows = [{"stage": stage} for stage in STAGES] + [{"stage": "ouvert", "abandoned": True}, {"stage": None}]
    projects = build_projects(*rows)
    assert is_running(projects).tolist() == [False, False, False, True, True, False, False]
    assert is_in_project(projects).tolist() == [True, True, True, False, False, False, False]
    assert stage_ranks(projects).tolist() == [0, 1, 2, 3, 4, 3, -1]


def test_a_project_is_late_when_the_day_of_its_opening_is_past_and_it_is_on_its_way():
    day, before, after = (pd.Timestamp(f"2026-11-{number}") for number in (26, 25, 27))
    rows = [
        {"stage": "projet", "opening_planned_on": before},
        {"stage": "projet", "opening_planned_on": day},
        {"stage": "projet", "opening_planned_on": after},
        {"stage": "projet"},
        {"stage": "ouvert", "opening_planned_on": before},
        {"stage": "projet", "opening_planned_on": before, "abandoned": True},
    ]
    assert is_late(build_projects(*rows), day).tolist() == [True, False, False, False, False, False]


def test_a_stage_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="trouvé rêve"):
        stage_ranks(build_projects({"stage": "rêve"}))


def test_one_person_is_one_person_whatever_the_spelling():
    names = ["Anne-Marie Léger", "anne marie leger", "Anne-Marie Léger ", " ", None, "Paul", "PAUL"]
    found = facilitator_names(build_projects(*[{"facilitator": name} for name in names]))
    assert found.fillna("?").tolist() == ["Anne-Marie Léger"] * 3 + ["?", "?", "Paul", "Paul"]
    assert facilitator_names(empty_projects()).empty


def test_the_projects_of_a_territory(toy_country):
    gazetteer = Gazetteer.of(partial(getattr, toy_country))
    projects = build_projects({"name": "A"}, {"name": "B"}, {"name": "C"})
    projects["commune_code"] = pd.Series(["31001", "32001", "69123"], dtype="str")
    assert within(projects, gazetteer, FRANCE) is projects
    assert within(projects, gazetteer, Territory("commune", "32001"))["name"].tolist() == ["B"]
    assert within(projects, gazetteer, Territory("region", "76"))["name"].tolist() == ["A", "B"]


@pytest.mark.parametrize(
    "name", ["coverage.terms.project_list", "coverage.projects.listing", "coverage.project_board.secrecy"]
)
def test_examples_run(name):
    outcome = doctest.testmod(importlib.import_module(name))
    assert (outcome.attempted > 0, outcome.failed) == (True, 0)
