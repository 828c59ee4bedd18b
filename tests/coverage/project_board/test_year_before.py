"""The figures of a year before: against every stage that a project could have been at, one after the other."""

import pandas as pd
import pytest

from coverage.project_board.stages import DAYS_PER_MONTH
from coverage.project_board.year_before import MEASURES, compare_years, count_between, year_before
from coverage.terms.project_list import STAGE_DATES, STAGES, empty_projects
from tests.coverage.project_board.test_project_stages import slow_stages_on
from tests.toy_projects import build_projects, random_projects

NOW, BEFORE = pd.Timestamp(2026, 11, 22), pd.Timestamp(2025, 11, 22)
MONTHS = 12


def months_at(project, place, day):
    """Return the months since a project reached a stage; None where it is not known."""
    reached = None if place < 0 else project[STAGE_DATES[list(STAGES)[place]]]
    return None if pd.isna(reached) or reached > day else (day - reached).days / DAYS_PER_MONTH


def slow_bounds(projects, day, *, is_now):
    """Count, project by project, those that every possible stage counts, and those that one of them counts."""
    stages = list(STAGES)
    counts = {name: [0, 0] for name in (*MEASURES, "n_stuck")}
    for project in projects[~projects["abandoned"]].to_dict("records"):
        present = stages.index(project["stage"])
        possible = [present] if is_now else slow_stages_on(project, day) or list(range(-1, present + 1))
        for name, (first, last) in MEASURES.items():
            fits = [first <= place <= last for place in possible]
            counts[name][0] += all(fits)
            counts[name][1] += any(fits)
        ages = [months_at(project, place, day) for place in possible]
        on_the_way = [0 <= place < len(stages) - 1 for place in possible]
        is_stuck = len(possible) == 1 and on_the_way[0] and ages[0] is not None and ages[0] > MONTHS
        came_lately = ages[0] is not None and ages[0] <= MONTHS
        counts["n_stuck"][0] += is_stuck
        counts["n_stuck"][1] += any(on_the_way) and possible[0] < len(stages) - 1 and not came_lately
    return pd.DataFrame.from_dict(counts, orient="index", columns=["least", "most"])


@pytest.mark.parametrize("seed", range(4))
def test_the_bounds_are_those_of_every_stage_that_fits_the_dates(seed):
    projects = random_projects(seed, 150)
    for day, is_now in ((NOW, True), (BEFORE, False)):
        pd.testing.assert_frame_equal(
            count_between(projects, day, NOW, MONTHS), slow_bounds(projects, day, is_now=is_now), check_dtype=False
        )
    table = compare_years(projects, NOW, NOW, MONTHS)
    assert (table["least"] <= table["most"]).all()
    assert (table["least_before"] < table["most_before"]).any()  # the draw leaves some open


def test_a_list_with_all_its_dates_is_known_and_one_without_tells_nothing():
    dated = {"idea_on": "2024-01-01", "project_on": "2024-06-01", "validated_on": "2025-01-01"}
    opened = {"stage": "ouvert", "opened_on": "2026-02-01"} | dated
    table = compare_years(build_projects(opened, {"stage": "valide_ars"} | dated), NOW, NOW, MONTHS)
    assert table.loc["n_running"].tolist() == [1, 1, 0, 0]
    assert table.loc["n_in_project"].tolist() == [1, 1, 2, 2]
    bare = compare_years(build_projects({"stage": "ouvert"}, {"stage": "idee"}), NOW, NOW, MONTHS)
    assert bare.loc["n_running"].tolist() == [1, 1, 0, 1]
    assert bare.loc["n_in_project"].tolist() == [1, 1, 0, 2]
    assert bare.loc["n_stuck"].tolist() == [0, 2, 0, 2]


def test_dates_that_contradict_each_other_leave_every_stage_open():
    crossed = build_projects({"stage": "ouvert", "project_on": "2026-05-01", "validated_on": "2020-01-01"})
    assert compare_years(crossed, NOW, NOW, MONTHS).loc["n_running", ["least_before", "most_before"]].tolist() == [0, 1]


def test_an_empty_list_counts_nothing_and_a_29_february_has_a_day_before():
    assert not compare_years(empty_projects(), NOW, NOW, MONTHS).to_numpy().any()
    assert year_before(pd.Timestamp(2024, 2, 29)) == pd.Timestamp(2023, 2, 28)
