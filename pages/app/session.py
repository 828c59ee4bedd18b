"""The view that all pages share: read from the address, changed by the widgets, written back to the address."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from coverage.indicators.cards import INDICATORS
from geo.levels import DRAWN_LEVELS
from pages.app.address import PageAddress
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer, update_bringing
from pages.app.territories import kept_by_digest, note_used
from pages.app.view import INDICATOR_FIELDS, SHORT_KEY, TERRITORY_FIELDS, VIEW_KEY, View

BODY_KEY = "body"
"""Name of the fragment that is a page without its frame (`pages.app.frame`)."""
LEFT_LEVEL = "view_left_level"
"""Key of the level that an indicator which does not have it made the reader leave."""
FIELD_NAMES = frozenset(field.name for field in fields(View))


def _read_view(query: Mapping[str, str]) -> tuple[View, list[str]]:
    offered = load_facts().indicators
    levels = {name: indicator.levels for name, indicator in offered.items()}
    to_update = {name: _ask(name) for name in INDICATORS.keys() - offered}
    short = any(SHORT_KEY in query.get(name, "") for name in TERRITORY_FIELDS)
    return View.from_query(query, load_gazetteer(), levels, to_update, kept_by_digest() if short else {})


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
    offered = load_facts().indicators
    gone = [name for name in INDICATOR_FIELDS if (named := getattr(view, name)) and named not in offered]
    if gone:  # the update was undone while the session held its indicator
        notices = [*notices, *dict.fromkeys(_ask(getattr(view, name)) for name in gone)]
        view = view.with_(**{name: getattr(View(), name) for name in gone})
        st.session_state[VIEW_KEY] = view
        write_address()
    return view, notices


def change_view(**changes: Any) -> None:
    """Change some fields of the view; an indicator that isn't known at the level shown takes the finest it has.

    The level that the reader had is given back by the first indicator that has it.
    """
    before: View = st.session_state[VIEW_KEY]
    view = before.with_(**changes)
    for territory in (view.territoire, *view.comparaison):
        note_used(territory)
    levels = INDICATORS[view.indicateur].levels
    if "maille" in changes:
        st.session_state.pop(LEFT_LEVEL, None)
    elif view.maille not in levels:
        st.session_state.setdefault(LEFT_LEVEL, before.maille)
        view = view.with_(maille=next(level for level in DRAWN_LEVELS if level in levels))
    elif st.session_state.get(LEFT_LEVEL) in levels:
        view = view.with_(maille=st.session_state.pop(LEFT_LEVEL))
    VIEW_ADDRESS.change(view)


def run_body() -> None:
    """Have the whole page run next, and not the fragment of a widget alone; for the end of its callback."""
    # A session that has just begun, on another server for instance, has no page drawn yet: it runs whole anyway.
    with suppress(StreamlitAPIException):
        st.rerun(scope=BODY_KEY)


def write_address() -> None:
    """Write the view to the address at once: for a fragment, whose page doesn't run again."""
    VIEW_ADDRESS.write(st.session_state[VIEW_KEY])
