"""The territories that touch one, each one click away."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from coverage.territories import neighbours as territories
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.errors import AssetError
from geo.levels import LEVEL_NAMES, OWN
from geo.shapes.adjacency import Adjacency, read_adjacency
from pages.app.plain_text import plain
from pages.app.start import NEIGHBOURS
from pages.app.tables import load_gazetteer


@st.cache_resource(show_spinner=False)
def _adjacency() -> Adjacency:
    return read_adjacency(NEIGHBOURS)


@st.cache_resource(show_spinner=False, max_entries=500)
def _neighbours_of(key: str) -> territories.Neighbours:
    gazetteer = load_gazetteer()
    return territories.neighbours(gazetteer, _adjacency(), gazetteer.parse(key))


def neighbours_of(territory: Territory) -> territories.Neighbours:
    """Return what touches a territory; nothing is known where the file of the borders can't be read."""
    if territory.level == OWN:
        return territories.Neighbours((), is_known=False)
    try:
        return _neighbours_of(territory.key)
    except AssetError:
        return territories.Neighbours((), is_known=False)


def offer_neighbours(
    gazetteer: Gazetteer, territory: Territory, key: str, on_choose: Callable[[Territory], Any]
) -> None:
    """Draw the territories that touch one; the one clicked is given to `on_choose` before the next run.

    Where none does, it is said: an island, or what only the sea and other countries bound.
    """
    if territory.level in {"france", OWN}:
        return
    names = LEVEL_NAMES[territory.level]
    try:
        found = _neighbours_of(territory.key)
    except AssetError as error:
        st.caption(plain(str(error)))
        return
    if not found.is_known:
        st.caption(f"{names.choice} limitrophes : n.d., les limites {names.of_it} ne sont pas connues.")
        return
    if not found.territories:
        only = "aucune" if names.every.startswith("Toutes") else "aucun"
        around = f"ce qui est « {names.left_out.lower()} », la mer" if names.left_out else "la mer"
        st.caption(f"{names.choice} limitrophes : {only}. Autour : {around} ou un pays voisin.")
        return

    def choose() -> None:
        place = st.session_state[key]
        st.session_state[key] = None
        if place is not None:
            on_choose(place)

    st.pills(
        f"{names.choice} limitrophes",
        found.territories,
        format_func=lambda place: plain(gazetteer.bare_name(place)),
        key=key,
        on_change=choose,
    )
