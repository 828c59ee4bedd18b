"""What stands around every page: the frame that app.py draws, and the guard that names what is missing."""

import datetime as dt
import os
from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import Page

from data import store
from geo.errors import AssetError
from pages.app.freshness import follow_data
from pages.app.logs import REPLICA_VARIABLE
from pages.app.notices import guard_against_missing_data, show_notices
from pages.app.server import UNKNOWN_PAGE
from pages.app.session import BODY_KEY
from pages.app.sharing import show_sharing
from pages.app.start import prepare_server
from pages.app.style import light_section, name_menu, name_page
from pages.navigation import MENU, SCREENS

FRAMED_KEY = "framed"
ACCESSIBILITY_PARAMETER = "accessibilite"
"""Query parameter that opens « Sources et méthode » on the declaration of accessibility."""


def draw_frame() -> Page:
    """Settle what all pages share and return the page that the reader asked for; app.py runs it."""
    # Before the navigation, which would otherwise ask elsewhere for the icon of the page.
    st.set_page_config(page_icon="🩺", layout="wide")
    st.session_state[FRAMED_KEY] = True
    first = next(iter(SCREENS))
    page = st.navigation(
        {
            section: [
                st.Page(screen.file, title=screen.title, icon=f":material/{screen.icon}:", default=screen.name == first)
                for screen in screens
            ]
            for section, screens in MENU.items()
        },
        position="hidden" if st.context.is_embedded else "top",
    )
    st.set_page_config(page_title=f"{page.title} · Maillage")
    with st.container(key="frame_unseen"):  # it takes no place, not even while it comes
        name_menu(page.title)
        if place := _place_of_section(page.title):
            light_section(place)
        if not st.context.is_embedded and page.title in {one.title for one in SCREENS.values() if not one.is_titled}:
            name_page(page.title)
    return page


def _place_of_section(title: str) -> int:
    """Return where the section of a page stands in the line of the menu, from 1; 0 for a page that is in none."""
    (_, alone), *sections = MENU.items()
    return next(
        (
            len(alone) + rank
            for rank, (_, screens) in enumerate(sections, start=1)
            if title in {screen.title for screen in screens}
        ),
        0,
    )


def run_page(show_page: Callable[[], None]) -> None:
    """Show a page inside the frame; a table or a map file that can't be read is a clear sentence.

    A server just started answers an address such as /classement by running the page alone, as Streamlit did before
    `st.navigation`. Declaring the navigation ends that for the whole server: the next run begins at app.py.
    """
    if FRAMED_KEY not in st.session_state:
        draw_frame()
        st.rerun()
    _show_body(show_page)
    if not st.context.is_embedded:
        _show_foot()
    if REPLICA_VARIABLE in os.environ:
        _begin_again_elsewhere()


@st.fragment(key=BODY_KEY)
def _show_body(show_page: Callable[[], None]) -> None:
    """Show what a page says: a change of one of its choices runs this alone, not what stands around it."""
    with guard_against_missing_data():
        follow_data()
        show_notices([*_unknown_page(), *_prepare(), *store.warnings()])
        show_page()
        if not st.context.is_embedded:
            show_sharing(_title_of(show_page))


def _title_of(show_page: Callable[[], None]) -> str:
    """Return the title of the screen whose folder a page comes from."""
    folders = show_page.__module__.split(".")
    return next((SCREENS[folder].title for folder in folders if folder in SCREENS), "Maillage")


@st.fragment(run_every=dt.timedelta(days=1))
def _begin_again_elsewhere() -> None:
    """Draw nothing: a page that holds a part drawn from time to time asks for a run as soon as it is connected again.

    Else the session that another replica opens for it, when its own is gone, would begin at the reader's first click,
    whose change is then unknown.
    """


def _show_foot() -> None:
    """Say on every page, as the RGAA asks, how far it is accessible."""
    with st.container(key="foot"):
        st.page_link(
            SCREENS["sources"].file,
            label="Accessibilité : non conforme",
            query_params={ACCESSIBILITY_PARAMETER: "1"},
        )


def _unknown_page() -> list[str]:
    """Say that the address named no page; the server has led here (`pages.app.server`)."""
    name = st.query_params.get(UNKNOWN_PAGE, "")
    return [f"L’adresse demande la page « {name[:60]} », qui n’existe pas : voici la carte."] if name else []


def _prepare() -> list[str]:
    """Prepare the server; give what no page but those with a map needs, and is not there."""
    try:
        prepare_server()
    except AssetError as error:
        return [str(error)]
    return []
