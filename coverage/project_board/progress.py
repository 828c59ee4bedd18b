"""The board of projects: how many at each stage, how many went on to the next, which are stuck, who follows them.

Counts are of projects. An abandoned project is in no present stage; it stays among those that had reached its stage,
so that what was given up is seen in the conversion.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from coverage.project_board.stages import months_in_stage
from coverage.projects.listing import facilitator_names, is_in_project, is_running, stage_ranks
from coverage.terms.project_list import STAGE_DATES, STAGES

GroupBy = Literal["facilitator", "departement_code", "region_code", "structure_type"]
LAST_STAGE: Final = "aci_signe"


def count_by_stage(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the number of projects at each stage, and of those that have reached it.

    Parameters
    ----------
    projects
        `stage` (NA unknown) and `abandoned`.

    Returns
    -------
    pandas.DataFrame
        Index: codes of `STAGES`. n_current: at that stage now, not abandoned; n_reached: at that stage or beyond,
        abandoned ones included; n_abandoned: given up at that stage. A project whose stage is unknown is in none.
    """
    ranks = stage_ranks(projects)
    abandoned = projects["abandoned"].to_numpy(dtype=bool)
    places = range(len(STAGES))
    return pd.DataFrame(
        {
            "n_current": [int(np.sum((ranks == place) & ~abandoned)) for place in places],
            "n_reached": [int(np.sum(ranks >= place)) for place in places],
            "n_abandoned": [int(np.sum((ranks == place) & abandoned)) for place in places],
        },
        index=pd.Index(list(STAGES), name="stage"),
    )


def conversion(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the projects that reached a stage and have reached the next one.

    ``share = n_next / n_reached``. Projects abandoned and projects that only just reached the stage are both in the
    denominator: the share rises with time, and a recent list says little.

    Returns
    -------
    pandas.DataFrame
        Index: codes of `STAGES` but the last. n_reached, n_next, n_abandoned (given up at that stage), n_waiting
        (still there), share (0-1; NaN when none reached the stage).
    """
    counts = count_by_stage(projects)
    table = counts.iloc[:-1][["n_reached"]].assign(
        n_next=counts["n_reached"].to_numpy()[1:],
        n_abandoned=counts["n_abandoned"].iloc[:-1],
        n_waiting=counts["n_current"].iloc[:-1],
    )
    return table.assign(share=table["n_next"] / table["n_reached"].where(table["n_reached"] > 0))


def conversion_by_year(projects: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Return the conversion from a stage to the next by the year in which the stage was reached.

    Parameters
    ----------
    projects
        `stage` and the dates of `STAGE_DATES`.
    stage
        A code of `STAGES`, not the last.

    Returns
    -------
    pandas.DataFrame
        Index: year (int), increasing; NA, last, for the projects that do not know when they reached the stage.
        n_reached, n_next, share (0-1).

    Raises
    ------
    ValueError
        The stage is the last, or is none.
    """
    stages = list(STAGES)
    if stage not in stages[:-1]:
        raise ValueError(f"étape : attendu {', '.join(stages[:-1])}, trouvé {stage}")
    ranks = stage_ranks(projects)
    place = stages.index(stage)
    reached = projects[ranks >= place]
    years = reached[STAGE_DATES[stage]].dt.year.astype("Int64").rename("year")
    went_on = pd.Series(ranks[ranks >= place] > place, index=reached.index)
    table = went_on.groupby(years, dropna=False).agg(n_reached="size", n_next="sum")
    return table.astype("int64").assign(share=table["n_next"] / table["n_reached"])


def find_stuck(projects: pd.DataFrame, day: pd.Timestamp, months: float) -> pd.DataFrame:
    """Return the projects that have been in their stage longer than some months, the oldest first.

    A signed ACI is the end of the way: nobody is stuck there. Where the day is unknown, so is the answer: see
    n_unknown of `coverage.project_board.stages.age_by_stage`.

    Parameters
    ----------
    projects
        The list.
    day
        Day at which the age is taken.
    months
        A project is stuck when its age is above it (months).

    Returns
    -------
    pandas.DataFrame
        The rows of those projects, with `age_months`.
    """
    ages = months_in_stage(projects, day)
    stuck = (ages > months) & ~projects["abandoned"] & (projects["stage"] != LAST_STAGE)
    return projects.assign(age_months=ages)[stuck].sort_values(
        ["age_months", "project_id"], ascending=[False, True], kind="stable"
    )


def count_by_group(projects: pd.DataFrame, by: GroupBy, day: pd.Timestamp, stuck_months: float) -> pd.DataFrame:
    """Return the figures of the board for each facilitator, department, region or type of structure.

    Parameters
    ----------
    projects
        The list.
    by
        Column that parts it; facilitators are gathered whatever the spelling.
    day, stuck_months
        As in `find_stuck`.

    Returns
    -------
    pandas.DataFrame
        Index: the groups, those with the most projects first; NA, last, for the projects that name none. n_projects
        (not abandoned), one column a stage (`n_idee`…), n_unknown_stage, n_in_project, n_running, n_abandoned,
        n_stuck, n_stuck_unknown (on their way, the day of their stage unknown), n_accompanied,
        n_accompaniment_unknown, share_accompanied (0-1, among the known), share_aci (0-1, of the running ones; NaN
        when none runs).
    """
    keys = facilitator_names(projects) if by == "facilitator" else projects[by]
    active = ~projects["abandoned"]
    accompanied = projects["accompanied"].astype("boolean")
    on_the_way = active & (projects["stage"] != LAST_STAGE)
    flags = pd.DataFrame(
        {
            "n_projects": active,
            **{f"n_{stage}": active & (projects["stage"] == stage) for stage in STAGES},
            "n_unknown_stage": active & projects["stage"].isna(),
            "n_in_project": is_in_project(projects),
            "n_running": is_running(projects),
            "n_abandoned": projects["abandoned"],
            "n_stuck": projects.index.isin(find_stuck(projects, day, stuck_months).index),
            "n_stuck_unknown": on_the_way & months_in_stage(projects, day).isna(),
            "n_accompanied": active & accompanied.fillna(value=False).astype(bool),
            "n_accompaniment_unknown": active & accompanied.isna(),
        },
        index=projects.index,
    )
    table = flags.astype("int64").groupby(keys.rename(by), dropna=False).sum()
    told = table["n_projects"] - table["n_accompaniment_unknown"]
    table = table.assign(
        share_accompanied=table["n_accompanied"] / told.where(told > 0),
        share_aci=table["n_aci_signe"] / table["n_running"].where(table["n_running"] > 0),
    )
    named = table[table.index.notna()].sort_values("n_projects", ascending=False, kind="stable")
    return pd.concat([named, table[table.index.isna()]])
