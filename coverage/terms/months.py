"""Days and months in French words."""

import datetime as dt
from typing import Final

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SHORT_MONTHS: Final = (
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


def format_date(date: dt.date) -> str:
    """Write a date in French words: "31 décembre 2022", "1er avril 2026"."""
    return f"{'1er' if date.day == 1 else date.day} {format_full_month(date)}"


def format_full_month(date: dt.date) -> str:
    """Write the month of a date: "décembre 2022"; a half-year is named by the month it ends with."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def format_month(date: dt.date) -> str:
    """Write the month of a date in few letters: "déc. 2022"."""
    return f"{_SHORT_MONTHS[date.month - 1]} {date.year}"
