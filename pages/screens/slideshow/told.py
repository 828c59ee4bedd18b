"""A slide of a territory without a map, as a room sees it: its message, then its key figures or its chart."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards.access import follow_series, in_series
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data
from pages.app.tables import load_sources
from pages.screens.slideshow.data import sheet_of, title_of
from pages.screens.slideshow.style import STYLE
from pages.widgets.apl_series import current_series
from pages.widgets.charts import draw, draw_lines
from reports.chart.shares import stack_shares
from reports.figures.numbers import UNKNOWN
from reports.projection.outlook import waterfall_range
from reports.projection.waterfall import draw_waterfall
from reports.territory.content import APL_CLASSES, APL_COLOURS, KEY_FIGURES, NO_SUCH_LEVEL
from reports.territory.slides import SlideName, words_of

if TYPE_CHECKING:
    from pages.widgets.saved_views.views import SavedView
    from reports.chart.specification import Chart
    from reports.territory.content import KeyFigure, TerritorySheet

MOST_FIGURES: Final = 10
MOST_COLUMNS: Final = 3
PROJECTION_SOURCES: Final = ("cnam_effectifs", "drees_rpps", "insee_estimations")


@st.fragment
@guard_against_missing_data()
def show_told_slide(saved: SavedView, slide: SlideName, step: int, n_steps: int) -> None:
    """Draw a slide over the whole window.

    Parameters
    ----------
    saved, slide
        The slide, and which one of its territory it is.
    step, n_steps
        Its place in the presentation, from 0, and how many slides there are.
    """
    sheet = sheet_of(saved.view.territoire)
    said = [saved.comment, sheet.projection_text if slide == "projection" else ""]
    # Made before anything is drawn: what stands there of the slide before goes away at the end of the run.
    title, foot = title_of(saved), _foot(sheet, slide)
    chart = None if slide == "chiffres" else draw_slide(sheet, slide)
    st.html(STYLE)
    with st.container(key="presentation_told"):
        st.html(
            f"<div class='diapo'><div class='rang'>{step + 1} / {n_steps}</div><h1>{html.escape(title)}</h1>"
            + "".join(f"<p class='dit'>{html.escape(text)}</p>" for text in said if text)
            + "</div>"
        )
        if chart is None:
            st.html(_table(sheet))
        else:
            with st.container(key="presentation_chart"):
                title_of_chart = words_of(sheet, slide).title
                draw(chart, f"presentation_chart_{slide}", title_of_chart, height=None, from_afar=True)
        st.html(f"<div class='diapo'><p class='source'>{html.escape(foot)}</p></div>")


def draw_slide(sheet: TerritorySheet, slide: SlideName) -> Chart:
    """Draw the chart of a slide that has one."""
    if slide == "acces":
        shares = {name: pd.Series(parts) for name, parts in sheet.apl_shares.items()}
        return stack_shares(shares, APL_CLASSES, APL_COLOURS, "habitants")
    if slide == "projection":
        return draw_waterfall(sheet.steps, waterfall_range(sheet.steps))
    return draw_lines(sheet.msp_series, "MSP pour 100 000 hab.")


def _table(sheet: TerritorySheet) -> str:
    lines = [line for line in sheet.key_figures if line.figures[0] not in {UNKNOWN, NO_SUCH_LEVEL}][:MOST_FIGURES]
    heads = "".join(f"<th>{html.escape(name)}</th>" for name in sheet.compared[:MOST_COLUMNS])
    return f"<div class='diapo'><table class='cles'><tr><th></th>{heads}</tr>{''.join(map(_row, lines))}</table></div>"


def _row(line: KeyFigure) -> str:
    unit = f" ({line.unit})" if line.unit else ""
    cells = "".join(f"<td>{html.escape(figure)}</td>" for figure in line.figures[:MOST_COLUMNS])
    label = f"{html.escape(line.label + unit)}<small>{html.escape(line.dated)}</small>"
    return f"<tr><th>{label}</th>{cells}</tr>"


def _foot(sheet: TerritorySheet, slide: SlideName) -> str:
    facts, series = load_facts(), current_series()
    cited = {
        "chiffres": lambda: facts.cite(*follow_series(KEY_FIGURES, series)),
        "acces": lambda: facts.cite(in_series("apl_65_2023", series)),
        "projection": lambda: " ; ".join(load_sources()[name].citation for name in PROJECTION_SOURCES),
        "msp": lambda: facts.cite("msp_dgos_per_100k"),
    }[slide]()
    notes = sheet.figures_note if slide == "chiffres" else words_of(sheet, slide).notes
    return f"{notes} Sources : {cited}.".strip()
