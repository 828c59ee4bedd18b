"""The planner's own list of projects: its columns, its stages, its types of structure and its professions.

A project is a team on its way to a structure of coordinated care (MSP, CPTS, centre de santé, ESP). It passes through
stages in one order; `stage` is the furthest it has reached, and an abandoned project keeps the stage it stopped at.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

STRUCTURE_TYPES: Final[Mapping[str, str]] = {
    "msp": "MSP",
    "cpts": "CPTS",
    "centre_sante": "Centre de santé",
    "esp": "Équipe de soins primaires",
    "autre": "Autre",
}
"""Types of structure and their French labels."""

STAGES: Final[Mapping[str, str]] = {
    "idee": "Idée",
    "projet": "Projet",
    "valide_ars": "Validé par l’ARS",
    "ouvert": "Ouvert",
    "aci_signe": "ACI signé",
}
"""Stages in the order of a project's life, and their French labels."""

RUNNING_STAGES: Final = ("ouvert", "aci_signe")
"""Stages at which patients are received, and FINESS is taken to have the structure; before them, a team is "en
projet"."""

STAGE_DATES: Final[Mapping[str, str]] = {
    "idee": "idea_on",
    "projet": "project_on",
    "valide_ars": "validated_on",
    "ouvert": "opened_on",
    "aci_signe": "aci_signed_on",
}
"""Column of the day each stage was reached."""

PLANNED_ON: Final = "opening_planned_on"
"""Column of the day planned for the opening; past and not open, the project is late."""

PROFESSIONS: Final[Mapping[str, str]] = {
    "n_gp": "Médecins généralistes",
    "n_nurses": "Infirmiers",
    "n_physiotherapists": "Kinésithérapeutes",
    "n_midwives": "Sages-femmes",
    "n_dentists": "Chirurgiens-dentistes",
    "n_pharmacists": "Pharmaciens",
    "n_other": "Autres professionnels",
}
"""Columns of counts of professionals and their French labels."""

DTYPES: Final[Mapping[str, str]] = {
    "project_id": "str",
    "name": "str",
    "structure_type": "str",
    "commune_code": "str",
    "departement_code": "str",
    "region_code": "str",
    "longitude": "float64",
    "latitude": "float64",
    "point_origin": "str",
    "stage": "str",
    "abandoned": "bool",
    **dict.fromkeys(STAGE_DATES.values(), "datetime64[us]"),
    PLANNED_ON: "datetime64[us]",
    **dict.fromkeys(PROFESSIONS, "float64"),
    "n_professionals": "float64",
    "facilitator": "str",
    "accompanied": "boolean",
    "finess_code": "str",
    "note": "str",
}
"""Columns in order, and the pandas type of each; one row a project."""

COLUMNS: Final = tuple(DTYPES)


def empty_projects() -> pd.DataFrame:
    """Return a list without any project, every column of its type.

    Examples
    --------
    >>> len(empty_projects()), str(empty_projects()["opened_on"].dtype)
    (0, 'datetime64[us]')
    """
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in DTYPES.items()})
