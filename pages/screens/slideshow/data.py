"""The slides of a territory: what its sheet says, one a slide, and the titles that its figures give."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.indicators.cards.access import AplSeries, in_series
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.facts import load_facts
from pages.app.projects import projects_beside
from pages.app.tables import load_gazetteer
from pages.app.view import View
from pages.screens.slideshow.simulated import can_be_shown, simulation_of
from pages.widgets.apl_series import current_series
from pages.widgets.exports.studio import load_studio, today
from pages.widgets.saved_views.save import propose_title
from pages.widgets.saved_views.views import SLIDE_KINDS, SavedView
from pages.widgets.two_maps.message import message_of
from reports.territory.messages import map_message
from reports.territory.slides import slides_of, words_of

if TYPE_CHECKING:
    import pandas as pd

    from geo.levels import DrawnLevel
    from reports.territory.content import TerritorySheet

MAPS: Final = ("apl_65_2023", "nearest_msp_min")
"""The maps of a territory, the series of the APL being that of the visit."""


def sheet_of(territory: Territory) -> TerritorySheet:
    """Return what the sheet and the PowerPoint file of a territory say."""
    return sheet_in(territory, current_series(), today())


@st.cache_resource(show_spinner=False, max_entries=24)
def sheet_in(territory: Territory, series: AplSeries, day: dt.date) -> TerritorySheet:
    """Return the same in a series of the APL, on a day."""
    return load_studio().sheet(territory, drawn_on=day, series=series)


def own_sheet_of(territory: Territory) -> TerritorySheet:
    """Return the same with the reader's own projects, where there are some."""
    return own_sheet(sheet_of(territory), projects_beside())


def own_sheet(sheet: TerritorySheet, projects: pd.DataFrame) -> TerritorySheet:
    """Return a sheet with projects; never kept, for another reader would see them."""
    if projects.empty:
        return sheet
    # Imported here: the reports would double the start of the server.
    from reports.territory.projects import with_projects  # noqa: PLC0415 - reason above

    return with_projects(sheet, projects, load_facts())


def slides_for(territory: Territory) -> list[SavedView]:
    """Return the slides of a territory: its maps, its key figures, its charts, its projection."""
    level: DrawnLevel = "epci" if territory == FRANCE else "commune"
    shown = View(territoire=territory, maille=level, structures=("msp",))
    views = [
        SavedView.of("", "", View(**vars(shown) | {"indicateur": in_series(name, current_series())}), "carte")
        for name in MAPS
    ]
    told = [SavedView.of("", "", View(territoire=territory), name) for name in slides_of(own_sheet_of(territory))]
    return [*told[:1], *views, *told[1:]]


def title_of(saved: SavedView) -> str:
    """Return the title of a slide: that of the reader, else what its figures say today."""
    if saved.title:
        return saved.title
    view = saved.view
    if saved.slide == "" or saved.slide == "carte":  # noqa: PLR1714 - what mypy follows
        compared = (view.territoire, *load_gazetteer().compared(view.territoire))
        return map_message(load_facts(view.horizon), view.indicateur, compared) or propose_title(view)
    if saved.slide == "simulation":
        return simulation_of(saved).message if can_be_shown(saved) else SLIDE_KINDS[saved.slide]
    if saved.slide == "deux_cartes":
        return "Deux cartes" if saved.maps is None else message_of(view, saved.maps)
    sheet = own_sheet_of(view.territoire) if saved.slide == "projets" else sheet_of(view.territoire)
    return words_of(sheet, saved.slide).head
