"""The small map that says where the territory lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.territories.gazetteer import Gazetteer, Territory
from coverage.territories.location import seen_in
from pages.widgets.exports.studio import load_studio
from reports.errors import EmptyTerritoryError
from reports.territory.messages import say_where

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

SIDE_PX: Final = 130


def beside_locator(gazetteer: Gazetteer, territory: Territory) -> tuple[DeltaGenerator | None, DeltaGenerator]:
    """Make the place of the map, and that of what stands beside it; no first one where a map would say nothing."""
    if seen_in(gazetteer, territory) is None:
        return None, st.container()
    left, right = st.columns([1, 8], vertical_alignment="center")
    return left.container(height=SIDE_PX, border=False, key="locator"), right


def fill_locator(place: DeltaGenerator | None, gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the map in its place: call it last, the shapes of a server that has just started take seconds to come."""
    around = seen_in(gazetteer, territory)
    if place is None or around is None:
        return
    try:
        place.image(_picture(territory, around), width=SIDE_PX, alt=say_where(gazetteer, territory, around))
    except EmptyTerritoryError:
        return


@st.cache_resource(show_spinner=False, max_entries=128)
def _picture(territory: Territory, around: Territory) -> str:
    from reports.map.locator import locator_picture  # noqa: PLC0415 - Matplotlib and the shapes, see `load_studio`

    return locator_picture(load_studio().print_shapes, territory, around).decode("utf-8")
