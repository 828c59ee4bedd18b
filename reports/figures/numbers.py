"""French number formats: narrow no-break space for thousands, decimal comma, true minus, "n.d." for the unknown."""

import math

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
UNKNOWN = "n.d."


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
        text = "∞" if value > 0 else f"{MINUS}∞"
    else:
        text = f"{value:,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")
        if float(f"{value:.{decimals}f}") == 0:
            text = text.removeprefix("-")
        text = text.replace("-", MINUS)
    return f"{text}{NO_BREAK_SPACE}{unit}" if unit else text


def format_signed(value: float | None, decimals: int = 0, unit: str = "") -> str:
    r"""Write a difference with its sign; without one when it rounds to nothing.

    Examples
    --------
    >>> [format_signed(change, 1) for change in (0.12, -0.12, 0.04)]
    ['+0,1', '−0,1', '0,0']
    """
    plus = value is not None and not math.isnan(value) and float(f"{value:.{decimals}f}") > 0
    return f"{'+' if plus else ''}{format_number(value, decimals, unit)}"


def format_share(share: float | None, decimals: int = 1) -> str:
    """Write a share (0-1) as a percentage: 0.123 becomes "12,3 %"."""
    return UNKNOWN if share is None or math.isnan(share) else format_number(100 * share, decimals, "%")


def format_rank(rank: int, total: int) -> str:
    """Write a rank among a total: "1re sur 18"."""
    return f"{format_number(rank)}{'re' if rank == 1 else 'e'} sur {format_number(total)}"
