"""The pictures of the list of slides: each a stamp of what the slide shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from coverage.indicators.cards.access import AplSeries
from coverage.simulator.supply_change import ScenarioError
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.screens.slideshow.data import own_sheet_of, sheet_of, title_of
from pages.screens.slideshow.simulated import simulation_in
from pages.screens.slideshow.told import draw_slide
from pages.widgets.apl_series import current_series
from pages.widgets.exports.studio import load_studio
from pages.widgets.map.values import draw_values
from pages.widgets.saved_views.views import SavedView, SlideKind
from pages.widgets.two_maps.choice import TwoMaps
from pages.widgets.two_maps.sides import show_sides
from reports.errors import EmptyTerritoryError
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    from geo.map import ClassedValues

WIDTH_PX = 150
DOTS = 100


def show_thumbnail(saved: SavedView) -> None:
    """Draw the picture of a slide; nothing where its territory has no shape."""
    if saved.slide == "chiffres":
        first = sheet_of(saved.view.territoire).key_figures[0]
        st.metric(first.label, first.figures[0])
        return
    if saved.slide == "projets":  # of one reader: never kept for another
        listed = own_sheet_of(saved.view.territoire).projects
        st.metric("Mes projets", format_number(0 if listed is None else len(listed)))
        return
    try:
        pictures = _pictures(saved.view, saved.slide, saved.maps, saved.scenario, current_series())
    except (EmptyTerritoryError, ScenarioError):
        return
    st.image(list(pictures), width=WIDTH_PX // len(pictures), alt=[title_of(saved)] * len(pictures))


@st.cache_resource(show_spinner=False, max_entries=128)
def _pictures(
    view: View,
    slide: SlideKind,
    maps: TwoMaps | None,
    scenario: str,
    series: AplSeries,  # noqa: ARG001 - a key of the cache
) -> tuple[bytes, ...]:
    if scenario:
        return tuple(_stamp(drawn.values) for drawn in simulation_in(scenario, view.territoire).drawn)
    if maps is not None:
        return tuple(_stamp(shown.drawn.values) for shown in show_sides(load_gazetteer(), view, maps))
    if slide == "" or slide == "carte":  # noqa: PLR1714 - what mypy follows
        scope = load_gazetteer().surroundings(view.territoire, view.maille)
        drawn = draw_values(view.indicateur, view.maille, scope, view.methode, view.classes, view.horizon)
        return (_stamp(drawn.values),)
    # Imported here: Matplotlib would double the start of the server.
    from reports.chart.page import ChartWords, chart_figure  # noqa: PLC0415 - reason above
    from reports.page.paper import Paper  # noqa: PLC0415 - as above
    from reports.page.pictures import render_picture  # noqa: PLC0415 - as above

    if slide == "deux_cartes" or slide == "simulation":  # noqa: PLR1714 - as above
        return ()
    chart = draw_slide(sheet_of(view.territoire), slide)
    return (render_picture(chart_figure(chart, ChartWords(" ", " ", " "), Paper("16:9")), "png", dpi=24),)


def _stamp(values: ClassedValues) -> bytes:
    from reports.map.thumbnail import draw_thumbnail  # noqa: PLC0415 - as above
    from reports.page.pictures import render_picture  # noqa: PLC0415 - as above

    codes = level_table(values.level).index
    return render_picture(draw_thumbnail(load_studio().print_shapes, values, codes), "png", dpi=DOTS)
