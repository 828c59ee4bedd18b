"""Page frame and navigation of Maillage; what a page shows is the page's own business."""

import streamlit as st

from pages.parts.notices import guard_against_missing_data
from pages.parts.start import prepare_server
from pages.parts.style import apply_style

st.set_page_config(page_title="Maillage : l’exercice coordonné sur le territoire", page_icon="🩺", layout="wide")
apply_style()
page = st.navigation(
    [
        st.Page("pages/carte.py", title="Carte", icon=":material/map:", default=True),
        st.Page("pages/territoire.py", title="Territoire", icon=":material/location_city:"),
        st.Page("pages/classement.py", title="Classement", icon=":material/leaderboard:"),
        st.Page("pages/sources.py", title="Sources et méthode", icon=":material/menu_book:"),
    ],
    position="top",
)
with guard_against_missing_data():
    prepare_server()
    page.run()
