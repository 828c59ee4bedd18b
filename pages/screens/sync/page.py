"""Mise à jour: bring the official sources up to date, follow it, undo it."""

import streamlit as st

from pages.screens.sync.update import show_sync


def show_page() -> None:
    """Draw the page."""
    st.title("Mise à jour des données", anchor=False)
    st.markdown(
        "Maillage fonctionne avec des tables embarquées ; la mise à jour les remplace par les fichiers officiels du "
        "moment, **vérifiés avant d’être montrés**. La version précédente est gardée ; une source qui échoue n’arrête "
        "pas les autres."
    )
    show_sync()
