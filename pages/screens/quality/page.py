"""Qualité: what each table is worth, what it covers and ignores, what changed, which checks it passes."""

import streamlit as st

from pages.screens.quality.tables import show_quality


def show_page() -> None:
    """Draw the page."""
    st.title("Qualité des données", anchor=False)
    st.markdown(
        "Ce que chaque table couvre et ignore, ce qui a changé depuis la version précédente, les chiffres publiés "
        "ailleurs qu’elle retrouve."
    )
    show_quality()
