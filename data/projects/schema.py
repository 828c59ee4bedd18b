"""The table of projects: what each column may hold."""

from typing import Final

import numpy as np
import pandas as pd

from coverage.terms.project_list import COLUMNS, DTYPES, PROFESSIONS, STAGES, STRUCTURE_TYPES
from data.errors import ContractError

POINT_ORIGINS: Final = ("donne", "commune")

TEXTS: Final = ("project_id", "name", "structure_type", "commune_code", "departement_code", "region_code", "stage")

URL_VARIABLE: Final = "MAILLAGE_PROJECTS_URL"
FILE_NAME: Final = "projets.sqlite"
"""Where the lists are: a PostgreSQL address, else this file of the user's folder. Here, so that looking whether there
is a list loads no database library."""


def conform(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table its columns, types and order, or say what it breaks.

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
