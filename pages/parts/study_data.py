"""The territorial study as the page uses it: tables read once, a study kept for all readers of the server."""

from typing import Final

import streamlit as st

from coverage.gazetteer import Territory
from coverage.indicators import Tables, commune_facts
from coverage.study.dossier import Dossier, StudyTables, study
from coverage.study.portrait import REFERENCE
from coverage.supply_change import Baseline
from data import store
from pages.parts.cpts_lists import available
from pages.parts.exports_studio import today
from pages.parts.own_projects import load_projects
from pages.parts.simulator_engine import load_model, load_times, published_apl
from pages.parts.simulator_words import travel_note
from pages.parts.study_state import StudyState
from pages.parts.tables import covered_regions, level_table, load_gazetteer, load_sources, load_table
from reports.facts import Facts
from reports.study_additions import KnownPerimeters, OwnData
from reports.study_content import StudyContent, compose_study

PROFESSIONALS: Final = "bpe_communes"
"""Synced table of the professionals of each commune."""


@st.cache_resource(show_spinner="Préparation de l’étude…")
def _study_tables() -> StudyTables:
    communes = load_table("communes")
    facts = commune_facts(
        Tables(
            communes=communes,
            apl=load_table("apl"),
            population_series=load_table("population_series"),
            commune_context=load_table("commune_context"),
            zoning=load_table("zoning"),
        )
    )
    return StudyTables(
        communes=communes,
        facts=facts,
        structures=load_table("structures"),
        covered_regions=covered_regions(),
        times=load_times(),
        baseline=Baseline(load_model(), published_apl(), communes, series=REFERENCE),
    )


@st.cache_resource(show_spinner="Étude de la commune…", max_entries=64)
def load_dossier(commune_code: str) -> Dossier:
    """Return the figures of the study of a commune."""
    return study(commune_code, _study_tables())


def load_facts() -> Facts:
    """Return names, figures and sources of the pages, for the words of the study."""
    return Facts(load_table, level_table, load_gazetteer(), load_sources(), covered_regions())


def _own_data(commune_code: str) -> OwnData:
    """Gather what this reader or a sync adds: never kept for other readers."""
    departement = load_gazetteer().row(Territory("commune", commune_code))["departement_code"]
    perimeters = tuple(
        KnownPerimeters(found.table, found.citation, departement in found.known_departements)
        for found in available().values()
    )
    if PROFESSIONALS not in store.manifest()["tables"]:  # it comes by a sync only
        return OwnData(load_projects(), perimeters)
    citation = next((source.citation for source in load_sources().values() if PROFESSIONALS in source.tables), "")
    return OwnData(load_projects(), perimeters, load_table(PROFESSIONALS).set_index("commune_code"), citation)


def compose(commune_code: str, state: StudyState) -> StudyContent:
    """Put together what is said of a commune and of what the reader tries there."""
    told, _, _ = travel_note(load_times()).partition(" Paris, Lyon")  # what follows is about arrondissements
    note = told.replace("**", "").replace("\\", "")
    return compose_study(
        load_facts(),
        load_dossier(commune_code),
        n_gp=state.n_gp,
        team=state.team,
        travel=note,
        drawn_on=today(),
        around=_own_data(commune_code),
    )
