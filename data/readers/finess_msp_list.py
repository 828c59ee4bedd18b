"""The list of MSP sites of May 2026 by name and commune, which FINESS's own file is known through outside Occitanie."""

from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from data.readers.delimited import read_delimited
from data.readers.finess import FINESS_CODE
from data.readers.source_table import COMMUNE_CODE

BASIS_OF: Final = MappingProxyType({"603_en_2021": "finess_2021", "nom": "nom", "douteux": "douteux"})
"""How the category of a site is known: that of 2021, deduced from its name, or doubtful."""


def read_msp_list(path: Path) -> pd.DataFrame:
    """Return the MSP sites of 12 May 2026 of all departments but the thirteen of Occitanie.

    Source: FINESS (Ministry of health), extraction of 12 May 2026, through an import file of the project handoff-sante
    that gives one type to MSP, health centres and a few others.

    Parameters
    ----------
    path
        CSV file separated by commas, UTF-8.

    Returns
    -------
    pandas.DataFrame
        finess_code (text, sorted, unique), name, commune_code (text, of the file's own year), category_basis (a value
        of `BASIS_OF`: "douteux" ones are to be left out).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a column, or holds an impossible or repeated number or an unknown basis.
    """
    columns = {"finess_code": "finess_et", "name": "nom", "commune_code": "code_commune", "basis": "classement"}
    table = read_delimited(path, columns)
    codes = table.unique_codes("finess_code", FINESS_CODE, expected="un numéro FINESS de neuf caractères")
    homes = table.codes("commune_code", COMMUNE_CODE, expected="un code INSEE de commune")
    table.require("basis", table.cells["basis"].isin(list(BASIS_OF)), ", ".join(BASIS_OF))
    table.require("name", table.cells["name"] != "", "un nom")
    return pd.DataFrame(
        {
            "finess_code": codes,
            "name": table.cells["name"],
            "commune_code": homes,
            "category_basis": table.cells["basis"].map(dict(BASIS_OF)).astype("str"),
        }
    ).sort_values("finess_code", ignore_index=True)
