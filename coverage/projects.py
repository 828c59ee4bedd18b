"""The planner's own list of projects: its columns, its stages and its professions, with the words that readers see.

A project is a team on its way to a structure of coordinated care (MSP, CPTS, centre de santé, ESP). It passes through
stages in one order; `stage` is the furthest it has reached, and an abandoned project keeps the stage it stopped at.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.gazetteer import Gazetteer, Territory, fold

STAGES: Final = {
    "idee": "Idée",
    "projet": "Projet",
    "valide_ars": "Validé par l’ARS",
    "ouvert": "Ouvert",
    "aci_signe": "ACI signé",
}
"""Code of each stage → its name, from the first to the last."""

STAGE_DATES: Final = {
    "idee": "idea_on",
    "projet": "project_on",
    "valide_ars": "validated_on",
    "ouvert": "opened_on",
    "aci_signe": "aci_signed_on",
}
"""Column that holds the day each stage was reached."""

RUNNING_STAGES: Final = ("ouvert", "aci_signe")
"""Stages at which patients are received; before them a team is "en projet"."""

STRUCTURE_TYPES: Final = {
    "msp": "MSP",
    "cpts": "CPTS",
    "centre_sante": "Centre de santé",
    "esp": "Équipe de soins primaires",
    "autre": "Autre",
}

PROFESSIONS: Final = {
    "n_gp": "Médecins généralistes",
    "n_nurses": "Infirmiers",
    "n_physiotherapists": "Kinésithérapeutes",
    "n_midwives": "Sages-femmes",
    "n_dentists": "Chirurgiens-dentistes",
    "n_pharmacists": "Pharmaciens",
    "n_other": "Autres professionnels",
}

COLUMNS: Final = {
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
    **dict.fromkeys(PROFESSIONS, "float64"),
    "n_professionals": "float64",
    "facilitator": "str",
    "accompanied": "boolean",
    "finess_code": "str",
    "note": "str",
}
"""Column → pandas type of the table of projects, one row a project."""


def empty_projects() -> pd.DataFrame:
    """Return a list without any project, every column of its type.

    Examples
    --------
    >>> len(empty_projects()), str(empty_projects()["opened_on"].dtype)
    (0, 'datetime64[us]')
    """
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})


def stage_ranks(projects: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the place of each project in the order of the stages: 0 for an idea, 4 for a signed ACI, -1 unknown.

    Parameters
    ----------
    projects
        `stage`: code of `STAGES`, NA unknown.

    Raises
    ------
    ValueError
        A stage that is none of `STAGES`.
    """
    stages = projects["stage"]
    if strange := set(stages.dropna()) - set(STAGES):
        raise ValueError(f"étape : attendu {', '.join(STAGES)}, trouvé {', '.join(sorted(map(str, strange)))}")
    codes = pd.Categorical(stages, categories=list(STAGES)).codes
    return np.asarray(codes, dtype=np.int64)


def is_running(projects: pd.DataFrame) -> pd.Series:
    """Tell which projects receive patients: open, or open with an ACI signed, and not abandoned."""
    return projects["stage"].isin(RUNNING_STAGES) & ~projects["abandoned"]


def is_in_project(projects: pd.DataFrame) -> pd.Series:
    """Tell which projects are on their way: a known stage before the opening, and not abandoned."""
    return projects["stage"].notna() & ~projects["stage"].isin(RUNNING_STAGES) & ~projects["abandoned"]


def within(projects: pd.DataFrame, gazetteer: Gazetteer, territory: Territory) -> pd.DataFrame:
    """Return the projects whose commune lies in a territory; all of them for France.

    Parameters
    ----------
    projects
        `commune_code`: current codes.
    gazetteer
        Which communes lie where.
    territory
        Any level.
    """
    if territory.level == "france":
        return projects
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    return projects[projects["commune_code"].isin(inside)]


def facilitator_names(projects: pd.DataFrame) -> pd.Series:
    """Return the facilitator of each project, one spelling a person: accents, case and hyphens do not make another.

    Returns
    -------
    pandas.Series of str
        Same index; the spelling found most often (among equals, one with capitals and small letters, then the first in
        the alphabet); NA where nobody is named.

    Examples
    --------
    >>> names = pd.Series(["Zoé Martin", "ZOE MARTIN", "Zoé Martin", None], dtype="str")
    >>> facilitator_names(pd.DataFrame({"facilitator": names})).tolist()
    ['Zoé Martin', 'Zoé Martin', 'Zoé Martin', nan]
    """
    written = projects["facilitator"].astype("str").str.strip().str.replace(r"\s+", " ", regex=True)
    written = written.mask(written.str.len() == 0)
    folded = written.map(fold, na_action="ignore")
    counts = written.groupby([folded, written]).size().rename("n").rename_axis(["folded", "written"]).reset_index()
    counts["in_one_case"] = counts["written"].str.isupper() | counts["written"].str.islower()
    counts = counts.sort_values(["n", "in_one_case", "written"], ascending=[False, True, True], kind="stable")
    chosen = counts.drop_duplicates("folded").set_index("folded")["written"]
    return folded.map(chosen).astype("str").rename("facilitator")
