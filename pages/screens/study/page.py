"""Étude territoriale: whether an MSP is possible at a commune, what it would change, what its team still lacks."""

from functools import partial
from typing import Final

import streamlit as st

from coverage.indicators.apl_summary import UNDER_DENSE
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import OWN
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data, show_notices
from pages.app.session import change_view, current_view
from pages.app.tables import level_table, load_gazetteer
from pages.app.travel_times import times_warnings
from pages.app.view import View
from pages.screens.study.data import compose
from pages.screens.study.export import offer_document, offer_study_tables
from pages.screens.study.map import show_study_map
from pages.screens.study.sections import (
    show_competition,
    show_conditions,
    show_gps,
    show_headlines,
    show_people,
    show_structures,
    show_summary,
)
from pages.screens.study.state import ADDRESS
from pages.widgets.apl_series import shown_as
from pages.widgets.choice import choose_one
from pages.widgets.glossary import explain
from pages.widgets.lead import show_lead
from pages.widgets.territory_picker import pick_territory
from reports.figures.french import in_territory
from reports.figures.map_classes import lies_inside
from reports.figures.numbers import format_number

N_EXAMPLES: Final = 3
STYLE = """
<style>
.st-key-study_figures [data-testid="stMetricValue"]{font-size:1.6rem;line-height:1.3}
.st-key-study_figures [data-testid="stMetricLabel"] p{font-size:.8rem}
.st-key-study_figures [data-testid="stVerticalBlock"] [data-testid="stVerticalBlock"]{gap:.1rem}
</style>
"""


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    state, more_notices = ADDRESS.current()
    commune = _candidate(view)
    title, picker = st.columns([8, 4], vertical_alignment="bottom")
    with picker:
        pick_territory(gazetteer, commune or view.territoire, label="Commune étudiée")
    with title:
        st.title(f"Étude territoriale{f' : {gazetteer.name(commune)}' if commune else ''}", anchor=False)
    show_notices([*notices, *more_notices, *times_warnings()])
    if commune is None:
        _ask_for_a_commune(gazetteer, view.territoire)
        return
    content = compose(commune.code, state)
    with title:
        st.caption(
            f"Commune {commune.code} · {content.situation} · une MSP y est-elle possible ?",
            help=explain("MSP", "APL", "ETP", "ZIP, ZAC, ZAR, HZ"),
        )
    show_lead(commune, (shown_as("apl_65_2023"), "nearest_msp_min"))
    with st.container(key="study_figures"):
        st.html(STYLE)
        show_headlines(content)
    offer_document(content)
    left, right = st.columns([7, 6], gap="medium")
    with left:
        _show_map(gazetteer, commune)
    with right:
        show_summary(content)
    show_people(content)
    show_structures(content)
    show_competition(content)
    show_gps(content)
    show_conditions(content, state)
    offer_study_tables(content)


def _candidate(view: View) -> Territory | None:
    """Return the current commune: the one that the whole page is about, or the one clicked on another page."""
    places = (view.territoire, view.selection)
    return next((place for place in places if place and place.level == "commune"), None)


def _ask_for_a_commune(gazetteer: Gazetteer, territory: Territory) -> None:
    st.markdown(
        "**Une maison de santé est-elle possible ici ?** Choisissez une commune ci-dessus, par son nom, son code "
        "postal ou pas à pas : l’étude réunit qui vit autour, l’accès aux généralistes, les structures et les MSP "
        "voisines, ce que changeraient de 2 à 8 médecins, et les conditions à réunir. Elle se télécharge en document "
        "Word, que l’équipe continue d’écrire."
    )
    if territory.level != OWN:
        st.info("Aucune commune n’est choisie.", icon=":material/location_on:")
        _offer_examples(gazetteer, territory)
        return
    rows = gazetteer.within(territory, "commune").sort_values("population", ascending=False)
    choose_one(
        f"L’étude porte sur une commune. Laquelle de « {gazetteer.name(territory)} » ?",
        [Territory("commune", code) for code in rows["commune_code"]],
        index=None,
        format_func=gazetteer.label,
        placeholder="La plus peuplée vient en premier",
        key="study_commune_of_own",
        on_change=lambda: change_view(selection=st.session_state["study_commune_of_own"]),
    )


def _offer_examples(gazetteer: Gazetteer, territory: Territory) -> None:
    """Offer the most populous communes under the threshold of the territory: where the question is asked."""
    table, series = level_table("commune"), shown_as("apl_65_2023")
    inside = lies_inside(gazetteer, territory, "commune", table.index)
    under = table[inside & (table[series] < UNDER_DENSE).to_numpy()].nlargest(N_EXAMPLES, "population")
    if under.empty:
        return
    threshold = format_number(UNDER_DENSE, 1)
    st.caption(
        f"Par exemple, les communes les plus peuplées sous {threshold} consultations par an et par habitant "
        f"{in_territory(gazetteer, territory)} ({load_facts().cite(series)}) :"
    )
    with st.container(horizontal=True):
        for code in under.index:
            place = Territory("commune", str(code))
            st.button(gazetteer.label(place), icon=":material/location_on:", key=f"study_example_{code}",
                      on_click=partial(change_view, selection=place))  # fmt: skip


@st.fragment
@guard_against_missing_data()
def _show_map(gazetteer: Gazetteer, commune: Territory) -> None:
    pick = show_study_map(gazetteer, commune)
    st.caption(
        "Temps de trajet vers la commune étudiée, par bandes de l’APL. Cliquez une autre commune pour l’étudier."
    )
    if pick and pick.kind == "territory" and pick.code != commune.code:
        other = Territory("commune", pick.code)
        change_view(territoire=other, selection=other)
        st.rerun()
