"""The map of the territorial study: rings of travel time around the candidate commune, and the structures there."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards.access import AplSeries
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.map import View
from pages.app.tables import level_table, load_table
from pages.screens.study.data import load_dossier
from pages.widgets.apl_series import current_series
from pages.widgets.card import STRUCTURE_LABELS
from pages.widgets.map.drawing import Pick, show_map
from reports.figures.map_classes import MapClasses
from reports.study.rings import bounds_degrees, draw_rings, structure_points

MAP_HEIGHT: Final = 460
SHOWN_KEY: Final = "study_shown"
DEFAULT_SHOWN: Final = ("msp", "centre_sante", "hopital", "pharmacie")


@st.cache_resource(show_spinner=False, max_entries=32)
def _rings(commune_code: str, series: AplSeries) -> MapClasses:
    return draw_rings(load_dossier(commune_code, series), level_table("commune").index)


def show_study_map(gazetteer: Gazetteer, commune: Territory) -> Pick | None:
    """Draw the rings and the structures of the types chosen; return the click, a commune to study next."""
    dossier = load_dossier(commune.code, current_series())
    shown: Sequence[str] = st.pills(
        "Structures sur la carte",
        list(STRUCTURE_LABELS),
        format_func=STRUCTURE_LABELS.__getitem__,
        selection_mode="multi",
        default=list(DEFAULT_SHOWN),
        key=SHOWN_KEY,
        label_visibility="collapsed",
    )
    points = structure_points(dossier)
    row = gazetteer.row(commune)
    drawn = _rings(commune.code, current_series())
    return show_map(
        drawn.values,
        drawn.legend,
        _of_types(points, shown),
        key="study_map",
        view=View(bounds=bounds_degrees(dossier, load_table("communes")), whole=True),
        selected=("commune", commune.code),
        labels=[(float(row["longitude"]), float(row["latitude"]), gazetteer.name(commune))],
        height=MAP_HEIGHT,
    )


def _of_types(points: pd.DataFrame, types: Sequence[str]) -> pd.DataFrame:
    return points[points["structure_type"].isin(types)]
