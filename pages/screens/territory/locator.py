"""The small map that says where the territory lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.territories.gazetteer import Gazetteer, Territory
from coverage.territories.location import seen_in
from pages.app.static_files import GEOMETRY_INDEX
from pages.app.tables import load_table
from reports.errors import EmptyTerritoryError
from reports.territory.messages import say_where

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from reports.map.light_shapes import LightShapes

SIDE_PX: Final = 130


def beside_locator(gazetteer: Gazetteer, territory: Territory) -> tuple[DeltaGenerator | None, DeltaGenerator]:
    """Make the place of the map, and that of what stands beside it; no first one where a map would say nothing."""
    if seen_in(gazetteer, territory) is None:
        return None, st.container()
    left, right = st.columns([1, 8], vertical_alignment="center")
    return left.container(height=SIDE_PX, border=False, key="locator"), right


def fill_locator(place: DeltaGenerator | None, gazetteer: Gazetteer, territory: Territory) -> None:
    """Draw the map in its place: call it last, its means are loaded at the first one of a server."""
    around = seen_in(gazetteer, territory)
    if place is None or around is None:
        return
    try:
        place.image(_picture(territory, around), width=SIDE_PX, alt=say_where(gazetteer, territory, around))
    except EmptyTerritoryError:
        return


@st.cache_resource(show_spinner=False, max_entries=128)
def _picture(territory: Territory, around: Territory) -> str:
    from reports.map.locator import locator_picture  # noqa: PLC0415 - Matplotlib would double the start of the server

    return locator_picture(_light_shapes(), territory, around).decode("utf-8")


@st.cache_resource(show_spinner=False)
def _light_shapes() -> LightShapes:
    from reports.map.light_shapes import LightShapes  # noqa: PLC0415 - as above

    return LightShapes(GEOMETRY_INDEX.parent, load_table("communes"))
