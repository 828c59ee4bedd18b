"""The view that all pages share: read from the address, changed by the widgets, written back to the address."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from coverage.definitions import INDICATORS
from pages.parts.page_address import PageAddress
from pages.parts.tables import load_gazetteer
from pages.parts.view_state import View

VIEW_KEY = "view"
FIELD_NAMES = frozenset(field.name for field in fields(View))


def _read_view(query: Mapping[str, str]) -> tuple[View, list[str]]:
    levels = {name: indicator.levels for name, indicator in INDICATORS.items()}
    return View.from_query(query, load_gazetteer(), levels)


VIEW_ADDRESS = PageAddress(VIEW_KEY, FIELD_NAMES, _read_view)


def current_view() -> tuple[View, list[str]]:
    """Return the view of this session, and what of the address could not be used; kept from page to page."""
    return VIEW_ADDRESS.current()


def change_view(**changes: Any) -> None:
    """Change some fields of the view; an indicator that isn't known at the level shown takes the finest it has."""
    view: View = st.session_state[VIEW_KEY].with_(**changes)
    levels = INDICATORS[view.indicateur].levels
    if view.maille not in levels:
        finest = next(level for level in ("commune", "epci", "departement", "region") if level in levels)
        view = view.with_(maille=finest)
    VIEW_ADDRESS.change(view)


def write_address() -> None:
    """Write the view to the address at once: for a fragment, whose page doesn't run again."""
    VIEW_ADDRESS.write(st.session_state[VIEW_KEY])
