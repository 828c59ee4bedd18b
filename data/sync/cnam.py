"""Tables of the CNAM: professionals, patient lists and first installations by department."""

import datetime as dt
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceValueError
from data.readers.cnam_counts import read_counts_export
from data.readers.cnam_installations import read_installations
from data.readers.cnam_patient_lists import read_patient_lists
from data.sync.made import Comparison, Made, SyncContext

_FEWEST_DEPARTEMENTS: Final = 96
"""The metropolitan departments: CNAM publishes them every year, whatever is missing overseas."""

_FEWEST_TO_COMPARE: Final = 5_000
"""Professionals: a profession of fewer may well lose 5 % in a year."""


def make_professionals(path: Path, context: SyncContext) -> Made:
    """Make the table `professionals` of the latest year of an export of « effectifs ».

    Parameters
    ----------
    path
        CSV export of data.ameli.fr, any years.
    context
        Embedded tables.

    Returns
    -------
    Made
        The common professions compared, profession by profession, with those shown now.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not such an export, or lacks departments.
    """
    counts = read_counts_export(path)
    year = int(counts["vintage"].max())
    table = counts[counts["vintage"] == year].reset_index(drop=True)
    _require_departements(path, table, context)
    before = context.shown("professionals")
    return Made(
        tables={"professionals": table},
        as_of=dt.date(year, 12, 31),
        vintage=str(year),
        comparisons=() if before is None else _comparisons(before, table),
        report={"n_suppressed": int(table["suppressed"].sum())},
    )


def make_patient_lists(path: Path, context: SyncContext) -> Made:
    """Make the table `cnam_patient_lists`, every year of the export; parameters and errors as `make_professionals`."""
    table = read_patient_lists(path)
    year = _last_year(path, table, "vintage", context)
    return Made(
        tables={"cnam_patient_lists": table},
        as_of=dt.date(year, 12, 31),
        vintage=_span(table["vintage"]),
        report={"n_suppressed": int(table["suppressed"].sum())},
    )


def make_installations(path: Path, context: SyncContext) -> Made:
    """Make the table `cnam_installations`, every year of the export; parameters and errors as `make_professionals`."""
    table = read_installations(path)
    year = _last_year(path, table, "year", context)
    return Made(
        tables={"cnam_installations": table},
        as_of=dt.date(year, 12, 31),
        vintage=_span(table["year"]),
        report={"n_suppressed": int(table["suppressed"].sum())},
    )


def _last_year(path: Path, table: pd.DataFrame, column: str, context: SyncContext) -> int:
    """Return the latest year, once its departments are all there."""
    year = int(table[column].max())
    _require_departements(path, table[table[column] == year], context)
    return year


def _require_departements(path: Path, table: pd.DataFrame, context: SyncContext) -> None:
    n = table["departement_code"].nunique()
    if context.complete and n < _FEWEST_DEPARTEMENTS:
        raise SourceValueError(path, expected=f"au moins {_FEWEST_DEPARTEMENTS} départements", found=str(n))


def _span(years: "pd.Series[int]") -> str:
    first, last = int(years.min()), int(years.max())
    return str(last) if first == last else f"{first} à {last}"


def _comparisons(before: pd.DataFrame, now: pd.DataFrame) -> tuple[Comparison, ...]:
    """Compare the professions that both have, where they are common: a rare one may lose 5 % in a year."""
    old, new = (table.groupby("profession")["n_professionals"].sum() for table in (before, now))
    common = old[old >= _FEWEST_TO_COMPARE].index.intersection(new.index)
    return tuple(Comparison(name, float(old[name]), float(new[name])) for name in common)
