"""What the reader chooses on the trajectory page: the measure, the level, the other territories."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from pages.app.address import PageAddress
from pages.app.tables import load_gazetteer
from pages.app.trajectory import SHOWN, half_years, month_key
from pages.screens.trajectory.state import ADDRESS_NAMES, MOST_OTHERS, Course
from pages.widgets.choice import choose_many

MEASURE_KEY: Final = "trajectory_measure"
LEVELS: Final = {"region": "Régions", "departement": "Départements"}


def _read(query: Mapping[str, str]) -> tuple[Course, list[str]]:
    return Course.from_query(query, load_gazetteer(), tuple(month_key(date) for date in half_years()))


ADDRESS: Final = PageAddress("trajectory", ADDRESS_NAMES, _read, witness=MEASURE_KEY)


def pick_measure(course: Course) -> None:
    """Draw the choice of the measure, common to all the charts of the page."""
    st.session_state[MEASURE_KEY] = course.mesure
    st.segmented_control(
        "Mesure",
        list(SHOWN),
        format_func=lambda name: SHOWN[name].label,
        key=MEASURE_KEY,
        required=True,
        on_change=lambda: _change(mesure=st.session_state[MEASURE_KEY]),
        help="Par habitant : population à la date de chaque point (estimations de l’INSEE au 1er janvier "
        "jusqu’en 2021, population municipale en 2023, interpolées entre deux dates ; Mayotte : estimation de 2025).",
    )


def pick_others(gazetteer: Gazetteer, territory: Territory, course: Course) -> None:
    """Let the reader add regions, departments or France to the lines."""
    options = [FRANCE]
    for level in ("region", "departement"):
        rows = gazetteer.table(level).sort_values("name")
        options += [Territory(level, code) for code in rows[f"{level}_code"]]
    st.session_state["trajectory_others"] = list(course.autres)
    choose_many(
        "Comparer avec",
        [other for other in options if other != territory or other in course.autres],
        format_func=gazetteer.label,
        key="trajectory_others",
        max_selections=MOST_OTHERS,
        placeholder="Régions, départements ou France",
        on_change=lambda: _change(autres=tuple(st.session_state["trajectory_others"])),
    )


def pick_level(course: Course) -> None:
    """Draw the choice of the level of the map."""
    st.session_state["trajectory_level"] = course.maille
    st.segmented_control(
        "Maille de la carte",
        list(LEVELS),
        format_func=LEVELS.__getitem__,
        key="trajectory_level",
        required=True,
        on_change=lambda: _change(maille=st.session_state["trajectory_level"]),
    )


def _change(**changes: Any) -> None:
    ADDRESS.change(st.session_state[ADDRESS.key].with_(**changes))
