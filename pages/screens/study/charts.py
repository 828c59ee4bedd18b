"""Charts of the territorial study: the APL of the catchment and the people lifted, by number of GPs."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from coverage.indicators.apl_summary import UNDER_DENSE
from pages.widgets.charts import ACCENT, NEUTRAL, draw
from pages.widgets.exports.chart import offer_chart
from reports.figures.numbers import format_number
from reports.study.content import StudyContent
from reports.study.tables import staffing_note

TITLES: Final = ("APL du bassin, à moins de 15 minutes", "Habitants passés au-dessus de 2,5")


def show_staffing(content: StudyContent, mean_france: float) -> None:
    """Draw both charts side by side, the number tried in full colour, each with its downloads.

    Parameters
    ----------
    content
        The study; its number of GPs can be tried.
    mean_france
        Mean APL of France, drawn as a line.
    """
    table = content.dossier.staffing
    if table is None:
        return
    apl = _bars(table["apl_catchment"], content.n_gp, 2)
    below, above = sorted(((UNDER_DENSE, "seuil"), (mean_france, "France")), key=lambda line: line[0])
    _add_line(apl, *below, "bottom right")
    _add_line(apl, *above, "top right")
    # An empty place to the right, where the lines are named: on the bars nobody could read it
    apl.update_xaxes(range=[-0.5, len(table) + 0.9])
    lifted = _bars(table["people_lifted"].iloc[1:], content.n_gp, 0)
    for place, figure, name, title in zip(
        st.columns(2, gap="medium"), (apl, lifted), ("apl", "habitants"), TITLES, strict=True
    ):
        with place:
            st.markdown(f"**{title}**")
            draw(figure, f"study_{name}", f"{title}, selon le nombre de médecins ajoutés", height=260)
            offer_chart(
                figure,
                title=f"{content.name} : {title}",
                subtitle=f"Selon le nombre de médecins à temps plein ajoutés. {staffing_note(content.dossier)}",
                source_ids=("drees_apl_mg", "etalab_decoupage"),
                name=f"maillage_etude_{content.territory.code}_{name}",
                key=f"study_chart_{name}",
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
