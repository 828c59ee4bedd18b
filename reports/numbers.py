"""French number formats: narrow no-break space for thousands, decimal comma, "n.d." for the unknown."""

import datetime as dt
import math

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
UNKNOWN = "n.d."
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def format_number(value: float | None, decimals: int = 0, unit: str = "") -> str:
    r"""Write a number as a French reader expects it.

    Parameters
    ----------
    value
        Any number; None and NaN are unknown.
    decimals
        Digits after the comma.
    unit
        Written after a no-break space when given.

    Returns
    -------
    str
        For instance "12 345,6 km"; "n.d." for an unknown value.

    Examples
    --------
    >>> format_number(12345.6, 1)
    '12\u202f345,6'
    >>> format_number(float("nan"))
    'n.d.'
    """
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        text = "∞" if value > 0 else "-∞"
    else:
        text = f"{value:,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")
        if float(f"{value:.{decimals}f}") == 0:
            text = text.removeprefix("-")
    return f"{text}{NO_BREAK_SPACE}{unit}" if unit else text


def format_share(share: float | None, decimals: int = 1) -> str:
    """Write a share (0-1) as a percentage: 0.123 becomes "12,3 %"."""
    return UNKNOWN if share is None or math.isnan(share) else format_number(100 * share, decimals, "%")


def format_date(date: dt.date) -> str:
    """Write a date in French words: "31 décembre 2022", "1er avril 2026"."""
    day = "1er" if date.day == 1 else str(date.day)
    return f"{day} {MONTHS[date.month - 1]} {date.year}"


def format_rank(rank: int, total: int) -> str:
    """Write a rank among a total: "1re sur 18"."""
    return f"{rank}{'re' if rank == 1 else 'e'} sur {total}"
