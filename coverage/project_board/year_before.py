"""The figures of a list of projects beside those of the year before, as far as its dates tell them.

A list keeps the days at which stages were reached, and not always all of them. What it says of an earlier day stands
between two whole numbers, equal where the dates are enough.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.project_board.progress import LAST_STAGE
from coverage.project_board.stages import DAYS_PER_MONTH, UNBORN, bounds_on
from coverage.projects.listing import stage_ranks
from coverage.terms.project_list import RUNNING_STAGES, STAGE_DATES, STAGES

IntArray = npt.NDArray[np.int64]
_PLACES: Final = {stage: place for place, stage in enumerate(STAGES)}
_OPENING: Final = _PLACES[RUNNING_STAGES[0]]
MEASURES: Final = {
    "n_running": (_OPENING, len(STAGES) - 1),
    "n_in_project": (0, _OPENING - 1),
    "n_aci": (_PLACES[LAST_STAGE], _PLACES[LAST_STAGE]),
    **{stage: (place, place) for stage, place in _PLACES.items()},
}
"""First and last ranks of the stages that each figure counts."""

COLUMNS: Final = ("least", "most", "least_before", "most_before")


def year_before(day: pd.Timestamp) -> pd.Timestamp:
    """Return the same day of the year before; 28 February for the 29th."""
    return day - pd.DateOffset(years=1)


def compare_years(
    listed: pd.DataFrame, day: pd.Timestamp, listed_on: pd.Timestamp, stuck_months: float
) -> pd.DataFrame:
    """Return what a list says of a day and of the same day a year before.

    Parameters
    ----------
    listed
        The list as it is now.
    day, listed_on
        The day asked for, and the day the list tells of.
    stuck_months
        Months above which a project is stuck in its stage.

    Returns
    -------
    pandas.DataFrame
        Index: `MEASURES` and n_stuck. least, most: bounds of the number on the day; least_before, most_before: of that
        of the year before. The list keeps no day of abandonment: an abandoned project counts on neither.
    """
    now = count_between(listed, day, listed_on, stuck_months)
    before = count_between(listed, year_before(day), listed_on, stuck_months)
    return now.join(before.add_suffix("_before"))


def compare_departements(
    listed: pd.DataFrame, day: pd.Timestamp, listed_on: pd.Timestamp, stuck_months: float
) -> pd.DataFrame:
    """Return the running structures of each department on both days; the parameters are those of `compare_years`.

    Returns
    -------
    pandas.DataFrame of int64
        Index departement_code; the columns of `compare_years`.
    """
    rows = {
        str(code): compare_years(group, day, listed_on, stuck_months).loc["n_running"]
        for code, group in listed.groupby("departement_code")
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS), dtype="int64")


def count_between(
    listed: pd.DataFrame, day: pd.Timestamp, listed_on: pd.Timestamp, stuck_months: float
) -> pd.DataFrame:
    """Return the bounds of each figure on a day; the parameters are those of `compare_years`.

    Returns
    -------
    pandas.DataFrame of int64
        Index: `MEASURES` and n_stuck. least: projects that must be counted; most: those that may be.
    """
    active = listed[~listed["abandoned"]]
    lowest, highest = _ranks_on(active, day, listed_on)
    bounds = {
        name: (int(((lowest >= first) & (highest <= last)).sum()), int(((highest >= first) & (lowest <= last)).sum()))
        for name, (first, last) in MEASURES.items()
    }
    bounds["n_stuck"] = _count_stuck(active, lowest, highest, day, stuck_months)
    return pd.DataFrame.from_dict(bounds, orient="index", columns=["least", "most"], dtype="int64")


def _ranks_on(projects: pd.DataFrame, day: pd.Timestamp, listed_on: pd.Timestamp) -> tuple[IntArray, IntArray]:
    """Return the first and last ranks that each project can have had; all of them where its dates contradict it."""
    ranks = stage_ranks(projects)
    lowest, highest = (ranks, ranks) if day >= listed_on else bounds_on(projects, day)
    lost = (ranks < 0) | (lowest > highest)
    furthest = np.where(ranks < 0, len(STAGES) - 1, ranks)
    return np.where(lost, UNBORN, lowest), np.where(lost, furthest, highest)


def _count_stuck(
    projects: pd.DataFrame, lowest: IntArray, highest: IntArray, day: pd.Timestamp, stuck_months: float
) -> tuple[int, int]:
    """Count the projects that must be stuck, and those that may be: whoever came to a stage lately is not, since."""
    dates = projects[list(STAGE_DATES.values())].to_numpy(dtype="datetime64[us]")
    reached = dates[np.arange(len(projects)), np.maximum(lowest, 0)]
    months = (day.to_datetime64() - reached) / np.timedelta64(1, "D") / DAYS_PER_MONTH
    known = (lowest > UNBORN) & ~np.isnat(reached) & (months >= 0)
    on_the_way = (highest > UNBORN) & (lowest < _PLACES[LAST_STAGE])
    least = known & on_the_way & (lowest == highest) & (months > stuck_months)
    return int(least.sum()), int((on_the_way & ~(known & (months <= stuck_months))).sum())
