"""The charts of the board of projects: how many go on from each stage, by year, and how long they stay."""

import pandas as pd
import plotly.graph_objects as go

from coverage.projects import STAGES
from pages.parts.charts import ACCENT, NEUTRAL
from pages.parts.numbers import format_number, format_share

WAITING, GIVEN_UP = "#8fb3d9", NEUTRAL


def draw_conversion(table: pd.DataFrame, last_count: int) -> go.Figure:
    """Draw the stages as a funnel: of those that reached each, how many went on, are there, were given up.

    Parameters
    ----------
    table
        As `coverage.project_board.conversion` gives it.
    last_count
        Projects that reached the last stage.
    """
    stages = list(STAGES)
    labels = list(STAGES.values())
    parts = (
        ("Passés à l’étape suivante", [*table["n_next"], last_count], ACCENT),
        ("Encore à cette étape", [*table["n_waiting"], 0], WAITING),
        ("Abandonnés à cette étape", [*table["n_abandoned"], 0], GIVEN_UP),
    )
    figure = go.Figure()
    for name, counts, colour in parts:
        figure.add_bar(
            x=[float(count) for count in counts],
            y=labels,
            name=name,
            orientation="h",
            marker_color=colour,
            hovertemplate=f"%{{y}}<br>{name} : %{{x}}<extra></extra>",
        )
    for place, stage in enumerate(stages[:-1]):
        row = table.loc[stage]
        figure.add_annotation(
            x=float(row["n_reached"]),
            y=labels[place],
            text=f"<b>{format_share(row['share'], 0)}</b>",
            showarrow=False,
            xanchor="left",
            xshift=6,
        )
    most = max(float(table["n_reached"].max()), 1.0)
    figure.update_layout(
        barmode="stack",
        legend_traceorder="normal",
        xaxis={"range": [0, most * 1.15], "title": {"text": "projets qui ont atteint l’étape", "standoff": 4}},
        yaxis={"autorange": "reversed"},
    )
    return figure


def draw_cohorts(table: pd.DataFrame) -> go.Figure:
    """Draw the projects by the year they reached a stage: those that have reached the next one, and the others.

    Parameters
    ----------
    table
        As `coverage.project_board.conversion_by_year` gives it; the undated are left out.
    """
    dated = table[table.index.notna()]
    years = [int(year) for year in dated.index]
    figure = go.Figure()
    for name, counts, colour in (
        ("Ont atteint la suivante", dated["n_next"], ACCENT),
        ("Pas encore, ou abandonnés", dated["n_reached"] - dated["n_next"], WAITING),
    ):
        figure.add_bar(
            x=years,
            y=[float(count) for count in counts],
            name=name,
            marker_color=colour,
            hovertemplate=f"%{{x}}<br>{name} : %{{y}}<extra></extra>",
        )
    for year, (_, row) in zip(years, dated.iterrows(), strict=True):
        figure.add_annotation(
            x=year, y=float(row["n_reached"]), text=format_share(row["share"], 0), showarrow=False, yshift=10
        )
    figure.update_layout(
        barmode="stack",
        legend_traceorder="normal",
        xaxis={"tickformat": "d", "dtick": 1},
        yaxis={"title": "projets", "rangemode": "tozero"},
    )
    return figure


def draw_ages(table: pd.DataFrame, stuck_months: float) -> go.Figure:
    """Draw the ages in each stage: from the first to the third quartile, the median, the oldest.

    Parameters
    ----------
    table
        As `coverage.project_stages.age_by_stage` gives it.
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
