"""Suivi des projets: the reader's projects by stage, how they go on, who follows them, and the yearly report."""

import streamlit as st

from coverage.terms.months import format_date
from pages.app.notices import guard_against_missing_data, show_notices
from pages.app.plain_text import plain
from pages.app.projects import load_projects, note_seen
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.navigation import SCREENS
from pages.screens.project_board.cards import show_cards, show_move
from pages.screens.project_board.controls import ADDRESS, pick_filters, pick_view
from pages.screens.project_board.course import show_course
from pages.screens.project_board.data import Board, choose_projects
from pages.screens.project_board.map import show_board_map
from pages.screens.project_board.report import show_report, show_tiles
from pages.screens.project_board.tables import show_groups, show_projects, show_stuck
from pages.widgets.example_projects import offer_example, show_example_notice
from pages.widgets.exports.studio import today
from pages.widgets.lead import show_sentence
from pages.widgets.territory_picker import pick_territory
from reports.figures.french import begin, in_territory


def show_page() -> None:
    """Draw the page."""
    projects = load_projects()
    gazetteer = load_gazetteer()
    view, notices = current_view()
    board_view, more_notices = ADDRESS.current()
    title, picker = st.columns([7, 3], vertical_alignment="bottom")
    with title:
        st.title(f"Suivi des projets : {gazetteer.name(view.territoire)}", anchor=False)
    if projects.empty:
        _show_welcome()
        return
    with picker:
        pick_territory(gazetteer, view.territoire)
    show_notices([*notices, *more_notices])
    show_example_notice()
    pick_filters(board_view, projects)
    board = choose_projects(projects, board_view, gazetteer, view.territoire, today())
    pick_view(board_view)
    if board.projects.empty:
        st.info(
            f"Aucun des {len(projects)} projets de votre liste n’est ici avec ces filtres au {format_date(board.day)}. "
            "Élargissez le territoire ou les filtres.",
            icon=":material/filter_alt_off:",
        )
        return
    report = board.report
    where = begin(in_territory(gazetteer, view.territoire))
    show_sentence(f"{where}, {report.sentences[0]}", f"{report.subtitle} {report.source}")
    _show_part(board)
    note_seen()


def _show_welcome() -> None:
    st.info(
        "Votre liste de projets est vide. Importez-la, ou saisissez un premier projet, dans « Mes projets » : cette "
        "page en montrera les étapes, les délais, les facilitateurs et le rapport annuel.",
        icon=":material/folder_open:",
    )
    st.page_link(SCREENS["projects"].file, label="Ouvrir « Mes projets »", icon=":material/folder_shared:")
    offer_example()


def _show_part(board: Board) -> None:
    match board.view.vue:
        case "etapes":
            show_move(board)
            if board.is_past:
                st.caption(
                    f"{plain(board.report.subtitle)} Reconstituée d’après les dates : elle ne se modifie pas ici."
                )
            show_cards(board)
            with st.expander(f"Tous les projets ({len(board.projects)})", icon=":material/table:"):
                show_projects(board, board.projects, title="Projets", key="projets")
        case "parcours":
            show_course(board)
            show_stuck(board)
        case "carte":
            _show_map(board)
        case "groupes":
            st.subheader("Par facilitateur", anchor=False)
            show_groups(board, "facilitator", "Facilitateur")
            st.subheader("Par département", anchor=False)
            show_groups(board, "departement_code", "Département")
            st.subheader("Par type de structure", anchor=False)
            show_groups(board, "structure_type", "Type")
        case "rapport":
            show_tiles(board.report.tiles)
            show_report(board)


@st.fragment
@guard_against_missing_data()
def _show_map(board: Board) -> None:
    show_board_map(board)
