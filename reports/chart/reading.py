"""What a chart of the screen holds, read from its own figure, so that paper can draw nothing else than what was shown.

A page draws its charts with Plotly; this module reads such a figure (bars, lines, marks, bands, reference lines and
notes, the parts that the pages use) without importing Plotly: any object with the same attributes will do.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from reports.errors import ChartError

INK_GREY: Final = "#93a3b5"
_VEIL: Final = re.compile(r"rgba\((\d+),\s*(\d+),\s*(\d+),\s*([\d.]+)\)")
_TAGS: Final = re.compile(r"<[^>]+>")
_TYPES: Final = ("bar", "scatter")

Positions = npt.NDArray[np.float64]
AxisKind = Literal["names", "dates", "years", "numbers"]


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars of one series.

    Attributes
    ----------
    name
        In the legend; empty when it has no place there.
    places
        Where each bar stands on the axis of the names or of the years.
    starts, ends
        Values where each bar begins and ends.
    colours
        Colour of each bar.
    texts
        Figure of each bar, empty for none.
    texts_inside
        Whether the figures stand in the bars.
    """

    name: str
    places: Positions
    starts: Positions
    ends: Positions
    colours: tuple[str, ...]
    texts: tuple[str, ...]
    texts_inside: bool


@dataclass(frozen=True, eq=False)
class Line:
    """A line, separate marks, or a band between two lines.

    Attributes
    ----------
    name
        In the legend; empty when it has no place there.
    x, y
        Points in the order drawn; NaN breaks the line.
    colour, opacity
        Colour ("#rrggbb") and 0-1.
    width
        Width of the line on the screen (pixels); 0 without a line.
    dashed, stepped
        Whether the line is dotted, and whether it goes by steps.
    mark, mark_size
        "" (none), "o", "diamond", "cross", "square" or "triangle", and its size on the screen (pixels).
    is_band
        Whether the inside is filled, without a line.
    """

    name: str
    x: Positions
    y: Positions
    colour: str
    opacity: float
    width: float
    dashed: bool
    stepped: bool
    mark: str
    mark_size: float
    is_band: bool


@dataclass(frozen=True)
class Note:
    """Words written at a place of the chart."""

    x: float
    y: float
    text: str
    colour: str | None
    is_bold: bool
    anchor: str


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis: what its numbers are, its title, its names and its ends.

    Attributes
    ----------
    kind
        "names" (places 0, 1, 2…), "dates" (days since 1970), "years" (whole numbers, written without a space) or
        "numbers".
    title, suffix
        Unit, and what follows each number.
    names
        Names of the places, in order.
    ends
        First and last value shown, the larger first when the axis is reversed; None when the values choose.
    decimals
        Digits written after the comma.
    is_labelled
        Whether numbers stand along it.
    starts_at_zero
        Whether zero must be in sight.
    is_reversed
        Whether values grow downwards.
    has_grid
        Whether thin lines cross the chart at its numbers.
    wanted, wanted_labels
        Values to label, and what is written there; empty when the paper chooses.
    """

    kind: AxisKind
    title: str = ""
    suffix: str = ""
    names: tuple[str, ...] = ()
    ends: tuple[float, float] | None = None
    decimals: int = 0
    is_labelled: bool = True
    starts_at_zero: bool = False
    is_reversed: bool = False
    has_grid: bool = True
    wanted: tuple[float, ...] = ()
    wanted_labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Chart:
    """All that a chart draws.

    Attributes
    ----------
    x, y
        The axes.
    bars, lines
        Series in the order drawn.
    is_horizontal, is_stacked
        How bars lie, and whether series follow one another on one bar.
    references
        Reference lines: "x" or "y", value, colour and words.
    notes
        Words on the chart.
    """

    x: Axis
    y: Axis
    bars: tuple[Bars, ...] = ()
    lines: tuple[Line, ...] = ()
    is_horizontal: bool = False
    is_stacked: bool = False
    references: tuple[tuple[str, float, str, str], ...] = ()
    notes: tuple[Note, ...] = field(default=())


def read_chart(figure: Any) -> Chart:
    """Read a figure of the screen.

    Parameters
    ----------
    figure
        A `plotly.graph_objects.Figure`.

    Returns
    -------
    Chart
        The same values, colours, names and figures.

    Raises
    ------
    ChartError
        The figure holds something else than bars and lines, or nothing.
    """
    traces = list(figure.data)
    if not traces:
        raise ChartError("Graphique : attendu au moins une série, trouvé aucune.")
    for trace in traces:
        if trace.type not in _TYPES:
            raise ChartError(f"Graphique : attendu des barres ou des lignes, trouvé « {trace.type} ».")
    layout = figure.layout
    horizontal = any(trace.type == "bar" and trace.orientation == "h" for trace in traces)
    x = _read_axis(layout.xaxis, [trace.x for trace in traces if trace.x is not None])
    y = _read_axis(layout.yaxis, [trace.y for trace in traces if trace.y is not None])
    stacked = layout.barmode == "stack"
    return Chart(
        x=x,
        y=y,
        bars=_read_bars([t for t in traces if t.type == "bar"], x, y, horizontal=horizontal, stacked=stacked),
        lines=tuple(_read_line(trace, x, y) for trace in traces if trace.type == "scatter"),
        is_horizontal=horizontal,
        is_stacked=stacked,
        references=tuple(_read_references(layout, x, y)),
        notes=tuple(_read_notes(layout, x, y)),
    )


def _read_axis(layout: Any, columns: list[Any]) -> Axis:
    values = [value for column in columns for value in column if value is not None]
    kind: AxisKind = "numbers"
    names: tuple[str, ...] = ()
    if values and all(isinstance(value, str) for value in values):
        kind, names = "names", tuple(dict.fromkeys(values))
    elif values and isinstance(values[0], (dt.date, np.datetime64)):
        kind = "dates"
    elif layout.tickformat == "d":
        kind = "years"
    found = re.search(r"\.(\d)f", layout.tickformat or "")
    bare = Axis(kind, names=names)
    ends = None if layout.range is None else tuple(float(value) for value in _positions(layout.range, bare))
    return Axis(
        kind,
        title=layout.title.text or "",
        suffix=layout.ticksuffix or "",
        names=names,
        ends=ends,  # type: ignore[arg-type]  # two values, as Plotly wants them
        decimals=int(found[1]) if found else 0,
        is_labelled=layout.showticklabels is not False,
        starts_at_zero=layout.rangemode == "tozero",
        is_reversed=layout.autorange == "reversed" or (ends is not None and ends[0] > ends[1]),
        has_grid=layout.showgrid is not False,
        wanted=() if layout.tickvals is None else tuple(float(place) for place in _positions(layout.tickvals, bare)),
        wanted_labels=tuple(layout.ticktext or ()),
    )


def _positions(values: Any, axis: Axis) -> Positions:
    """Return where values stand on an axis."""
    if axis.kind == "names":
        return np.asarray([axis.names.index(value) if isinstance(value, str) else value for value in values], float)
    if axis.kind == "dates":
        days = [np.nan if value is None else days_since_1970(value) for value in values]
        return np.asarray(days, dtype=np.float64)
    return np.asarray([np.nan if value is None else value for value in values], dtype=np.float64)


def days_since_1970(date: Any) -> float:
    """Return a date as a number of days, the unit of the axes of dates."""
    return (pd.Timestamp(date) - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)


def _read_bars(traces: list[Any], x: Axis, y: Axis, *, horizontal: bool, stacked: bool) -> tuple[Bars, ...]:
    """Read the series of bars; those that are stacked start where the one before ends."""
    along = y if horizontal else x
    reached: dict[float, float] = {}
    series = []
    for trace in traces:
        places = _positions(trace.y if horizontal else trace.x, along)
        lengths = np.asarray(trace.x if horizontal else trace.y, dtype=np.float64)
        starts = np.zeros(len(places)) if trace.base is None else np.asarray(trace.base, dtype=np.float64)
        if stacked:
            starts = np.asarray([reached.get(place, 0.0) for place in places])
            reached |= dict(zip(places, starts + lengths, strict=True))
        colour = trace.marker.color
        colours = (colour,) * len(places) if isinstance(colour, str) else tuple(colour)
        texts = ("",) * len(places) if trace.text is None else tuple(plain(text) for text in trace.text)
        name = "" if trace.showlegend is False or not trace.name else plain(trace.name)
        series.append(
            Bars(name, places, starts, starts + lengths, colours, texts, texts_inside=trace.textposition == "inside")
        )
    return tuple(series)


def _read_line(trace: Any, x: Axis, y: Axis) -> Line:
    mode = trace.mode or "lines"
    is_band = trace.fill is not None
    symbol = trace.marker.symbol or "circle"
    named = {"diamond": "diamond", "x": "cross", "square": "square", "triangle-up": "triangle"}
    mark = next((mark for start, mark in named.items() if symbol.startswith(start)), "o")
    line_colour = trace.fillcolor if is_band else trace.line.color
    colour = trace.marker.line.color or trace.marker.color if "lines" not in mode else line_colour
    colour, opacity = _colour(colour or trace.marker.color or INK_GREY)
    return Line(
        name="" if trace.showlegend is False or not trace.name else plain(trace.name),
        x=_positions(trace.x, x),
        y=_positions(trace.y, y),
        colour=colour,
        opacity=opacity * (1.0 if trace.opacity is None else float(trace.opacity)),
        width=float(trace.line.width if trace.line.width is not None else 2.0) if "lines" in mode else 0.0,
        dashed=trace.line.dash not in {None, "solid"},
        stepped=trace.line.shape == "hv",
        mark=mark if "markers" in mode else "",
        mark_size=float(trace.marker.size or 6.0),
        is_band=is_band,
    )


def _colour(text: str) -> tuple[str, float]:
    """Part "rgba(r,g,b,a)" into "#rrggbb" and its opacity (0-1)."""
    found = _VEIL.fullmatch(text)
    if not found:
        return text, 1.0
    red, green, blue = (int(found[rank]) for rank in (1, 2, 3))
    return f"#{red:02x}{green:02x}{blue:02x}", float(found[4])


def _read_references(layout: Any, x: Axis, y: Axis) -> list[tuple[str, float, str, str]]:
    """Read the lines that cross the whole chart, as `add_vline` and `add_hline` make them."""
    words = {}
    for note in layout.annotations:
        if "domain" in str(note.yref):
            words[("x", note.x)] = note.text
        elif "domain" in str(note.xref):
            words[("y", note.y)] = note.text
    found = []
    for shape in layout.shapes:
        if shape.type != "line":
            continue
        which, value, axis = ("x", shape.x0, x) if "domain" in str(shape.yref) else ("y", shape.y0, y)
        place = float(_positions([value], axis)[0])
        found.append((which, place, shape.line.color or INK_GREY, plain(words.get((which, value), "") or "")))
    return found


def _read_notes(layout: Any, x: Axis, y: Axis) -> list[Note]:
    return [
        Note(
            x=float(_positions([note.x], x)[0]),
            y=float(_positions([note.y], y)[0]),
            text=plain(note.text),
            colour=note.font.color,
            is_bold="<b>" in note.text,
            anchor=note.xanchor or "center",
        )
        for note in layout.annotations
        if "domain" not in f"{note.xref} {note.yref}"
    ]


def plain(text: str) -> str:
    """Take the tags out of a text of the screen: "<b>12</b>" is "12", "<br>" is a space but after a hyphen."""
    return _TAGS.sub("", text.replace("-<br>", "-").replace("<br>", " "))
