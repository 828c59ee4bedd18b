"""Communes of the CPTS of Provence-Alpes-Côte d'Azur, as the DAC of the region has them in service.

A « table de correspondance CPTS / communes » used by the dispositifs d'appui à la coordination: one CPTS a commune or
an arrondissement, keyed by INSEE code and, for a search box, by name as well.
"""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.contracts.columns import COMMUNE
from data.errors import SourceLayoutError, SourceValueError
from data.readers.documents import read_document

_BY_PLACE: Final = "cptsMap"
_BY_DEPARTEMENT: Final = "cptsByDpt"


def read_cpts_paca(path: Path) -> pd.DataFrame:
    """Read the CPTS of each code; the names, which are there twice and are those of several communes, are not read.

    Parameters
    ----------
    path
        `cpts_communes.json`: `cptsMap` (INSEE code or name of a place, CPTS) and `cptsByDpt` (department, its CPTS).

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code (unique; of any year, municipal arrondissements included): commune_code, cpts (name as
        the file writes it).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a part, holds no code, or one part names a CPTS that the other does not.
    """
    document = read_document(path)
    parts = document if isinstance(document, dict) else {}
    by_place, by_departement = parts.get(_BY_PLACE), parts.get(_BY_DEPARTEMENT)
    if not isinstance(by_place, dict) or not isinstance(by_departement, dict):
        found = ", ".join(map(str, parts)) or type(document).__name__
        raise SourceLayoutError(path, expected=f"« {_BY_PLACE} » et « {_BY_DEPARTEMENT} »", found=found)
    rows = []
    for place, name in by_place.items():
        if not isinstance(name, str) or not name.strip():
            raise SourceValueError(path, place=f"{_BY_PLACE}, {place}", expected="le nom d’une CPTS", found=name)
        if re.fullmatch(COMMUNE, place):
            rows.append((place, " ".join(name.split())))
    if not rows:
        raise SourceValueError(path, place=_BY_PLACE, expected="des codes INSEE de communes", found="aucun")
    table = pd.DataFrame(rows, columns=["commune_code", "cpts"]).astype("str")
    if not all(isinstance(names, list) for names in by_departement.values()):
        raise SourceLayoutError(
            path, place=_BY_DEPARTEMENT, expected="une liste de CPTS par département", found="autre"
        )
    listed = {" ".join(str(name).split()) for names in by_departement.values() for name in names}
    if odd := sorted(listed ^ set(table["cpts"])):
        expected = f"les mêmes CPTS dans « {_BY_PLACE} » et « {_BY_DEPARTEMENT} »"
        raise SourceValueError(path, expected=expected, found=", ".join(odd[:3]))
    return table.sort_values("commune_code", ignore_index=True)
