"""The toy country's kinds of places, quarters and access to other professions (see tests/toy.py for the places).

- 32003 is unknown of everything; 97601 is listed without emergency minutes, as 97401 is without centrality.
- QN03101M lies over 31001 and 31002: it is one quarter in the department.
- APL of professions: 69123 comes in two arrondissements, 97601 has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.toy_care import table

if TYPE_CHECKING:
    import pandas as pd


def commune_traits() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("31001", "1", "hors_champ", "majeur", None, "non", 0.0),
        ("31002", "3", "hors_champ", "local", None, "non", 14.5),
        ("31003", "6", "residentielle", "non_centre", "Massif des Pyrénées", "frr", 35.0),
        ("31004", "5", "petite_polarite", "local", None, "partiel", 22.0),
        ("32001", "4", "petite_polarite", "structurant", None, "frr_plus", 4.0),
        ("32002", "7", "productive", "non_centre", "Massif des Pyrénées", "frr_plus", 48.0),
        ("32003", None, None, None, None, None, np.nan),
        ("32004", "7", "touristique", "non_centre", "Massif des Pyrénées", "frr", 52.0),
        ("69002", "5", "residentielle", "intermediaire", "Massif Central", "non", 18.0),
        ("69123", "1", "hors_champ", "majeur", None, "non", 2.5),
        ("97401", "2", "hors_champ", None, "Massif des Hauts de la Réunion", "beneficiaire", 9.0),
        ("97601", "2", "hors_champ", None, None, "non", np.nan),
    ]
    text = "commune_code density_level rural_type centrality massif frr"
    return table(f"{text} emergency_min", rows, text, "commune_code")


def qpv() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("31001", "QN03101M", "Les Tours"),
        ("31001", "QN03102M", "Le Port"),
        ("31002", "QN03101M", "Les Tours"),
        ("69123", "QN06901M", "Plateau"),
        ("97401", "QN97401M", "Bas de la Rivière"),
    ]
    columns = "commune_code qpv_code name"
    return table(columns, rows, columns, "commune_code qpv_code")


def apl_professions() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        (year, unit, commune, nurses + year - 2022, people, 110.0, people, 21.5, people / 2, 58.0 + nurses / 10, people)
        for year in (2022, 2023)
        for unit, commune, nurses, people in (
            ("31001", "31001", 180.0, 20500.0),
            ("31002", "31002", 140.0, 3100.0),
            ("31003", "31003", 90.0, 1100.0),
            ("32001", "32001", 210.0, 8800.0),
            ("32004", "32004", 75.0, 0.0),
            ("69002", "69002", 120.0, 4100.0),
            ("69381", "69123", 100.0, 9000.0),
            ("69382", "69123", 130.0, 18000.0),
            ("97401", "97401", 300.0, 5000.0),
        )
    ]
    kinds = ("nurses", "physiotherapists", "midwives", "dentists")
    columns = " ".join(f"apl_{kind} standardised_{kind}" for kind in kinds)
    return table(f"vintage unit_code commune_code {columns}", rows, "unit_code commune_code", "vintage unit_code")
