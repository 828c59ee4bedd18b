"""Simulateur: what happens to access if a structure opens, if GPs leave, and where to open next."""

import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.simulator.scenario_file import SavedScenario
from coverage.simulator.supply_change import ScenarioError
from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data, show_fault, show_notices
from pages.app.session import current_view
from pages.app.tables import load_gazetteer
from pages.app.travel_times import load_times, times_warnings
from pages.app.view import View
from pages.screens.simulator.bar import show_bar, show_refusal
from pages.screens.simulator.classes import show_classes
from pages.screens.simulator.commune import show_commune, show_supply_progress
from pages.screens.simulator.engine import Result, answer, outcome_in, supply_task
from pages.screens.simulator.export import describe_run
from pages.screens.simulator.map import pick_mode, picked_commune, show_result_map
from pages.screens.simulator.printed import offer_result_map
from pages.screens.simulator.results import show_communes, show_comparison, show_headlines, show_territories
from pages.screens.simulator.signs import choose_existing
from pages.screens.simulator.state import choose_commune, chosen_commune, current_drafts, open_drafts
from pages.screens.simulator.table import show_changes
from pages.screens.simulator.where import proposed_communes, show_siting
from pages.screens.simulator.words import tell_scenario, tell_supply, travel_note
from pages.screens.simulator.zone import show_zone
from pages.widgets.glossary import explain
from pages.widgets.lead import answer_of, show_line
from pages.widgets.saved_views.save import offer_to_save
from reports.figures.french import in_territory

MAP_HEIGHT = 530
# Five figures in a row, above a map that should be seen without scrolling: smaller and closer than Streamlit's own.
STYLE = """
<style>
.st-key-simulator_figures [data-testid="stMetricValue"]{font-size:1.6rem;line-height:1.3}
.st-key-simulator_figures [data-testid="stVerticalBlock"] [data-testid="stVerticalBlock"]{gap:.1rem}
.st-key-simulator_figures [data-testid="stMetricLabel"] p{font-size:.8rem}
</style>
"""
ZONE_TAB = "Bassin de la commune"
TABS = ("Communes", "Avant et après", "EPCI et départements", "Comparer", ZONE_TAB, "Hypothèses")


def show_page() -> None:
    """Draw the page."""
    gazetteer = load_gazetteer()
    view, notices = current_view()
    drafts, more_notices = open_drafts()
    place = st.empty()  # what a scenario does is known once it is computed: its line has its place until then
    with place:
        _show_line("", "")
    show_bar(gazetteer, drafts, view.territoire)
    show_notices([*notices, *more_notices, *times_warnings()])
    show_refusal()
    try:
        result = answer(drafts.scenario)
    except ScenarioError as error:
        show_fault(error, "Ce scénario ne peut pas être calculé : corrigez-le ou annulez.")
        result = answer(SavedScenario("-", drafts.scenario.series))
    with place:
        _show_line(*_answer_of(gazetteer, result, view.territoire, drafts.scenario))
    with st.container(key="simulator_figures"):
        st.html(STYLE)
        show_headlines(gazetteer, result, view.territoire)
    _show_map_and_panel(result, view.territoire)
    # Under the map: a sentence that goes away must not move what the reader is about to click.
    if supply_task().is_under_way:
        show_supply_progress()
    elif supply_task().failure:
        show_notices([f"L’offre des communes n’a pas pu être estimée : {supply_task().failure}"])
    st.subheader("Changements du scénario", anchor=False)
    show_changes(gazetteer)
    _show_tabs(gazetteer, result, view.territoire)


def _show_line(sentence: str, dated: str) -> None:
    show_line(
        sentence,
        dated,
        "Essayez un changement : tout est recalculé.",
        otherwise="**Et si une maison de santé ouvrait ici, si des médecins partaient, où ouvrir la prochaine ?** "
        "Essayez un changement : l’accès de chaque commune est recalculé.",
        words=explain("APL", "MSP", "ETP", "Seuil de 2,5"),
    )


def _answer_of(gazetteer: Gazetteer, result: Result, territory: Territory, asked: SavedScenario) -> tuple[str, str]:
    """Return what the scenario does, or where one starts from while it changes nothing; and from when that is."""
    series = result.counted.series
    if not result.counted.changes:
        return answer_of(territory, f"share_population_under_2_5_{series}", series)
    here = outcome_in(result.counted, territory)
    said = tell_scenario(asked.name, in_territory(gazetteer, territory), result.outcome, here)
    return said, f"simulation à partir de l’APL {INDICATORS[series].vintage}, estimé"


@st.fragment
@guard_against_missing_data()
def _show_map_and_panel(result: Result, territory: Territory) -> None:
    gazetteer = load_gazetteer()
    left, right = st.columns([13, 7], gap="medium")
    with right.container(border=True, height=MAP_HEIGHT + 56):
        commune_tab, where_tab = st.tabs(["Commune", "Où ouvrir ?"])
        with commune_tab:
            show_commune(gazetteer, result)
        with where_tab:
            show_siting(gazetteer, result, territory)
    with left:
        commune = chosen_commune()
        changes = current_drafts().scenario.changes
        modes, existing = st.columns([7, 3], vertical_alignment="center")
        with modes:
            mode = pick_mode(has_changes=bool(changes), has_commune=commune is not None)
        with existing:
            choose_existing(territory)
        pick = show_result_map(
            gazetteer,
            result,
            mode,
            territory,
            key="simulator_map",
            selected=commune,
            proposed=proposed_communes(result),
            height=MAP_HEIGHT,
        )
        name = current_drafts().scenario.name
        with st.container(horizontal=True):
            offer_result_map(gazetteer, result, mode, territory, name, selected=commune)
            _offer_slide(gazetteer, result, territory)
        series = result.counted.series
        measured = f"{INDICATORS[series].label}. Source : {load_facts().cite(series)}."
        st.caption(f"{measured} « Après » et « Différence » : estimés. {travel_note(load_times())}")
    if pick:
        choose_commune(picked_commune(pick, result.counted.changes))
        # Only the catchment, outside this fragment, is about the current commune.
        st.rerun(scope="app" if st.session_state.get("simulator_tab") == ZONE_TAB else "fragment")


def _offer_slide(gazetteer: Gazetteer, result: Result, territory: Territory) -> None:
    """Draw the button that adds what the scenario changes to the presentation; nothing while it changes nothing."""
    drafts = current_drafts()
    if result.counted.changes:
        view = View(territoire=territory)
        message, _ = _answer_of(gazetteer, result, territory, drafts.scenario)
        offer_to_save(view, scenario=drafts.token, message=message.removesuffix("."))


def _show_tabs(gazetteer: Gazetteer, result: Result, territory: Territory) -> None:
    drafts = current_drafts()
    name = drafts.scenario.name
    communes, classes, territories, comparison, zone, assumptions = st.tabs(
        TABS, key="simulator_tab", on_change="rerun"
    )
    if communes.open:
        with communes:
            show_communes(gazetteer, result, name)
    if classes.open:
        with classes:
            show_classes(gazetteer, result, territory, name)
    if territories.open:
        with territories:
            show_territories(gazetteer, result, name)
    if comparison.open:
        with comparison:
            show_comparison(gazetteer, drafts, territory)
    if zone.open:
        with zone:
            show_zone(gazetteer, chosen_commune(), result, name)
    if assumptions.open:
        with assumptions:
            st.dataframe(describe_run(gazetteer, result, name), hide_index=True, alt="Hypothèses du scénario")
            if (supply := supply_task().supply) is not None:
                st.caption(f"**Offre de chaque commune** (estimée). {tell_supply(supply)}")
