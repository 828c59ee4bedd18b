"""The map of the projects: one sign a project, darker as it goes on, over the number of projects of each territory."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from coverage.terms.months import format_date
from coverage.territories.gazetteer import FRANCE
from pages.app.facts import load_facts
from pages.screens.project_board.data import Board
from pages.widgets.exports.map import TYPES
from pages.widgets.exports.studio import load_studio, today
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at, prefecture_labels, zone_of
from reports.project_board.counts import SOURCE, compose_counts, draw_counts, points_known

if TYPE_CHECKING:
    from geo.levels import DrawnLevel
    from reports.figures.map_classes import MapClasses
    from reports.map.content import MapContent
    from reports.project_board.map import ReportMap

HEIGHT: Final = 620


def show_board_map(board: Board) -> None:
    """Draw the map and the button that gives it as a picture."""
    _, drawn = counts_of(board)
    points = points_of(board)
    show_map(
        drawn.values,
        drawn.legend,
        points,
        key="project_board_map",
        view=look_at(board.gazetteer, board.territory),
        zone=zone_of(board.gazetteer, board.territory),
        labels=prefecture_labels(),
        height=HEIGHT,
    )
    with st.container(horizontal=True):
        for kind, label in {"png": "Carte PNG", "pdf": "PDF", "svg": "SVG (modifiable)"}.items():
            st.download_button(
                label,
                partial(print_map, board, kind),
                file_name=f"maillage_projets_{board.territory.slug}.{kind}",
                mime=TYPES[kind],
                icon=":material/image:",
                on_click="ignore",
                key=f"board_map_{kind}",
            )
    st.caption(
        "Une maison par projet, d’autant plus foncée qu’il est avancé ; sans point donné, elle est à la mairie. "
        f"Cercles : nombre de projets non abandonnés. Source : {SOURCE.lower()}, relevée le "
        f"{format_date(board.listed_on)}."
    )


def points_of(board: Board) -> pd.DataFrame:
    """Return the projects as the map draws structures."""
    return points_known(board.projects, board.gazetteer)


def counts_of(board: Board) -> tuple[DrawnLevel, MapClasses]:
    """Class the territories of the map by their number of projects."""
    return draw_counts(load_facts(), board.projects, board.territory, board.day)


def compose_board_map(board: Board) -> MapContent:
    """Return what the printed map says."""
    return compose_counts(
        load_studio().facts,
        board.projects,
        board.territory,
        day=board.day,
        listed_on=board.listed_on,
        drawn_on=today(),
    )


def report_map(board: Board) -> ReportMap | None:
    """Return the map that goes with the yearly report; None where the territory has no shape."""
    from reports.project_board.map import ReportMap  # noqa: PLC0415 - as above

    print_shapes = load_studio().print_shapes
    if board.territory != FRANCE and not len(print_shapes.of(board.territory).codes):
        return None
    return ReportMap(print_shapes, compose_board_map(board))


def print_map(board: Board, kind: str) -> bytes:
    """Draw the map on paper with the signs of the projects, as PNG, PDF or SVG."""
    from reports.map.panel import describe_map  # noqa: PLC0415 - as above
    from reports.map.print_map import draw_map  # noqa: PLC0415
    from reports.page.paper import Paper  # noqa: PLC0415
    from reports.page.pictures import render_picture  # noqa: PLC0415

    content = compose_board_map(board)
    figure = draw_map(load_studio().print_shapes, content, Paper(), in_lines=kind != "png")
    return render_picture(figure, kind, title=content.title, subject=content.subtitle, alt=describe_map(content))
