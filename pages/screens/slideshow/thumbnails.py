"""The pictures of the list of slides: each a stamp of what the slide shows."""

from __future__ import annotations

import streamlit as st

from coverage.indicators.cards.access import AplSeries
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.screens.slideshow.data import sheet_of, title_of
from pages.screens.slideshow.told import draw_slide
from pages.widgets.apl_series import current_series
from pages.widgets.exports.studio import load_studio
from pages.widgets.map.values import draw_values
from pages.widgets.saved_views.views import SavedView, SlideKind
from reports.errors import EmptyTerritoryError

WIDTH_PX = 150
DOTS = 100


def show_thumbnail(saved: SavedView) -> None:
    """Draw the picture of a slide; nothing where its territory has no shape."""
    if saved.slide == "chiffres":
        first = sheet_of(saved.view.territoire).key_figures[0]
        st.metric(first.label, first.figures[0])
        return
    try:
        st.image(_picture(saved.view, saved.slide, current_series()), width=WIDTH_PX, alt=title_of(saved))
    except EmptyTerritoryError:
        return


@st.cache_resource(show_spinner=False, max_entries=128)
def _picture(view: View, slide: SlideKind, series: AplSeries) -> bytes:  # noqa: ARG001 - the series is a key of the cache
    # Imported here: Matplotlib would double the start of the server.
    from reports.page.pictures import render_picture  # noqa: PLC0415 - reason above

    if slide == "" or slide == "carte":  # noqa: PLR1714 - what mypy follows
        from reports.map.thumbnail import draw_thumbnail  # noqa: PLC0415 - as above

        scope = load_gazetteer().surroundings(view.territoire, view.maille)
        drawn = draw_values(view.indicateur, view.maille, scope, view.methode, view.classes, view.horizon)
        codes = level_table(view.maille).index
        return render_picture(draw_thumbnail(load_studio().print_shapes, drawn.values, codes), "png", dpi=DOTS)
    if slide == "chiffres":
        return b""
    from reports.chart.page import ChartWords, chart_figure  # noqa: PLC0415 - as above
    from reports.page.paper import Paper  # noqa: PLC0415 - as above

    chart = draw_slide(sheet_of(view.territoire), slide)
    return render_picture(chart_figure(chart, ChartWords(" ", " ", " "), Paper("16:9")), "png", dpi=24)
