"""Buttons that give the sheet and the slides of a territory, ready to print or edit."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Final

import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import Territory
from pages.app.popover import show_popover
from pages.app.projects import projects_beside
from pages.app.session import run_body
from pages.widgets.apl_series import current_series
from pages.widgets.exports.logo import current_logo, current_organisation, offer_logo
from pages.widgets.exports.studio import load_studio, today

OFFICE = "application/vnd.openxmlformats-officedocument"


FILES: Final = (
    ("Fiche PDF", "pdf", "application/pdf", "reports.territory.pdf", "render_sheet_pdf"),
    ("Fiche Word", "docx", f"{OFFICE}.wordprocessingml.document", "reports.territory.docx", "render_sheet_docx"),
    ("Diapositives", "pptx", f"{OFFICE}.presentationml.presentation", "reports.territory.pptx", "render_slides"),
)


def offer_sheet(territory: Territory, *, key: str = "sheet") -> None:
    """Draw the buttons of the sheet (PDF, Word) and of the slides of a territory; files are made when asked for."""
    projects = projects_beside()
    with st.container(horizontal=True):
        for _, ending, *_ in FILES:
            offer_file(territory, ending, projects, key=key)
        offer = partial(offer_logo, key=f"{key}_logo", then=run_body)
        show_popover("Logo et auteur", offer, key=f"{key}_logo_open", icon=":material/image:")


def offer_file(territory: Territory, ending: str, projects: pd.DataFrame, *, key: str, label: str = "") -> None:
    """Draw the button of one of the files of a territory ("pdf", "docx" or "pptx"), made when asked for.

    Parameters
    ----------
    territory, ending
        What the file is about, and its kind.
    projects
        The reader's own, read once for all the files: where they are unavailable, one line says it.
    key, label
        Of the button; its usual words when "".
    """
    usual, _, mime, module, writer = next(file for file in FILES if file[1] == ending)
    # read now: files are made outside the run of the page
    logo, series = current_logo(), current_series()
    author = current_organisation()

    def render() -> bytes:
        studio = load_studio()
        sheet = studio.sheet(territory, drawn_on=today(), logo=logo, series=series, author=author)
        if len(projects):
            sheet = import_module("reports.territory.projects").with_projects(sheet, projects, studio.facts)
        content: bytes = getattr(import_module(module), writer)(studio.print_shapes, sheet)
        return content

    st.download_button(
        label or usual,
        render,
        file_name=f"maillage_{territory.slug}.{ending}",
        mime=mime,
        icon=":material/description:",
        on_click="ignore",
        key=f"{key}_{ending}",
    )
