"""The charts of the follow-up: the APL of two years by group, and who has an MSP in reach."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pandas as pd

from coverage.programme.measures import REACH_MIN
from geo.map.palettes import sequential
from pages.screens.programme.data import VINTAGES
from pages.widgets.charts import ACCENT, NEUTRAL, on_two_lines
from reports.chart.shares import stack_shares
from reports.chart.specification import Axis, Bars, Chart
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Mapping

REACH_LABELS: Final = (
    f"moins de {REACH_MIN[0]} min",
    *(f"{low} à {high} min" for low, high in pairwise(REACH_MIN)),
    f"{REACH_MIN[-1]} min ou plus",
)


def chart_apl(table: pd.DataFrame) -> Chart:
    """Draw the mean APL of each group at the two vintages, side by side."""
    known = table.dropna(subset=["apl_before", "apl_after"])
    names = [on_two_lines(name, longest=12) for name in known.index]
    series = []
    for year, column, colour in zip(VINTAGES, ("apl_before", "apl_after"), (NEUTRAL, ACCENT), strict=True):
        texts = [format_number(value, 2) for value in known[column]]
        hovers = [
            f"{name}\nAPL {year} : {text} consultations par an et par habitant"
            for name, text in zip(known.index, texts, strict=True)
        ]
        series.append(Bars(f"APL {year}", names, known[column].tolist(), colour, texts=texts, hovers=hovers))
    top = float(known[["apl_before", "apl_after"]].to_numpy().max()) if len(known) else 1.0
    return Chart(
        Axis("names", stays_level=True), Axis(title="consultations par an et par hab.", ends=(0, 1.15 * top)), series
    )


def shares_by_time(table: pd.DataFrame) -> Mapping[str, pd.Series]:
    """Part the inhabitants of each group among the times to the nearest MSP: shares (0-1) that add up to 1."""
    limits = [table[f"share_within_{limit}_min"] for limit in REACH_MIN]
    known = table.index[table[f"share_within_{REACH_MIN[0]}_min"].notna()]
    parts = [limits[0], *(high - low for low, high in pairwise(limits)), 1.0 - limits[-1]]
    return {name: pd.Series([float(part[name]) for part in parts]) for name in known}


def chart_reach(table: pd.DataFrame) -> Chart:
    """Stack the times to the nearest MSP of each group on one bar of 100 %, the nearest in the darkest blue."""
    palette = sequential(len(REACH_LABELS), "YlGnBu", reverse=True)
    return stack_shares(shares_by_time(table), REACH_LABELS, palette, "habitants")
