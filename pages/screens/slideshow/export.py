"""« Enregistrer en PowerPoint »: the slides of the list, as they stand, to be edited and shown elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.app.projects import projects_beside
from pages.app.tables import load_gazetteer
from pages.screens.simulator.map import AFTER, BEFORE
from pages.screens.simulator.printed import opening_signs, printed_both
from pages.screens.slideshow.data import own_sheet, sheet_in
from pages.screens.slideshow.simulated import can_be_shown, simulation_of
from pages.widgets.apl_series import current_series
from pages.widgets.exports.logo import current_organisation
from pages.widgets.exports.map import with_projects
from pages.widgets.exports.sheet import OFFICE
from pages.widgets.exports.studio import load_studio, today
from pages.widgets.two_maps.drawing import printed
from pages.widgets.two_maps.sides import show_sides

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from coverage.indicators.cards.access import AplSeries
    from pages.widgets.exports.map import Printed
    from pages.widgets.saved_views.views import SavedView
    from reports.map.content import MapContent
    from reports.studio import Studio
    from reports.territory.listed import ListedSlide

NAMES: Final = ("A", "B")
FILE_NAME: Final = "maillage_presentation.pptx"


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is read in the run of the page: files are made outside it."""

    views: Sequence[SavedView]
    titles: Sequence[str]
    sides: Sequence[tuple[Printed, ...]]
    signs: Sequence[pd.DataFrame | None]
    series: AplSeries
    day: dt.date
    projects: pd.DataFrame
    author: str


def offer_powerpoint(views: Sequence[SavedView], titles: Sequence[str]) -> None:
    """Draw the button of the file, made when asked for.

    Parameters
    ----------
    views, titles
        The slides, and what stands over each.
    """
    kept = [can_be_shown(saved) for saved in views]
    views, titles = list(compress(views, kept)), list(compress(titles, kept))
    sides, signs = [_printed(saved) for saved in views], [_signs(saved) for saved in views]
    asked = _Asked(views, titles, sides, signs, current_series(), today(), projects_beside(), current_organisation())
    st.download_button(
        "Enregistrer en PowerPoint",
        partial(_render, asked),
        file_name=FILE_NAME,
        mime=f"{OFFICE}.presentationml.presentation",
        icon=":material/co_present:",
        on_click="ignore",
        key="presentation_pptx_listed",
        disabled=not views,
    )


def _signs(saved: SavedView) -> pd.DataFrame | None:
    """Return the openings of a simulation, which no table has."""
    if not saved.scenario:
        return None
    return opening_signs(load_gazetteer(), simulation_of(saved).result.counted.changes)


def _printed(saved: SavedView) -> tuple[Printed, ...]:
    if saved.scenario:
        tried = simulation_of(saved)
        scope = load_gazetteer().surroundings(tried.territory)
        return printed_both(tried.result, scope, tried.scenario.name, ())
    if saved.maps is None:
        return ()
    return tuple(printed(saved.view, shown) for shown in show_sides(load_gazetteer(), saved.view, saved.maps))


def _render(asked: _Asked) -> bytes:
    # Imported here: Matplotlib and the office writers would double the start of the server.
    from reports.territory.listed import render_listed  # noqa: PLC0415 - reason above

    listed = [_listed(asked, rank) for rank in range(len(asked.views))]
    return render_listed(load_studio().print_shapes, listed, author=asked.author)


def _listed(asked: _Asked, rank: int) -> ListedSlide:
    from reports.territory.listed import ListedSlide  # noqa: PLC0415 - as above

    saved, slide = asked.views[rank], asked.views[rank].slide
    sheet = sheet_in(saved.view.territoire, asked.series, asked.day)
    if slide == "projets":
        sheet = own_sheet(sheet, asked.projects)
    said = sheet, asked.titles[rank], saved.comment
    if slide == "" or slide == "carte" or slide == "deux_cartes" or slide == "simulation":  # noqa: PLR1714 - for mypy
        studio = with_projects(load_studio(), asked.signs[rank])
        return ListedSlide(*said, maps=_maps(studio, saved, asked.sides[rank], asked.day), names=_names(saved))
    return ListedSlide(*said, slide=slide)


def _names(saved: SavedView) -> tuple[str, str]:
    return (BEFORE, AFTER) if saved.scenario else NAMES


def _maps(studio: Studio, saved: SavedView, sides: Sequence[Printed], day: dt.date) -> tuple[MapContent, ...]:
    view = saved.view
    studio = replace(studio, facts=studio.facts.at(view.horizon))
    if not sides:
        choices: list[dict[str, Any]] = [
            {
                "shown": view.indicateur,
                "level": view.maille,
                "territory": view.territoire,
                "method": view.methode,
                "n_classes": view.classes,
                "structures": view.shown_structures,
                "dates": view.dates,
            }
        ]
    else:  # not asdict, which would copy the classes of all communes
        choices = [{field.name: getattr(one, field.name) for field in fields(one)} for one in sides]
    return tuple(studio.map_content(**chosen, drawn_on=day) for chosen in choices)
