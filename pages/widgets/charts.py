"""Plotly charts of the pages, in one style: French separators, readable in both themes, no tool bar."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from coverage.terms.months import format_month
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.map.palettes import readable_on_dark
from reports.figures.numbers import format_number

ACCENT, NEUTRAL, REFERENCE = "#2f74b8", "#93a3b5", "#c2185b"
LINE_COLOURS = ("#d55e00", "#0072b2", "#7a8796", "#009e73", "#cc79a7", "#e69f00")
AROUND_COLOURS = {"region": LINE_COLOURS[1], "france": LINE_COLOURS[2], "departement": LINE_COLOURS[3]}
"""Those of what contains the territory of the page."""
MOST_ENDS_OF_YEARS = 9
MOST_ONE_BY_ONE = 8
SHARES, SHARES_GAP = "shares", 0.36
LEAST_NAMED, LEAST_INSIDE = 0.5, 6.0
"""Shares (%) from which a part of a bar has its figure, and from which it stands inside."""
FONT_PX = 12
CONFIG = {"displayModeBar": False, "locale": "fr"}


def draw(figure: go.Figure, key: str, alt: str, height: int | None = 320, **selection: Any) -> None:
    """Show a chart at the width of its place, with its description for those who don't see it.

    Its height is in CSS pixels, that of its place when None. `selection` is given to `st.plotly_chart` where readers
    choose marks: `on_select` and `selection_mode`.
    """
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 24, "t": 8, "b": 8},
        separators=",\u202f",
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "title": None},
        hoverlabel={"align": "left"},
    )
    if figure.layout.meta == SHARES:
        figure = _shares_on_screen(figure)
    size: Any = "stretch" if height is None else "content"
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, height=size, **selection)


def _shares_on_screen(figure: go.Figure) -> go.Figure:
    """Return bars of shares as a reader needs them: small parts named above the bar, colours told from a dark page.

    The figure itself stays as paper prints it, which has its own rule for small parts and one background.
    """
    shown = go.Figure(figure)
    if st.context.theme.type == "dark":
        for trace, colour in zip(
            shown.data, readable_on_dark([trace.marker.color for trace in shown.data]), strict=True
        ):
            trace.marker.color = colour
    size = 0.9 * (shown.layout.font.size or FONT_PX)
    reached = [0.0] * len(shown.data[0].y)
    for trace in shown.data:
        for rank, value in enumerate(trace.x):
            middle, reached[rank] = reached[rank] + value / 2, reached[rank] + value
            if LEAST_NAMED <= value < LEAST_INSIDE:
                shown.add_annotation(
                    x=middle,
                    y=rank + 0.5 - SHARES_GAP / 2,
                    yanchor="bottom",
                    text=format_number(value, 0, "%"),
                    showarrow=False,
                    borderpad=0,
                    font={"size": size},
                )
    return shown


def territory_colours(gazetteer: Gazetteer, territories: Sequence[Territory]) -> dict[str, str]:
    """Return the colour of each territory by name, the same on all charts of a page whatever is compared with it.

    Parameters
    ----------
    gazetteer
        Names, and what contains what.
    territories
        The one that the page is about, then the others.
    """
    first, around = territories[0], gazetteer.compared(territories[0])
    kept = {first: LINE_COLOURS[0]} | {other: AROUND_COLOURS[other.level] for other in around if other != first}
    free = [colour for colour in LINE_COLOURS if colour not in kept.values()]
    others = [other for other in dict.fromkeys(territories) if other not in kept]
    kept |= {other: free[rank % len(free)] for rank, other in enumerate(others)}
    return {gazetteer.name(other): colour for other, colour in kept.items()}


def stack_shares(
    shares: Mapping[str, pd.Series], class_labels: Sequence[str], palette: Sequence[str], unit: str
) -> go.Figure:
    """Stack the classes of each territory on one horizontal bar of 100 %.

    Parameters
    ----------
    shares
        Name of the territory → share (0-1) of each class, in the order of `class_labels`.
    class_labels, palette
        Name and colour of each class.
    unit
        What is shared out: "habitants".
    """
    names = list(shares)[::-1]
    figure = go.Figure()
    for rank, (label, colour) in enumerate(zip(class_labels, palette, strict=True)):
        percent = [100 * float(shares[name].iloc[rank]) for name in names]
        figure.add_bar(
            x=percent,
            y=names,
            name=label,
            orientation="h",
            marker={"color": colour, "line": {"width": 0.5, "color": "#8a96a3"}},
            text=[format_number(value, 0, "%") if value >= LEAST_INSIDE else "" for value in percent],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            hovertemplate=f"%{{y}}<br>{label} : %{{x:.1f}} % des {unit}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        bargap=SHARES_GAP,
        meta=SHARES,
        xaxis={"range": [0, 100], "ticksuffix": " %"},
        legend_traceorder="normal",
    )
    return figure


def month_axis(dates: Sequence[pd.Timestamp]) -> dict[str, Any]:
    """Return an axis of half-years with the ends of years named: "déc. 2022" is not yet 2023, nor above it."""
    years = range(min(date.year for date in dates) - 1, max(date.year for date in dates) + 1)
    step = math.ceil(len(years) / MOST_ENDS_OF_YEARS)
    shown = [pd.Timestamp(year, 12, 31) for year in years[::-1][::step]][::-1]
    return {"tickvals": shown, "ticktext": [format_month(date) for date in shown]}


def whole_ticks(largest: float) -> dict[str, Any]:
    """Return what keeps an axis of counts to whole numbers: up to a few, it would be marked at every half."""
    return {"dtick": 1} if largest <= MOST_ONE_BY_ONE else {}


def draw_lines(
    series: Mapping[str, pd.Series], unit: str, decimals: int = 1, colours: Mapping[str, str] | None = None
) -> go.Figure:
    """Draw one line a territory over dates; the first is the one the page is about.

    `colours` are those of the page (`territory_colours`), in their order when None.
    """
    figure = go.Figure()
    for rank, (name, values) in enumerate(series.items()):
        figure.add_scatter(
            x=values.index,
            y=values.to_numpy(),
            name=name,
            mode="lines+markers",
            line={
                "color": colours[name] if colours else LINE_COLOURS[rank % len(LINE_COLOURS)],
                "width": 3 if rank == 0 else 1.8,
            },
            hovertemplate=f"{name}<br>%{{x|%d/%m/%Y}} : %{{y:.{decimals}f}} {unit}<extra></extra>",
        )
    dates = [date for values in series.values() for date in values.index]
    figure.update_layout(yaxis={"rangemode": "tozero", "title": unit}, xaxis=month_axis(dates) if dates else {})
    return figure


def draw_ranked_bars(
    labels: Sequence[str], values: Sequence[float], texts: Sequence[str], *, chosen: str | None, reference: float
) -> go.Figure:
    """Draw one horizontal bar a territory, best on top, the chosen one in full colour, France's value as a line."""
    colours = [ACCENT if label == chosen or chosen is None else NEUTRAL for label in labels]
    figure = go.Figure(
        go.Bar(
            x=list(values),
            y=list(labels),
            orientation="h",
            marker_color=colours,
            text=list(texts),
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y} : %{text}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", dtick=1)
    figure.update_xaxes(showticklabels=False, showgrid=False, zeroline=True)
    if reference == reference:  # noqa: PLR0124 - NaN: France is unknown
        figure.add_vline(
            x=reference,
            line={"dash": "dot", "width": 1.5, "color": REFERENCE},
            annotation={"text": "France", "bgcolor": REFERENCE, "font": {"color": "#ffffff"}},
        )
    return figure
