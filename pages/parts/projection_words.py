"""The projection in words on the pages: those of the reports, so that screen and paper say the same."""

from reports.projection_words import (
    BALANCE,
    CERTAINTY_SENTENCE,
    FEW,
    enumerate_french,
    format_gap,
    format_gps,
    format_range,
    format_signed,
    tell,
)

__all__ = [
    "BALANCE",
    "CERTAINTY_SENTENCE",
    "FEW",
    "enumerate_french",
    "format_gap",
    "format_gps",
    "format_range",
    "format_signed",
    "tell",
]
