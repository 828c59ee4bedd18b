"""What the reader chooses on the board of projects: view, type, facilitator, day, months."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.terms.project_list import STRUCTURE_TYPES
from pages.app.address import PageAddress
from pages.app.projects import load_projects
from pages.screens.project_board.data import list_facilitators, list_years
from pages.screens.project_board.state import ADDRESS_NAMES, FEWEST_MONTHS, MOST_MONTHS, NOBODY, BoardView
from pages.widgets.choice import choose_one
from pages.widgets.exports.studio import today

VIEW_KEY: Final = "board_view"
VIEWS: Final = {
    "etapes": "Étapes",
    "parcours": "Conversion et délais",
    "carte": "Carte",
    "groupes": "Facilitateurs et départements",
    "rapport": "Rapport annuel",
}
EVERYTHING: Final = "Tous"


def _read(query: Mapping[str, str]) -> tuple[BoardView, list[str]]:
    projects = load_projects()
    return BoardView.from_query(query, list_facilitators(projects), list_years(projects, today()))


ADDRESS: Final = PageAddress("project_board", ADDRESS_NAMES, _read, witness=VIEW_KEY)


def pick_view(view: BoardView) -> None:
    """Draw the choice of the part of the page."""
    st.session_state[VIEW_KEY] = view.vue
    st.segmented_control(
        "Vue",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        key=VIEW_KEY,
        required=True,
        label_visibility="collapsed",
        on_change=_change,
        args=("vue", VIEW_KEY),
    )


def pick_filters(view: BoardView, projects: pd.DataFrame) -> None:
    """Draw the filters, each in its own column."""
    kind, facilitator, day, months = st.columns([3, 4, 3, 3], vertical_alignment="bottom")
    with kind:
        _choose("Type de structure", "type", view, [None, *STRUCTURE_TYPES], lambda name: STRUCTURE_TYPES[name])
    with facilitator:
        people = [None, *list_facilitators(projects), NOBODY]
        _choose("Facilitateur", "facilitateur", view, people, lambda name: "Non renseigné" if name == NOBODY else name)
    with day:
        years = [None, *list_years(projects, today())]
        _choose("Situation au", "annee", view, years, lambda year: f"31 décembre {year}", usual="Aujourd’hui")
    with months:
        st.session_state["board_mois"] = view.mois
        st.number_input(
            "Bloqué après (mois)",
            FEWEST_MONTHS,
            MOST_MONTHS,
            step=3,
            key="board_mois",
            on_change=_change,
            args=("mois", "board_mois"),
            help="Un projet resté plus longtemps dans son étape est signalé. Un choix, pas une règle officielle.",
        )


def _choose(
    label: str, field: str, view: BoardView, options: list[Any], write: Callable[[Any], str], *, usual: str = EVERYTHING
) -> None:
    key = f"board_{field}"
    value = getattr(view, field)
    if value not in options:  # the list changed since the choice was made
        options = [*options, value]
    st.session_state[key] = value
    choose_one(
        label,
        options,
        format_func=lambda option: usual if option is None else write(option),
        key=key,
        placeholder=usual,
        on_change=_change,
        args=(field, key),
    )


def _change(field: str, key: str) -> None:
    value = st.session_state[key]
    if field == "vue" and value is None:
        return
    ADDRESS.change(st.session_state[ADDRESS.key].with_(**{field: value}))
