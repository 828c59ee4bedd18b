"""Accessibility to nurses, physiotherapists, midwives and dentists, as the DREES publishes it beside that of GPs."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import SourceLayoutError, SourceMissing, SourceUnreadable, SourceValueError
from data.readers.source_table import COMMUNE_CODE

PROFESSION_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "infirmiere": "nurses",
        "kinesitherapeute": "physiotherapists",
        "sage_femme": "midwives",
        "chirurgien_dentiste": "dentists",
    }
)
"""Our name of each profession. The file also holds GPs, with a wrong population: theirs are read in the workbook."""

_GENERAL_PRACTITIONERS: Final = "medecin_generaliste"
_COLUMNS: Final = ("code_commune", "profession", "annee", "score_apl", "population_standardisee")


def read_apl_professions(path: Path) -> pd.DataFrame:
    """Return the accessibility of each commune or arrondissement to four professions.

    Source: DREES, data set « L'accessibilité potentielle localisée », editions 2022 and 2023.

    Parameters
    ----------
    path
        Parquet file of one line a commune, profession and year.

    Returns
    -------
    pandas.DataFrame
        vintage (int64), unit_code (text), then for each value of `PROFESSION_OF` apl_<profession> (full-time
        equivalents per 100 000 standardised inhabitants, of women for midwives, 0 or more) and
        standardised_<profession> (standardised inhabitants); sorted by vintage and unit_code; NaN where the profession
        has no line.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, no Parquet, lacks a column or a profession, or holds a value that cannot be.
    """
    if not path.is_file():
        raise SourceMissing(path, expected="un fichier Parquet")
    try:
        lines = pq.read_table(path).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise SourceUnreadable(path, expected="un fichier Parquet", found=error) from error
    if set(lines.columns) != set(_COLUMNS):
        raise SourceLayoutError(path, expected=", ".join(_COLUMNS), found=", ".join(map(str, lines.columns)))
    professions = set(lines["profession"].dropna().unique())
    if professions - {_GENERAL_PRACTITIONERS} != set(PROFESSION_OF):
        expected = ", ".join(PROFESSION_OF)
        raise SourceValueError(path, place="colonne « profession »", expected=expected, found=", ".join(professions))
    lines = lines[lines["profession"] != _GENERAL_PRACTITIONERS]
    for column, holds, expected in (
        ("code_commune", lines["code_commune"].str.fullmatch(COMMUNE_CODE), "un code INSEE de commune"),
        ("annee", lines["annee"].between(2015, 2100), "une année"),
        ("score_apl", lines["score_apl"].ge(0), "un nombre positif ou nul"),
        ("population_standardisee", lines["population_standardisee"].ge(0), "un nombre positif ou nul"),
        ("code_commune", ~lines.duplicated(["code_commune", "profession", "annee"]), "une seule ligne par profession"),
    ):
        _require(path, lines, column, holds.fillna(value=False).astype(bool), expected)
    wide = lines.assign(profession=lines["profession"].map(dict(PROFESSION_OF))).pivot_table(
        index=["annee", "code_commune"], columns="profession", values=["score_apl", "population_standardisee"]
    )
    columns = {
        f"{ours}_{profession}": wide[theirs, profession].to_numpy("float64")
        for profession in PROFESSION_OF.values()
        for theirs, ours in (("score_apl", "apl"), ("population_standardisee", "standardised"))
    }
    keys = {
        "vintage": wide.index.get_level_values(0).to_numpy("int64"),
        "unit_code": pd.array(wide.index.get_level_values(1), dtype="str"),
    }
    return pd.DataFrame(keys | columns)


def _require(path: Path, lines: pd.DataFrame, column: str, holds: "pd.Series[bool]", expected: str) -> None:
    wrong = lines.index[~holds]
    if len(wrong):
        raise SourceValueError(
            path,
            place=f"ligne {wrong[0]}, colonne « {column} »",
            expected=expected,
            found=f"{lines.loc[wrong[0], column]!r} (et {len(wrong) - 1} autres)",
        )
