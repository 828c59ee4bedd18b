"""The territorial study as the page uses it: tables read once, a study kept for all readers of the server."""

import pandas as pd
import streamlit as st

from coverage.indicators import Tables, commune_facts
from coverage.study.dossier import Dossier, StudyTables, study
from coverage.study.portrait import REFERENCE
from coverage.supply_change import Baseline
from data.errors import SnapshotMissing
from pages.parts.exports_studio import today
from pages.parts.own_projects import load_projects
from pages.parts.simulator_engine import load_model, load_times, published_apl
from pages.parts.simulator_words import travel_note
from pages.parts.study_state import StudyState
from pages.parts.tables import covered_regions, level_table, load_gazetteer, load_sources, load_table
from reports.facts import Facts
from reports.study_content import StudyContent, compose_study


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
        cpts_perimeters=_perimeters(),
    )


def _perimeters() -> pd.DataFrame | None:
    """Return the perimeters of the CPTS, which come by a sync only."""
    try:
        return load_table("cpts_perimeters")
    except SnapshotMissing:
        return None


@st.cache_resource(show_spinner="Étude de la commune…", max_entries=64)
def load_dossier(commune_code: str) -> Dossier:
    """Return the figures of the study of a commune."""
    return study(commune_code, _study_tables())


def load_facts() -> Facts:
    """Return names, figures and sources of the pages, for the words of the study."""
    return Facts(load_table, level_table, load_gazetteer(), load_sources(), covered_regions())


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
        projects=load_projects(),
    )
