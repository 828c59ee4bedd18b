"""A popover whose content is made once the reader has opened it, and kept from then on."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from pages.app.notices import guard_against_missing_data


def show_popover(
    label: str, draw: Callable[[], None], *, key: str, width: Literal["content", "stretch"] = "content", **options: Any
) -> None:
    """Draw a popover; until it is first opened, the browser has nothing of it to draw at each run of the page.

    Opening it, or using what it holds, runs it alone: a widget in it that changes the page says so in its callback
    (`pages.app.session.run_body`).

    Parameters
    ----------
    label, width, options
        As `streamlit.popover`.
    draw
        Draws the content.
    key
        Name of the popover in the session, the same at every run.
    """
    with st.container(width=width):  # a fragment is as wide as it can be
        _show_popover(label, draw, key, width=width, **options)


@st.fragment
@guard_against_missing_data()
def _show_popover(label: str, draw: Callable[[], None], key: str, **options: Any) -> None:
    with st.popover(label, key=key, on_change="rerun", **options) as content:
        if is_in_sight(content, key):
            draw()


def is_in_sight(content: PopoverContainer, key: str) -> bool:
    """Tell whether a popover is open, or has been: what was typed in it is still there when it is opened again."""
    seen = f"{key}_seen"
    if content.open:
        st.session_state[seen] = True
    return seen in st.session_state
