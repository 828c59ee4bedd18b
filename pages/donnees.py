"""Mise à jour: bring the official sources up to date, follow it, undo it."""

import streamlit as st

from pages.parts.data_sync import show_sync
from pages.parts.frame import run_page


def show_page() -> None:
    st.title("Mise à jour des données", anchor=False)
    st.markdown(
        "Maillage fonctionne avec des tables embarquées ; la mise à jour les remplace par les fichiers officiels du "
        "moment, **vérifiés avant d’être montrés**. La version précédente est gardée ; une source qui échoue n’arrête "
        "pas les autres."
    )
    show_sync()


run_page(show_page)
