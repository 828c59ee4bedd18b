"""Données: bring the official sources up to date, and judge what each table is worth."""

import streamlit as st

from pages.parts.data_quality import show_quality
from pages.parts.data_sync import show_sync
from pages.parts.frame import run_page


def show_page() -> None:
    st.title("Données", anchor=False)
    st.markdown(
        "Maillage fonctionne avec des tables embarquées ; **la mise à jour** les remplace par les fichiers officiels "
        "du moment, vérifiés avant d’être montrés. **La qualité** dit ce que chaque table couvre et ignore."
    )
    update, quality = st.tabs(["Mise à jour", "Qualité"])
    with update:
        show_sync()
    with quality:
        show_quality()


run_page(show_page)
