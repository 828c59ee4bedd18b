"""What stands around every page: the frame that app.py draws, and the guard that names what is missing."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import Page

from data import store
from pages.parts.notices import guard_against_missing_data, show_notices
from pages.parts.start import prepare_server
from pages.parts.style import apply_style

FRAMED_KEY = "framed"


def draw_frame() -> Page:
    """Settle what all pages share and return the page that the reader asked for; app.py runs it."""
    st.set_page_config(page_title="Maillage : l’exercice coordonné sur le territoire", page_icon="🩺", layout="wide")
    st.session_state[FRAMED_KEY] = True
    apply_style()
    return st.navigation(
        {
            "": [
                st.Page("pages/carte.py", title="Carte", icon=":material/map:", default=True),
                st.Page("pages/territoire.py", title="Territoire", icon=":material/location_city:"),
                st.Page("pages/classement.py", title="Classement", icon=":material/leaderboard:"),
                st.Page("pages/simulateur.py", title="Simulateur", icon=":material/science:"),
                st.Page("pages/projection.py", title="Projection", icon=":material/trending_up:"),
                st.Page("pages/trajectoire.py", title="Trajectoire", icon=":material/timeline:"),
                st.Page("pages/presentation.py", title="Présentation", icon=":material/slideshow:"),
            ],
            "Programme": [
                st.Page("pages/projets.py", title="Mes projets", icon=":material/folder_shared:"),
                st.Page("pages/suivi_projets.py", title="Suivi des projets", icon=":material/view_kanban:"),
                st.Page("pages/etude.py", title="Étude territoriale", icon=":material/travel_explore:"),
                st.Page("pages/cpts.py", title="CPTS", icon=":material/hub:"),
                st.Page("pages/financement.py", title="Financement", icon=":material/payments:"),
                st.Page("pages/suivi.py", title="Indicateurs de suivi", icon=":material/monitoring:"),
            ],
            "Données": [
                st.Page("pages/donnees.py", title="Mise à jour", icon=":material/sync:"),
                st.Page("pages/qualite.py", title="Qualité", icon=":material/fact_check:"),
                st.Page("pages/sources.py", title="Sources et méthode", icon=":material/menu_book:"),
            ],
        },
        position="top",
    )


def run_page(show_page: Callable[[], None]) -> None:
    """Show a page inside the frame; a table or a map file that can't be read is a clear sentence.

    A server just started answers an address such as /classement by running the page alone, as Streamlit did before
    `st.navigation`. Declaring the navigation ends that for the whole server: the next run begins at app.py.
    """
    if FRAMED_KEY not in st.session_state:
        draw_frame()
        st.rerun()
    with guard_against_missing_data():
        prepare_server()
        show_notices(store.warnings())
        show_page()
