"""Deux cartes: two indicators, two dates or two places at once, side by side or one over the other."""

from typing import Final

import streamlit as st

from pages.app.facts import load_facts
from pages.app.notices import coverage_notice, guard_against_missing_data, show_notices
from pages.app.session import current_view, write_address
from pages.app.tables import load_gazetteer
from pages.app.view import VIEW_KEY, View
from pages.screens.two_maps.controls import show_controls
from pages.screens.two_maps.map import answer_click, offer_maps, show_maps
from pages.screens.two_maps.state import current_maps
from pages.screens.two_maps.table import show_card, show_places
from pages.widgets.glossary import explain
from pages.widgets.lead import show_line
from pages.widgets.saved_views.save import offer_to_save
from pages.widgets.two_maps.choice import NO_SITES, TwoMaps
from pages.widgets.two_maps.message import message_of
from pages.widgets.two_maps.sides import is_one_place, show_sides
from reports.territory.messages import date_of, tell_two

HOW: Final = "Côte à côte, les cartes bougent ensemble ; au rideau, une poignée découvre l’une sous l’autre."


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    maps, more_notices = current_maps()
    _show_answer(view, maps)
    show_notices([*notices, *more_notices])
    show_controls(gazetteer, view, maps)
    _show_maps_and_table()
    if {maps.a.structures, maps.b.structures} != {NO_SITES}:
        st.caption(coverage_notice())


def _show_answer(view: View, maps: TwoMaps) -> None:
    """Open with the figures of both maps."""
    facts = load_facts()
    second = view.territoire if is_one_place(maps, view) else maps.territoire_b or view.territoire
    sides = ((maps.a.indicateur, view.territoire), (maps.b.indicateur, second))
    said = tell_two(facts, *sides)
    dated = dict.fromkeys(date_of(facts, place, name) for name, place in sides) if said else ()
    show_line(
        said,
        " ; ".join(dated),
        "",
        otherwise=f"**Deux indicateurs, deux dates ou deux territoires à la fois.** {HOW}",
        words=f"{HOW}\n\n{explain('Maille', 'n.d.')}",
    )


@st.fragment
@guard_against_missing_data()
def _show_maps_and_table() -> None:
    gazetteer = load_gazetteer()
    maps, _ = current_maps()
    answer_click(gazetteer, maps)
    write_address()  # a place may have been chosen
    view: View = st.session_state[VIEW_KEY]
    sides = show_sides(gazetteer, view, maps)
    show_maps(gazetteer, view, maps, sides)
    with st.container(horizontal=True, key="two_maps_actions"):
        offer_maps(gazetteer, view, sides)
        offer_to_save(view, maps, message=message_of(view, maps))
    left, right = st.columns([7, 4], gap="medium")
    with left:
        show_places(view, sides)
    with right:
        show_card(gazetteer, view, sides)
