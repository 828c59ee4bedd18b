"""The planner's own projects in the sheet of a territory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.terms.project_list import STAGES, STRUCTURE_TYPES

if TYPE_CHECKING:
    from coverage.territories.gazetteer import Gazetteer
    from reports.territory.content import TerritorySheet

PROJECTS_HEADING: Final = "Projets du territoire"
PROJECTS_NOTE: Final = (
    "Liste de projets de l’utilisateur, hors projets abandonnés ; elle ne vient d’aucune source publique."
)


def with_projects(sheet: TerritorySheet, projects: pd.DataFrame, gazetteer: Gazetteer) -> TerritorySheet:
    """Add to a sheet the projects of its territory.

    Parameters
    ----------
    sheet
        What is said of a territory.
    projects
        The table of projects (`data.projects.schema`); not changed.
    gazetteer
        Which communes the territory holds.

    Returns
    -------
    TerritorySheet
        The same sheet when the territory has no project; else with `projects`: Type, Nom, Commune, Étape, the most
        advanced first. Neither facilitators nor numbers of professionals are printed.
    """
    codes = gazetteer.communes.loc[gazetteer.mask(sheet.territory), "commune_code"]
    here = projects[~projects["abandoned"] & projects["commune_code"].isin(codes)]
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
    return replace(sheet, projects=table.drop(columns="order"))


def count_stages(table: pd.DataFrame) -> str:
    """Count the projects of a sheet by stage: "Ouvert : 2 · Projet : 3"."""
    counts = table["Étape"].value_counts()
    return " · ".join(f"{label} : {counts[label]}" for label in reversed(list(STAGES.values())) if label in counts)
