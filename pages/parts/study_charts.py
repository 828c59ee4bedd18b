"""Charts of the territorial study: the APL of the catchment and the people lifted, by number of GPs."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from coverage.apl_summary import UNDER_DENSE
from pages.parts.charts import ACCENT, NEUTRAL, draw
from pages.parts.numbers import format_number


def show_staffing(table: pd.DataFrame, n_gp: int, mean_france: float) -> None:
    """Draw both charts side by side, the number tried in full colour.

    Parameters
    ----------
    table
        Of `coverage.study.staffing.staffing`.
    n_gp
        Number tried.
    mean_france
        Mean APL of France, drawn as a line.
    """
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**APL du bassin** (moins de 15 minutes)")
        figure = _bars(table["apl_catchment"], n_gp, 2)
        below, above = sorted(((UNDER_DENSE, "seuil"), (mean_france, "France")), key=lambda line: line[0])
        _add_line(figure, *below, "bottom right")
        _add_line(figure, *above, "top right")
        # An empty place to the right, where the lines are named: on the bars nobody could read it
        figure.update_xaxes(range=[-0.5, len(table) + 0.9])
        draw(figure, "study_apl", "APL du bassin selon le nombre de médecins ajoutés", height=260)
    with right:
        st.markdown("**Habitants passés au-dessus de 2,5**")
        draw(
            _bars(table["people_lifted"].iloc[1:], n_gp, 0),
            "study_lifted",
            "Habitants passés au-dessus du seuil selon le nombre de médecins ajoutés",
            height=260,
        )


def _bars(values: pd.Series, n_gp: int, decimals: int) -> go.Figure:
    labels = ["2023" if number == 0 else f"+{number}" for number in values.index]
    figure = go.Figure(
        go.Bar(
            x=labels,
            y=values.to_numpy(),
            marker_color=[ACCENT if number == n_gp else NEUTRAL for number in values.index],
            text=[format_number(value, decimals) for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{x} : %{text}<extra></extra>",
        )
    )
    highest = float(values.max())
    figure.update_yaxes(showticklabels=False, showgrid=False, range=[0, 1.18 * highest if highest > 0 else 1])
    figure.update_xaxes(type="category", title="médecins à temps plein ajoutés")
    return figure


def _add_line(figure: go.Figure, value: float, name: str, position: str) -> None:
    if value == value:  # noqa: PLR0124 - NaN: unknown, nothing to draw
        line = {"dash": "dot", "width": 1.5, "color": "#c2185b"}
        text = f"{name} {format_number(value, 2)}"
        figure.add_hline(y=value, line=line, annotation_text=text, annotation_position=position)
