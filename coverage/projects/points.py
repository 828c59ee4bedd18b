"""The planner's projects as points of a map."""

from typing import Final

import pandas as pd

from coverage.projects.listing import within
from coverage.terms.project_list import STRUCTURE_TYPES
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.map import PROJECT_PREFIX

COLUMNS: Final = (
    *("finess_code", "structure_type", "name", "commune_code", "departement_code", "commune_name"),
    *("longitude", "latitude", "opened_on"),
)


def project_points(projects: pd.DataFrame, gazetteer: Gazetteer, scope: Territory = FRANCE) -> pd.DataFrame:
    """Return the projects of a territory as the map draws structures, those that are abandoned left out.

    Parameters
    ----------
    projects
        As `data.projects.schema` has them, their codes of the day; not changed.
    gazetteer
        Names of the communes.
    scope
        Only the projects that stand in it.

    Returns
    -------
    pandas.DataFrame
        The columns that `geo.map.structure_columns` reads: `finess_code` holds the project's own identifier,
        `structure_type` "projet_" and its stage, which has its sign in `geo.map.STRUCTURE_SYMBOLS`.
    """
    shown = within(projects[~projects["abandoned"]], gazetteer, scope)
    names = gazetteer.communes.set_index("commune_code")["name"]
    kinds = shown["structure_type"].map(STRUCTURE_TYPES)
    table = shown.assign(
        finess_code=shown["project_id"],
        structure_type=PROJECT_PREFIX + shown["stage"],
        name=shown["name"].str.cat(" (" + kinds + ")"),
        commune_name=shown["commune_code"].map(names),
    )
    return table[list(COLUMNS)].reset_index(drop=True)


def is_project(code: str) -> bool:
    """Tell whether what was clicked on a map is a project: its identifier, not a FINESS code, begins with a letter."""
    return code.startswith("P")
