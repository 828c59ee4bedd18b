"""The board: counts, conversion, stuck projects and groups, against loops that anyone can read."""

import math

import pandas as pd
import pytest

from coverage.project_board.progress import (
    conversion,
    conversion_by_year,
    count_by_group,
    count_by_stage,
    find_stuck,
)
from coverage.project_board.stages import DAYS_PER_MONTH
from coverage.terms.project_list import STAGE_DATES, STAGES, empty_projects
from tests.toy_projects import FLORAC, build_projects, random_projects

DAY = pd.Timestamp(2025, 12, 31)


def ago(months):
    return DAY - pd.Timedelta(days=months * DAYS_PER_MONTH + 1)


def test_an_abandoned_project_stays_among_those_that_reached_its_stage():
    projects = build_projects({"stage": "idee"}, {"stage": "valide_ars", "abandoned": True}, {"stage": "ouvert"})
    counts = count_by_stage(projects)
    assert counts["n_current"].tolist() == [1, 0, 0, 1, 0]
    assert counts["n_reached"].tolist() == [3, 2, 2, 1, 0]
    assert counts["n_abandoned"].tolist() == [0, 0, 1, 0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_counts_and_conversion_are_those_of_a_loop(seed):
    projects = random_projects(seed, 120)
    order = list(STAGES)
    records = projects.to_dict("records")
    counts = count_by_stage(projects)
    for place, stage in enumerate(order):
        there = [record for record in records if record["stage"] == stage]
        assert counts.loc[stage, "n_current"] == sum(not record["abandoned"] for record in there)
        assert counts.loc[stage, "n_reached"] == sum(order.index(record["stage"]) >= place for record in records)
    table = conversion(projects)
    assert (table["n_reached"] == table["n_next"] + table["n_abandoned"] + table["n_waiting"]).all()
    assert table["share"].between(0, 1).all()
    for stage in order[:-1]:
        by_year = conversion_by_year(projects, stage)
        # Mass: the years and the undated make the whole.
        assert by_year["n_reached"].sum() == table.loc[stage, "n_reached"]
        assert by_year["n_next"].sum() == table.loc[stage, "n_next"]


def test_conversion_of_nothing_is_unknown():
    assert conversion(empty_projects())["share"].isna().all()
    assert conversion_by_year(empty_projects(), "idee").empty


def test_conversion_by_year_counts_the_undated_apart():
    rows = [
        {"stage": "ouvert", "project_on": pd.Timestamp(2020, 3, 1)},
        {"stage": "projet", "project_on": pd.Timestamp(2020, 9, 1)},
        {"stage": "ouvert", "project_on": pd.Timestamp(2021, 1, 1)},
        {"stage": "valide_ars"},
        {"stage": "idee"},
    ]
    table = conversion_by_year(build_projects(*rows), "projet")
    assert table.index.tolist()[:2] == [2020, 2021]
    assert table.index.isna().tolist() == [False, False, True]
    assert table["n_reached"].tolist() == [2, 1, 1]
    assert table["share"].tolist() == [0.5, 1, 1]
    with pytest.raises(ValueError, match="trouvé aci_signe"):
        conversion_by_year(build_projects({}), "aci_signe")


def test_stuck_is_longer_than_the_months_asked_for():
    rows = [
        {"name": "older", "stage": "projet", "project_on": ago(40)},
        {"name": "old", "stage": "valide_ars", "validated_on": ago(25)},
        {"name": "young", "stage": "projet", "project_on": ago(23)},
        {"name": "arrived", "stage": "aci_signe", "aci_signed_on": ago(90)},
        {"name": "given up", "stage": "projet", "project_on": ago(90), "abandoned": True},
        {"name": "undated", "stage": "projet"},
    ]
    stuck = find_stuck(build_projects(*rows), DAY, 24)
    assert stuck["name"].tolist() == ["older", "old"]
    assert stuck["age_months"].round().tolist() == [40, 25]


def test_the_groups_make_the_whole():
    projects = random_projects(7, 200)
    for by in ("facilitator", "departement_code", "region_code", "structure_type"):
        table = count_by_group(projects, by, DAY, 12)
        assert table["n_projects"].sum() == int((~projects["abandoned"]).sum())
        assert table["n_stuck"].sum() == len(find_stuck(projects, DAY, 12))
        assert (table[[f"n_{stage}" for stage in STAGES]].sum(axis=1) == table["n_projects"]).all()
        assert (table["n_in_project"] + table["n_running"] == table["n_projects"]).all()


def test_facilitators_are_gathered_and_nobody_comes_last():
    rows = [
        {"facilitator": "Anne Roux", "accompanied": True, "stage": "aci_signe"},
        {"facilitator": "ANNE ROUX", "accompanied": None, "stage": "ouvert"},
        {"facilitator": "Anne Roux", "accompanied": False} | FLORAC,
        {"facilitator": None, "abandoned": True},
    ]
    table = count_by_group(build_projects(*rows), "facilitator", DAY, 12)
    assert table.index.tolist()[0] == "Anne Roux"
    assert table.index.isna().tolist() == [False, True]
    first = table.iloc[0]
    # One of the two of which the list says it; the third is unknown, not "no".
    assert (first["n_projects"], first["n_accompanied"], first["n_accompaniment_unknown"]) == (3, 1, 1)
    assert first["share_accompanied"] == 0.5
    assert first["share_aci"] == 0.5
    assert table.iloc[1]["n_abandoned"] == 1
    assert math.isnan(table.iloc[1]["share_aci"])


def test_an_empty_list_has_empty_tables():
    table = count_by_group(empty_projects(), "facilitator", DAY, 12)
    assert table.empty
    assert "share_aci" in table
    assert find_stuck(empty_projects(), DAY, 12).empty
    assert set(STAGE_DATES) == set(count_by_stage(empty_projects()).index)
