"""The charts of the board of projects: how many go on from each stage, by year, and how long they stay."""

import pandas as pd
import plotly.graph_objects as go

from coverage.terms.project_list import STAGES
from pages.widgets.charts import ACCENT, NEUTRAL, whole_ticks
from reports.figures.numbers import format_number, format_share

WAITING, GIVEN_UP = "#8fb3d9", NEUTRAL


def draw_conversion(table: pd.DataFrame, stages: pd.DataFrame) -> go.Figure:
    """Draw the stages as a funnel: of those that reached each, how many went on, are there, were given up.

    Parameters
    ----------
    table
        As `coverage.project_board.progress.conversion` gives it.
    stages
        As `coverage.project_board.progress.count_by_stage` gives it: what became of those at the last stage.
    """
    labels = list(STAGES.values())
    shares = [format_share(share, 0) for share in table["share"]]
    parts = (
        ("Passés à l’étape suivante", [*table["n_next"], 0], ACCENT, [*shares, ""]),
        ("Encore à cette étape", list(stages["n_current"]), WAITING, None),
        ("Abandonnés à cette étape", list(stages["n_abandoned"]), GIVEN_UP, None),
    )
    figure = go.Figure()
    for name, counts, colour, texts in parts:
        figure.add_bar(
            x=[float(count) for count in counts],
            y=labels,
            name=name,
            orientation="h",
            marker_color=colour,
            text=texts,
            textposition="inside",
            insidetextanchor="end",
            hovertemplate=f"%{{y}}<br>{name} : %{{x}}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        legend_traceorder="normal",
        xaxis={"rangemode": "tozero", "title": {"text": "projets qui ont atteint l’étape", "standoff": 4}},
        yaxis={"autorange": "reversed"},
    )
    return figure


def draw_cohorts(table: pd.DataFrame) -> go.Figure:
    """Draw the projects by the year they reached a stage: those that have reached the next one, and the others.

    Parameters
    ----------
    table
        As `coverage.project_board.progress.conversion_by_year` gives it; the undated are left out.
    """
    dated = table[table.index.notna()]
    years = [int(year) for year in dated.index]
    figure = go.Figure()
    shares = [format_share(share, 0) for share in dated["share"]]
    for name, counts, colour, texts in (
        ("Ont atteint la suivante", dated["n_next"], ACCENT, shares),
        ("Pas encore, ou abandonnés", dated["n_reached"] - dated["n_next"], WAITING, None),
    ):
        figure.add_bar(
            x=years,
            y=[float(count) for count in counts],
            name=name,
            marker_color=colour,
            text=texts,
            textposition="inside",
            hovertemplate=f"%{{x}}<br>{name} : %{{y}}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        legend_traceorder="normal",
        xaxis={"tickformat": "d", "dtick": 1},
        yaxis={"title": "projets", "rangemode": "tozero", **whole_ticks(float(dated["n_reached"].max()))},
    )
    return figure


def draw_ages(table: pd.DataFrame, stuck_months: float) -> go.Figure:
    """Draw the ages in each stage: from the first to the third quartile, the median, the oldest.

    Parameters
    ----------
    table
        As `coverage.project_board.stages.age_by_stage` gives it.
    stuck_months
        Months above which a project is stuck: a dotted line.
    """
    known = table[table["n_known"] > 0]
    labels = [STAGES[str(stage)] for stage in known.index]
    figure = go.Figure()
    figure.add_bar(
        x=list(known["q75_months"] - known["q25_months"]),
        base=list(known["q25_months"]),
        y=labels,
        orientation="h",
        width=0.5,
        name="La moitié centrale des projets",
        marker_color=WAITING,
        customdata=[
            f"de {format_number(row['q25_months'])} à {format_number(row['q75_months'])} mois"
            for _, row in known.iterrows()
        ],
        hovertemplate="%{y}<br>La moitié centrale : %{customdata}<extra></extra>",
    )
    marks = (("Médiane", "median_months", "circle", ACCENT), ("Le plus ancien", "oldest_months", "diamond", "#c2410c"))
    for name, column, symbol, colour in marks:
        figure.add_scatter(
            x=list(known[column]),
            y=labels,
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 11, "color": colour},
            hovertemplate=f"%{{y}}<br>{name} : %{{x:.0f}} mois<extra></extra>",
        )
    figure.add_vline(x=float(stuck_months), line={"dash": "dot", "width": 1.5, "color": "#c2410c"})
    figure.update_layout(
        xaxis={"title": {"text": "mois dans l’étape", "standoff": 4}, "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "categoryorder": "array", "categoryarray": list(STAGES.values())},
    )
    return figure
