"""Doctors of all specialities by age class and by department, on 1 January of each year: DREES, from the RPPS."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.delimited import read_delimited, read_labels
from data.readers.source_table import DEPARTEMENT_CODE, SourceTable

_YEAR: Final = r"20[0-9]{2}"
_TOTAL: Final = "Ensemble"
_FOOTER: Final = r"Champ\s*:.*|TRUE"
"""Lines below the table: the field covered, and the leftovers of the export."""

_AGE_CLASS: Final = (
    r"^[0-9]{1,3}- *(?:Moins de (?P<under>[0-9]{1,3}) ans|Entre (?P<first>[0-9]{1,3}) et (?P<last>[0-9]{1,3}) ans"
    r"|(?P<over>[0-9]{1,3}) ans et plus)$"
)
_DEPARTEMENT: Final = r"^(?P<code>[0-9]{2}[0-9AB]) *- *\S.*"


def read_doctors_by_age(path: Path) -> pd.DataFrame:
    """Return the number of doctors in activity in each age class, France, all specialities and modes (persons).

    Source: DREES, RPPS at 1 January, 2012-2020. All doctors: not GPs alone.

    Parameters
    ----------
    path
        CSV file separated by commas, UTF-8 or ISO 8859-1, spaces between thousands.

    Returns
    -------
    pandas.DataFrame
        Sorted by year and age_min: year (int), age_min (float64 years, included; 0 for the first class), age_max
        (float64 years, excluded: 35 for « Entre 30 et 34 ans »; inf for the last class), n_doctors (float64 whole
        number >= 0). The classes follow each other and their sum is the file's own total.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, has another layout, an unknown class, or a total that its classes do not add up
        to.
    """
    table = _read_years(path, "trage_med")
    ages = table.cells["label"].str.extract(_AGE_CLASS).astype("float64")
    table.require("label", ages.notna().any(axis=1), "une classe d’âge (« Entre 30 et 34 ans »)")
    lowest = ages["first"].fillna(ages["over"]).fillna(0.0)
    upper = (ages["last"] + 1).fillna(ages["under"]).fillna(float("inf"))
    is_first = pd.Series([True] + [False] * (len(ages) - 1), index=ages.index)
    follows = (lowest == upper.shift()) | (is_first & (lowest == 0))
    table.require("label", follows, "une classe d’âge qui suit la précédente")
    if upper.iloc[-1] != float("inf"):
        raise SourceLayoutError(
            path, expected="une dernière classe « 65 ans et plus »", found=table.cells["label"].iloc[-1]
        )
    long = _long(table, {"age_min": lowest, "age_max": upper})
    return long.sort_values(["year", "age_min"], ignore_index=True)


def read_doctors_by_departement(path: Path) -> pd.DataFrame:
    """Return the number of doctors in activity in each department, all specialities and modes (persons).

    Source: DREES, RPPS at 1 January, 2012-2020. All doctors: not GPs alone. A doctor is counted in the department of
    registration.

    Parameters
    ----------
    path
        CSV file separated by commas, UTF-8 or ISO 8859-1, spaces between thousands.

    Returns
    -------
    pandas.DataFrame
        Sorted by year and departement_code: year (int), departement_code (text, "01", "2A", "971"; the file's "001" and
        "02A" shortened), n_doctors (float64 whole number >= 0). Their sum is the file's own total.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, has another layout, an unknown department, or a total that they do not add up to.
    """
    table = _read_years(path, "dep_insc")
    codes = table.cells["label"].str.extract(_DEPARTEMENT)["code"].fillna("").str.replace(r"^0", "", regex=True)
    table.require("label", codes.str.fullmatch(DEPARTEMENT_CODE), "un département (« 001 -Ain »)")
    table.require("label", ~codes.duplicated(), "un département écrit une fois")
    long = _long(table, {"departement_code": codes.astype("str")})
    return long.sort_values(["year", "departement_code"], ignore_index=True)


def _read_years(path: Path, label_column: str) -> SourceTable:
    """Return the rows of a table of years without footer nor total, the total having been checked against their sum."""
    years = [label for label in read_labels(path, or_latin_1=True) if re.fullmatch(_YEAR, label)]
    if not years:
        raise SourceLayoutError(path, place="ligne 1", expected="des colonnes d’années (2012, 2013…)", found="aucune")
    if [int(year) for year in sorted(years)] != list(range(int(min(years)), int(max(years)) + 1)):
        raise SourceLayoutError(path, place="ligne 1", expected="des années qui se suivent", found=", ".join(years))
    table = read_delimited(path, {"label": label_column, **{year: year for year in years}}, or_latin_1=True)
    cells = table.cells[~table.cells["label"].str.fullmatch(_FOOTER)]
    cells = cells.assign(**{year: cells[year].str.replace(r"[\s\u00a0\u202f]", "", regex=True) for year in years})
    everything = SourceTable(path, cells, table.labels)
    counts = pd.DataFrame({year: everything.numbers(year, whole=True) for year in years})
    is_total = cells["label"] == _TOTAL
    if is_total.sum() != 1 or is_total.all():
        found = f"{is_total.sum()} sur {len(cells)} lignes"
        raise SourceLayoutError(path, expected=f"une ligne « {_TOTAL} » et ses parties", found=found)
    for year in years:
        total, added = counts.loc[is_total, year].iloc[0], counts.loc[~is_total, year].sum()
        if total != added:
            raise SourceValueError(
                path,
                place=f"ligne « {_TOTAL} », colonne {year}",
                expected=f"la somme des lignes, {added:.0f}",
                found=f"{total:.0f}",
                remedy="Le fichier semble tronqué ou incomplet.",
            )
    return SourceTable(path, cells[~is_total], table.labels)


def _long(table: SourceTable, keys: "dict[str, pd.Series[float] | pd.Series[str]]") -> pd.DataFrame:
    """Return one row a year and class or department, from one column a year."""
    years = [column for column in table.cells.columns if column != "label"]
    pieces = [pd.DataFrame({"year": int(year), **keys, "n_doctors": table.numbers(year, whole=True)}) for year in years]
    return pd.concat(pieces).astype({"year": "int64"})
