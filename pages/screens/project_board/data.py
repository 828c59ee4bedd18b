"""The projects that the board shows: those of the reader, by territory, type, facilitator and day."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from coverage.project_board.stages import projects_on
from coverage.projects.listing import facilitator_names, within
from coverage.terms.project_list import STAGE_DATES, STRUCTURE_TYPES
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.screens.project_board.state import NOBODY, BoardView
from reports.project_board.content import YearlyReport, compose_report
from reports.project_board.counts import SOURCE

EARLIEST_YEAR: Final = 2000


@dataclass(frozen=True, eq=False)
class Board:
    """The projects shown, and the day they are shown at.

    Attributes
    ----------
    projects, listed
        As they stood on `day`, abandoned ones included; the same as the list has them now.
    day, listed_on
        Day shown, and day the list was read.
    """

    view: BoardView
    gazetteer: Gazetteer
    territory: Territory
    projects: pd.DataFrame
    listed: pd.DataFrame
    day: dt.date
    listed_on: dt.date

    @property
    def moment(self) -> pd.Timestamp:
        """The day shown, as pandas compares it."""
        return pd.Timestamp(self.day)

    @property
    def is_past(self) -> bool:
        """Tell whether the list is shown as it was, and so cannot be changed."""
        return self.day < self.listed_on

    @cached_property
    def report(self) -> YearlyReport:
        """The yearly report of what is shown: the page says the same figures."""
        return compose_report(
            self.projects,
            self.gazetteer,
            self.territory,
            day=self.day,
            listed_on=self.listed_on,
            selection=describe_selection(self.view),
            stuck_months=self.view.mois,
            listed=self.listed,
        )

    @property
    def sources(self) -> list[dict[str, str]]:
        """What the sheet of sources of an export says."""
        return [
            {
                "Source": SOURCE,
                "Relevée le": f"{self.listed_on:%d/%m/%Y}",
                "Situation au": f"{self.day:%d/%m/%Y}",
                "Territoire": self.gazetteer.name(self.territory),
                "Projets": describe_selection(self.view) or "tous",
                "Remarques": " ".join(self.report.notes),
            }
        ]


def choose_projects(
    projects: pd.DataFrame, view: BoardView, gazetteer: Gazetteer, territory: Territory, today: dt.date
) -> Board:
    """Return the board of a view.

    Parameters
    ----------
    projects
        The reader's whole list.
    view, territory
        What is shown of it.
    gazetteer
        Which communes lie where.
    today
        Day the list is read.
    """
    day = today if view.annee is None else dt.date(view.annee, 12, 31)
    shown = within(projects, gazetteer, territory)
    if view.type is not None:
        shown = shown[shown["structure_type"] == view.type]
    if view.facilitateur is not None:
        # The spelling of the whole list: that of a part could be another.
        names = facilitator_names(projects).loc[shown.index]
        shown = shown[names.isna() if view.facilitateur == NOBODY else names == view.facilitateur]
    on_the_day = projects_on(shown, pd.Timestamp(day), pd.Timestamp(today))
    return Board(view, gazetteer, territory, on_the_day, shown, day, today)


def describe_selection(view: BoardView) -> str:
    """Say in French by what else than the territory the projects were chosen; empty when by nothing."""
    parts = []
    if view.type is not None:
        parts.append(f"de type {STRUCTURE_TYPES[view.type]}")
    if view.facilitateur is not None:
        named = "sans facilitateur" if view.facilitateur == NOBODY else f"suivis par {view.facilitateur}"
        parts.append(named)
    return ", ".join(parts)


def list_facilitators(projects: pd.DataFrame) -> list[str]:
    """Return the people named in the list, in the order of the alphabet."""
    return sorted(facilitator_names(projects).dropna().unique(), key=str.casefold)


def list_years(projects: pd.DataFrame, today: dt.date) -> list[int]:
    """Return the years at the end of which the list can be shown, the last first; empty when it has no date."""
    first = projects[list(STAGE_DATES.values())].min().min()
    if pd.isna(first) or first >= pd.Timestamp(today):
        return []
    return list(range(today.year - 1, max(first.year, EARLIEST_YEAR) - 1, -1))
