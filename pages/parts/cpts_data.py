"""What the CPTS page shows, computed once for all who look at the same perimeters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from coverage.apl_summary import apl_by_commune
from coverage.cpts import n_cpts_by_commune, share_population_covered, white_communes
from coverage.cpts_borders import shared_borders
from coverage.cpts_colours import colour_neighbours
from coverage.cpts_portrait import CareFacts, describe_cpts
from coverage.gazetteer import FRANCE, Territory
from coverage.practitioners_communes import bpe_counts, liberal_gps
from coverage.structures import covered_communes, sites_by_commune
from coverage.territories import Territories
from data import store
from pages.parts.funding_data import load_cpts_rules
from pages.parts.tables import covered_regions, load_gazetteer, load_sources, load_table

if TYPE_CHECKING:
    from coverage.gazetteer import Level
    from pages.parts.cpts_lists import Perimeters

N_COLOURS: Final = 6
APL_VINTAGE: Final = 2023
APL_INDICATOR: Final = "apl_65_2023"
GP_TABLES: Final = {"bpe_communes": "Généralistes (BPE)", "rpps_practitioners": "Généralistes libéraux (RPPS)"}
"""Synced tables that give the GPs of each commune, the first one there being used, and what they are called."""


@dataclass(frozen=True, eq=False)
class CptsFacts:
    """What is known of some perimeters.

    Attributes
    ----------
    portrait
        Result of `coverage.cpts_portrait.describe_cpts`.
    n_cpts
        CPTS of each commune, in the order of the communes; NaN unknown.
    white
        Result of `coverage.cpts.white_communes`, over all that is known.
    colours
        Number of the colour of each CPTS.
    """

    portrait: pd.DataFrame
    n_cpts: pd.Series
    white: pd.DataFrame
    colours: pd.Series


@st.cache_resource(show_spinner="Calcul de la couverture par les CPTS…", max_entries=8)
def _facts(_perimeters: Perimeters, version: str) -> CptsFacts:  # noqa: ARG001 - the version is the key of the cache
    communes = load_table("communes")
    table = _perimeters.table
    known = communes["departement_code"].isin(_perimeters.known_departements)
    borders = _borders((known | communes["commune_code"].isin(table["commune_code"])).to_numpy())
    n_cpts = n_cpts_by_commune(table, communes, _perimeters.known_departements)
    return CptsFacts(
        portrait=describe_cpts(table, communes, _care(), load_cpts_rules()),
        n_cpts=n_cpts,
        white=white_communes(n_cpts, communes, borders),
        colours=colour_neighbours(table, pd.Index(communes["commune_code"]), borders, N_COLOURS),
    )


def facts_of(perimeters: Perimeters) -> CptsFacts:
    """Return what is known of these perimeters."""
    return _facts(perimeters, perimeters.version)


def coverage_by(facts: CptsFacts, level: Level, *, where_known: bool = False) -> pd.Series:
    """Return the share (0 to 1) of the population covered by a CPTS in each territory of a level."""
    territories = Territories.of(load_table("communes"), level)
    return share_population_covered(facts.n_cpts, territories, where_known=where_known)


def members_in(perimeters: Perimeters, territory: Territory) -> pd.DataFrame:
    """Return the rows of the CPTS that have a commune in the territory, those outside it included."""
    table = perimeters.table
    if territory == FRANCE:
        return table
    gazetteer = load_gazetteer()
    inside = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    ids = table.loc[table["commune_code"].isin(inside), "cpts_id"].unique()
    return table[table["cpts_id"].isin(ids)]


def gp_table() -> str | None:
    """Return the name of the synced table that gives the GPs of each commune; None when there is none."""
    tables = store.manifest()["tables"]
    return next((name for name in GP_TABLES if name in tables), None)


def cite_gps() -> str:
    """Name the source of the GPs of each commune; empty when there is none."""
    name = gp_table()
    return next((source.citation for source in load_sources().values() if name in source.tables), "")


@st.cache_resource(show_spinner=False)
def _care() -> CareFacts:
    communes = load_table("communes")
    covered = covered_communes(communes, covered_regions())
    return CareFacts(
        apl_by_commune=apl_by_commune(load_table("apl"), APL_VINTAGE),
        zones=load_table("zoning").set_index("commune_code")["zone"],
        msp_sites=sites_by_commune(load_table("structures"), "msp", covered),
        gps=_gps(),
    )


def _gps() -> pd.Series | None:
    """Return the GPs of each commune; None when no table gives them."""
    name = gp_table()
    if name is None:
        return None
    communes = load_table("communes")
    codes = pd.Index(communes["commune_code"])
    table = load_table(name)
    return bpe_counts(table, codes) if name == "bpe_communes" else liberal_gps(table, communes, codes)


def _borders(wanted: np.ndarray) -> np.ndarray:
    """Return the pairs of the wanted communes that share a border, as positions in the table of communes."""
    communes = load_table("communes")
    shapes = store.load("commune_geometry").set_index("commune_code")["geometry"]
    places = np.flatnonzero(wanted)
    known = shapes.reindex(communes["commune_code"].iloc[places])
    polygons = shapely.from_wkb(known.where(known.notna(), None).to_numpy(dtype=object))
    return np.asarray(places[shared_borders(polygons)], dtype=np.intp).reshape(-1, 2)
