"""Qualité: what each table is worth, what it covers and ignores, what changed, which checks it passes."""

import streamlit as st

from pages.parts.data_quality import show_quality
from pages.parts.frame import run_page


def show_page() -> None:
    st.title("Qualité des données", anchor=False)
    st.markdown(
        "Ce que chaque table couvre et ignore, ce qui a changé depuis la version précédente, les contrôles passés."
    )
    show_quality()


run_page(show_page)
