"""Buttons that give the sheet and the slides of a territory, and the waterfall of its GPs, ready to print or edit."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from coverage.gazetteer import Territory
from pages.parts.exports_studio import load_studio, today
from reports.charts import waterfall_figure
from reports.outlook import Step
from reports.paper import Paper
from reports.pictures import render_picture
from reports.sheet_docx import render_sheet_docx
from reports.sheet_pdf import render_sheet_pdf
from reports.slides import render_slides

OFFICE = "application/vnd.openxmlformats-officedocument"


def offer_sheet(territory: Territory, *, key: str = "sheet") -> None:
    """Draw the buttons of the sheet (PDF, Word) and of the slides of a territory; files are made when asked for."""

    def render(writer: Callable[..., bytes]) -> bytes:
        studio = load_studio()
        return writer(studio.ground, studio.sheet(territory, drawn_on=today()))

    files = (
        ("Fiche PDF", "pdf", "application/pdf", render_sheet_pdf),
        ("Fiche Word", "docx", f"{OFFICE}.wordprocessingml.document", render_sheet_docx),
        ("Diapositives", "pptx", f"{OFFICE}.presentationml.presentation", render_slides),
    )
    with st.container(horizontal=True):
        for label, ending, mime, writer in files:
            st.download_button(
                label,
                partial(render, writer),
                file_name=f"maillage_{territory.key}.{ending}",
                mime=mime,
                icon=":material/description:",
                on_click="ignore",
                key=f"{key}_{ending}",
            )


def offer_waterfall(title: str, text: str, source: str, steps: tuple[Step, ...], *, name: str, key: str) -> None:
    """Draw the button that gives the waterfall as a picture of 300 dots an inch.

    Parameters
    ----------
    title, text, source
        What stands around the chart.
    steps
        As `reports.outlook.waterfall_steps` gives them.
    name
        File name without its ending.
    key
        Name of the button in the session.
    """
    st.download_button(
        "Graphique PNG",
        lambda: render_picture(waterfall_figure(title, text, source, steps, Paper("16:9")), "png", title=title),
        file_name=f"{name}.png",
        mime="image/png",
        icon=":material/bar_chart:",
        on_click="ignore",
        key=key,
    )
