"""The charts of the follow-up: the APL of two years by group, and who has an MSP in reach."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pandas as pd
import plotly.graph_objects as go

from coverage.programme.measures import REACH_MIN
from geo.map.palettes import sequential
from pages.screens.programme.data import VINTAGES
from pages.widgets.charts import ACCENT, NEUTRAL, stack_shares
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Mapping

REACH_LABELS: Final = (
    f"moins de {REACH_MIN[0]} min",
    *(f"{low} à {high} min" for low, high in pairwise(REACH_MIN)),
    f"{REACH_MIN[-1]} min ou plus",
)


def chart_apl(table: pd.DataFrame) -> go.Figure:
    """Draw the mean APL of each group at the two vintages, side by side."""
    known = table.dropna(subset=["apl_before", "apl_after"])
    figure = go.Figure()
    for year, column, colour in zip(VINTAGES, ("apl_before", "apl_after"), (NEUTRAL, ACCENT), strict=True):
        figure.add_bar(
            x=[name.replace("MSP ouverte ", "MSP ouverte<br>") for name in known.index],
            y=known[column].tolist(),
            name=f"APL {year}",
            marker_color=colour,
            text=[format_number(value, 2) for value in known[column]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate=f"%{{x}}<br>APL {year} : %{{text}} consultations par an et par habitant<extra></extra>",
        )
    top = float(known[["apl_before", "apl_after"]].to_numpy().max()) if len(known) else 1.0
    figure.update_layout(
        barmode="group",
        yaxis={"title": "consultations par an et par hab.", "range": [0, 1.15 * top]},
        xaxis={"tickangle": 0, "automargin": True},
    )
    return figure


def shares_by_time(table: pd.DataFrame) -> Mapping[str, pd.Series]:
    """Part the inhabitants of each group among the times to the nearest MSP: shares (0-1) that add up to 1."""
    limits = [table[f"share_within_{limit}_min"] for limit in REACH_MIN]
    known = table.index[table[f"share_within_{REACH_MIN[0]}_min"].notna()]
    parts = [limits[0], *(high - low for low, high in pairwise(limits)), 1.0 - limits[-1]]
    return {name: pd.Series([float(part[name]) for part in parts]) for name in known}


def chart_reach(table: pd.DataFrame) -> go.Figure:
    """Stack the times to the nearest MSP of each group on one bar of 100 %, the nearest in the darkest blue."""
    palette = sequential(len(REACH_LABELS), "YlGnBu", reverse=True)
    figure = stack_shares(shares_by_time(table), REACH_LABELS, palette, "habitants")
    # Dark letters on the pale ends, pale ones on the dark: Plotly chooses by the colour beneath.
    figure.update_traces(insidetextfont={"size": 12})
    return figure
