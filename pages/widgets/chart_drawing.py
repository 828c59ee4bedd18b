"""A chart of the specification drawn by Plotly, in one style: French separators, readable in both themes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go

from geo.map.palettes import readable_on_dark
from reports.chart.shares import LEAST_INSIDE
from reports.chart.specification import Axis, Bars, Chart, Line, Mark, Reference, Values
from reports.figures.numbers import format_number

LEAST_NAMED: Final = 0.5
"""Share (%) from which a part of a bar has its figure."""
FONT_PX, NOTE_PX = 12, 10
BAR_EDGE: Final = {"width": 0.5, "color": "#8a96a3"}
MARK_EDGE: Final = {"width": 0.6, "color": "rgba(90, 102, 115, 0.6)"}
FROM_AFAR: Final[dict[str, Any]] = {
    "font": {"size": 18}, "text_font": {"size": 20}, "title_font": {"size": 16}, "line": 5, "mark": 10,
}  # fmt: skip
SYMBOLS: Final[dict[Mark, str]] = {
    "circle": "circle", "diamond": "diamond", "open diamond": "diamond-open", "cross": "x-thin", "square": "square",
    "triangle": "triangle-up",
}  # fmt: skip


def plotly_figure(
    chart: Chart,
    *,
    is_dark: bool = False,
    from_afar: bool = False,
    height: int | None = None,
    dragmode: str | None = None,
) -> go.Figure:
    """Draw a chart.

    Parameters
    ----------
    chart
        What is shown.
    is_dark
        Whether the page is: a ramp of colours must be told from it.
    from_afar
        Whether it is read from the back of a room: what is written is larger.
    height
        CSS pixels; None for that of its place.
    dragmode
        What dragging does, as Plotly names it; None enlarges a part.
    """
    if is_dark and chart.are_shares:
        colours = readable_on_dark([str(bars.colours) for bars in chart.bars])
        chart = replace(chart, bars=[replace(bars, colours=one) for bars, one in zip(chart.bars, colours, strict=True)])
    # Plain dictionaries, checked by Plotly once: each call of its methods copies and checks what is already there.
    large: dict[str, Any] = FROM_AFAR if from_afar else {}
    layout: dict[str, Any] = {
        "barmode": "stack" if chart.is_stacked else "group",
        "bargap": chart.gap,
        "bargroupgap": chart.group_gap,
        "xaxis": _axis(chart.x, large),
        "yaxis": _axis(chart.y, large),
        "margin": {"l": 8, "r": 24, "t": 8, "b": 8},
        "separators": ",\u202f",
        "legend": {
            "orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "title": None, "traceorder": "normal",
            "font": large.get("font"),
        },
        "hoverlabel": {"align": "left"},
        "font": large.get("font"),
        "shapes": [_reference_line(reference) for reference in chart.references],
        "annotations": _written(chart, large.get("font", {}).get("size", FONT_PX)),
        "height": height,
        "dragmode": dragmode,
    }  # fmt: skip
    bars = [_draw_bars(bars, chart, large) for bars in chart.bars]
    return go.Figure(_known({"data": [*bars, *(_draw_line(line, large) for line in chart.lines)], "layout": layout}))


def _known(part: Any) -> Any:
    """Leave out what is None: the theme chooses it."""
    if isinstance(part, dict):
        return {name: _known(value) for name, value in part.items() if value is not None}
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return [_known(value) for value in part]
    return part


def _axis(axis: Axis, large: Mapping[str, Any]) -> dict[str, Any]:
    """Return an axis as Plotly describes it; what is None is left to the theme."""
    tick_format = None if axis.decimals is None else f",.{axis.decimals}f"
    return {
        "type": "category" if axis.kind == "names" else None,
        "title": {"text": axis.title or None, "standoff": axis.title_gap_px, "font": large.get("title_font")},
        "ticksuffix": axis.suffix or None,
        "categoryorder": "array" if axis.names else None,
        "categoryarray": _on_axis(axis.names) or None,
        "range": axis.ends,
        "tickformat": "d" if axis.kind == "years" else tick_format,
        "dtick": axis.step,
        "nticks": axis.most_labels,
        "showticklabels": None if axis.is_labelled else False,
        "rangemode": "tozero" if axis.starts_at_zero else None,
        "autorange": "reversed" if axis.is_reversed else None,
        "showgrid": axis.has_grid,
        "zeroline": axis.has_zero_line,
        "tickvals": axis.wanted or None,
        "ticktext": axis.wanted_labels or None,
        "tickfont": large.get("font", {"size": axis.label_px}),
        "tickangle": 0 if axis.stays_level else None,
    }


def _draw_bars(bars: Bars, chart: Chart, large: Mapping[str, Any]) -> dict[str, Any]:
    places = _on_axis(bars.places)
    across, up = (bars.lengths, places) if chart.is_horizontal else (places, bars.lengths)
    texts = ["" if _has_note(bars, rank, chart) else _bold(bars, text) for rank, text in enumerate(bars.texts)]
    beyond, middle = bars.texts_at == "beyond", bars.texts_at == "middle"
    return {
        "type": "bar",
        "x": across,
        "y": up,
        "base": bars.starts if len(bars.starts) else None,
        "orientation": "h" if chart.is_horizontal else None,
        "marker": {"color": bars.colours, "line": BAR_EDGE if bars.has_edge else None},
        "width": bars.width,
        "text": texts or None,
        "textposition": "outside" if beyond else "inside",
        "cliponaxis": False if beyond else None,
        "insidetextanchor": "middle" if middle else "end",
        "textangle": 0 if middle else None,
        "textfont": large.get("text_font"),
        "insidetextfont": {"color": bars.text_colour},
        **_named(bars.name, bars.hovers),
    }


def _draw_line(line: Line, large: Mapping[str, Any]) -> dict[str, Any]:
    modes = ("lines" if line.width or line.is_band else "", "markers" if line.mark else "")
    width, size = (large["line"], large["mark"]) if large and all(modes) else (line.width, line.mark_size)
    stroke = {
        "color": line.colour,
        "width": width,
        "dash": "dot" if line.is_dotted else None,
        "shape": "hv" if line.is_stepped else None,
    }
    outline = {"width": line.outline, "color": line.colour} if line.outline else None
    edge = MARK_EDGE if line.has_edge else outline
    marker = {"symbol": SYMBOLS[line.mark], "size": size, "color": line.colour, "line": edge} if line.mark else None
    return {
        "type": "scatter",
        "x": _on_axis(line.x),
        "y": _on_axis(line.y),
        "mode": "+".join(filter(None, modes)),
        "line": {"width": 0} if line.is_band else stroke if line.width else None,
        "marker": marker,
        "opacity": None if line.is_band or line.opacity == 1 else line.opacity,
        "fill": "toself" if line.is_band else None,
        "fillcolor": _veil(line.colour, line.opacity) if line.is_band else None,
        **_named(line.name, line.hovers),
    }


def _named(name: str, hovers: Sequence[str]) -> dict[str, Any]:
    """Return how a series stands in the legend, and what hovering it says."""
    said = {"hovertext": [_broken(text) for text in hovers], "hovertemplate": "%{hovertext}<extra></extra>"}
    return {"name": name or None, "showlegend": None if name else False} | (said if hovers else {"hoverinfo": "skip"})


def _written(chart: Chart, font_px: int) -> list[dict[str, Any]]:
    """Return what is written on the chart itself: words of its lines, notes, figures that Plotly would misplace."""
    words = [_reference_words(reference) for reference in chart.references if reference.words]
    for note in chart.notes:
        text = _broken(note.text)
        words.append({
            "x": note.x, "y": note.y, "text": f"<b>{text}</b>" if note.is_bold else text, "align": "left",
            "xanchor": "left", "showarrow": False, "font": {"size": NOTE_PX, "color": note.colour},
        })  # fmt: skip
    for bars in chart.bars:
        for rank, text in enumerate(bars.texts):
            if _has_note(bars, rank, chart):
                x, y = _broken(bars.places[rank]), bars.starts[rank]
                words.append({"x": x, "y": y, "text": _bold(bars, text), "showarrow": False, "yshift": 11})
    return [*words, *(_small_shares(chart, 0.9 * font_px) if chart.are_shares else ())]


def _reference_line(reference: Reference) -> dict[str, Any]:
    """Return a line across the whole chart."""
    line = {"dash": "dot", "width": reference.width, "color": reference.colour}
    across, along = ("x", "y") if reference.axis == "x" else ("y", "x")
    return {
        "type": "line", "line": line, f"{across}ref": across, f"{along}ref": f"{along} domain",
        f"{across}0": reference.value, f"{across}1": reference.value, f"{along}0": 0, f"{along}1": 1,
    }  # fmt: skip


def _reference_words(reference: Reference) -> dict[str, Any]:
    """Return the words of a line: right of the head of an upright one, above or under the end of a level one."""
    if reference.axis == "x":
        return {
            "x": reference.value, "y": 1, "xref": "x", "yref": "y domain", "xanchor": "left", "yanchor": "top",
            "text": reference.words, "bgcolor": reference.colour, "font": {"color": "#ffffff"}, "showarrow": False,
        }  # fmt: skip
    return {
        "x": 1, "y": reference.value, "xref": "x domain", "yref": "y", "xanchor": "right", "text": reference.words,
        "yanchor": "top" if reference.words_under else "bottom", "showarrow": False,
    }  # fmt: skip


def _small_shares(chart: Chart, size: float) -> Iterator[dict[str, Any]]:
    """Name above the bars the parts that have no room inside; paper has its own rule."""
    reached = [0.0] * len(chart.bars[0].lengths)
    for bars in chart.bars:
        for rank, value in enumerate(bars.lengths):
            middle, reached[rank] = reached[rank] + value / 2, reached[rank] + value
            if LEAST_NAMED <= value < LEAST_INSIDE:
                yield {
                    "x": middle, "y": rank + 0.5 - (chart.gap or 0.0) / 2, "yanchor": "bottom", "borderpad": 0,
                    "showarrow": False, "text": format_number(value, 0, "%"), "font": {"size": size},
                }  # fmt: skip


def _has_note(bars: Bars, rank: int, chart: Chart) -> bool:
    """Tell whether the figure of a bar is written apart: above one that falls, where Plotly writes under it."""
    return bool(bars.texts_at == "beyond" and not chart.is_horizontal and len(bars.starts) and bars.lengths[rank] < 0)


def _bold(bars: Bars, text: str) -> str:
    return f"<b>{text}</b>" if bars.texts_are_bold and text else text


def _on_axis(values: Values) -> Values:
    """Return values as Plotly takes them: names with its ends of lines."""
    return [_broken(value) for value in values] if len(values) and isinstance(values[0], str) else values


def _broken(text: str) -> str:
    """Return a text with its ends of lines as Plotly writes them."""
    return text.replace("\n", "<br>")


def _veil(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
