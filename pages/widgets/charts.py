"""Charts of the pages: how they are shown, their colours, and those that several screens draw."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.terms.months import format_month
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.widgets.chart_drawing import plotly_figure
from reports.chart.specification import Axis, Bars, Chart, Line, Reference
from reports.figures.numbers import format_number

ACCENT, NEUTRAL, REFERENCE = "#2f74b8", "#93a3b5", "#c2185b"
LINE_COLOURS = ("#d55e00", "#0072b2", "#7a8796", "#009e73", "#cc79a7", "#e69f00")
AROUND_COLOURS = {"region": LINE_COLOURS[1], "france": LINE_COLOURS[2], "departement": LINE_COLOURS[3]}
"""Those of what contains the territory of the page."""
MOST_ENDS_OF_YEARS = 9
MOST_ONE_BY_ONE = 8
CONFIG = {"displayModeBar": False, "locale": "fr"}
DRAGS: Final = {"box": "select", "lasso": "lasso"}


def draw(
    chart: Chart, key: str, alt: str, height: int | None = 320, *, from_afar: bool = False, **selection: Any
) -> None:
    """Show a chart at the width of its place, with its description for those who don't see it.

    Its height is in CSS pixels, that of its place when None; one read `from_afar` is written larger. `selection` is
    given to `st.plotly_chart` where readers choose marks: `on_select` and `selection_mode`.
    """
    figure = plotly_figure(
        chart,
        is_dark=st.context.theme.type == "dark",
        from_afar=from_afar,
        height=height,
        # Streamlit answers no click where dragging draws around marks; elsewhere dragging enlarges a part.
        dragmode=DRAGS.get(selection.get("selection_mode", "")),
    )
    size: Any = "stretch" if height is None else "content"
    st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, height=size, **selection)


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


def on_two_lines(name: str, longest: int = 15) -> str:
    """Break a longer name after the hyphen or space nearest to its middle: a phone has no room for it in one."""
    places = [place for place, letter in enumerate(name, start=1) if letter in "- "]
    if len(name) <= longest or not places:
        return name
    middle = min(places, key=lambda place: abs(2 * place - len(name)))
    return f"{name[:middle].rstrip(' ')}\n{name[middle:]}"


def month_axis(dates: Sequence[pd.Timestamp]) -> Axis:
    """Return an axis of half-years with the ends of years named: "déc. 2022" is not yet 2023, nor above it."""
    if not dates:
        return Axis("dates")
    years = range(min(date.year for date in dates) - 1, max(date.year for date in dates) + 1)
    step = math.ceil(len(years) / MOST_ENDS_OF_YEARS)
    shown = [pd.Timestamp(year, 12, 31) for year in years[::-1][::step]][::-1]
    return Axis("dates", wanted=shown, wanted_labels=[format_month(date) for date in shown])


def whole_step(largest: float) -> float | None:
    """Return what keeps an axis of counts to whole numbers: up to a few, it would be marked at every half."""
    return 1 if largest <= MOST_ONE_BY_ONE else None


def draw_lines(
    series: Mapping[str, pd.Series], unit: str, decimals: int = 1, colours: Mapping[str, str] | None = None
) -> Chart:
    """Draw one line a territory over dates; the first is the one the page is about.

    `colours` are those of the page (`territory_colours`), in their order when None.
    """
    lines = [
        Line(
            name,
            list(values.index),
            values.to_numpy(),
            colours[name] if colours else LINE_COLOURS[rank % len(LINE_COLOURS)],
            width=3 if rank == 0 else 1.8,
            mark="circle",
            hovers=[
                f"{name}\n{date:%d/%m/%Y} : {format_number(value, decimals)} {unit}" for date, value in values.items()
            ],
        )
        for rank, (name, values) in enumerate(series.items())
    ]
    dates = [date for values in series.values() for date in values.index]
    return Chart(month_axis(dates), Axis(title=unit, starts_at_zero=True), lines=lines)


def draw_ranked_bars(
    labels: Sequence[str], values: Sequence[float], texts: Sequence[str], *, chosen: str | None, reference: float
) -> Chart:
    """Draw one horizontal bar a territory, best on top, the chosen one in full colour, France's value as a line."""
    bars = Bars(
        "",
        labels,
        values,
        [ACCENT if label == chosen or chosen is None else NEUTRAL for label in labels],
        texts=texts,
        hovers=[f"{label} : {text}" for label, text in zip(labels, texts, strict=True)],
    )
    is_known = reference == reference  # noqa: PLR0124 - NaN: France is unknown
    return Chart(
        Axis(is_labelled=False, has_grid=False, has_zero_line=True),
        Axis("names", is_reversed=True, step=1),
        [bars],
        is_horizontal=True,
        references=[Reference("x", reference, REFERENCE, "France")] if is_known else [],
    )
