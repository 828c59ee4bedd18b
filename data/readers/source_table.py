"""Columns of an official table: found by their label, then turned into codes, numbers and dates, each cell checked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from geo.codes import DEPARTEMENT_CODES
from geo.texts import normalize

if TYPE_CHECKING:
    import numpy as np

COMMUNE_CODE: Final = r"(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[4-9][0-9]{2}"
"""Code of a commune or municipal arrondissement, collectivities included: the scope is the build's matter."""

DEPARTEMENT_CODE: Final = "|".join(DEPARTEMENT_CODES)
"""One of the 101 departments."""

_NUMBER: Final = r"-?[0-9]{1,15}(?:\.[0-9]{1,25})?(?:e-?[0-9]{1,2})?"
_SEARCHED_ROWS: Final = 20
"""The header is looked for in the first rows only: the official files have at most eight title lines."""


@dataclass(frozen=True)
class SourceTable:
    """Text cells of the wanted columns of an official table, and where each one stands in its file.

    Parameters
    ----------
    path
        File that the table comes from.
    cells
        Stripped text, under our column names; the index is the line number in the file (the first line is 1).
    labels
        Official label of each of our column names, for the messages.
    sheet
        Name of the sheet, empty for a file without sheets.
    """

    path: Path
    cells: pd.DataFrame
    labels: Mapping[str, str]
    sheet: str = ""

    def where(self, **selectors: Callable[["pd.Series[str]"], "pd.Series[bool]"]) -> "SourceTable":
        """Keep the rows whose cell passes the test of every named column."""
        kept = pd.Series(data=True, index=self.cells.index)
        for column, selects in selectors.items():
            kept &= selects(self.cells[column])
        return SourceTable(self.path, self.cells[kept], self.labels, self.sheet)

    def codes(self, column: str, pattern: str, *, expected: str) -> "pd.Series[str]":
        """Return a column of codes, every one of which matches the pattern.

        Parameters
        ----------
        column
            Our name of the column.
        pattern
            Regular expression that the whole cell must match.
        expected
            What the message says was expected, in French.

        Returns
        -------
        pandas.Series
            Text, on the line numbers; none is missing.

        Raises
        ------
        SourceValueError
            At the first cell that does not match.
        """
        self.require(column, self.cells[column].str.fullmatch(pattern), expected)
        return self.cells[column]

    def unique_codes(self, column: str, pattern: str, *, expected: str) -> "pd.Series[str]":
        """Return a column of codes as `codes` does, and refuse any that is written twice."""
        codes = self.codes(column, pattern, expected=expected)
        self.require(column, ~codes.duplicated(), "un code présent une seule fois")
        return codes

    def numbers(
        self,
        column: str,
        *,
        lowest: float = 0.0,
        highest: float = float("inf"),
        unknown: frozenset[str] = frozenset(),
        whole: bool = False,
    ) -> "pd.Series[float]":
        """Return a column of numbers, in the unit of the file.

        Parameters
        ----------
        column
            Our name of the column.
        lowest, highest
            Bounds, both allowed.
        unknown
            Cells that say "unknown" in this file, beside which only numbers are accepted.
        whole
            Whether only whole numbers are accepted (counts).

        Returns
        -------
        pandas.Series
            float64 on the line numbers; NaN where the file says unknown, never 0.

        Raises
        ------
        SourceValueError
            At the first cell that is neither a number within the bounds nor a word for unknown.
        """
        cells = self.cells[column]
        is_unknown = cells.isin(list(unknown))
        kind = "un nombre entier" if whole else "un nombre"
        words = [f"« {word} »" if word else "une case vide" for word in sorted(unknown)]
        self.require(column, is_unknown | cells.str.fullmatch(_NUMBER), " ou ".join([kind, *words]))
        values = pd.to_numeric(cells.where(~is_unknown), errors="coerce").astype("float64").rename(column)
        within = is_unknown | values.between(lowest, highest)
        self.require(column, within, f"{kind} entre {lowest:g} et {highest:g}".replace("inf", "l’infini"))
        if whole:
            self.require(column, is_unknown | (values % 1 == 0), "un nombre entier")
        return values

    def dates(self, column: str, *, unknown: frozenset[str] = frozenset({""})) -> "pd.Series[np.datetime64]":
        """Return a column of days written 2024-12-31, as datetime64; NaT where the file says unknown."""
        cells = self.cells[column]
        is_unknown = cells.isin(list(unknown))
        is_day = cells.str.fullmatch(r"(?:1[89]|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
        days = pd.to_datetime(cells.where(is_day & ~is_unknown), format="%Y-%m-%d", errors="coerce")
        self.require(column, is_unknown | days.notna(), "une date de la forme 2024-12-31")
        return days.astype("datetime64[us]").rename(column)

    def require(self, column: str, holds: "pd.Series[bool]", expected: str) -> None:
        """Raise the error of the first cell of a column where the condition does not hold.

        Raises
        ------
        SourceValueError
            With the sheet, the line, the official label of the column, and how many other cells are at fault.
        """
        wrong = self.cells.index[~holds.astype(bool)]
        if wrong.empty:
            return
        sheet = f"feuille « {self.sheet} », " if self.sheet else ""
        place = f"{sheet}ligne {wrong[0]}, colonne « {self.labels.get(column, column)} »"
        others = f" (et {len(wrong) - 1} autres cases)" if len(wrong) > 1 else ""
        found = f"« {str(self.cells.loc[wrong[0], column])[:80]} »{others}"
        raise SourceValueError(self.path, place=place, expected=expected, found=found)


def normal_label(label: object) -> str:
    """Give a label as it is compared: accents composed, straight apostrophes, one space between words, none around."""
    return " ".join(normalize("NFC", str(label)).replace("’", "'").split())


def find_columns(
    rows: Sequence[Sequence[str]], patterns: Mapping[str, str], *, path: Path, sheet: str = ""
) -> tuple[int, dict[str, int]]:
    """Find the header row by its labels, and the position of each wanted column in it, in whatever order they come.

    Parameters
    ----------
    rows
        First rows of the table, or all of them.
    patterns
        For each of our names, the regular expression that the whole official label must match.
    path, sheet
        For the message.

    Returns
    -------
    tuple of int and dict
        Number of the header row from 0, and the position of each column by our name.

    Raises
    ------
    SourceLayoutError
        When no row holds every label, or when one holds a label twice.
    """
    best: dict[str, list[int]] = {}
    best_row = 0
    for number, row in enumerate(rows[:_SEARCHED_ROWS]):
        labels = [normal_label(cell) for cell in row]
        found = {
            name: [position for position, label in enumerate(labels) if re.fullmatch(pattern, label)]
            for name, pattern in patterns.items()
        }
        if sum(map(bool, found.values())) > sum(map(bool, best.values())):
            best, best_row = found, number
    missing = [name for name in patterns if not best.get(name)]
    seen = [normal_label(cell) for cell in rows[best_row]] if rows else []
    place = ", ".join(part for part in (f"feuille « {sheet} »" if sheet else "", f"ligne {best_row + 1}") if part)
    if missing:
        wanted = ", ".join(f"« {readable_pattern(patterns[name])} »" for name in missing)
        raise SourceLayoutError(
            path, place=f"{place} (en-tête)", expected=f"les colonnes {wanted}", found=", ".join(filter(None, seen))
        )
    twice = [name for name, positions in best.items() if len(positions) > 1]
    if twice:
        label = seen[best[twice[0]][0]]
        raise SourceLayoutError(
            path, place=place, expected=f"une seule colonne « {label} »", found=f"{len(best[twice[0]])} colonnes"
        )
    return best_row, {name: positions[0] for name, positions in best.items()}


def readable_pattern(pattern: str) -> str:
    """Return a label pattern as a person would write it: « Population totale <année> »."""
    return re.sub(
        r"\\(.)", r"\1", pattern.replace("[0-9]{4}", "<année>").replace("(20[0-9]{2})", "<année>").replace(".*", "…")
    )
