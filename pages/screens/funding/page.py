"""Financement: what the Assurance maladie pays an MSP or a CPTS under dated rules, and what one more action brings."""

import math

import streamlit as st

from coverage.funding import FundingInputError, MspRules, find_doubts, fund_msp, rank_gains
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from data.errors import DataError
from pages.app.facts import load_facts
from pages.app.notices import show_fault, show_notices
from pages.app.plain_text import plain
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.screens.funding.aids import show_aids
from pages.screens.funding.cpts import show_cpts
from pages.screens.funding.data import (
    load_msp_rules,
    load_own_projects,
    mean_paid,
    msp_editions,
    patients_of,
    population_of,
)
from pages.screens.funding.export import offer_funding
from pages.screens.funding.inputs import pick_project, show_inputs
from pages.screens.funding.results import show_bar, show_gains, show_lines, show_method, show_totals
from pages.screens.funding.state import ADDRESS, FIRST_PATIENTS, TABS, Plan, change_plan
from pages.widgets.glossary import explain
from pages.widgets.lead import show_sentence
from pages.widgets.territory_picker import pick_territory
from reports.figures.numbers import format_number
from reports.funding.words import tell_due, tell_edition, tell_plausibility

START = "Point de départ : tous, comme si chacun avait son médecin traitant ici. La CPAM donne le vrai nombre."
EXAMPLE = f"Faute d’un lieu à la taille d’une équipe, l’exemple est de {format_number(FIRST_PATIENTS)} patients."


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    plan, more_notices = ADDRESS.current()
    title, picker = st.columns([7, 4], vertical_alignment="bottom")
    with title:
        st.title("Financement", anchor=False)
        st.caption(
            "Ce que l’accord conventionnel (ACI) verse à une équipe, et ce qu’une action de plus rapporterait.",
            help=explain("ACI", "MSP", "CPTS", "ZIP, ZAC, ZAR, HZ"),
        )
    with picker:
        pick_territory(gazetteer, view.territoire, label="Commune ou territoire")
    show_notices([*notices, *more_notices])
    names = {label: name for name, label in TABS.items()}
    st.session_state[ADDRESS.witness] = TABS[plan.tab]
    tabs = st.tabs(
        list(names),
        key=ADDRESS.witness,
        on_change=lambda: change_plan(tab=names.get(st.session_state[ADDRESS.witness], "msp")),
    )
    # Only the open tab is made: the perimeters of all CPTS are not read for an MSP.
    for name, tab in zip(TABS, tabs, strict=True):
        if tab.open:
            with tab:
                _show_tab(name, gazetteer, view.territoire, plan)


def _show_tab(name: str, gazetteer: Gazetteer, territory: Territory, plan: Plan) -> None:
    if name == "cpts":
        show_cpts(gazetteer, territory, plan)
    elif name == "zone":
        show_aids(gazetteer, territory)
    else:
        _show_msp(gazetteer, territory, plan)


def _show_msp(gazetteer: Gazetteer, territory: Territory, plan: Plan) -> None:
    rules = load_msp_rules(plan.edition)
    st.info(f"{tell_edition(rules)}. **{rules.warning}**", icon=":material/gavel:")
    inputs, results = st.columns([5, 8], gap="medium")
    with inputs:
        _pick_edition(plan)
        called = _pick_project(plan, gazetteer)
        first_patients = _show_start(gazetteer, territory, plan)
        show_inputs(rules, plan, first_patients)
    with results:
        _show_results(rules, gazetteer, territory, plan, first_patients, called)


def _pick_project(plan: Plan, gazetteer: Gazetteer) -> str:
    """Draw the list of the reader's projects; return the name of the one chosen, empty for none."""
    try:
        return pick_project(load_own_projects(), plan, gazetteer)
    except DataError as error:
        show_notices([f"Vos projets ne sont pas lus. {error}"])
        return ""


def _pick_edition(plan: Plan) -> None:
    """Draw the list of the editions, once there is more than one."""
    editions = msp_editions()
    if len(editions) == 1:
        return
    st.session_state["funding_edition"] = plan.edition or editions[-1]
    st.selectbox(
        "Édition des règles",
        editions,
        key="funding_edition",
        filter_mode=None,
        on_change=lambda: change_plan(edition=st.session_state["funding_edition"], reached=None),
    )


def _show_start(gazetteer: Gazetteer, territory: Territory, plan: Plan) -> int:
    """Say how many people live in the place, and what the patients start from; return that number."""
    patients = patients_of(gazetteer, territory)
    told = (
        "Choisissez la commune ou l’intercommunalité en haut de page : le calcul partira de ses habitants, et la "
        "patientèle lui sera comparée."
    )
    if territory != FRANCE:
        population = format_number(population_of(gazetteer, territory))
        told = f"{gazetteer.label(territory)} : {population} habitants ({load_facts().cite('population')})."
    if plan.n_patients is None:
        told += f" {START if patients is not None else EXAMPLE}"
    st.caption(plain(told))
    return FIRST_PATIENTS if patients is None else patients


def _show_results(
    rules: MspRules, gazetteer: Gazetteer, territory: Territory, plan: Plan, first_patients: int, called: str
) -> None:
    team = plan.team(rules, first_patients)
    try:
        funding, gains = fund_msp(rules, team), rank_gains(rules, team)
    except FundingInputError as error:
        show_fault(error)
        return
    mean_eur, about = mean_paid()
    plausibility = tell_plausibility(funding, mean_eur, about)
    show_sentence(tell_due(funding), f"{tell_edition(rules)}. Selon vos réponses, à vérifier auprès de la CPAM.")
    show_totals(funding, plausibility)
    population = population_of(gazetteer, territory)
    show_notices(find_doubts(team, None if math.isnan(population) else population, gazetteer.name(territory)))
    show_bar(funding)
    st.subheader("Une action de plus", anchor=False)
    show_gains(gains, first_patients)
    st.subheader("Ligne par ligne", anchor=False)
    show_lines(funding)
    places = (called, "" if territory == FRANCE else gazetteer.label(territory))
    offer_funding(funding, gains, ", ".join(filter(None, places)) or "équipe saisie", plausibility)
    with st.expander("Règles, source et hypothèses", icon=":material/fact_check:"):
        show_method(funding)
