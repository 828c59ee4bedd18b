"""The figures of the follow-up of a programme of MSP, computed once for all readers of the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.indicators.apl_summary import apl_by_commune, apl_by_zoned_part
from coverage.indicators.cards import INDICATORS
from coverage.indicators.cards.access import AplSeries
from coverage.indicators.traits import RURAL_LEVELS
from coverage.indicators.zones import ZONES
from coverage.programme.measures import (
    ALL,
    WITH,
    WITHOUT,
    apl_change_by_group,
    msp_presence,
    reach_by_group,
)
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import BELOW_DEPARTEMENT, Level
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer, load_table, people_by_cell
from pages.app.trajectory import half_years

VINTAGES: Final = (2022, 2023)
BELOW: Final[dict[Level, Level]] = {
    "france": "region",
    "region": "departement",
    "departement": "epci",
    **dict.fromkeys(BELOW_DEPARTEMENT, "commune"),
}
PRESENCE_LABELS: Final = {
    WITH: "Avec MSP (1er janvier 2024)",
    WITHOUT: "Sans MSP (1er janvier 2024)",
}
ZONE_LABELS: Final = {zone: "Hors zonage" if zone == "HZ" else zone for zone in ZONES}
UNKNOWN_ZONE: Final = "Zone inconnue"
DENSITY_LABELS: Final = dict(INDICATORS["density_level"].categories)
RURAL_LABEL: Final = "Ensemble du rural"
QUARTER_LABELS: Final = {True: "Communes avec QPV", False: "Communes sans QPV"}
ALL_LABEL: Final = "Ensemble"


@st.cache_resource(show_spinner=False)
def _apl(vintage: int, *, by_part: bool) -> pd.DataFrame:
    if by_part:
        return apl_by_zoned_part(load_table("apl"), load_table("zoning"), vintage)
    return apl_by_commune(load_table("apl"), vintage)


@st.cache_resource(show_spinner=False)
def _traits() -> pd.DataFrame:
    """Return what each commune is put in a group by (MSP, density, rural, QPV), missing where unknown."""
    figures = level_table("commune").reindex(load_table("communes")["commune_code"])
    counts, density, quarters = figures["n_msp"], figures["density_level"], figures["n_qpv"]
    return pd.DataFrame(
        {
            "covered": counts.notna(),
            "presence": msp_presence(counts).map(PRESENCE_LABELS),
            "density": density.map(DENSITY_LABELS),
            "rural": density.isin(RURAL_LEVELS).map({True: RURAL_LABEL}),
            "quarters": (quarters > 0).map(QUARTER_LABELS).where(quarters.notna()),
        }
    )


@st.cache_resource(show_spinner=False)
def _zoned_parts() -> pd.DataFrame:
    """Return what the ARS zones: commune_code, zone, population, share, minutes, covered, presence; index part_code.

    A part whose inhabitants no source gives is in no zone here.
    """
    parts = load_table("zoning").set_index("part_code")
    home = parts["commune_code"]
    figures = level_table("commune")
    traits = _traits()
    return pd.DataFrame(
        {
            "commune_code": home,
            "zone": parts["zone"].where(parts["share"].notna()).map(ZONE_LABELS),
            "population": home.map(figures["population"]) * parts["share"],
            "share": parts["share"],
            "minutes": home.map(figures["nearest_msp_min"]),
            "covered": home.map(traits["covered"]),
            "presence": home.map(traits["presence"]),
        }
    )


def traits_in(gazetteer: Gazetteer, territory: Territory) -> pd.DataFrame:
    """Return the traits of the communes of a territory."""
    return _traits()[gazetteer.mask(territory)]


def _parts_in(gazetteer: Gazetteer, territory: Territory) -> pd.DataFrame:
    parts = _zoned_parts()
    return parts[gazetteer.holds(territory, parts["commune_code"])]


def _reach_of_parts(parts: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    people = pd.DataFrame({"commune_code": parts.index, "population": parts["population"].to_numpy()})
    cells = people_by_cell("msp")
    if cells is not None:
        home = cells.reindex(parts["commune_code"]).set_index(parts.index)
        cells = home.mul(parts["share"], axis="index")
    return reach_by_group(parts["minutes"], groups, people, by_cell=cells)


def knows_msp(gazetteer: Gazetteer, territory: Territory) -> bool:
    """Tell whether the MSP of some part of the territory are known."""
    return bool(traits_in(gazetteer, territory)["covered"].any())


@st.cache_resource(show_spinner=False, max_entries=64)
def apl_changes(territory: Territory, series: AplSeries) -> dict[str, pd.DataFrame]:
    """Compare the APL of the two vintages in a territory, by presence of an MSP, zone, both, density and QPV.

    Returns
    -------
    dict of DataFrame
        "presence" and "both" (communes whose MSP are known), "zone" (all, the unknown zone a group of its own, so that
        the whole is the published mean): results of `coverage.programme.measures.apl_change_by_group`, the whole under
        `ALL_LABEL`. By zone, Paris, Lyon and Marseille count by arrondissement. "density" (levels of INSEE's grid, in
        its order) and "quarters" (communes with a QPV and without): all communes.
    """
    gazetteer = load_gazetteer()
    traits, parts = traits_in(gazetteer, territory), _parts_in(gazetteer, territory)
    both = parts["zone"] + " · " + parts["presence"]
    zones = parts["zone"].fillna(UNKNOWN_ZONE)
    cuts = {
        "presence": (traits["presence"], False),
        "zone": (zones, True),
        "both": (both, True),
        "density": (traits["density"], False),
        "quarters": (traits["quarters"], False),
    }
    tables = {}
    for name, (groups, by_part) in cuts.items():
        before, after = (_apl(vintage, by_part=by_part) for vintage in VINTAGES)
        tables[name] = _name_whole(apl_change_by_group(before, after, groups, series=series))
    orders = {"zone": (*ZONE_LABELS.values(), UNKNOWN_ZONE), "density": tuple(DENSITY_LABELS.values())}
    return tables | {name: _in_order(tables[name], (*order, ALL_LABEL)) for name, order in orders.items()}


@st.cache_resource(show_spinner=False, max_entries=64)
def reaches(territory: Territory) -> pd.DataFrame:
    """Return who has an MSP in reach in a territory: everyone, by zone, by density, in rural communes, by QPV.

    Returns
    -------
    pandas.DataFrame
        Index: name of the group; columns of `measures.reach_by_group`. Communes whose MSP are known only.
    """
    gazetteer = load_gazetteer()
    traits, parts = (
        table[table["covered"]] for table in (traits_in(gazetteer, territory), _parts_in(gazetteer, territory))
    )
    minutes, communes = level_table("commune")["nearest_msp_min"], load_table("communes")
    cells = people_by_cell("msp")

    def by(trait: str, *order: str) -> pd.DataFrame:
        return _in_order(_name_whole(reach_by_group(minutes, traits[trait], communes, by_cell=cells)), order)

    return pd.concat(
        [
            by("covered", ALL_LABEL),
            _in_order(_reach_of_parts(parts, parts["zone"]), ZONE_LABELS.values()),
            by("density", *DENSITY_LABELS.values()),
            by("rural", RURAL_LABEL),
            by("quarters", *QUARTER_LABELS.values()),
        ]
    )


def _in_order(table: pd.DataFrame, order: Iterable[str]) -> pd.DataFrame:
    return table.loc[[label for label in order if label in table.index]]


@st.cache_resource(show_spinner=False, max_entries=32)
def reach_by_part(territory: Territory, level: Level) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who has an MSP in reach in each part of a territory: everyone, then the inhabitants of ZIP.

    Returns
    -------
    tuple of DataFrame
        Results of `measures.reach_by_group`, index: code of the part; parts without a ZIP are absent from the
        second.
    """
    gazetteer = load_gazetteer()
    parts = gazetteer.communes.set_index("commune_code", drop=False)[f"{level}_code"][gazetteer.mask(territory)]
    minutes, communes = level_table("commune")["nearest_msp_min"], load_table("communes")
    in_zip = _parts_in(gazetteer, territory).query(f"zone == '{ZONE_LABELS['ZIP']}'")
    return (
        reach_by_group(minutes, parts, communes, by_cell=people_by_cell("msp")).drop(ALL),
        _reach_of_parts(in_zip, in_zip["commune_code"].map(parts)).drop(ALL),
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def population_per_msp(territories: tuple[Territory, ...]) -> pd.DataFrame:
    """Return the labelled MSP and the inhabitants per MSP of some territories at the first and last half-year.

    Returns
    -------
    pandas.DataFrame
        One row a territory, in order: n_first, n_last (MSP), per_first, per_last (inhabitants per MSP, NaN where there
        is none), change (relative: -0.1 is 10 % fewer inhabitants per MSP).
    """
    table = load_facts().labelled_msp.set_index(["level", "territory_code", "date"])
    first, last = half_years()[0], half_years()[-1]
    rows = []
    for territory in territories:
        keys = [(territory.level, territory.code, date) for date in (first, last)]
        counts = [table["n_structures"].get(key, np.nan) for key in keys]
        per = [table["population_per_structure"].get(key, np.nan) for key in keys]
        rows.append([*counts, *per, per[1] / per[0] - 1.0])
    return pd.DataFrame(rows, columns=["n_first", "n_last", "per_first", "per_last", "change"], index=list(territories))


def _name_whole(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(index={ALL: ALL_LABEL})
