"""The tables of the snapshot and what is computed from them, read once for all readers of the server."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from coverage.definitions import INDICATORS, SYNCED_TABLES, Indicator, available_indicators
from coverage.gazetteer import Gazetteer, Level, Territory
from coverage.indicators import CommuneFacts, Tables, commune_facts, compute
from data import store
from data.catalog import Source, load_catalog
from data.sync.registry import load_remotes, sources_in_use

# Arrow's own allocator keeps 40 to 60 MB that a server which reads few small tables never uses again.
pa.set_memory_pool(pa.system_memory_pool())


@st.cache_resource(show_spinner="Lecture des données…")
def load_table(name: str) -> pd.DataFrame:
    """Return a table of the snapshot; it is shared by all readers and must not be changed."""
    return store.load(name)


@st.cache_resource(show_spinner=False)
def load_gazetteer() -> Gazetteer:
    """Return the territories by name."""
    return Gazetteer(
        communes=load_table("communes"),
        epci=load_table("epci"),
        departements=load_table("departements"),
        regions=load_table("regions"),
    )


@st.cache_resource(show_spinner=False)
def covered_regions() -> frozenset[str]:
    """Return the regions whose structures are loaded: elsewhere their number is unknown."""
    return frozenset(store.manifest()["tables"]["structures"]["covered_regions"])


@st.cache_resource(show_spinner=False)
def _tables() -> Tables:
    synced = SYNCED_TABLES & set(store.manifest()["tables"])
    return Tables(
        communes=load_table("communes"),
        apl=load_table("apl"),
        msp_series=load_table("msp_series"),
        structures=load_table("structures"),
        covered_regions=covered_regions(),
        professionals=load_table("professionals"),
        bpe_departements=load_table("bpe_departements"),
        population_series=load_table("population_series"),
        commune_context=load_table("commune_context"),
        zoning=load_table("zoning"),
        **{name: load_table(name) for name in synced},
    )


@st.cache_resource(show_spinner="Calcul des indicateurs…")
def _commune_facts() -> CommuneFacts:
    return commune_facts(_tables())


@st.cache_resource(show_spinner="Calcul des indicateurs…")
def level_table(level: Level) -> pd.DataFrame:
    """Return every indicator of every territory of a level (index territory code); NaN is unknown."""
    return compute(level, _tables(), _commune_facts())


def value_of(indicator_id: str, territory: Territory) -> Any:
    """Return the value of an indicator for a territory; NaN when it is unknown or doesn't exist at that level."""
    if territory.level not in INDICATORS[indicator_id].levels:
        return float("nan")
    return level_table(territory.level)[indicator_id].get(territory.code, float("nan"))


@st.cache_resource(show_spinner=False)
def offered_indicators() -> Mapping[str, Indicator]:
    """Return the indicators that the tables at hand can inform, each with its vintage: those that pages offer."""
    return available_indicators({name: entry["vintage"] for name, entry in store.manifest()["tables"].items()})


def dated_indicator(indicator_id: str) -> Indicator:
    """Return an indicator with the vintage of the table that informs it, where it is there."""
    return offered_indicators().get(indicator_id, INDICATORS[indicator_id])


@st.cache_resource(show_spinner=False)
def update_bringing(table: str) -> str:
    """Return the title of the update that brings a table, as the page « Mise à jour » lists it."""
    return next(remote.title for remote in load_remotes().values() if table in remote.tables)


@st.cache_resource(show_spinner=False)
def load_sources() -> Mapping[str, Source]:
    """Return the sources in use by id: those of the catalogue, those synced in their place."""
    return sources_in_use(load_catalog(), store.manifest())
