"""Where projects stand in time: the list as it was on a day, the age of each in its stage, the months in between."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.projects.listing import stage_ranks
from coverage.terms.project_list import RUNNING_STAGES, STAGE_DATES, STAGES

IntArray = npt.NDArray[np.int64]

DAYS_PER_MONTH: Final = 365.2425 / 12
"""Mean length of a month (days)."""

UNBORN: Final = -1


def bounds_on(projects: pd.DataFrame, day: pd.Timestamp) -> tuple[IntArray, IntArray]:
    """Return the first and last ranks that each project can have had on a day; the first above the last: none fits.

    A stage with a date on or before the day was reached, and those before it. A stage with a later date was not, nor
    those after it. Between the two, a stage without a date could have been reached or not.

    Parameters
    ----------
    projects
        `stage` and the dates of `STAGE_DATES` (NaT unknown); dates of stages not reached yet (a planned opening) are
        not read.
    day
        The day asked for.

    Returns
    -------
    tuple of numpy.ndarray of int
        Ranks in `STAGES`, one a project; -1 (`UNBORN`) when the project had not begun.
    """
    ranks = stage_ranks(projects)
    dates = projects[list(STAGE_DATES.values())].to_numpy(dtype="datetime64[us]")
    places = np.arange(len(STAGES))
    read = (places <= ranks[:, None]) & ~np.isnat(dates)
    past = read & (dates <= day.to_datetime64())
    later = read & ~past
    lowest = np.where(past, places, UNBORN).max(axis=1, initial=UNBORN)
    highest = np.minimum(np.where(later, places - 1, len(STAGES)).min(axis=1, initial=len(STAGES)), ranks)
    known = ranks >= 0
    return np.where(known, lowest, 0), np.where(known, highest, UNBORN)


def projects_on(projects: pd.DataFrame, day: pd.Timestamp, listed_on: pd.Timestamp) -> pd.DataFrame:
    """Return the list of projects as it stood on a day.

    Parameters
    ----------
    projects
        The list as it is now.
    day
        The day asked for; on or after `listed_on`, the list is returned as it is.
    listed_on
        Day the list tells of.

    Returns
    -------
    pandas.DataFrame
        Same columns, and `stage_is_least`. Projects that had not begun are left out. Where the dates leave several
        stages possible that are all before the opening, or all after it, `stage` is the first of them and
        `stage_is_least` is True: what runs and what is in project is then exact, the stage is at least that one. NA
        where even that cannot be told. The list keeps no date of abandonment: a project abandoned today counts as
        abandoned on every day.
    """
    if day >= listed_on:
        return projects
    lowest, highest = bounds_on(projects, day)
    first_running = list(STAGES).index(RUNNING_STAGES[0])
    same_phase = (lowest > UNBORN) & (lowest <= highest) & ((lowest >= first_running) == (highest >= first_running))
    codes = np.array([*STAGES, None], dtype=object)  # the last place answers -1
    stages = pd.Series(codes[np.where(same_phase, lowest, -1)], index=projects.index, dtype="str")
    begun = (lowest != UNBORN) | (highest != UNBORN)
    return projects.assign(stage=stages, stage_is_least=same_phase & (lowest < highest))[begun]


def months_in_stage(projects: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Return the age of each project in its present stage (months of 30.44 days).

    Parameters
    ----------
    projects
        `stage` and the dates of `STAGE_DATES`.
    day
        Day at which the age is taken.

    Returns
    -------
    pandas.Series of float64
        Same index, at least 0; NaN where the day the stage was reached is unknown or after `day`.
    """
    ranks = stage_ranks(projects)
    dates = projects[list(STAGE_DATES.values())].to_numpy(dtype="datetime64[us]")
    if not len(projects):
        return pd.Series(dtype="float64", index=projects.index, name="age_months")
    reached = dates[np.arange(len(projects)), np.maximum(ranks, 0)]
    days = (day.to_datetime64() - reached) / np.timedelta64(1, "D")
    known = (ranks >= 0) & ~np.isnat(reached) & (days >= 0)
    return pd.Series(np.where(known, days / DAYS_PER_MONTH, np.nan), index=projects.index, name="age_months")


def age_by_stage(projects: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return how long the projects of each stage have been in it (months), abandoned ones left out.

    Parameters
    ----------
    projects, day
        As in `months_in_stage`.

    Returns
    -------
    pandas.DataFrame
        Index: codes of `STAGES`. n_projects; n_known and n_unknown (date of the stage known or not); q25_months,
        median_months, q75_months, oldest_months (NaN when none is known).
    """
    active = projects[~projects["abandoned"]]
    ages = months_in_stage(active, day)
    rows = []
    for stage in STAGES:
        here = ages[(active["stage"] == stage).to_numpy()]
        known = here.dropna()
        quartiles = known.quantile([0.25, 0.5, 0.75]).to_numpy() if len(known) else [np.nan] * 3
        rows.append((len(here), len(known), len(here) - len(known), *quartiles, known.max()))
    columns = ["n_projects", "n_known", "n_unknown", "q25_months", "median_months", "q75_months", "oldest_months"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(list(STAGES), name="stage"))


def months_to_next(projects: pd.DataFrame) -> pd.DataFrame:
    """Return the months from each stage to the next, over the projects that know both days.

    Returns
    -------
    pandas.DataFrame
        Index: codes of `STAGES` but the last. n_known; q25_months, median_months, q75_months (NaN when none is
        known). Projects whose two days come in the wrong order are left out and counted in n_reversed.
    """
    ranks = stage_ranks(projects)
    rows = []
    for place, (stage, following) in enumerate(pairwise(STAGES)):
        passed = projects[ranks > place]
        months = (passed[STAGE_DATES[following]] - passed[STAGE_DATES[stage]]).dt.days / DAYS_PER_MONTH
        known = months[months >= 0]
        quartiles = known.quantile([0.25, 0.5, 0.75]).to_numpy() if len(known) else [np.nan] * 3
        rows.append((len(known), int((months < 0).sum()), *quartiles))
    columns = ["n_known", "n_reversed", "q25_months", "median_months", "q75_months"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(list(STAGES)[:-1], name="stage"))


def move_project(projects: pd.DataFrame, project_id: str, stage: str, day: pd.Timestamp | None) -> pd.DataFrame:
    """Return the list with one project moved to a stage; what is known of the stages before stays as it was.

    Parameters
    ----------
    projects
        The list.
    project_id
        Project to move.
    stage
        Code of `STAGES`; an earlier one corrects a mistake, and the days of the stages after it are forgotten.
    day
        Day the stage was reached; None when unknown.

    Raises
    ------
    ValueError
        No such project or stage, or a day before that of an earlier stage; in French, for the reader.
    """
    if stage not in STAGES:
        raise ValueError(f"étape : attendu {', '.join(STAGES)}, trouvé {stage}")
    here = (projects["project_id"] == project_id).to_numpy()
    if not here.any():
        raise ValueError(f"Ce projet n’est plus dans la liste ({project_id}) : rechargez la page.")
    place = list(STAGES).index(stage)
    columns = list(STAGE_DATES.values())
    known = projects.loc[here, columns[:place]].iloc[0].dropna()
    before = max(known, default=None)
    if day is not None and before is not None and day < before:
        raise ValueError(
            f"Date de l’étape « {STAGES[stage]} » : attendu le {before:%d/%m/%Y} ou après (étape précédente), "
            f"trouvé le {day:%d/%m/%Y}."
        )
    moved = projects.copy()
    moved.loc[here, "stage"] = stage
    moved.loc[here, columns[place]] = pd.NaT if day is None else day
    moved.loc[here, columns[place + 1 :]] = pd.NaT
    return moved
