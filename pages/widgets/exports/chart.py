"""Buttons that give a chart of a page as a picture that can be printed: same values, with title and sources."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.terms.months import format_date
from pages.app.popover import show_popover
from pages.app.tables import load_sources
from pages.widgets.exports.logo import current_logo
from pages.widgets.exports.studio import today
from reports.figures.tables import cite_with_licences

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.chart.specification import Chart

TYPES: Final = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
OTHERS: Final = {"svg": "SVG (modifiable)", "pdf": "PDF"}


def offer_chart(chart: Chart, *, title: str, subtitle: str, source_ids: Sequence[str], name: str, key: str) -> None:
    """Draw the button that gives a chart as PNG in one click, and the choice of SVG and PDF; made when asked for.

    Parameters
    ----------
    chart
        The chart of the page.
    title, subtitle
        Territory and what is drawn; unit, date, nature and how to read it.
    source_ids
        Sources of the catalogue behind it; see `sources_of`.
    name
        File name without its ending.
    key
        Name of these buttons in the session.
    """
    logo = current_logo()  # read now: files are made outside the run of the page

    def draw(kind: str) -> bytes:
        # Matplotlib is loaded at the first export only: it would double the start of the server.
        from reports.chart.page import ChartWords, render_chart  # noqa: PLC0415 - reason above

        cited = cite_with_licences(source_ids, load_sources())
        source = f"Sources : {cited}. Graphique : Maillage, {format_date(today())}."
        return render_chart(chart, ChartWords(title, subtitle, source), kind, logo=logo)

    _offer(draw, name, key)


def _offer(draw: Callable[[str], bytes], name: str, key: str) -> None:
    """Draw the button of the PNG, and beside it those of the drawings in lines."""

    def button(label: str, kind: str, icon: str) -> None:
        st.download_button(
            label,
            partial(draw, kind),
            file_name=f"{name}.{kind}",
            mime=TYPES[kind],
            icon=icon,
            on_click="ignore",
            key=f"{key}_{kind}",
        )

    def others() -> None:
        for kind, label in OTHERS.items():
            button(label, kind, ":material/download:")

    with st.container(horizontal=True):
        button("Graphique PNG", "png", ":material/bar_chart:")
        show_popover("SVG, PDF", others, key=f"{key}_others", icon=":material/print:")


def sources_of(*indicator_ids: str) -> tuple[str, ...]:
    """Return the sources behind some indicators, each once."""
    return tuple(dict.fromkeys(source for name in indicator_ids for source in INDICATORS[name].source_ids))
