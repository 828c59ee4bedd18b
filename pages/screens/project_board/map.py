"""The map of the projects: one sign a project, darker as it goes on, over the number of projects of each territory."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import Indicator
from coverage.terms.months import format_date
from coverage.territories.gazetteer import FRANCE
from geo.levels import BELOW_DEPARTEMENT, DrawnLevel
from pages.app.tables import level_table
from pages.screens.project_board.data import SOURCE, Board
from pages.widgets.exports.map import TYPES
from pages.widgets.exports.studio import load_studio, today
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at, prefecture_labels, zone_of
from pages.widgets.map.projects import project_points
from pages.widgets.map.values import draw_series
from reports.figures.map_classes import UNREACHED_LABEL, MapClasses

if TYPE_CHECKING:
    from reports.map.content import MapContent
    from reports.project_board.map import ReportMap

HEIGHT: Final = 620
LAST_OF_CLASSES: Final[dict[DrawnLevel, tuple[int, ...]]] = {
    "departement": (3, 6, 10, 20),
    "epci": (1, 2, 4, 8),
    "commune": (1, 2, 3, 4),
}
"""Last whole number of each class but the highest: fixed, so that two selections of projects compare."""
LEVELS: Final[dict[str, DrawnLevel]] = {
    "france": "departement",
    "region": "departement",
    "departement": "epci",
    **dict.fromkeys(BELOW_DEPARTEMENT, "commune"),
}
NO_PROJECT: Final = "aucun projet"
CIRCLES_NOTE: Final = "Cercles : nombre de projets et structures de la liste, abandons exclus."
SIGNS_NOTE: Final = "Projets de la liste de l’utilisateur, et non sites FINESS."


def show_board_map(board: Board) -> None:
    """Draw the map and the button that gives it as a picture."""
    level, drawn = draw_counts(board)
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
                partial(print_map, board, level, drawn, points, kind),
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
    """Return the projects as the map draws structures; those of unknown stage have no sign and are left out."""
    return project_points(board.projects[board.projects["stage"].notna()], board.gazetteer)


def draw_counts(board: Board) -> tuple[DrawnLevel, MapClasses]:
    """Class the territories of the map by their number of projects; those without any are "aucun projet"."""
    level = LEVELS[board.territory.level]
    scope = board.gazetteer.surroundings(board.territory)
    communes = board.gazetteer.communes.set_index("commune_code")
    active = board.projects[~board.projects["abandoned"]]
    codes = active["commune_code"]
    if level != "commune":
        codes = codes.map(communes[f"{level}_code"])
    counts = codes.value_counts().reindex(level_table(level).index, fill_value=0).astype("float64")
    none = (counts == 0).to_numpy()
    lasts = LAST_OF_CLASSES[level]
    card = dataclasses.replace(indicator_of(board), thresholds=tuple(last + 0.5 for last in lasts))
    drawn = draw_series(card, counts, level, scope, "seuils", len(lasts) + 1, none=none)
    labels = dict(zip(drawn.values.palette, _class_labels(lasts), strict=True))
    entries = [
        dataclasses.replace(
            entry, label=NO_PROJECT if entry.label == UNREACHED_LABEL else labels.get(entry.colour, entry.label)
        )
        for entry in drawn.legend.entries
    ]
    return level, dataclasses.replace(drawn, legend=dataclasses.replace(drawn.legend, entries=entries))


def _class_labels(lasts: tuple[int, ...]) -> list[str]:
    """Name the classes of whole numbers: "1", "2–4", "5 et plus"."""
    firsts = [1, *(last + 1 for last in lasts)]
    named = [str(first) if first == last else f"{first}–{last}" for first, last in zip(firsts, lasts, strict=False)]
    return [*named, f"{firsts[-1]} et plus"]


def indicator_of(board: Board) -> Indicator:
    """Return the card of the number of projects: what the legend and the printed map say of it."""
    return Indicator(
        id="n_projects",
        label="Projets et structures de la liste",
        short_label="Projets et structures",
        unit="projets",
        decimals=0,
        levels=("commune", "epci", "departement", "region"),
        kind="sequential",
        is_count=True,
        higher_is=None,
        source_ids=(),
        vintage=format_date(board.day),
        formula="",
        note="",
        theme="Structures",
        nature="mesuré",
    )


def compose_board_map(board: Board, level: DrawnLevel, drawn: MapClasses, points: pd.DataFrame) -> MapContent:
    """Return what the printed map says, the signs of the projects on it."""
    # Matplotlib is loaded at the first export only, as in `load_studio`.
    from reports.map.content import compose_map  # noqa: PLC0415 - reason above

    studio, shown = load_studio(), board.territory
    content = compose_map(studio.facts, indicator_of(board), level, shown, drawn_on=today(), drawn=drawn)
    listed = f"{SOURCE}, relevée le {format_date(board.listed_on)}"
    return dataclasses.replace(
        content,
        title=f"{board.gazetteer.name(shown)} : projets par étape",
        subtitle=f"Un signe par projet, à son étape, situation au {format_date(board.day)}. {CIRCLES_NOTE}",
        structures_note=SIGNS_NOTE,
        structures=points[["structure_type", "longitude", "latitude", "departement_code"]],
        source=content.source.replace("Sources : ", f"Sources : {listed} ; ", 1),
    )


def report_map(board: Board) -> ReportMap | None:
    """Return the map that goes with the yearly report; None where the territory has no shape."""
    from reports.project_board.map import ReportMap  # noqa: PLC0415 - as above

    print_shapes = load_studio().print_shapes
    if board.territory != FRANCE and not len(print_shapes.of(board.territory).codes):
        return None
    level, drawn = draw_counts(board)
    return ReportMap(print_shapes, compose_board_map(board, level, drawn, points_of(board)))


def print_map(board: Board, level: DrawnLevel, drawn: MapClasses, points: pd.DataFrame, kind: str) -> bytes:
    """Draw the map on paper with the signs of the projects, as PNG, PDF or SVG."""
    from reports.map.panel import describe_map  # noqa: PLC0415 - as above
    from reports.map.print_map import draw_map  # noqa: PLC0415
    from reports.page.paper import Paper  # noqa: PLC0415
    from reports.page.pictures import render_picture  # noqa: PLC0415

    content = compose_board_map(board, level, drawn, points)
    figure = draw_map(load_studio().print_shapes, content, Paper(), in_lines=kind != "png")
    return render_picture(figure, kind, title=content.title, subject=content.subtitle, alt=describe_map(content))
