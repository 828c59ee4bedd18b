"""The table of projects: its columns, what each may hold, and an empty one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from data.errors import ContractError

STRUCTURE_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "msp": "MSP",
        "cpts": "CPTS",
        "centre_sante": "Centre de santé",
        "esp": "Équipe de soins primaires",
        "autre": "Autre",
    }
)
"""Types of structure and their French labels."""

STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "idee": "Idée",
        "projet": "Projet",
        "valide_ars": "Validé par l’ARS",
        "ouvert": "Ouvert",
        "aci_signe": "ACI signé",
    }
)
"""Stages in the order of a project's life, and their French labels."""

STAGE_DATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "idee": "idea_on",
        "projet": "project_on",
        "valide_ars": "validated_on",
        "ouvert": "opened_on",
        "aci_signe": "aci_signed_on",
    }
)
"""Column of the day each stage was reached."""

PROFESSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "n_gp": "Médecins généralistes",
        "n_nurses": "Infirmiers",
        "n_physiotherapists": "Kinésithérapeutes",
        "n_midwives": "Sages-femmes",
        "n_dentists": "Chirurgiens-dentistes",
        "n_pharmacists": "Pharmaciens",
        "n_other": "Autres professionnels",
    }
)
"""Columns of counts of professionals and their French labels."""

POINT_ORIGINS: Final = ("donne", "commune")

TEXTS: Final = ("project_id", "name", "structure_type", "commune_code", "departement_code", "region_code", "stage")
OPTIONAL_TEXTS: Final = ("facilitator", "finess_code", "note")

DTYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
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
)
"""Columns in order, and the pandas type of each."""

COLUMNS: Final = tuple(DTYPES)

URL_VARIABLE: Final = "MAILLAGE_PROJECTS_URL"
FILE_NAME: Final = "projets.sqlite"
"""Where the lists are: a PostgreSQL address, else this file of the user's folder. Here, so that looking whether there
is a list loads no database library."""


def empty_projects() -> pd.DataFrame:
    """Give a table of projects without a row, every column of its type."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in DTYPES.items()})


def conform(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table its columns, types and order, or say what it breaks.

    Parameters
    ----------
    table
        The columns of `COLUMNS` in any order and of any type that holds the same values; not changed. A missing
        `project_id` is allowed: the store numbers it.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, sorted by `project_id`; unknown is NaN, NA or NaT, never 0.

    Raises
    ------
    ContractError
        A column is missing or holds what it may not.
    """
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise ContractError("projets", expected=f"les colonnes {', '.join(missing)}", found=", ".join(table.columns))
    try:
        typed = pd.DataFrame({name: _cast(table[name], dtype) for name, dtype in DTYPES.items()}, index=table.index)
    except (TypeError, ValueError, OverflowError) as error:
        raise ContractError("projets", expected="des valeurs du type de leur colonne", found=error) from error
    _check(typed)
    return typed.sort_values("project_id", kind="stable", ignore_index=True)


def _cast(values: "pd.Series", dtype: str) -> "pd.Series":
    if dtype == "str":
        return values.astype("object").where(values.notna(), np.nan).astype("str")
    if dtype == "datetime64[us]":
        return pd.to_datetime(values).astype("datetime64[us]")
    if dtype == "bool" and values.isna().any():
        raise ValueError(f"{values.name} : vide")
    return values.astype(dtype)


def _check(table: pd.DataFrame) -> None:
    known = table["project_id"].dropna()
    if known.duplicated().any():
        raise _broken("project_id", "des identifiants tous différents", known[known.duplicated()].iloc[0])
    for name in TEXTS[1:]:
        if (wrong := table[name].isna() | (table[name] == "")).any():
            raise _broken(name, "une valeur à chaque ligne", f"{int(wrong.sum())} cases vides")
    for name, allowed in (("structure_type", STRUCTURE_TYPES), ("stage", STAGES), ("point_origin", POINT_ORIGINS)):
        if not (fits := table[name].isin(list(allowed))).all():
            raise _broken(name, ", ".join(allowed), table.loc[~fits, name].iloc[0])
    for name in (*PROFESSIONS, "n_professionals"):
        counts = table[name].dropna()
        if not (fits := (counts >= 0) & (counts % 1 == 0)).all():
            raise _broken(name, "un nombre entier, 0 ou plus", counts[~fits].iloc[0])
    for name, bound in (("longitude", 180.0), ("latitude", 90.0)):
        if not (fits := table[name].abs() <= bound).all():
            raise _broken(name, f"des degrés de −{bound:g} à {bound:g}", table.loc[~fits, name].iloc[0])


def _broken(column: str, expected: str, found: object) -> ContractError:
    return ContractError("projets", place=f"colonne {column}", expected=expected, found=found)
