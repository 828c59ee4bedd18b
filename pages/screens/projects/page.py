"""Mes projets: the planner's own list of structures and projects, that no public file knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from coverage.projects.points import project_points
from coverage.territories.location import smallest_holding
from pages.app.address import PageAddress, refuse
from pages.app.notices import guard_against_missing_data, show_fault, show_notices
from pages.app.owner import current_owner
from pages.app.plain_text import plain
from pages.app.projects import load_projects, lost_projects, note_seen, projects_state
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.app.view import VIEW_KEY
from pages.screens.projects.importing import DONE_KEY, offer_template, show_import
from pages.screens.projects.key import show_owner
from pages.screens.projects.table import offer_list, show_history, show_list, show_removal, show_undo
from pages.widgets.example_projects import offer_example, show_example_notice
from pages.widgets.exports.studio import today
from pages.widgets.map.drawing import show_map
from pages.widgets.map.places import look_at, prefecture_labels
from pages.widgets.map.values import draw_values
from reports.figures.numbers import format_number

TABS: Final = {"liste": "Liste", "carte": "Carte", "import": "Importer un fichier", "historique": "Historique"}
PARAMETER: Final = "mp_vue"
MAP_HEIGHT: Final = 600


@dataclass(frozen=True)
class ShownTab:
    """What of the page is shown."""

    name: str = "liste"

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; the list is the default."""
        return {} if self.name == "liste" else {PARAMETER: self.name}


def read_tab(query: Mapping[str, str]) -> tuple[ShownTab, list[str]]:
    """Read the address."""
    name = query.get(PARAMETER, "liste")
    if name not in TABS:
        return ShownTab(), [refuse(PARAMETER, name, ", ".join(TABS))]
    return ShownTab(name), []


ADDRESS: Final = PageAddress("projects_tab", frozenset({PARAMETER}), read_tab, witness="projects_tab_choice")


def show_page() -> None:
    """Draw the page."""
    _, notices = current_view()
    tab, more = ADDRESS.current()
    st.title("Mes projets", anchor=False)
    show_notices([*notices, *more])
    show_owner(current_owner())
    if fault := st.session_state.pop("projects_fault", None):
        show_fault(fault)
    if done := st.session_state.pop(DONE_KEY, None):
        st.success(plain(done), icon=":material/check:")
    if projects_state().last_version == 0:
        _show_welcome()
        return
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        st.session_state["projects_tab_choice"] = tab.name
        st.segmented_control(
            "Vue", list(TABS), format_func=TABS.__getitem__, key="projects_tab_choice", required=True,
            label_visibility="collapsed", on_change=_choose_tab,
        )  # fmt: skip
    with right, st.container(horizontal_alignment="right"):
        show_undo()
    _show_tab(tab.name)
    note_seen()


def _choose_tab() -> None:
    ADDRESS.change(ShownTab(st.session_state["projects_tab_choice"]))


def _show_tab(name: str) -> None:
    if name == "import":
        offer_template()
        if show_import(today()):
            ADDRESS.change(ShownTab())
            st.rerun()
    elif name == "historique":
        show_history()
        show_removal()
    elif name == "carte":
        _show_map()
    else:
        show_example_notice()
        _show_counts()
        show_list(today())
        offer_list(today())


def _show_welcome() -> None:
    st.markdown(
        "Vos structures et vos projets, ceux qu’aucun fichier public ne connaît : importez une liste, elle paraît sur "
        "la carte, dans les indicateurs et dans les fiches de territoire.\n\n"
        "1. Prenez le **modèle**, ou gardez votre propre fichier : les colonnes sont reconnues, vous les confirmez.\n"
        "2. Chaque ligne est **vérifiée** : commune, étape, dates, effectifs. Les bonnes sont chargées ; pour les "
        "autres, votre fichier vous est rendu avec ce qui est à corriger.\n"
        "3. Tout changement est une **version** : il s’annule, et l’historique dit ce qui a été fait."
    )
    offer_template(primary=True)
    offer_example()
    if show_import(today()):
        ADDRESS.change(ShownTab())
        st.rerun()


def _show_counts() -> None:
    projects = load_projects()
    if lost := lost_projects():
        st.warning(
            f"La commune de ces projets n’existe plus dans la liste officielle : {plain(', '.join(lost[:10]))}. Ils "
            "sont gardés, mais ni montrés ni comptés. Réimportez-les avec leur commune actuelle.",
            icon=":material/location_off:",
        )
    kept = projects[~projects["abandoned"]]
    counts = kept["stage"].value_counts()
    opened = int(counts.get("ouvert", 0) + counts.get("aci_signe", 0))
    with st.container(key="projects_figures", horizontal=True):
        st.metric("Structures et projets", format_number(len(kept)), width="content")
        st.metric("Ouverts", format_number(opened), width="content")
        st.metric("Dont ACI signé", format_number(int(counts.get("aci_signe", 0))), width="content")
        st.metric("Pas encore ouverts", format_number(len(kept) - opened), width="content")
        if len(kept) < len(projects):
            st.metric("Abandonnés, à part", format_number(len(projects) - len(kept)), width="content")


@st.fragment
@guard_against_missing_data()
def _show_map() -> None:
    gazetteer, view = load_gazetteer(), st.session_state[VIEW_KEY]
    projects = load_projects()
    scope = smallest_holding(gazetteer, projects["commune_code"])
    drawn = draw_values(view.indicateur, view.maille, scope, view.methode, view.classes, view.horizon)
    show_map(
        drawn.values,
        drawn.legend,
        project_points(projects, gazetteer),
        key="projects_map",
        view=look_at(gazetteer, scope),
        labels=prefecture_labels(),
        height=MAP_HEIGHT,
    )
    st.caption("Une maison par projet, d’autant plus foncée qu’il est avancé. L’indicateur est celui de la page Carte.")
