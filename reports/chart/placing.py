"""Where the values of a chart stand, as numbers: names by their rank, dates by their day, stacks one after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.errors import ChartError

if TYPE_CHECKING:
    from reports.chart.specification import Axis, Bars, Chart, Side, Values

Positions = npt.NDArray[np.float64]


def placed(chart: Chart) -> Chart:
    """Return a chart as paper draws it.

    Returns
    -------
    Chart
        The same, all its places and values being arrays of numbers (NaN is unknown), each bar having its start, its
        colour and its text, each axis of names its names, and each text being on one line.

    Raises
    ------
    ChartError
        There is nothing to draw.
    """
    if not chart.bars and not chart.lines:
        raise ChartError("Graphique : attendu au moins une série, trouvé aucune.")
    x, y = _placed_axis(chart, "x"), _placed_axis(chart, "y")
    lines = [
        replace(line, name=on_one_line(line.name), x=positions(line.x, x), y=positions(line.y, y))
        for line in chart.lines
    ]
    notes = [
        replace(note, x=positions([note.x], x)[0], y=positions([note.y], y)[0], text=on_one_line(note.text))
        for note in chart.notes
    ]
    bars = _placed_bars(chart, y if chart.is_horizontal else x)
    return replace(chart, x=_on_one_line(x), y=_on_one_line(y), bars=bars, lines=lines, notes=notes)


def _placed_axis(chart: Chart, side: Side) -> Axis:
    """Return an axis with its names and with numbers for its ends and its labels."""
    axis: Axis = getattr(chart, side)
    if axis.kind == "names" and not axis.names:
        columns = [bars.places for bars in chart.bars if (side == "y") == chart.is_horizontal]
        columns += [getattr(line, side) for line in chart.lines]
        axis = replace(axis, names=tuple(dict.fromkeys(name for column in columns for name in column)))
    ends = None if axis.ends is None else tuple(positions(axis.ends, axis))
    is_reversed = axis.is_reversed or (ends is not None and ends[0] > ends[1])
    wanted = tuple(positions(axis.wanted, axis))
    return replace(axis, ends=ends, is_reversed=is_reversed, wanted=wanted)


def _on_one_line(axis: Axis) -> Axis:
    return replace(axis, names=tuple(map(on_one_line, axis.names)))


def _placed_bars(chart: Chart, along: Axis) -> list[Bars]:
    """Return the series of bars; those that are stacked start where the one before ends."""
    reached: dict[float, float] = {}
    series = []
    for bars in chart.bars:
        places, lengths = positions(bars.places, along), np.asarray(bars.lengths, dtype=np.float64)
        starts = np.asarray(bars.starts if len(bars.starts) else np.zeros(len(places)), dtype=np.float64)
        if chart.is_stacked:
            starts = np.asarray([reached.get(place, 0.0) for place in places])
            reached |= dict(zip(places, starts + lengths, strict=True))
        colours = (bars.colours,) * len(places) if isinstance(bars.colours, str) else tuple(bars.colours)
        texts = tuple(bars.texts) or ("",) * len(places)
        series.append(
            replace(
                bars, name=on_one_line(bars.name), places=places, lengths=lengths, starts=starts, colours=colours,
                texts=texts,
            )
        )  # fmt: skip
    return series


def positions(values: Values, axis: Axis) -> Positions:
    """Return where values stand on an axis; NaN for the unknown."""
    if axis.kind == "names":
        names = list(axis.names)
        return np.asarray([names.index(value) if isinstance(value, str) else value for value in values], np.float64)
    if axis.kind == "dates":
        return np.asarray([np.nan if value is None else days_since_1970(value) for value in values], np.float64)
    return np.asarray([np.nan if value is None else value for value in values], dtype=np.float64)


def days_since_1970(date: Any) -> float:
    """Return a date as a number of days, the unit of the axes of dates."""
    return (pd.Timestamp(date) - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)


def on_one_line(text: str) -> str:
    """Return a text without its ends of lines: a space, but nothing after a hyphen."""
    return text.replace("-\n", "-").replace("\n", " ")
