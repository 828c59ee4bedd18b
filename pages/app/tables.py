"""The tables of the snapshot and what is computed from them, read once for all readers of the server."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from coverage.cpts.units import cpts_units
from coverage.indicators.cards import INDICATORS, Indicator, available_indicators
from coverage.indicators.cards.shortfall import at_horizon
from coverage.indicators.commune_facts import TABLE_NAMES, CommuneFacts, Tables, commune_facts, labelled_msp
from coverage.indicators.compute import compute, compute_own
from coverage.indicators.shortfall import projected_shortfall
from coverage.terms.horizons import DEFAULT_HORIZON
from coverage.territories.gazetteer import Gazetteer, Territory
from data import store
from data.sources.catalog import Source, load_catalog
from data.sources.registry import load_remotes, sources_in_use
from geo.levels import OWN, Level
from pages.app.view import VIEW_KEY, View
from reports.figures import at_most

# Arrow's own allocator keeps 40 to 60 MB that a server which reads few small tables never uses again.
pa.set_memory_pool(pa.system_memory_pool())


@st.cache_resource(show_spinner="Lecture des données…")
def load_table(name: str) -> pd.DataFrame:
    """Return a table of the snapshot; it is shared by all readers and must not be changed."""
    return store.load(name)


@st.cache_resource(show_spinner=False)
def load_gazetteer() -> Gazetteer:
    """Return the territories by name."""
    return Gazetteer.of(load_table)


@st.cache_resource(show_spinner=False)
def covered_regions(structure_type: str = "") -> frozenset[str]:
    """Return the regions whose structures, or those of a type, are all loaded: elsewhere their number is unknown."""
    return store.covered_regions("structures", structure_type)


@st.cache_resource(show_spinner=False)
def _tables() -> Tables:
    at_hand = store.manifest()["tables"]
    return Tables(
        covered_regions=covered_regions(),
        msp_regions=covered_regions("msp"),
        **{name: load_table(name) for name in TABLE_NAMES if name in at_hand},
    )


@st.cache_resource(show_spinner=False)
def load_units() -> pd.DataFrame:
    """Return what a CPTS may cover: communes, and arrondissements (`coverage.cpts.units`); not to be changed."""
    return cpts_units(load_table("communes"), load_table("arrondissements"))


@st.cache_resource(show_spinner="Calcul des indicateurs…")
def _commune_facts() -> CommuneFacts:
    return commune_facts(_tables())


@st.cache_resource(show_spinner=False)
def load_labelled_msp() -> pd.DataFrame:
    """Return the labelled MSP of departments, regions and France by half-year (`growth.trajectory`).

    Only the tables it is made of are read: another that is damaged closes no page that shows the series.
    """
    names = ("communes", "msp_series", "population_estimates", "bpe_departements")
    table = labelled_msp(Tables(**{name: load_table(name) for name in names}))
    assert table is not None  # noqa: S101 - the snapshot always has the series
    return table


@st.cache_resource(show_spinner="Calcul des indicateurs…")
def level_table(level: Level) -> pd.DataFrame:
    """Return every indicator of every territory of a level but those of the projection; NaN is unknown."""
    return compute(level, _tables(), _commune_facts())


@st.cache_resource(show_spinner="Calcul des indicateurs…", max_entries=64)
def own_table(territory: Territory) -> pd.DataFrame:
    """Return the one row of an own territory: every indicator that can be brought up from its communes."""
    return compute_own(load_gazetteer().mask(territory), territory.code, _tables(), _commune_facts())


def out_of_cover_min() -> pd.Series:
    """Return the minutes from each covered commune to where structures are not loaded."""
    return _commune_facts().out_of_cover_min


@st.cache_resource(show_spinner=False)
def people_at_most(indicator_id: str) -> pd.Series:
    """Return the inhabitants of each commune whose minutes are a maximum; 0 for any other indicator."""
    return at_most.people_at_most(indicator_id, level_table("commune"), out_of_cover_min())


def indicator_values(indicator_id: str, level: Level, horizon_years: int | None = None) -> pd.Series:
    """Return an indicator of every territory of a level that it has (index territory code); NaN is unknown.

    A projected one is computed when it is asked for, at the horizon of this session's view when None.
    """
    if not INDICATORS[indicator_id].is_projected:
        return level_table(level)[indicator_id]
    return _projected(level, horizon_years or shown_horizon())[indicator_id]


@st.cache_resource(show_spinner="Calcul de la projection…", max_entries=64)
def _projected(level: Level, horizon_years: int) -> pd.DataFrame:
    # Imported when asked for: the map opens without the projection.
    from coverage.projection import Scenario  # noqa: PLC0415 - reason above
    from pages.app.projection import central_path  # noqa: PLC0415

    yearly = central_path(Scenario(horizon_years=horizon_years)).yearly
    return projected_shortfall(yearly, level, level_table(level).index)


def shown_horizon() -> int:
    """Return how far (years) the projected indicators look in this session's view."""
    view: View | None = st.session_state.get(VIEW_KEY)
    return DEFAULT_HORIZON if view is None else view.horizon


def value_of(indicator_id: str, territory: Territory, horizon_years: int | None = None) -> Any:
    """Return the value of an indicator for a territory; NaN when it is unknown or doesn't exist at that level."""
    territory = load_gazetteer().official(territory)
    if territory.level not in INDICATORS[indicator_id].levels:
        return float("nan")
    if territory.level == OWN:
        return own_table(territory).loc[territory.code, indicator_id]
    return indicator_values(indicator_id, territory.level, horizon_years).get(territory.code, float("nan"))


@st.cache_resource(show_spinner=False)
def offered_indicators() -> Mapping[str, Indicator]:
    """Return the indicators that the tables at hand can inform, each with its vintage: those that pages offer."""
    return available_indicators({name: entry["vintage"] for name, entry in store.manifest()["tables"].items()})


def dated_indicator(indicator_id: str, horizon_years: int | None = None) -> Indicator:
    """Return an indicator with the vintage of the table that informs it, or of its projection."""
    indicator = offered_indicators().get(indicator_id, INDICATORS[indicator_id])
    if not indicator.is_projected:
        return indicator
    from reports.projection.start import base_year_of  # noqa: PLC0415 - as in `_projected`

    return at_horizon(indicator, base_year_of(load_table("professionals")), horizon_years or shown_horizon())


@st.cache_resource(show_spinner=False)
def update_bringing(table: str) -> str:
    """Return the title of the update that brings a table, as the page « Mise à jour » lists it."""
    return next(remote.title for remote in load_remotes().values() if table in remote.tables)


@st.cache_resource(show_spinner=False)
def load_sources() -> Mapping[str, Source]:
    """Return the sources in use by id: those of the catalogue, those synced in their place."""
    return sources_in_use(load_catalog(), store.manifest())
