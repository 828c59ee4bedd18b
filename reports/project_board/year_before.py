"""How the figures of the year before are written beside those of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.project_board.year_before import year_before
from coverage.terms.months import format_date
from reports.figures.numbers import UNKNOWN, format_number, format_signed

if TYPE_CHECKING:
    import datetime as dt

HEADS: Final = ("Un an avant", "Écart")
UNKNOWN_BEFORE: Final = f"un an avant : {UNKNOWN}"
"""Of what the list keeps no past of."""


def tell_between(least: int, most: int) -> str:
    """Write a number known between two: "20", "18 à 20", "n.d." where it may be none as well as some."""
    if least == most:
        return format_number(least)
    return UNKNOWN if least == 0 else f"{format_number(least)} à {format_number(most)}"


def before_cells(row: pd.Series) -> tuple[str, str]:
    """Write the number of the year before and the difference; `row` is one of `compare_years`.

    The difference is "n.d." where one of the two numbers is, and where that of the day itself is not exact.
    """
    before = tell_between(row["least_before"], row["most_before"])
    if before == UNKNOWN or row["least"] != row["most"]:
        return before, UNKNOWN
    low, high = row["least"] - row["most_before"], row["least"] - row["least_before"]
    return before, format_signed(low) if low == high else f"{format_signed(low)} à {format_signed(high)}"


def tell_before(row: pd.Series) -> str:
    """Write the same in a few words: "un an avant : 18 (+3)"."""
    before, difference = before_cells(row)
    return f"un an avant : {before}" + ("" if UNKNOWN in (before, difference) else f" ({difference})")


def before_note(day: dt.date) -> str:
    """Say where the figures of the year before come from, and what is not known of it."""
    before = format_date(year_before(pd.Timestamp(day)).date())
    return (
        f"Un an avant : situation au {before}, reconstituée d’après les dates de la liste (estimé) ; deux nombres là "
        "où elles laissent le choix. Accompagnement, facilitateurs et professionnels d’alors : n.d., la liste ne garde "
        "que ceux d’aujourd’hui."
    )
