"""The planner's own projects in the sheet of a territory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.projects.listing import is_in_project, is_running, within
from coverage.terms.project_list import STAGES, STRUCTURE_TYPES
from data.projects.example import MARK, is_example
from reports.figures.french import count_of, within_sentence
from reports.figures.numbers import UNKNOWN, format_number
from reports.project_board.content import name_open
from reports.project_board.counts import compose_counts
from reports.projection.words import enumerate_french

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.figures.facts import Facts
    from reports.territory.content import TerritorySheet

PROJECTS_HEADING: Final = "Projets du territoire"
PROJECTS_NOTE: Final = (
    "Liste de projets de l’utilisateur, hors projets abandonnés ; elle ne vient d’aucune source publique."
)
MOST_TYPES: Final = 3


def with_projects(sheet: TerritorySheet, projects: pd.DataFrame, facts: Facts) -> TerritorySheet:
    """Add to a sheet the projects of its territory.

    Parameters
    ----------
    sheet
        What is said of a territory; its day is that at which the list was read.
    projects
        The table of projects (`data.projects.schema`); not changed.
    facts
        Which communes the territory holds, and their names.

    Returns
    -------
    TerritorySheet
        The same sheet when the territory has no project; else with `projects`: Type, Nom, Commune, Étape, the most
        advanced first; `projects_message` and `projects_map`, which the slides show. Neither facilitators nor numbers
        of professionals are printed.
    """
    gazetteer = facts.gazetteer
    listed = within(projects, gazetteer, sheet.territory)
    here = listed[~listed["abandoned"]]
    if here.empty:
        return sheet
    names = gazetteer.communes.set_index("commune_code")["name"]
    rank = {stage: -order for order, stage in enumerate(STAGES)}
    table = pd.DataFrame(
        {
            "Type": here["structure_type"].map(STRUCTURE_TYPES),
            "Nom": here["name"],
            "Commune": here["commune_code"].map(names),
            "Étape": here["stage"].map(STAGES),
            "order": here["stage"].map(rank),
        }
    ).sort_values(["order", "Commune", "Nom"], ignore_index=True)
    day = sheet.drawn_on
    return replace(
        sheet,
        projects=table.drop(columns="order"),
        projects_message=projects_message(sheet.name, here),
        projects_map=compose_counts(
            facts, here, sheet.territory, day=day, listed_on=day, drawn_on=day, has_circles=False
        ),
    )


def projects_message(name: str, projects: pd.DataFrame) -> str:
    """Say how many structures of a list are open and how many projects are on their way.

    Parameters
    ----------
    name
        Of the territory.
    projects
        Those of the list that lie there and are not abandoned; at least one.
    """
    running, coming = projects[is_running(projects)], int(is_in_project(projects).sum())
    parts = [name_open(running["structure_type"].value_counts())] if len(running) else []
    parts += [count_of(coming, "projet en cours", "projets en cours")] if coming else []
    if unknown := int(projects["stage"].isna().sum()):
        parts.append(count_of(unknown, f"projet d’étape {UNKNOWN}", f"projets d’étape {UNKNOWN}"))
    marked = f" ({within_sentence(MARK)})" if is_example(projects).any() else ""
    return f"{name} : {enumerate_french(parts)} dans la liste de projets{marked}"


def stage_rows(table: pd.DataFrame) -> Sequence[Sequence[str]]:
    """Return the counts of the projects of a sheet: a head, a row a stage in the order of a project, their sum.

    A column for all, then one a type of structure where there are several, and few enough for their names to be read.
    """
    stages = table["Étape"].fillna(UNKNOWN)
    counts = pd.crosstab(stages, table["Type"])
    types = (
        [label for label in STRUCTURE_TYPES.values() if label in counts] if 1 < counts.shape[1] <= MOST_TYPES else []
    )
    known = [label for label in (*STAGES.values(), UNKNOWN) if label in counts.index]
    rows = [(label, *_written(counts.loc[label], types)) for label in known]
    return [("Étape", "Projets", *types), *rows, ("Ensemble", *_written(counts.sum(), types))]


def _written(counts: pd.Series, types: Sequence[str]) -> tuple[str, ...]:
    return tuple(format_number(int(count)) for count in (counts.sum(), *counts[list(types)]))


def count_stages(table: pd.DataFrame) -> str:
    """Count the projects of a sheet by stage: "Ouvert : 2 · Projet : 3"."""
    counts = table["Étape"].value_counts()
    return " · ".join(f"{label} : {counts[label]}" for label in reversed(list(STAGES.values())) if label in counts)
