"""The territories that a reader comes back to: his own, and the last ones; the browser keeps them between visits."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory, UnknownTerritoryError

HOME_KEY: Final = "places_home"
LAST_KEY: Final = "places_last"
MEMORY: Final = "maillage_territoires"
"""Name under which the browser keeps them."""
MOST_LAST: Final = 6


def home() -> Territory | None:
    """Return the reader's own territory; None when none was said."""
    own: Territory | None = st.session_state.get(HOME_KEY)
    return own


def last() -> tuple[Territory, ...]:
    """Return the territories looked at last, the latest first."""
    found: tuple[Territory, ...] = st.session_state.get(LAST_KEY, ())
    return found


def remember(territory: Territory) -> None:
    """Put a territory before the last ones; France needs no remembering."""
    if territory != FRANCE:
        st.session_state[LAST_KEY] = tuple(dict.fromkeys((territory, *last())))[:MOST_LAST]


def settle(territory: Territory | None) -> None:
    """Make a territory the reader's own; None for none."""
    st.session_state[HOME_KEY] = territory


def to_memory() -> Mapping[str, Any]:
    """Return what the browser is asked to keep: keys of territories."""
    own = home()
    return {"home": own.key if own else "", "last": [place.key for place in last()]}


def recall(gazetteer: Gazetteer, kept: object) -> None:
    """Take back what the browser has kept, behind what this session says; what is no territory is left out."""
    if not isinstance(kept, Mapping):
        return
    own, others = kept.get("home"), kept.get("last")
    found = [_read(gazetteer, key) for key in (others if isinstance(others, list) else [])[:MOST_LAST]]
    st.session_state[LAST_KEY] = tuple(dict.fromkeys((*last(), *(place for place in found if place))))[:MOST_LAST]
    if HOME_KEY not in st.session_state:
        settle(_read(gazetteer, own))


def _read(gazetteer: Gazetteer, key: object) -> Territory | None:
    try:
        return gazetteer.parse(key) if isinstance(key, str) else None
    except UnknownTerritoryError:
        return None
