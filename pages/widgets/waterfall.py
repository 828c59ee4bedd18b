"""The waterfall of the GPs to find, on the projection's page and on a slide."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import plotly.graph_objects as go

from reports.projection.outlook import COLOURS, Step

BROKEN_LABELS: Final[Mapping[str, str]] = {
    "Généralistes aujourd’hui": "Généralistes<br>aujourd’hui",
    "Besoin supplémentaire": "Besoin<br>supplémentaire",
    "Reste à convaincre": "Reste à<br>convaincre",
    "Au-delà du besoin": "Au-delà<br>du besoin",
}


def draw_waterfall(steps: Sequence[Step], axis: tuple[float, float]) -> go.Figure:
    """Draw today's GPs, what leaves, arrives and is needed besides, and what is left to come back to today's level.

    Parameters
    ----------
    steps
        Of the territory's projection, see `reports.projection.outlook.waterfall_steps`.
    axis
        Lowest and highest value of the axis, the same for the scenarios compared.
    """
    bars = [
        (BROKEN_LABELS.get(step.label, step.label), step.base, step.top, COLOURS[step.kind], step.text)
        for step in steps
    ]
    figure = go.Figure()
    for label, base, top, colour, text in bars:
        figure.add_bar(
            x=[label],
            y=[top - base],
            base=[base],
            marker={"color": colour, "line": {"width": 0}},
            text=[f"<b>{text}</b>"],
            textposition="outside" if top >= base else "auto",
            cliponaxis=False,
            hovertemplate=f"{label.replace('<br>', ' ')} : {text}<extra></extra>",
            showlegend=False,
            width=0.72,
        )
        if top < base:  # plotly writes under a falling bar: the number belongs above it
            figure.data[-1].text = None
            figure.add_annotation(x=label, y=base, text=f"<b>{text}</b>", showarrow=False, yshift=11)
    for (label, _, top, _, _), (following, *_) in pairwise(bars):
        figure.add_scatter(
            x=[label, following],
            y=[top, top],
            mode="lines",
            line={"color": "#8a96a3", "width": 1, "dash": "dot"},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.update_layout(
        yaxis={"range": list(axis), "title": "généralistes libéraux", "tickformat": ",.0f"},
        xaxis={"tickfont": {"size": 11}},
        bargap=0.2,
    )
    return figure
