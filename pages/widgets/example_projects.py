"""An invented list of projects for who has none yet: offered, marked as such as long as it is there, and taken away."""

from collections.abc import Callable

import streamlit as st

from data.errors import DataError
from data.projects.example import MARK, is_example, read_example
from data.projects.merging import merge
from pages.app.notices import show_fault
from pages.app.owner import current_owner
from pages.app.projects import change_list, load_places, load_projects
from pages.widgets.exports.studio import today

FAULT_KEY = "example_projects_fault"


def offer_example() -> None:
    """Draw the button that loads the example; not on a list that others read."""
    _show_refusal()
    if current_owner().kind == "partage":
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Essayer avec un exemple fictif", icon=":material/science:", key="example_projects", on_click=_load)
        st.caption("Six projets inventés en Lozère, nommés « Exemple fictif » partout ; ils se retirent d’un clic.")


def show_example_notice() -> None:
    """Say that projects of the list are invented, with the button that takes them away; nothing where none is."""
    _show_refusal()
    n_example = int(is_example(load_projects()).sum())
    if not n_example:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(f"**{MARK}** : {n_example} projets inventés, pour essayer.", icon=":material/science:")
        st.button("Retirer l’exemple", icon=":material/delete:", key="example_projects_out", on_click=_take_away)


def _load() -> None:
    example = read_example(load_places(), today())
    _try(lambda: change_list(lambda now: merge(now, example.projects, "update", example.given), action=MARK))


def _take_away() -> None:
    _try(lambda: change_list(lambda now: now[~is_example(now)], action=f"{MARK} retiré"))


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except DataError as error:
        st.session_state[FAULT_KEY] = error


def _show_refusal() -> None:
    if (fault := st.session_state.pop(FAULT_KEY, None)) is not None:
        show_fault(fault, "L’exemple n’a pas été chargé ni retiré.")
