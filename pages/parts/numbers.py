"""French number formats of the pages: those of the reports, so that screen and paper write a figure the same way."""

from reports.numbers import (
    MONTHS,
    NARROW_SPACE,
    NO_BREAK_SPACE,
    UNKNOWN,
    format_date,
    format_number,
    format_rank,
    format_share,
)

__all__ = [
    "MONTHS",
    "NARROW_SPACE",
    "NO_BREAK_SPACE",
    "UNKNOWN",
    "format_date",
    "format_number",
    "format_rank",
    "format_share",
]
