"""The figures of the yearly report of a programme: teams accompanied, running or in project, ACI, professionals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from coverage.project_board.progress import count_by_group, count_by_stage
from coverage.project_board.secrecy import hide_cells
from coverage.project_board.stages import age_by_stage
from coverage.project_board.teams import Accompaniment, count_accompanied, count_professionals, professionals_by_group
from coverage.projects.listing import is_in_project, is_running

STUCK_MONTHS: Final = 24
"""Months after which the report calls a project stuck, unless told otherwise: a choice of the house, not a rule."""


@dataclass(frozen=True, eq=False)
class YearlyFigures:
    """What a yearly report says, as numbers.

    Attributes
    ----------
    teams
        Who is accompanied.
    n_running, n_in_project, n_unknown_stage, n_abandoned
        Projects that receive patients, on their way, of unknown stage, given up. The four add up to the list.
    n_aci
        Running structures whose ACI is signed.
    running_types, project_types
        Structure type → number, of the running ones and of those in project; types without any are absent.
    stages, ages
        See `coverage.project_board.progress.count_by_stage` and `coverage.project_board.stages.age_by_stage`.
    n_stuck, n_stuck_unknown
        Projects in their stage for more than the months chosen, and those that cannot tell.
    professionals
        Of the running structures: see `coverage.project_board.teams.count_professionals`, with `hidden`, True where the
        total (and so the mean) is to be written "NS".
    departements
        Index departement_code, sorted: the columns of `coverage.project_board.progress.count_by_group`.
    departement_professionals, departement_hidden
        Professionals of the running structures by department and profession with totals, and the cells to write "NS".
    facilitators
        Index facilitator: the columns of `coverage.project_board.progress.count_by_group`.
    """

    teams: Accompaniment
    n_running: int
    n_in_project: int
    n_unknown_stage: int
    n_abandoned: int
    n_aci: int
    running_types: pd.Series
    project_types: pd.Series
    stages: pd.DataFrame
    ages: pd.DataFrame
    n_stuck: int
    n_stuck_unknown: int
    professionals: pd.DataFrame
    departements: pd.DataFrame
    departement_professionals: pd.DataFrame
    departement_hidden: pd.DataFrame
    facilitators: pd.DataFrame

    @property
    def share_aci(self) -> float:
        """Share of the running structures that have signed the ACI (0-1); NaN when none runs."""
        return self.n_aci / self.n_running if self.n_running else float("nan")


def count_year(projects: pd.DataFrame, day: pd.Timestamp, stuck_months: float = STUCK_MONTHS) -> YearlyFigures:
    """Return the figures of the yearly report.

    Parameters
    ----------
    projects
        The list as it stood on the day (see `coverage.project_board.stages.projects_on`).
    day
        Day the report tells of.
    stuck_months
        Months above which a project is stuck in its stage.
    """
    running = projects[is_running(projects)]
    departements = count_by_group(projects, "departement_code", day, stuck_months).sort_index()
    by_departement = professionals_by_group(running, "departement_code")
    hidden = hide_cells(by_departement)
    return YearlyFigures(
        teams=count_accompanied(projects),
        n_running=len(running),
        n_in_project=int(is_in_project(projects).sum()),
        n_unknown_stage=int((projects["stage"].isna() & ~projects["abandoned"]).sum()),
        n_abandoned=int(projects["abandoned"].sum()),
        n_aci=int((running["stage"] == "aci_signe").sum()),
        running_types=running["structure_type"].value_counts(),
        project_types=projects.loc[is_in_project(projects), "structure_type"].value_counts(),
        stages=count_by_stage(projects),
        ages=age_by_stage(projects, day),
        n_stuck=int(departements["n_stuck"].sum()),
        n_stuck_unknown=int(departements["n_stuck_unknown"].sum()),
        professionals=count_professionals(running).assign(hidden=hidden.loc["total"]),
        departements=departements,
        departement_professionals=by_departement,
        departement_hidden=hidden,
        facilitators=count_by_group(projects, "facilitator", day, stuck_months),
    )
