"""How the difference of two figures of one measure is written: with its sign, in points where they are shares."""

from typing import Final

import numpy as np
import pandas as pd

from coverage.indicators.cards import Indicator
from reports.figures.class_cuts import printed_decimals
from reports.figures.map_classes import unit_of
from reports.figures.numbers import NO_BREAK_SPACE, UNKNOWN, format_signed

POINTS: Final = "points"


def difference_unit(indicator: Indicator, difference: object = 2.0) -> str:
    """Return the unit of a difference: that of the figures, "points" for shares; singular under two."""
    if indicator.unit == "%":
        few = abs(indicator.display_factor * float(str(difference))) < 2  # noqa: PLR2004 - French plural
        return POINTS.removesuffix("s") if few else POINTS
    return unit_of(indicator, difference)


def format_difference(indicator: Indicator, difference: float, *, unit: bool = True) -> str:
    """Write a difference in the printed unit: "+0,12", "−1,3 point"; "n.d." when unknown."""
    if pd.isna(difference):
        return UNKNOWN
    printed = indicator.display_factor * difference
    text = format_signed(printed, printed_decimals(indicator, printed))
    named = difference_unit(indicator, difference) if unit else ""
    return f"{text}{NO_BREAK_SPACE}{named}" if named else text


def difference_texts(indicator: Indicator, differences: pd.Series) -> list[str | None]:
    """Write the differences of all the territories of a map, without unit; None when unknown.

    Few distinct texts are printed for many territories: each is written once.
    """
    factor = indicator.display_factor
    printed = (differences.to_numpy(np.float64) * factor).round(indicator.decimals)
    distinct, which = np.unique(printed, return_inverse=True)
    written = np.array(
        [None if np.isnan(value) else format_difference(indicator, value / factor, unit=False) for value in distinct],
        dtype=object,
    )
    return list(written[which])
