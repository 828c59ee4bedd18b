"""An invented list of projects, to try the pages of projects with: each row says that it is fictitious."""

import datetime as dt
from typing import Final

import pandas as pd

from data.projects.columns import guess_columns
from data.projects.places import Places
from data.projects.reading import read_file
from data.projects.rows import CheckedRows, check_rows

MARK: Final = "Exemple fictif"
"""How the name of each project of the example begins: on the map, on the board and in the documents."""
FILE_NAME: Final = "exemple_fictif.csv"
_ROWS: Final = f"""Nom;Type;Code commune;Étape;Idée le;Projet le;Validé le;Ouvert le;ACI signé le;Facilitateur;Note
{MARK} 1, équipe de Mende;MSP;48095;ACI signé;10/01/2019;15/09/2019;20/03/2020;04/01/2021;30/06/2021;Équipe A;fictif
{MARK} 2, équipe de Florac;MSP;48061;Ouvert;12/02/2020;01/10/2020;15/06/2021;05/09/2022;;Équipe A;fictif
{MARK} 3, équipe de Marvejols;MSP;48092;Validé par l’ARS;03/03/2023;10/01/2024;12/05/2025;;;Équipe B;fictif
{MARK} 4, équipe de Langogne;MSP;48080;Projet;05/05/2024;20/02/2025;;;;Équipe B;fictif
{MARK} 5, équipe de Villefort;Équipe de soins primaires;48198;Idée;15/01/2026;;;;;;fictif
{MARK} 6, équipe de Meyrueis;Centre de santé;48096;Projet;01/09/2022;01/03/2023;;;;Équipe A;fictif
"""


def read_example(places: Places, today: dt.date) -> CheckedRows:
    """Return the projects of the example, read as the file of a reader is.

    Parameters
    ----------
    places
        The communes that a list may name.
    today
        Day of the check.
    """
    table = read_file(_ROWS.encode("utf-8"), FILE_NAME)
    return check_rows(table, guess_columns(table.header, table.rows), places, today=today)


def is_example(projects: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which projects of a list are of the example."""
    return projects["name"].fillna("").str.startswith(MARK)
