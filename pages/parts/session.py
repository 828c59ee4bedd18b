"""The current view: read from the address once, changed by the widgets, written back to the address."""

from dataclasses import fields
from typing import Any

import streamlit as st

from coverage.definitions import INDICATORS
from coverage.gazetteer import Gazetteer
from pages.parts.view_state import View

VIEW_KEY = "view"
WRITTEN_KEY = "view_written_to_address"
FIELD_NAMES = frozenset(field.name for field in fields(View))


def current_view(gazetteer: Gazetteer) -> tuple[View, list[str]]:
    """Return the view of this session, and what of the address could not be used.

    The address wins when the reader changed it (first visit, pasted link, back button); otherwise the session does, so
    that the territory is kept from page to page.
    """
    asked = _asked()
    view = st.session_state.get(VIEW_KEY)
    if view is None or (asked and asked != st.session_state.get(WRITTEN_KEY)):
        levels = {name: indicator.levels for name, indicator in INDICATORS.items()}
        view, notices = View.from_query(asked, gazetteer, levels)
        st.session_state[VIEW_KEY] = view
    else:
        notices = []
    write_address(view)
    return view, notices


def change_view(**changes: Any) -> None:
    """Change some fields of the view; an indicator that isn't known at the level shown takes the finest it has."""
    view = st.session_state[VIEW_KEY].with_(**changes)
    levels = INDICATORS[view.indicateur].levels
    if view.maille not in levels:
        finest = next(level for level in ("commune", "epci", "departement", "region") if level in levels)
        view = view.with_(maille=finest)
    st.session_state[VIEW_KEY] = view


def write_address(view: View) -> None:
    """Write the view to the address, leaving alone the parameters that are not its own."""
    query = view.to_query()
    st.session_state[WRITTEN_KEY] = query
    if _asked() == query:
        return
    others = {name: value for name, value in st.query_params.items() if name not in FIELD_NAMES}
    st.query_params.from_dict(others | query)


def _asked() -> dict[str, str]:
    return {name: value for name, value in st.query_params.items() if name in FIELD_NAMES}
