"""Projects in time: the list as it was on a day, ages, months from one stage to the next."""

import datetime as dt
import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.project_board.stages import (
    DAYS_PER_MONTH,
    UNBORN,
    age_by_stage,
    bounds_on,
    months_in_stage,
    months_to_next,
    move_project,
    projects_on,
)
from coverage.terms.project_list import STAGE_DATES, STAGES, empty_projects
from tests.toy_projects import build_projects, random_projects

DAY = pd.Timestamp(2021, 12, 31)
NOW = pd.Timestamp(2026, 11, 22)
CANNOT_TELL = -2


def date(text):
    return pd.Timestamp(text)


def stages_on(projects, day):
    """Return the rank that each project had reached on a day, `CANNOT_TELL` when its dates leave it open."""
    lowest, highest = bounds_on(projects, day)
    return pd.Series(np.where(lowest == highest, lowest, CANNOT_TELL), index=projects.index)


def slow_stages_on(project, day):
    """Try every stage that the project could have been at, and keep those that fit its dates."""
    stages = list(STAGES)
    if project["stage"] not in stages:
        return []
    present = stages.index(project["stage"])
    possible = []
    for candidate in range(-1, present + 1):
        fits = True
        for place in range(present + 1):
            reached_on = project[STAGE_DATES[stages[place]]]
            if pd.isna(reached_on):
                continue
            if (reached_on <= day) != (place <= candidate):
                fits = False
        if fits:
            possible.append(candidate)
    return possible


@pytest.mark.parametrize("seed", range(4))
def test_the_stage_on_a_day_is_the_only_one_that_fits_the_dates(seed):
    projects = random_projects(seed, 150)
    possible = [slow_stages_on(project, DAY) for project in projects.to_dict("records")]
    slow = [stages[0] if len(stages) == 1 else CANNOT_TELL for stages in possible]
    assert stages_on(projects, DAY).tolist() == slow
    assert {UNBORN, CANNOT_TELL} < set(slow)  # the draw tries them


def test_dates_of_stages_not_reached_are_plans_and_are_not_read():
    planned = build_projects({"stage": "projet", "project_on": date("2020-05-01"), "opened_on": date("2021-01-01")})
    assert stages_on(planned, DAY).tolist() == [1]


def test_the_list_of_a_past_day():
    projects = build_projects(
        # Opened after the day: still a project on it.
        {"name": "A", "stage": "ouvert", "project_on": date("2020-01-01"), "validated_on": date("2022-02-01")},
        # Begun after the day: not in the list yet.
        {"name": "B", "stage": "idee", "idea_on": date("2023-01-01")},
        # Without any date: nobody can tell.
        {"name": "C", "stage": "ouvert"},
        # Opened after the day, but nobody knows when it was validated: in project, at least at that stage.
        {"name": "D", "stage": "aci_signe", "project_on": date("2020-01-01"), "opened_on": date("2023-01-01")},
        # Open since 2020 or since after the day? Not even that is known.
        {"name": "E", "stage": "ouvert", "project_on": date("2020-01-01")},
    )
    then = projects_on(projects, DAY, NOW).set_index("name")
    assert then["stage"].fillna("?").to_dict() == {"A": "projet", "C": "?", "D": "projet", "E": "?"}
    assert then["stage_is_least"].to_dict() == {"A": False, "C": False, "D": True, "E": False}
    assert projects_on(projects, NOW, NOW) is projects


@pytest.mark.parametrize("seed", range(3))
def test_what_ran_on_a_day_is_what_every_possible_stage_says(seed):
    projects = random_projects(seed, 150)
    then = projects_on(projects, DAY, NOW)
    for project in projects.to_dict("records"):
        possible = slow_stages_on(project, DAY)
        if possible == [UNBORN]:
            assert project["project_id"] not in set(then["project_id"])
            continue
        told = then.set_index("project_id").loc[project["project_id"], "stage"]
        phases = {place >= 3 if place > UNBORN else None for place in possible}
        if len(phases) == 1:
            assert told == list(STAGES)[min(possible)]
        else:
            assert pd.isna(told)


@given(st.integers(0, 50), st.dates(dt.date(2017, 1, 1), dt.date(2027, 1, 1)))
def test_a_project_never_goes_back(seed, day):
    projects = random_projects(seed, 8)
    before = stages_on(projects, pd.Timestamp(day))
    after = stages_on(projects, pd.Timestamp(day) + pd.Timedelta(days=200))
    told = (before != CANNOT_TELL) & (after != CANNOT_TELL)
    assert (after[told] >= before[told]).all()


def test_the_age_in_a_stage_is_counted_from_the_day_it_was_reached():
    projects = build_projects(
        {"stage": "projet", "idea_on": date("2015-01-01"), "project_on": DAY - pd.Timedelta(days=365)},
        {"stage": "projet", "idea_on": date("2015-01-01")},
        {"stage": "ouvert", "opened_on": DAY + pd.Timedelta(days=1)},
        {"stage": None, "opened_on": DAY},
    )
    ages = months_in_stage(projects, DAY)
    # 365 days are 12 months less a quarter of a day.
    assert ages[0] == pytest.approx(365 / DAYS_PER_MONTH)
    assert 11.9 < ages[0] < 12
    assert ages[1:].isna().all()
    assert months_in_stage(empty_projects(), DAY).empty


def test_the_ages_of_a_stage_leave_out_the_abandoned_and_count_the_undated():
    rows = [{"stage": "idee", "idea_on": DAY - pd.Timedelta(days=days)} for days in (100, 200, 300, 400)]
    rows += [{"stage": "idee"}, {"stage": "idee", "idea_on": date("1999-01-01"), "abandoned": True}]
    row = age_by_stage(build_projects(*rows), DAY).loc["idee"]
    months = [days / DAYS_PER_MONTH for days in (100, 200, 300, 400)]
    assert (row["n_projects"], row["n_known"], row["n_unknown"]) == (5, 4, 1)
    assert row["median_months"] == pytest.approx(statistics.median(months))
    # Quartiles of 100, 200, 300, 400 by linear interpolation: 175 and 325.
    assert row["q25_months"] == pytest.approx(175 / DAYS_PER_MONTH)
    assert row["q75_months"] == pytest.approx(325 / DAYS_PER_MONTH)
    assert row["oldest_months"] == pytest.approx(400 / DAYS_PER_MONTH)
    assert math.isnan(age_by_stage(empty_projects(), DAY).loc["idee", "median_months"])


def test_the_months_between_two_stages_need_both_days_in_order():
    rows = [
        {"stage": "ouvert", "validated_on": date("2020-01-01"), "opened_on": date("2021-01-01")},
        {"stage": "ouvert", "validated_on": date("2021-01-01"), "opened_on": date("2020-01-01")},
        {"stage": "ouvert", "opened_on": date("2020-01-01")},
        {"stage": "valide_ars", "validated_on": date("2020-01-01"), "opened_on": date("2030-01-01")},
    ]
    row = months_to_next(build_projects(*rows)).loc["valide_ars"]
    assert (row["n_known"], row["n_reversed"]) == (1, 1)
    assert row["median_months"] == pytest.approx(366 / DAYS_PER_MONTH)


def test_a_project_moves_on_and_only_that_one():
    projects = build_projects({"stage": "projet", "project_on": date("2020-05-01")}, {"stage": "idee"})
    before = projects.copy()
    moved = move_project(projects, "p0000", "ouvert", date("2022-01-01"))
    assert moved["stage"].tolist() == ["ouvert", "idee"]
    assert moved.loc[0, ["project_on", "validated_on", "opened_on"]].tolist() == [
        date("2020-05-01"),
        pd.NaT,
        date("2022-01-01"),
    ]
    assert moved.dtypes.equals(projects.dtypes)
    pd.testing.assert_frame_equal(projects, before)
    pd.testing.assert_frame_equal(moved.iloc[1:], projects.iloc[1:])


def test_moving_back_forgets_the_stages_after():
    opened = build_projects({"stage": "ouvert", "project_on": date("2020-05-01"), "opened_on": date("2021-05-01")})
    back = move_project(opened, "p0000", "projet", None)
    assert back.loc[0, "stage"] == "projet"
    assert back.loc[0, ["project_on", "opened_on"]].isna().all()


def test_an_impossible_move_is_refused_in_french():
    projects = build_projects({"stage": "projet", "project_on": date("2020-05-01")})
    with pytest.raises(ValueError, match=r"attendu le 01/05/2020 ou après .* trouvé le 01/01/2019"):
        move_project(projects, "p0000", "valide_ars", date("2019-01-01"))
    with pytest.raises(ValueError, match="n’est plus dans la liste"):
        move_project(projects, "p9", "ouvert", None)
    with pytest.raises(ValueError, match="trouvé fini"):
        move_project(projects, "p0000", "fini", None)
