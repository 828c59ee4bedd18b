"""Teams and professionals, the secrecy of small counts, and the published figures given back."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.project_board.secrecy import hide_cells
from coverage.project_board.teams import count_accompanied, count_professionals, professionals_by_group
from coverage.project_board.yearly_report import count_year
from coverage.projects.listing import is_running
from coverage.terms.project_list import PROFESSIONS, empty_projects
from tests.toy_projects import FLORAC, build_projects, hauts_de_france_2021, occitanie_2020, random_projects

DAY = pd.Timestamp(2021, 6, 30)


def test_the_share_accompanied_is_among_those_of_which_the_list_says_it():
    flags = [True, True, False, None, True]
    projects = build_projects(*[{"accompanied": flag, "abandoned": rank == 4} for rank, flag in enumerate(flags)])
    teams = count_accompanied(projects)
    assert (teams.n_projects, teams.n_accompanied, teams.n_alone, teams.n_unknown) == (4, 2, 1, 1)
    assert teams.share == pytest.approx(2 / 3)
    assert math.isnan(count_accompanied(build_projects({})).share)


def test_the_mean_is_over_the_structures_that_know_their_number():
    projects = build_projects({"n_gp": 4}, {"n_gp": 0}, {}, {"n_professionals": 9})
    table = count_professionals(projects)
    assert table.loc["n_gp"].tolist() == [2, 2, 4, 2]
    assert table.loc["n_professionals", "total"] == 9
    # Nobody says how many nurses: unknown, not 0.
    assert math.isnan(table.loc["n_nurses", "total"])
    assert math.isnan(table.loc["n_nurses", "mean"])


def test_the_published_figures_of_occitanie_2020_come_back():
    figures = count_year(occitanie_2020(), pd.Timestamp(2020, 12, 31))
    assert figures.teams.n_accompanied == 320
    assert (figures.teams.n_running, figures.teams.n_in_project) == (160, 160)
    assert figures.teams.share == 0.8
    assert figures.teams.n_facilitators == 40


def test_the_published_figures_of_hauts_de_france_2021_come_back():
    figures = count_year(hauts_de_france_2021(), DAY)
    assert (figures.n_running, figures.n_in_project, figures.n_aci) == (188, 26, 121)
    assert figures.running_types.to_dict() == {"msp": 188}
    totals = figures.professionals["total"]
    names = ["n_gp", "n_nurses", "n_physiotherapists", "n_midwives", "n_professionals"]
    assert totals[names].tolist() == [666, 687, 246, 61, 2359]
    assert 12 < figures.professionals.loc["n_professionals", "mean"] < 13


def test_the_parts_of_the_year_make_the_list():
    projects = random_projects(3, 150)
    figures = count_year(projects, DAY)
    assert figures.n_running + figures.n_in_project + figures.n_unknown_stage + figures.n_abandoned == len(projects)
    assert figures.departements.index.tolist() == sorted(figures.departements.index)
    running = projects[is_running(projects)]
    assert figures.departement_professionals.loc["total", "n_gp"] == running["n_gp"].sum()


def test_a_year_without_any_project():
    figures = count_year(empty_projects(), DAY)
    assert (figures.n_running, figures.n_stuck) == (0, 0)
    assert math.isnan(figures.share_aci)
    assert not figures.professionals["hidden"].any()


def test_a_single_structure_with_few_professionals_is_hidden():
    rows = [{"n_gp": 3, "stage": "ouvert"} | FLORAC, {"n_gp": 20, "stage": "ouvert"}, {"n_gp": 8, "stage": "ouvert"}]
    table = professionals_by_group(build_projects(*rows), "departement_code")
    hidden = hide_cells(table)
    # Lozère has 3 GPs: NS. 31 - 28 would give them back: Haute-Garonne is hidden too; the total may be said.
    assert hidden["n_gp"].to_dict() == {"31": True, "48": True, "total": False}


def can_be_found(line, hidden):
    """Try every share-out: tell whether some hidden part is the same in all those that fit what is shown.

    The slow twin: parts from 0 to the total, the total known, hidden parts at least 1 (0 is always shown).
    """
    *parts, total = line
    places = [rank for rank in range(len(parts)) if hidden[rank]]
    if not places or hidden[-1]:
        return False
    rest = total - sum(part for rank, part in enumerate(parts) if not hidden[rank])
    shares = [share for share in itertools.product(range(1, rest + 1), repeat=len(places)) if sum(share) == rest]
    return any(len({share[rank] for share in shares}) == 1 for rank in range(len(places)))


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_a_hidden_part_is_never_found_by_subtraction(parts):
    line = [*parts, sum(parts)]
    table = pd.DataFrame({"n_gp": [float(count) for count in line]})
    hidden = hide_cells(table)["n_gp"].tolist()
    assert all(hidden[rank] for rank, count in enumerate(line) if 0 < count < 5)
    assert not any(hidden[rank] for rank, count in enumerate(line) if count == 0)
    assert not can_be_found(line, hidden)


@given(st.integers(0, 10_000))
def test_in_a_table_every_line_keeps_its_secrets(seed):
    counts = np.random.default_rng(seed).integers(0, 15, (3, 3)).astype(float)
    names = [*list(PROFESSIONS)[:3], "n_professionals"]
    table = pd.DataFrame(np.column_stack([counts, counts.sum(axis=1)]), columns=names)
    table.loc["total"] = table.sum()
    hidden = hide_cells(table)
    assert not (hidden & (table == 0)).to_numpy().any()
    for line in (*table.index, *table.columns):
        along = table.loc[line] if line in table.index else table[line]
        mask = hidden.loc[line] if line in hidden.index else hidden[line]
        assert not can_be_found(along.astype(int).tolist(), mask.tolist())
        assert not (mask.iloc[-1] and mask.sum() == 1)  # a total hidden alone is the sum of what is shown


def test_a_line_that_does_not_add_up_gives_nothing_away():
    # The structure knows its 30 professionals, and of them only 3 GPs: 30 - 3 says nothing of the others.
    table = pd.DataFrame({"n_gp": [3.0, 3.0], "n_professionals": [30.0, 30.0]}, index=["48", "total"])
    assert hide_cells(table)["n_professionals"].tolist() == [False, False]
