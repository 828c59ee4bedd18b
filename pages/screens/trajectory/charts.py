"""The charts of the trajectory: lines with targets and published marks, ranks of the regions, openings."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from coverage.terms.months import format_full_month
from coverage.territories.gazetteer import Gazetteer, Territory
from coverage.trajectory.growth import rank_by_date
from coverage.trajectory.msp_dates import BPE, FINESS_NOW
from pages.app.facts import load_facts
from pages.app.trajectory import SHOWN, Shown, course_of, date_label, published, target_of
from pages.screens.trajectory.dates import NAMES, SYMBOLS, add_dates
from pages.widgets.charts import ACCENT, LINE_COLOURS, NEUTRAL, month_axis, territory_colours, whole_ticks
from reports.figures.numbers import format_number

ROOM_FOR_NAMES: Final = 0.5
"""Part of the span of the dates kept free beside the last one."""

LONGEST_NAME: Final = 16
"""Letters of a name from which it is written on two lines."""
MARK, CROSS = "diamond-open", "x-thin"


def draw_course(gazetteer: Gazetteer, territories: Sequence[Territory], shown: Shown, *, marks: bool) -> go.Figure:
    """Draw one line a territory, its target as a diamond, other counts and what others published as separate marks.

    Parameters
    ----------
    gazetteer
        Names.
    territories
        Whose lines; the first is the one that the page is about.
    shown
        Measure drawn.
    marks
        Whether the published figures are drawn (counts only); they are never joined to a line.
    """
    measure = SHOWN[shown]
    decimals = measure.indicator.decimals
    figure = go.Figure()
    colours = territory_colours(gazetteer, territories)
    for rank, territory in enumerate(territories):
        name = gazetteer.name(territory)
        colour = colours[name]
        values = course_of(territory)[measure.column]
        figure.add_scatter(
            x=list(values.index),
            y=list(values),
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 3 if rank == 0 else 1.8},
            customdata=[
                f"{format_full_month(date)} : {format_number(value, decimals)} {measure.unit}"
                for date, value in values.items()
            ],
            hovertemplate=f"{name}<br>%{{customdata}}<extra></extra>",
        )
        target = target_of(territory, shown)
        if target and target[1] == target[1]:
            text = format_number(target[1], decimals)
            figure.add_scatter(
                x=[target[0]],
                y=[target[1]],
                mode="markers",
                showlegend=False,
                marker={"symbol": MARK, "size": 13, "color": colour, "line": {"width": 2.5}},
                hovertemplate=f"{name}<br>objectif au 31 décembre 2022 : {text} {measure.unit}<extra></extra>",
            )
        add_dates(figure, gazetteer, territory, shown, colour, 1.0 if rank == 0 else 0.75)
        if marks and shown == "nombre":
            _add_marks(figure, territory, name, colour)
    symbols = {"objectif pour fin 2022": MARK} | {NAMES[origin]: SYMBOLS[origin] for origin in (BPE, FINESS_NOW)}
    if marks and shown == "nombre":
        symbols["publié par d’autres"] = CROSS
    for label, symbol in symbols.items():
        marker = {"symbol": symbol, "size": 11, "color": NEUTRAL, "line": {"width": 2.5, "color": NEUTRAL}}
        figure.add_scatter(x=[None], y=[None], name=label, mode="markers", marker=marker)
    largest = max((float(value) for trace in figure.data for value in trace.y if pd.notna(value)), default=0.0)
    figure.update_layout(
        yaxis={
            "rangemode": "tozero",
            "title": measure.unit,
            "tickformat": f",.{min(decimals, 1)}f",
            **(whole_ticks(largest) if shown == "nombre" else {}),
        },
        xaxis=month_axis([pd.Timestamp(date) for trace in figure.data for date in trace.x if date is not None]),
    )
    return figure


def _add_marks(figure: go.Figure, territory: Territory, name: str, colour: str) -> None:
    table = published()
    rows = table[
        (table["indicator"] == "n_msp")
        & (table["level"] == territory.level)
        & (table["territory_code"] == territory.code)
        & (table["source"] != "dgos_msp")  # the line itself
        & table["when"].notna()
    ]
    if rows.empty:
        return
    texts = [
        f"{name}, {date_label(row['date'])} : {row['qualifier']} {format_number(row['value'])} MSP<br>"
        f"{row['who']}, {row['nature']}"
        for row in rows.to_dict("records")
    ]
    figure.add_scatter(
        x=list(rows["when"]),
        y=list(rows["value"]),
        mode="markers",
        showlegend=False,
        marker={"symbol": CROSS, "size": 11, "line": {"width": 2.5, "color": colour}},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
    )


def draw_ranks(gazetteer: Gazetteer, shown: Shown, colours: Mapping[str, str]) -> go.Figure:
    """Draw the rank of each region at each date, in colour those whose name has one."""
    ranks = rank_by_date(load_facts().labelled_msp, "region", SHOWN[shown].column)
    figure = go.Figure()
    last = ranks.columns[-1]
    places = ranks[last].rank(method="first")  # regions with the same rank have their names one under the other
    for code, row in ranks.sort_values(last, ascending=False).iterrows():
        name = gazetteer.name(Territory("region", str(code)))
        mine = name in colours
        colour = colours.get(name, NEUTRAL)
        figure.add_scatter(
            x=list(row.index),
            y=list(row),
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 3.5 if mine else 1.2},
            marker={"size": 9 if mine else 5},
            opacity=1 if mine else 0.55,
            customdata=[format_full_month(date) for date in row.index],
            hovertemplate=f"{name}<br>%{{customdata}} : rang %{{y}} sur {len(ranks)}<extra></extra>",
            showlegend=False,
        )
        if pd.notna(row[last]):
            figure.add_annotation(
                x=last + pd.Timedelta(days=25),
                y=places[code],
                text=f"<b>{_on_two_lines(name)}</b>" if mine else _on_two_lines(name),
                align="left",
                showarrow=False,
                xanchor="left",
                font={"size": 10, "color": colour if mine else None},
            )
    figure.update_layout(
        yaxis={"range": [len(ranks) + 0.6, 0.4], "dtick": 1, "title": "rang", "showgrid": False, "zeroline": False},
        xaxis={
            **month_axis(list(ranks.columns)),
            "showgrid": False,
            # Room for the names on the right: Provence-Alpes-Côte d’Azur is the longest.
            "range": [ranks.columns[0] - pd.Timedelta(days=60), last + ROOM_FOR_NAMES * (last - ranks.columns[0])],
        },
    )
    return figure


def _on_two_lines(name: str) -> str:
    """Break a long name after the hyphen or space nearest to its middle: a phone has no room for it in one."""
    places = [place for place, letter in enumerate(name, start=1) if letter in "- "]
    if len(name) < LONGEST_NAME or not places:
        return name
    middle = min(places, key=lambda place: abs(2 * place - len(name)))
    return f"{name[:middle].rstrip(' ')}<br>{name[middle:]}"


def draw_openings(by_type: Mapping[str, pd.DataFrame], column: str, unit: str) -> go.Figure:
    """Draw openings by year or cumulated, one series a type of structure."""
    figure = go.Figure()
    for (label, table), colour in zip(by_type.items(), (ACCENT, LINE_COLOURS[0]), strict=False):
        hover = f"{label}, %{{x}} : %{{y}} sites<extra></extra>"
        if column == "n_opened":
            figure.add_bar(
                x=list(table.index), y=list(table[column]), name=label, marker_color=colour, hovertemplate=hover
            )
        else:
            figure.add_scatter(
                x=list(table.index),
                y=list(table[column]),
                name=label,
                mode="lines",
                line={"color": colour, "width": 3, "shape": "hv"},
                hovertemplate=hover,
            )
    largest = max((float(table[column].max()) for table in by_type.values()), default=0.0)
    figure.update_layout(
        yaxis={"title": unit, "rangemode": "tozero", **whole_ticks(largest)}, xaxis={"tickformat": "d"}, barmode="group"
    )
    return figure
