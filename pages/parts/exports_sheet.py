"""Buttons that give the sheet and the slides of a territory, and the waterfall of its GPs, ready to print or edit."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from coverage.gazetteer import Territory
from pages.parts.exports_studio import load_studio, today

if TYPE_CHECKING:
    from reports.outlook import Step

OFFICE = "application/vnd.openxmlformats-officedocument"


def offer_sheet(territory: Territory, *, key: str = "sheet") -> None:
    """Draw the buttons of the sheet (PDF, Word) and of the slides of a territory; files are made when asked for."""

    def render(module: str, writer: str) -> bytes:
        studio = load_studio()
        content: bytes = getattr(import_module(module), writer)(
            studio.ground, studio.sheet(territory, drawn_on=today())
        )
        return content

    files = (
        ("Fiche PDF", "pdf", "application/pdf", "reports.sheet_pdf", "render_sheet_pdf"),
        ("Fiche Word", "docx", f"{OFFICE}.wordprocessingml.document", "reports.sheet_docx", "render_sheet_docx"),
        ("Diapositives", "pptx", f"{OFFICE}.presentationml.presentation", "reports.slides", "render_slides"),
    )
    with st.container(horizontal=True):
        for label, ending, mime, module, writer in files:
            st.download_button(
                label,
                partial(render, module, writer),
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

    def draw() -> bytes:
        # Imported at the first export, as in `load_studio`.
        from reports.charts import waterfall_figure  # noqa: PLC0415 - reason above
        from reports.paper import Paper  # noqa: PLC0415
        from reports.pictures import render_picture  # noqa: PLC0415

        return render_picture(waterfall_figure(title, text, source, steps, Paper("16:9")), "png", title=title)

    st.download_button(
        "Graphique PNG",
        draw,
        file_name=f"{name}.png",
        mime="image/png",
        icon=":material/bar_chart:",
        on_click="ignore",
        key=key,
    )
