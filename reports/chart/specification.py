"""What a chart shows, drawn by Plotly on screen (`pages.widgets.chart_drawing`) and on paper (`reports.chart.drawing`).

Texts have an end of line where one may end. Values, texts and colours are the same on both; what hovering says,
outlines and sizes in pixels are of the screen alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy.typing as npt

Values = Sequence[Any] | npt.NDArray[Any]
AxisKind = Literal["names", "dates", "years", "numbers"]
TextPlace = Literal["beyond", "middle", "end"]
Side = Literal["x", "y"]
Mark = Literal["", "circle", "diamond", "open diamond", "cross", "square", "triangle"]


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of one series.

    Attributes
    ----------
    name
        In the legend; empty when it has no place there.
    places
        Where each bar stands on the axis of the names or of the years.
    lengths
        From the start of each bar to its end; NaN is unknown, and has no bar.
    colours
        Colour of each bar, or of all.
    starts
        Where each bar begins; empty: at zero, or in a stack where the one before ends.
    texts
        Figure of each bar, empty for none.
    texts_at
        Whether they stand beyond the bar, or inside it in its middle or at its end.
    texts_are_bold, text_colour
        How they are written on the screen; without a colour, dark or pale by the one beneath.
    hovers
        What hovering each bar says; empty for nothing.
    width
        Part of the place taken; shared among the series when None.
    has_edge
        Whether a thin grey line goes around, for the palest colours.
    """

    name: str
    places: Values
    lengths: Values
    colours: str | Sequence[str]
    starts: Values = ()
    texts: Sequence[str] = ()
    texts_at: TextPlace = "beyond"
    texts_are_bold: bool = False
    text_colour: str | None = None
    hovers: Sequence[str] = ()
    width: float | None = None
    has_edge: bool = False


@dataclass(frozen=True, eq=False)
class Line:
    """A line, separate marks, or a band between two lines.

    Attributes
    ----------
    name
        In the legend; empty when it has no place there.
    x, y
        Points in the order drawn; an unknown one (NaN, None) breaks the line.
    colour, opacity
        Colour ("#rrggbb") and 0-1.
    width
        Width of the line on the screen (pixels); 0 without a line.
    is_dotted, is_stepped
        Whether the line is dotted, and whether it goes by steps.
    mark, mark_size
        Sign of each point, and its size on the screen (pixels).
    outline
        Width of a line around each mark in its own colour (pixels).
    has_edge
        Whether a thin grey line goes around each mark, for the palest colours.
    is_band
        Whether the inside is filled, without a line.
    hovers
        What hovering each point says; empty for nothing.
    """

    name: str
    x: Values
    y: Values
    colour: str
    opacity: float = 1.0
    width: float = 0.0
    is_dotted: bool = False
    is_stepped: bool = False
    mark: Mark = ""
    mark_size: float = 6.0
    outline: float = 0.0
    has_edge: bool = False
    is_band: bool = False
    hovers: Sequence[str] = ()


@dataclass(frozen=True)
class Reference:
    """A dotted line that crosses the whole chart at a value of an axis, and its words.

    `words_under` puts them under a line that lies, `width` is in pixels of the screen.
    """

    axis: Side
    value: float
    colour: str
    words: str = ""
    width: float = 1.5
    words_under: bool = False


@dataclass(frozen=True)
class Note:
    """Words written from a place of the chart on."""

    x: Any
    y: float
    text: str
    colour: str | None = None
    is_bold: bool = False


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis: what its numbers are, its title, its names and its ends.

    Attributes
    ----------
    kind
        "names", "dates", "years" (whole numbers, written without a space) or "numbers".
    title, suffix
        Unit, and what follows each number.
    names
        Names of the places, in order; empty: those of the bars and lines, in theirs.
    ends
        First and last value shown, the larger first when the axis is reversed; None when the values choose.
    decimals
        Digits written after the comma; None when the values choose.
    step, most_labels
        On the screen, the distance between two labels, and how many there may be.
    is_labelled
        Whether numbers stand along it.
    starts_at_zero
        Whether zero must be in sight.
    is_reversed
        Whether values grow downwards.
    has_grid, has_zero_line
        Whether thin lines cross the chart at its numbers, and at zero; None when the theme chooses.
    wanted, wanted_labels
        Values to label, and what is written there; empty when the values choose.
    title_gap_px, label_px, stays_level
        On the screen, room above the title, size of the labels, and whether they are never turned.
    """

    kind: AxisKind = "numbers"
    title: str = ""
    suffix: str = ""
    names: Sequence[str] = ()
    ends: tuple[Any, Any] | None = None
    decimals: int | None = None
    step: float | None = None
    most_labels: int | None = None
    is_labelled: bool = True
    starts_at_zero: bool = False
    is_reversed: bool = False
    has_grid: bool | None = None
    has_zero_line: bool | None = None
    wanted: Sequence[Any] = ()
    wanted_labels: Sequence[str] = ()
    title_gap_px: float | None = None
    label_px: float | None = None
    stays_level: bool = False


@dataclass(frozen=True, eq=False)
class Chart:
    """All that a chart draws.

    Attributes
    ----------
    x, y
        The axes.
    bars, lines
        Series in the order drawn, which is that of the legend.
    is_horizontal, is_stacked
        How bars lie, and whether series follow one another on one bar.
    are_shares
        Whether the bars are wholes parted by a ramp of colours: on the screen small parts are named above them.
    gap, group_gap
        Part of a place left free between the bars of two places, and between those of one, on the screen.
    references
        Lines that cross the chart.
    notes
        Words on the chart.
    """

    x: Axis = Axis()
    y: Axis = Axis()
    bars: Sequence[Bars] = ()
    lines: Sequence[Line] = ()
    is_horizontal: bool = False
    is_stacked: bool = False
    are_shares: bool = False
    gap: float | None = None
    group_gap: float | None = None
    references: Sequence[Reference] = ()
    notes: Sequence[Note] = ()
