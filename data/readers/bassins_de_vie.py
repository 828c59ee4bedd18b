"""Bassins de vie and aires d'attraction: the communes they hold, and what is published of each bassin de vie."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.readers.delimited import read_delimited
from data.readers.source_table import COMMUNE_CODE

_UNKNOWN: Final = frozenset({"N/A - résultat non disponible", "N/A - secret statistique", ""})
_OUT_OF_SCOPE: Final = r"9[78][0-9]ZZ"
"""Saint-Martin and Saint-Barthélemy, which the file of health adds to the bassins de vie of the 101 departments."""
_PERCENT: Final = 100.0
_PER_10K: Final = 0.1
"""What divides a density per 10 000 inhabitants, as published, to make one per 100 000."""

AIRE_CODE: Final = r"[0-9A-Z]{3}"
OUT_OF_AIRES: Final = "000"
"""Code of « Hors attraction des villes »: a commune that it names is in no aire d'attraction."""


def read_bassins_de_vie(path: Path) -> pd.DataFrame:
    """Return the bassin de vie of each commune, with its name.

    Source: INSEE, table d'appartenance géographique des communes 2025, bassins de vie 2022. A bassin de vie is named by
    the code of its central commune.

    Parameters
    ----------
    path
        CSV file, plain or compressed (.gz).

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code: commune_code, bassin_de_vie_code, bassin_de_vie_name (text, none missing).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, of another layout, has a commune twice, or one bassin under two names.
    """
    return _members(path, "bassin_de_vie", ("BV2022", COMMUNE_CODE), "LIB_BV2022", "un bassin de vie")


def read_aires_attraction(path: Path) -> pd.DataFrame:
    """Return the aire d'attraction of each commune, with its name.

    Source: INSEE, table d'appartenance géographique des communes 2025, aires d'attraction des villes 2020.

    Parameters
    ----------
    path
        CSV file, plain or compressed (.gz).

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code: commune_code, aire_attraction_code, aire_attraction_name (text). A commune out of the
        attraction of any town (code `OUT_OF_AIRES`) has no row.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, of another layout, has a commune twice, or one aire under two names.
    """
    read = _members(path, "aire_attraction", ("AAV2020", AIRE_CODE), "LIB_AAV2020", "une aire d’attraction")
    return read[read["aire_attraction_code"] != OUT_OF_AIRES].reset_index(drop=True)


def _members(path: Path, level: str, code: tuple[str, str], name_label: str, words: str) -> pd.DataFrame:
    code_label, pattern = code
    code_column, name_column = f"{level}_code", f"{level}_name"
    table = read_delimited(path, {"commune_code": "DEPCOM", code_column: code_label, name_column: name_label})
    communes = table.unique_codes("commune_code", COMMUNE_CODE, expected="un code de commune")
    holders = table.codes(code_column, pattern, expected=f"le code d’{words}")
    names = table.codes(name_column, r".+", expected=f"le nom d’{words}")
    one_name = names.groupby(holders).transform("nunique") == 1
    table.require(name_column, one_name, f"un seul nom par code d’{words}")
    read = pd.DataFrame({"commune_code": communes, code_column: holders, name_column: names})
    return read.sort_values("commune_code", ignore_index=True)


def read_poverty_rates(path: Path) -> pd.DataFrame:
    """Return the share of people below the poverty line in each bassin de vie (0-1), 2021.

    The line is 60 % of the national median living standard.

    Source: INSEE, Filosofi 2021, published by « Statistiques locales ».

    Parameters
    ----------
    path
        CSV file separated by semicolons, two title lines above the header, UTF-8 with byte-order mark.

    Returns
    -------
    pandas.DataFrame
        Sorted by bassin_de_vie_code: bassin_de_vie_code (text), poverty_rate (float64, 0-1; NaN where INSEE writes
        « N/A »: Guadeloupe, Guyane, Mayotte, statistical secrecy).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, of another year, or holds a value that is not a percentage.
    """
    return _published(path, {"poverty_rate": ("Taux de pauvreté 2021", _PERCENT, _PERCENT)})


def read_old_age(path: Path) -> pd.DataFrame:
    """Return the share of people of 75 and over in each bassin de vie (0-1), 2022.

    Source: INSEE, census of 2022, published by « Statistiques locales ». File and errors as for `read_poverty_rates`.

    Returns
    -------
    pandas.DataFrame
        Sorted by bassin_de_vie_code: bassin_de_vie_code (text), share_75plus (float64, 0-1; NaN in two bassins of
        Mayotte).
    """
    label = "Part des pers. âgées de 75 ans ou + 2022"
    return _published(path, {"share_75plus": (label, _PERCENT, _PERCENT)})


def read_health(path: Path) -> pd.DataFrame:
    """Return the liberal GPs per 100 000 inhabitants and the share of people with a long illness (ALD), 2024.

    The file gives GPs per 10 000 inhabitants, rounded to 0.1: the density per 100 000 is known within 0.5.

    Source: CartoSanté (Atlasanté), from the Assurance maladie.

    Parameters
    ----------
    path
        CSV file separated by semicolons, two title lines above the header, UTF-8 with byte-order mark.

    Returns
    -------
    pandas.DataFrame
        Sorted by bassin_de_vie_code: bassin_de_vie_code (text), gp_liberal_per_100k, share_ald (float64, 0-1; NaN
        under statistical secrecy, never 0). The lines of Saint-Martin and Saint-Barthélemy are left out.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_poverty_rates`.
    """
    columns = {
        "gp_liberal_per_100k": ("Densité de généralistes lib. 2024", 1000.0, _PER_10K),
        "share_ald": ("Part des bénéf. en ALD dans la pop 2024", _PERCENT, _PERCENT),
    }
    return _published(path, columns)


def _published(path: Path, columns: dict[str, tuple[str, float, float]]) -> pd.DataFrame:
    """Read values of bassins de vie: our name -> label, highest value in the file, divisor that gives our unit."""
    labels = {"bassin_de_vie_code": "Code"} | {name: label for name, (label, _, _) in columns.items()}
    table = read_delimited(path, labels, separator=";")
    pattern = f"(?:{COMMUNE_CODE})|{_OUT_OF_SCOPE}"
    codes = table.unique_codes("bassin_de_vie_code", pattern, expected="le code d’un bassin de vie")
    values = {
        name: table.numbers(name, highest=highest, unknown=_UNKNOWN) / divisor
        for name, (_, highest, divisor) in columns.items()
    }
    read = pd.DataFrame({"bassin_de_vie_code": codes, **values})
    kept = read[~read["bassin_de_vie_code"].str.fullmatch(_OUT_OF_SCOPE)]
    return kept.sort_values("bassin_de_vie_code", ignore_index=True)
