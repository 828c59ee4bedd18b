"""What the CPTS page shows, computed once for all who look at the same perimeters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from coverage.cpts.borders import shared_borders
from coverage.cpts.colours import colour_neighbours
from coverage.cpts.perimeters import (
    communes_in_two,
    covered_set,
    covered_territories,
    n_cpts_by_unit,
    share_population_covered,
    white_communes,
)
from coverage.cpts.portrait import CareFacts, apl_by_unit, describe_cpts, zoning_by_unit
from coverage.cpts.units import finest_units, spread_counts
from coverage.indicators.cards import INDICATORS, Indicator
from coverage.indicators.cards.access import in_series
from coverage.indicators.practitioners_communes import bpe_counts, liberal_gps
from coverage.indicators.zones import zone_shares
from coverage.terms.extents import PART
from coverage.territories.gazetteer import FRANCE, Territory
from data import store
from geo.levels import OWN
from pages.app.tables import load_gazetteer, load_sources, load_table, load_units
from pages.screens.funding.data import load_cpts_rules
from pages.widgets.apl_series import current_series

if TYPE_CHECKING:
    from coverage.indicators.cards.access import AplSeries
    from geo.levels import Level
    from pages.app.perimeters import Perimeters

N_COLOURS: Final = 6
APL_VINTAGE: Final = 2023
BPE: Final = "bpe_communes"
GP_TABLES: Final = {"rpps_practitioners": "Généralistes libéraux (RPPS)", BPE: "Généralistes (BPE)"}
"""Tables that give the GPs of each commune, the first one there being used, and what they are called."""

MSP_LABEL: Final = "MSP (BPE)"
"""What is counted as MSP: those of the BPE, known in every commune."""


@dataclass(frozen=True, eq=False)
class CptsFacts:
    """What is known of some perimeters.

    Attributes
    ----------
    portrait
        Result of `coverage.cpts.portrait.describe_cpts`.
    units
        Communes, a city by its arrondissements (`coverage.cpts.units.finest_units`).
    n_cpts
        CPTS of each unit, in the order of `units`; NaN unknown.
    n_by_commune
        The same by commune, in the order of the communes; of one that CPTS cover in part, it is 1.
    in_part
        Communes that a CPTS covers in part only: by arrondissement, or without its part being known.
    white, two
        Results of `coverage.cpts.perimeters.white_communes` and `communes_in_two`, over all that is known.
    colours
        Number of the colour of each CPTS that has a commune whole.
    """

    portrait: pd.DataFrame
    units: pd.DataFrame
    n_cpts: pd.Series
    n_by_commune: pd.Series
    in_part: frozenset[str]
    white: pd.DataFrame
    two: pd.DataFrame
    colours: pd.Series


@st.cache_resource(show_spinner="Calcul de la couverture par les CPTS…", max_entries=8)
def _facts(_perimeters: Perimeters, version: str, series: AplSeries) -> CptsFacts:  # noqa: ARG001 - the version is a key of the cache
    communes = load_table("communes")
    table = _perimeters.table
    known = communes["departement_code"].isin(_perimeters.known_departements)
    borders = _borders((known | communes["commune_code"].isin(table["commune_code"])).to_numpy())
    units = load_units()
    finest = finest_units(units)
    n_cpts = n_cpts_by_unit(table, units, _perimeters.known_departements)
    in_part = frozenset(table.loc[is_in_part(table), "commune_code"])
    # What is drawn apart takes no colour: the eight CPTS of one city would leave none to those around it.
    colours = colour_neighbours(table[~is_in_part(table)], pd.Index(communes["commune_code"]), borders, N_COLOURS)
    n_by_commune = n_cpts.groupby(finest["commune_code"].to_numpy()).max().reindex(communes["commune_code"])
    return CptsFacts(
        portrait=describe_cpts(table, units, load_care(), load_cpts_rules(), series=series),
        units=finest,
        n_cpts=n_cpts,
        n_by_commune=n_by_commune.mask(n_by_commune.index.isin(in_part), 1.0),
        in_part=in_part,
        white=white_communes(n_cpts, units, communes, borders),
        two=communes_in_two(table, units),
        colours=colours,
    )


def facts_of(perimeters: Perimeters) -> CptsFacts:
    """Return what is known of these perimeters."""
    return _facts(perimeters, perimeters.version, current_series())


def apl_indicator(series: AplSeries | None = None) -> Indicator:
    """Return the APL that the page shows, in a series, that of the visit when None."""
    return INDICATORS[in_series(f"apl_65_{APL_VINTAGE}", series or current_series())]


def is_in_part(table: pd.DataFrame) -> pd.Series:
    """Tell the rows of a CPTS that has only a part of the commune: an arrondissement, or a part not known."""
    return (table["unit_code"] != table["commune_code"]) | (table["extent"] == PART)


def coverage_by(facts: CptsFacts, level: Level, *, where_known: bool = False) -> pd.Series:
    """Return the share (0 to 1) of the population covered by a CPTS in each territory of a level."""
    territories = covered_territories(load_units(), level)
    return share_population_covered(facts.n_cpts, territories, where_known=where_known)


def coverage_in(facts: CptsFacts, territory: Territory, *, where_known: bool = False) -> float:
    """Return the share (0 to 1) of the population of one territory that a CPTS covers, of an own one too."""
    if territory.level != OWN:
        return float(coverage_by(facts, territory.level, where_known=where_known)[territory.code])
    territories = covered_set(load_units(), load_gazetteer().communes_of(territory), territory.code)
    return float(share_population_covered(facts.n_cpts, territories, where_known=where_known)[territory.code])


def members_in(perimeters: Perimeters, territory: Territory) -> pd.DataFrame:
    """Return the rows of the CPTS that have a commune in the territory, those outside it included."""
    table = perimeters.table
    if territory == FRANCE:
        return table
    ids = table.loc[load_gazetteer().holds(territory, table["commune_code"]), "cpts_id"].unique()
    return table[table["cpts_id"].isin(ids)]


def gp_table() -> str:
    """Return the table that gives the GPs of each commune: the RPPS once synced, the BPE before."""
    tables = store.manifest()["tables"]
    return next(name for name in GP_TABLES if name in tables)


def cite_gps() -> str:
    """Name the source of the GPs of each commune."""
    return _cite(gp_table())


def cite_msp() -> str:
    """Name the source of the MSP."""
    return _cite(BPE)


def _cite(table: str) -> str:
    return next(source.citation for source in load_sources().values() if table in source.tables)


@st.cache_resource(show_spinner=False)
def load_zoning() -> pd.DataFrame:
    """Return the zones of the communes and arrondissements (`coverage.cpts.portrait.zoning_by_unit`)."""
    return zoning_by_unit(load_table("zoning"), load_units())


@st.cache_resource(show_spinner=False)
def load_care() -> CareFacts:
    """Return what is known of the care in each commune and arrondissement."""
    return CareFacts(
        apl_by_unit=apl_by_unit(load_table("apl"), load_units(), APL_VINTAGE),
        zone_shares=zone_shares(load_zoning()),
        msp=spread_counts(load_table(BPE).set_index("commune_code")["n_msp"], load_units()),
        gps=spread_counts(_gps(), load_units()),
    )


def _gps() -> pd.Series:
    """Return the GPs of each commune."""
    name = gp_table()
    communes = load_table("communes")
    codes = pd.Index(communes["commune_code"])
    table = load_table(name)
    return bpe_counts(table, codes) if name == BPE else liberal_gps(table, communes, codes)


def _borders(wanted: np.ndarray) -> np.ndarray:
    """Return the pairs of the wanted communes that share a border, as positions in the table of communes."""
    communes = load_table("communes")
    shapes = store.load("commune_geometry").set_index("commune_code")["geometry"]
    places = np.flatnonzero(wanted)
    known = shapes.reindex(communes["commune_code"].iloc[places])
    polygons = shapely.from_wkb(known.where(known.notna(), None).to_numpy(dtype=object))
    return np.asarray(places[shared_borders(polygons)], dtype=np.intp).reshape(-1, 2)
