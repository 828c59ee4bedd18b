"""The view that all pages share: read from the address, changed by the widgets, written back to the address."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from coverage.definitions import INDICATORS
from pages.parts.page_address import PageAddress
from pages.parts.tables import load_gazetteer, offered_indicators, update_bringing
from pages.parts.view_state import INDICATOR_FIELDS, View

VIEW_KEY = "view"
FIELD_NAMES = frozenset(field.name for field in fields(View))


def _read_view(query: Mapping[str, str]) -> tuple[View, list[str]]:
    offered = offered_indicators()
    levels = {name: indicator.levels for name, indicator in offered.items()}
    return View.from_query(query, load_gazetteer(), levels, {name: _ask(name) for name in INDICATORS.keys() - offered})


def _ask(indicator_id: str) -> str:
    """Say which update an indicator needs."""
    indicator = INDICATORS[indicator_id]
    return (
        f"« {indicator.label} » : cet indicateur demande la mise à jour « {update_bringing(indicator.table)} » "
        "(page Mise à jour). L’indicateur habituel est montré."
    )


VIEW_ADDRESS = PageAddress(VIEW_KEY, FIELD_NAMES, _read_view)


def current_view() -> tuple[View, list[str]]:
    """Return the view of this session, and what of the address could not be used; kept from page to page."""
    view, notices = VIEW_ADDRESS.current()
    offered = offered_indicators()
    gone = [name for name in INDICATOR_FIELDS if getattr(view, name) not in offered]
    if gone:  # the update was undone while the session held its indicator
        notices = [*notices, *dict.fromkeys(_ask(getattr(view, name)) for name in gone)]
        view = view.with_(**{name: getattr(View(), name) for name in gone})
        st.session_state[VIEW_KEY] = view
        write_address()
    return view, notices


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
