"""Where the page opens: on the whole of the reader's list, wherever the reader was before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.territories.location import smallest_holding
from pages.app.perimeters import own_list
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.tables import load_gazetteer
from pages.app.view import VIEW_KEY

if TYPE_CHECKING:
    from data.cpts.saved import CptsList

OPENED: Final = "cpts_opened"
BEFORE: Final = "cpts_before"
"""Key of the territory that the reader was in before the page opened on the list."""


def open_first_time(*, asked: bool) -> None:
    """Open on the reader's list, at the first visit of a session.

    Parameters
    ----------
    asked
        The address names a territory: it stays.
    """
    if OPENED in st.session_state:
        return
    st.session_state[OPENED] = True
    if not asked and st.session_state[VIEW_KEY].territoire == FRANCE and open_on_list():
        st.rerun()


def open_on_list() -> bool:
    """Show the department or the region of the reader's list, unless all of it is shown; tell whether that moved.

    To be called in a widget's callback, or followed by a new run.
    """
    own, gazetteer = own_list(), load_gazetteer()
    territory: Territory = st.session_state[VIEW_KEY].territoire
    if own is None or own.perimeters.empty:
        return False
    home = _home(gazetteer, own)
    if home == territory or (territory != FRANCE and _holds(gazetteer, territory, own)):
        return False
    st.session_state[BEFORE] = territory
    change_view(territoire=home, selection=None)
    return True


def show_opening(gazetteer: Gazetteer, territory: Territory) -> None:
    """Say that the page opened on the list, with the way back; elsewhere, offer to see all of the list."""
    own = own_list()
    if own is None or own.perimeters.empty:
        return
    home, before = _home(gazetteer, own), st.session_state.get(BEFORE)
    if before is not None and territory == home:
        _offer(f"La page s’ouvre sur toute votre liste : {gazetteer.name(home)}.", "Revenir", before, gazetteer)
    elif not _holds(gazetteer, territory, own):
        _offer("Votre liste va au-delà de ce territoire.", "Voir toute ma liste", home, gazetteer)


def _offer(said: str, label: str, place: Territory, gazetteer: Gazetteer) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(said), width="content")
        st.button(
            f"{label} : {plain(gazetteer.name(place))}",
            key="cpts_whole_list",
            icon=":material/my_location:",
            on_click=partial(_go, place),
        )


def _go(place: Territory) -> None:
    st.session_state.pop(BEFORE, None)
    change_view(territoire=place, selection=None)


def _home(gazetteer: Gazetteer, own: CptsList) -> Territory:
    return smallest_holding(gazetteer, own.perimeters["commune_code"])


def _holds(gazetteer: Gazetteer, territory: Territory, own: CptsList) -> bool:
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    return bool(own.perimeters["commune_code"].isin(inside).all())
