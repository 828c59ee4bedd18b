"""The saved views of a session: kept from page to page, in no address; a file keeps them longer."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pages.widgets.saved_views.views import MAX_VIEWS, SavedView

LIST_KEY: Final = "presentation_views"


def current_views() -> tuple[SavedView, ...]:
    """Return the saved views of this session, in the order of the presentation."""
    views: tuple[SavedView, ...] = st.session_state.get(LIST_KEY, ())
    return views


def keep_views(views: Sequence[SavedView]) -> None:
    """Keep these views as the presentation of this session."""
    st.session_state[LIST_KEY] = tuple(views)


def join(views: Sequence[SavedView], more: Sequence[SavedView]) -> tuple[SavedView, ...]:
    """Return the views followed by those of `more` that are not among them; at most 50."""
    return tuple(dict.fromkeys((*views, *more)))[:MAX_VIEWS]


def move(views: Sequence[SavedView], position: int, by: int) -> tuple[SavedView, ...]:
    """Return the views, one of them moved by some places; at an end it stays."""
    left = without(views, position)
    to = min(max(position + by, 0), len(left))
    return (*left[:to], views[position], *left[to:])


def without(views: Sequence[SavedView], position: int) -> tuple[SavedView, ...]:
    """Return the views without one of them."""
    return (*views[:position], *views[position + 1 :])


def change(views: Sequence[SavedView], position: int, title: str, comment: str) -> tuple[SavedView, ...]:
    """Return the views, one of them with another title and comment."""
    before = views[position]
    changed = SavedView.of(title, comment, before.view, before.slide, before.maps, before.scenario)
    return (*views[:position], changed, *views[position + 1 :])
