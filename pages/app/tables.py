"""The tables of the snapshot and what is computed from them, read once for all readers of the server."""

from collections.abc import Callable, Mapping

import pandas as pd
import pyarrow as pa
import streamlit as st

from coverage.cpts.units import cpts_units
from coverage.indicators.commune_facts import TABLE_NAMES, CommuneFacts, Tables, commune_facts
from coverage.indicators.compute import compute, compute_own
from coverage.indicators.shortfall import projected_shortfall
from coverage.territories.gazetteer import Gazetteer, Territory
from data import store
from data.kept_tables import code_and_data, kept_table
from data.sources import reperes
from data.sources.catalog import Source, load_catalog
from data.sources.registry import load_remotes, sources_in_use
from geo.levels import Level
from reports.figures.by_cell import with_cells

# Arrow's own allocator keeps 40 to 60 MB that a server which reads few small tables never uses again.
pa.set_memory_pool(pa.system_memory_pool())


@st.cache_resource(show_spinner="Lecture des données…")
def load_table(name: str) -> pd.DataFrame:
    """Return a table of the snapshot; it is shared by all readers and must not be changed."""
    return store.load(name)


@st.cache_resource(show_spinner=False)
def tables_in_use() -> frozenset[str]:
    """Return the names of the tables: those embedded, and those that a sync has brought."""
    return frozenset(store.manifest()["tables"])


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
    tables = Tables(
        covered_regions=covered_regions(),
        msp_regions=covered_regions("msp"),
        **{name: load_table(name) for name in TABLE_NAMES if name in tables_in_use()},
    )
    return with_cells(tables, store.manifest())


@st.cache_resource(show_spinner=False)
def load_units() -> pd.DataFrame:
    """Return what a CPTS may cover: communes, and arrondissements (`coverage.cpts.units`); not to be changed."""
    return cpts_units(load_table("communes"), load_table("arrondissements"))


@st.cache_resource(show_spinner="Calcul des indicateurs…")
def _commune_facts() -> CommuneFacts:
    return commune_facts(_tables())


def _kept(name: str, computed: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Keep on disk what is computed from the tables: one of them that is damaged is said, though nothing reads it."""
    for used in tables_in_use().intersection(TABLE_NAMES):
        store.snapshot_path(used)
    return kept_table(name, code_and_data(), computed)


@st.cache_resource(show_spinner="Calcul des indicateurs…")
def level_table(level: Level) -> pd.DataFrame:
    """Return every indicator of every territory of a level but those of the projection; NaN is unknown."""
    return _kept(f"indicators_{level}", lambda: compute(level, _tables(), _commune_facts()))


@st.cache_resource(show_spinner="Calcul des indicateurs…", max_entries=64)
def own_table(territory: Territory) -> pd.DataFrame:
    """Return the one row of an own territory: every indicator that can be brought up from its communes."""
    return compute_own(load_gazetteer().mask(territory), territory.code, _tables(), _commune_facts())


@st.cache_resource(show_spinner=False)
def out_of_cover_min() -> pd.Series:
    """Return the minutes from each covered commune to where structures are not loaded."""
    return _kept("out_of_cover", lambda: _commune_facts().out_of_cover_min.to_frame("minutes"))["minutes"]


def people_by_cell(structure_type: str) -> pd.DataFrame | None:
    """Return the people of the cells of each commune and those within some minutes of a type; None without a grid."""
    return _commune_facts().by_cell.get(structure_type)


@st.cache_resource(show_spinner="Calcul de la projection…", max_entries=64)
def projected_table(level: Level, horizon_years: int) -> pd.DataFrame:
    """Return the indicators of the projection of every territory of a level, default scenario; NaN is unknown."""
    # Imported when asked for: the map opens without the projection.
    from coverage.projection import Scenario  # noqa: PLC0415 - reason above
    from pages.app.projection import central_path  # noqa: PLC0415

    yearly = central_path(Scenario(horizon_years=horizon_years)).yearly
    return projected_shortfall(yearly, level, level_table(level).index)


@st.cache_resource(show_spinner=False)
def update_bringing(table: str) -> str:
    """Return the title of the update that brings a table, as the page « Mise à jour » lists it."""
    return next(remote.title for remote in load_remotes().values() if table in remote.tables)


@st.cache_resource(show_spinner=False)
def load_reperes() -> pd.DataFrame:
    """Return the figures published by others (`data.sources.reperes`); not to be changed."""
    return reperes.load_reperes()


@st.cache_resource(show_spinner=False)
def load_sources() -> Mapping[str, Source]:
    """Return the sources in use by id: those of the catalogue, those synced in their place."""
    return sources_in_use(load_catalog(), store.manifest())
