"""The territorial study as the page uses it: tables read once, a study kept for all readers of the server."""

from typing import Final

import streamlit as st

from coverage.indicators.cards.access import AplSeries
from coverage.indicators.commune_facts import CommuneFacts, Tables, commune_facts
from coverage.simulator.supply_change import Baseline
from coverage.study.dossier import Dossier, StudyTables, study
from coverage.territories.gazetteer import Territory
from data import store
from pages.app.facts import load_facts
from pages.app.perimeters import available
from pages.app.plain_text import JOINER
from pages.app.projects import projects_beside
from pages.app.tables import (
    covered_regions,
    load_gazetteer,
    load_sources,
    load_table,
)
from pages.app.travel_times import load_times, tell_travel
from pages.screens.simulator.engine import load_model, published_apl
from pages.screens.study.state import StudyState
from pages.widgets.apl_series import current_series
from pages.widgets.exports.studio import today
from reports.study.additions import KnownPerimeters, OwnData
from reports.study.content import StudyContent, compose_study

PROFESSIONALS: Final = "bpe_communes"
"""Table of the professionals of each commune."""


@st.cache_resource(show_spinner="Préparation de l’étude…")
def _commune_facts() -> CommuneFacts:
    return commune_facts(
        Tables(
            communes=load_table("communes"),
            apl=load_table("apl"),
            bpe_departements=load_table("bpe_departements"),
            population_series=load_table("population_series"),
            population_estimates=load_table("population_estimates"),
            commune_context=load_table("commune_context"),
            zoning=load_table("zoning"),
        )
    )


@st.cache_resource(show_spinner="Préparation de l’étude…")
def _study_tables(series: AplSeries) -> StudyTables:
    communes = load_table("communes")
    return StudyTables(
        communes=communes,
        facts=_commune_facts(),
        structures=load_table("structures"),
        covered_regions=covered_regions(),
        msp_regions=covered_regions("msp"),
        times=load_times(),
        baseline=Baseline(load_model(), published_apl(), communes, series=series),
    )


@st.cache_resource(show_spinner="Étude de la commune…", max_entries=64)
def load_dossier(commune_code: str, series: AplSeries) -> Dossier:
    """Return the figures of the study of a commune, read in a series of the APL."""
    return study(commune_code, _study_tables(series))


def _own_data(commune_code: str) -> OwnData:
    """Gather what this reader or a sync adds: never kept for other readers."""
    departement = load_gazetteer().row(Territory("commune", commune_code))["departement_code"]
    perimeters = tuple(
        KnownPerimeters(found.table, found.citation, departement in found.known_departements)
        for found in available().values()
    )
    if PROFESSIONALS not in store.manifest()["tables"]:  # it comes by a sync only
        return OwnData(projects_beside(), perimeters)
    citation = next((source.citation for source in load_sources().values() if PROFESSIONALS in source.tables), "")
    return OwnData(projects_beside(), perimeters, load_table(PROFESSIONALS).set_index("commune_code"), citation)


def compose(commune_code: str, state: StudyState) -> StudyContent:
    """Put together what is said of a commune and of what the reader tries there."""
    note = tell_travel(load_times()).replace("**", "").replace("\\", "").replace(JOINER, "")
    return compose_study(
        load_facts(),
        load_dossier(commune_code, current_series()),
        n_gp=state.n_gp,
        team=state.team,
        travel=note,
        drawn_on=today(),
        around=_own_data(commune_code),
    )
