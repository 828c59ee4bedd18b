"""Yearly populations of the departments in five classes of age: INSEE, « Estimations de population »."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise, starmap
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.age_classes import AgeClass, parse_age_class
from data.readers.sheets import Rows, read_workbook
from data.readers.source_table import DEPARTEMENT_CODE, normal_label

AGE_BOUNDS: Final = (0.0, 20.0, 40.0, 60.0, 75.0, math.inf)
"""Bounds of the five classes, in completed years at 1 January."""

COLUMNS: Final = ["departement_code", "year", "age_min", "age_max", "population", "provisional"]

_YEAR_SHEET: Final = r"(?:19|20)[0-9]{2}"
_FRANCE: Final = ("France métropolitaine et DOM", "France métropolitaine")
"""Line of the sum of all the departments of a sheet, the first that it holds: no overseas department before 1990."""


class _Header(NamedTuple):
    """Where the figures of both sexes stand in a sheet."""

    line: int
    classes: dict[AgeClass, int]
    total: int


def read_population_estimates(path: Path) -> pd.DataFrame:
    """Return the inhabitants of each department at 1 January of each year, by class of age, both sexes.

    Source: INSEE, estimations de population par département, sexe et grande classe d'âge. Every year is on the one
    geography of today's departments: no merger of communes shows in them. The sums of classes and of departments are
    compared with the totals that the file states.

    Parameters
    ----------
    path
        Workbook (.xls, or .xlsx), one sheet a year.

    Returns
    -------
    pandas.DataFrame
        Sorted by departement_code, year and age_min: departement_code, year (int), age_min (included), age_max
        (excluded, infinite for the last class), population (float64 whole number), provisional (whether INSEE calls the
        sheet provisional). No overseas department before 1990, no Mayotte before 2014: those rows are absent.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, is not an entire workbook, has other classes of age, lacks a year or a department
        between two that it holds, or holds a sum that is not that of its parts.
    """
    sheets = {name: rows for name, rows in read_workbook(path).items() if re.fullmatch(_YEAR_SHEET, name)}
    years = sorted(map(int, sheets))
    if not years or years != list(range(years[0], years[-1] + 1)):
        found = ", ".join(sheets) or "aucune"
        raise SourceLayoutError(path, expected="une feuille par année, sans lacune", found=found)
    rows = [row for name, cells in sheets.items() for row in _of_year(path, name, cells)]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"departement_code": "str", "population": "float64"})
    counts = table.groupby("departement_code")["year"].agg(["min", "nunique"])
    gaps = counts.index[counts["nunique"] != years[-1] - counts["min"] + 1]
    if len(gaps):
        raise SourceValueError(
            path, place=f"département {gaps[0]}", expected=f"toutes les années jusqu’à {years[-1]}", found="une lacune"
        )
    return table.sort_values(COLUMNS[:3], ignore_index=True)


def _of_year(path: Path, sheet: str, rows: Rows) -> Iterator[tuple[str, int, float, float, float, bool]]:
    header = _header(path, sheet, rows)
    provisional = any("provisoires" in cell for row in rows for cell in row)
    stated: dict[str, float] = {}
    sums = 0.0
    seen: set[str] = set()
    for line, row in enumerate(rows[header.line + 1 :], start=header.line + 2):
        name = normal_label(row[0])
        is_departement = re.fullmatch(DEPARTEMENT_CODE, name) is not None
        if not is_departement and name not in _FRANCE:
            continue
        total = _count(path, sheet, line, row[header.total])
        if not is_departement:
            stated[name] = total
            continue
        if name in seen:
            raise SourceValueError(
                path, place=_place(sheet, line), expected="un département écrit une fois", found=name
            )
        seen.add(name)
        classes = {bounds: _count(path, sheet, line, row[at]) for bounds, at in header.classes.items()}
        if sum(classes.values()) != total:
            raise SourceValueError(
                path,
                place=_place(sheet, line),
                expected=f"des classes d’âge de somme {total:.0f}",
                found=sum(classes.values()),
            )
        sums += total
        for bounds, population in classes.items():
            yield name, int(sheet), bounds.low, bounds.high, population, provisional
    whole = next((stated[name] for name in _FRANCE if name in stated), None)
    if whole != sums:
        raise SourceValueError(
            path, place=f"feuille « {sheet} », total", expected=f"la somme des départements, {sums:.0f}", found=whole
        )


def _header(path: Path, sheet: str, rows: Rows) -> _Header:
    """Find the columns of both sexes: from « Ensemble » to the next group of columns, under two lines of labels."""
    above = next((line for line, row in enumerate(rows) if "Ensemble" in row), None)
    if above is None or above + 1 == len(rows):
        raise SourceLayoutError(path, place=f"feuille « {sheet} »", expected="une ligne « Ensemble »", found="aucune")
    groups = [at for at, cell in enumerate(rows[above]) if cell]
    first = rows[above].index("Ensemble")
    last = min((at for at in groups if at > first), default=len(rows[above]))
    labels = {at: normal_label(rows[above + 1][at]) for at in range(first, last)}
    totals = [at for at, label in labels.items() if label == "Total"]
    classes = {bounds: at for at, label in labels.items() if (bounds := parse_age_class(label))}
    expected = list(starmap(AgeClass, pairwise(AGE_BOUNDS)))
    if sorted(classes) != expected or len(totals) != 1:
        raise SourceLayoutError(
            path,
            place=f"feuille « {sheet} », ligne {above + 2}",
            expected="0 à 19 ans, 20 à 39 ans, 40 à 59 ans, 60 à 74 ans, 75 ans et plus, Total",
            found=", ".join(labels.values()),
        )
    return _Header(above + 1, classes, totals[0])


def _count(path: Path, sheet: str, line: int, cell: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise SourceValueError(
            path, place=_place(sheet, line), expected="un nombre d’habitants", found=cell or "une case vide"
        )
    return float(cell)


def _place(sheet: str, line: int) -> str:
    return f"feuille « {sheet} », ligne {line}"
