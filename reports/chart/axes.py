"""Axes of a chart on paper: from values to millimetres, round ticks, French numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from reports.chart.placing import days_since_1970
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from reports.chart.specification import Axis, Chart

ROOM: Final = 0.04
"""Part of the span left free beyond the last value, where the axis does not say its ends."""

SMALLEST: Final = 1e-200
"""A value nearer to zero than that is drawn as zero: what is left free beside it would be lost to rounding."""

MOST_TICKS: Final = 7
MOST_YEARS: Final = 14
_STEPS: Final = [1, 2, 2.5, 5, 10]


@dataclass(frozen=True)
class Ruler:
    """One direction of a chart.

    Attributes
    ----------
    first, last
        Values at its two ends; the larger first when the axis is reversed.
    low_mm, high_mm
        Where the ends stand on the page.
    ticks
        Values with a label, and their labels.
    """

    first: float
    last: float
    low_mm: float
    high_mm: float
    ticks: tuple[tuple[float, str], ...]

    def at(self, value: Any) -> Any:
        """Return where values stand on the page (mm)."""
        return self.low_mm + (value - self.first) / (self.last - self.first) * (self.high_mm - self.low_mm)


def ruler_of(chart: Chart, which: str, low_mm: float, high_mm: float, *, ticks: bool = True) -> Ruler:
    """Lay an axis of a chart between two places of the page (mm).

    Parameters
    ----------
    chart
        What is drawn.
    which
        "x" or "y".
    low_mm, high_mm
        Left and right, or bottom and top.
    ticks
        False where nothing is written along it.
    """
    axis: Axis = getattr(chart, which)
    first, last = axis.ends if axis.ends is not None else _ends_of(chart, which)
    if axis.is_reversed and first < last:
        first, last = last, first
    return Ruler(first, last, low_mm, high_mm, tuple(ticks_of(axis, first, last)) if ticks else ())


def _ends_of(chart: Chart, which: str) -> tuple[float, float]:
    """Return the ends that show all the values, bars whole and from zero."""
    axis: Axis = getattr(chart, which)
    if axis.kind == "names":
        return -0.5, len(axis.names) - 0.5
    along_names = (which == "y") == chart.is_horizontal
    columns = [getattr(line, which) for line in chart.lines]
    for bars in chart.bars:
        sides = (-0.5, 0.5) if along_names else (0.0, bars.lengths)
        columns += [np.add(bars.places if along_names else bars.starts, side) for side in sides]
    columns.append(np.asarray([line.value for line in chart.references if line.axis == which]))
    values = np.concatenate(columns)
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if chart.bars and along_names:
        return low, high
    alone = abs(high) if abs(high) > SMALLEST else 1.0
    room = ROOM * ((high - low) or alone)
    holds_zero = axis.starts_at_zero or bool(chart.bars)
    return (min(low, 0.0) if holds_zero else low - room), (0.0 if holds_zero and low < 0 >= high else high + room)


def ticks_of(axis: Axis, first: float, last: float) -> list[tuple[float, str]]:
    """Return the values that have a label, and their labels."""
    low, high = min(first, last), max(first, last)
    if axis.kind == "names":
        return [(float(place), name) for place, name in enumerate(axis.names)]
    if axis.wanted_labels:
        wanted = zip(axis.wanted, axis.wanted_labels, strict=True)
        return [(place, label) for place, label in wanted if low <= place <= high]
    if axis.kind == "dates":
        return _years_between(low, high)
    whole = axis.kind == "years" or not axis.decimals
    most = MOST_YEARS if axis.kind == "years" else MOST_TICKS
    values = list(MaxNLocator(most, steps=_STEPS).tick_values(low, high))
    if whole and values[1] - values[0] < 1:
        values = list(range(math.floor(low), math.ceil(high) + 1))
    if axis.is_reversed and high - low < 2 * MOST_YEARS:  # ranks: each has its line
        values = list(range(math.ceil(low), math.floor(high) + 1))
    slack = 1e-9 * (high - low)
    shown = [float(value) for value in values if low - slack <= value <= high + slack]
    if axis.kind == "years":
        return [(value, f"{value:.0f}") for value in shown if value == round(value)]
    step = shown[1] - shown[0] if len(shown) > 1 else 1.0
    decimals = next(n for n in range(7) if n == 6 or abs(round(step, n) - step) < 1e-9 * max(1.0, step))  # noqa: PLR2004 - six digits
    return [(value, f"{format_number(value, decimals)}{axis.suffix}") for value in shown]


def _years_between(low: float, high: float) -> list[tuple[float, str]]:
    """Return the first days of the years of a span of dates, not too many."""
    years = range(*(pd.Timestamp(day, unit="D").year + after for day, after in ((low, 0), (high, 1))))
    step = math.ceil(len(years) / MOST_YEARS)
    days = [(days_since_1970(f"{year}-01-01"), str(year)) for year in years if year % step == 0]
    return [(day, label) for day, label in days if low <= day <= high]
