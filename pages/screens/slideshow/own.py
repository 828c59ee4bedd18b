"""The reader's own projects as a room sees them: their signs on the map, how many are at each stage."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

from coverage.projects.listing import is_in_project, is_running, within
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data
from pages.app.projects import projects_beside
from pages.app.tables import load_gazetteer
from pages.screens.slideshow.data import own_sheet_of, title_of
from pages.screens.slideshow.slide import Beside, draw_slide
from pages.widgets.exports.studio import today
from pages.widgets.map.places import look_at, outlined, zone_of
from reports.figures.numbers import format_number
from reports.project_board.counts import SIGNS_NOTE, draw_counts, points_known, without_circles
from reports.territory.slides import words_of

if TYPE_CHECKING:
    import pandas as pd

    from pages.widgets.saved_views.views import SavedView


@st.fragment
@guard_against_missing_data()
def show_projects(saved: SavedView, step: int, n_steps: int) -> None:
    """Draw the projects of a territory over the whole window; the list is that of the day, not of the slide.

    Parameters
    ----------
    saved
        The slide.
    step, n_steps
        Its place in the presentation, from 0, and how many slides there are.
    """
    gazetteer, territory = load_gazetteer(), saved.view.territoire
    listed = within(projects_beside(), gazetteer, territory)
    here = listed[~listed["abandoned"]]
    level, drawn = draw_counts(load_facts(), here, territory, today())
    source = f"{words_of(own_sheet_of(territory), 'projets').notes} {SIGNS_NOTE}"
    draw_slide(
        without_circles(drawn),
        points_known(here, gazetteer),
        Beside(title_of(saved), saved.comment, _figure(gazetteer.name(territory), here), 2, source),
        f"{step + 1} / {n_steps}",
        look=look_at(gazetteer, territory),
        selected=outlined(gazetteer, territory, level, territory),
        zone=zone_of(gazetteer, territory),
    )


def _figure(name: str, projects: pd.DataFrame) -> str:
    rows = (("En cours", int(is_in_project(projects).sum())), ("Ouverts", int(is_running(projects).sum())))
    lines = "".join(f"<div class='ligne'><span>{label}</span><b>{format_number(n)}</b></div>" for label, n in rows)
    what = "projet ou structure" if len(projects) == 1 else "projets et structures"
    return (
        f"<div class='phare'><div>{html.escape(name)}</div><div class='mesure'>"
        f"<b class='chiffre'>{format_number(len(projects))}</b><span>{what} de la liste</span></div>"
        f"{lines}</div>"
    )
