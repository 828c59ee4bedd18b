"""The figures of the follow-up of a programme of MSP, computed once for all readers of the server."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.apl_summary import apl_by_commune
from coverage.gazetteer import Gazetteer, Level, Territory
from coverage.programme import (
    ALL,
    SINCE,
    TOWN_SIZES,
    WITH,
    WITHOUT,
    apl_change_by_group,
    msp_presence,
    reach_by_group,
    town_size,
)
from coverage.structures import covered_communes
from coverage.zones import ZONES
from pages.parts.programme_state import Series
from pages.parts.tables import covered_regions, level_table, load_gazetteer, load_table
from pages.parts.trajectory_data import half_years, load_trajectory

VINTAGES: Final = (2022, 2023)
OPENED_BEFORE: Final = pd.Timestamp("2022-01-01")
"""An MSP opened before that day stood there during both years of the APL."""

BELOW: Final[dict[Level, Level]] = {
    "france": "region",
    "region": "departement",
    "departement": "epci",
    "epci": "commune",
    "commune": "commune",
}
PRESENCE_LABELS: Final = {
    WITH: "MSP ouverte avant 2022",
    SINCE: "MSP ouverte depuis 2022",
    WITHOUT: "Sans MSP",
}
ZONE_LABELS: Final = {zone: "Hors zonage" if zone == "HZ" else zone for zone in ZONES}
SIZE_LABELS: Final = dict(
    zip(
        TOWN_SIZES,
        ("Petites communes (< 2 000 hab.)", "Communes de 2 000 à 9 999 hab.", "Communes de 10 000 hab. ou plus"),
        strict=True,
    )
)
ALL_LABEL: Final = "Ensemble"


@st.cache_resource(show_spinner=False)
def _apl(vintage: int) -> pd.DataFrame:
    return apl_by_commune(load_table("apl"), vintage)


@st.cache_resource(show_spinner=False)
def _traits() -> pd.DataFrame:
    """Return what each commune is put in a group by: MSP, zone, size; index commune_code; missing where unknown."""
    communes = load_table("communes")
    covered = covered_communes(communes, covered_regions())
    presence = msp_presence(load_table("structures"), covered, OPENED_BEFORE)
    zones = load_table("zoning").set_index("commune_code")["zone"].reindex(presence.index)
    size = town_size(communes.set_index("commune_code")["population"])
    return pd.DataFrame(
        {
            "covered": covered,
            "presence": presence.map(PRESENCE_LABELS),
            "zone": zones.map(ZONE_LABELS),
            "size": size.map(SIZE_LABELS),
        }
    )


def traits_in(gazetteer: Gazetteer, territory: Territory) -> pd.DataFrame:
    """Return the traits of the communes of a territory."""
    return _traits()[gazetteer.mask(territory)]


def knows_msp(gazetteer: Gazetteer, territory: Territory) -> bool:
    """Tell whether the MSP of some part of the territory are loaded."""
    return bool(traits_in(gazetteer, territory)["covered"].any())


@st.cache_resource(show_spinner=False, max_entries=64)
def apl_changes(territory: Territory, series: Series) -> dict[str, pd.DataFrame]:
    """Compare the APL of the two vintages in a territory, by presence of an MSP, by zone, and by both.

    Returns
    -------
    dict of DataFrame
        "presence" and "both" (communes whose MSP are known), "zone" (all those whose zone is): results of
        `coverage.programme.apl_change_by_group`, the whole under `ALL_LABEL`.
    """
    traits = traits_in(load_gazetteer(), territory)
    both = traits["zone"] + " · " + traits["presence"]
    before, after = (_apl(vintage) for vintage in VINTAGES)
    tables = {
        name: _name_whole(apl_change_by_group(before, after, groups, series=series))
        for name, groups in {"presence": traits["presence"], "zone": traits["zone"], "both": both}.items()
    }
    order = [label for label in (*ZONE_LABELS.values(), ALL_LABEL) if label in tables["zone"].index]
    return tables | {"zone": tables["zone"].loc[order]}


@st.cache_resource(show_spinner=False, max_entries=64)
def reaches(territory: Territory) -> pd.DataFrame:
    """Return who has an MSP in reach in a territory: everyone, then by zone, then by size of commune.

    Returns
    -------
    pandas.DataFrame
        Index: name of the group; columns of `coverage.programme.reach_by_group`. Communes whose MSP are known only.
    """
    traits = traits_in(load_gazetteer(), territory)
    traits = traits[traits["covered"]]
    minutes, communes = level_table("commune")["nearest_msp_min"], load_table("communes")
    by_zone = _name_whole(reach_by_group(minutes, traits["zone"], communes))
    by_size = _name_whole(reach_by_group(minutes, traits["size"], communes))
    zones = [label for label in ZONE_LABELS.values() if label in by_zone.index]
    sizes = [label for label in SIZE_LABELS.values() if label in by_size.index]
    return pd.concat([by_size.loc[[ALL_LABEL]], by_zone.loc[zones], by_size.loc[sizes]])


@st.cache_resource(show_spinner=False, max_entries=32)
def reach_by_part(territory: Territory, level: Level) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who has an MSP in reach in each part of a territory: everyone, then the inhabitants of ZIP.

    Returns
    -------
    tuple of DataFrame
        Results of `coverage.programme.reach_by_group`, index: code of the part; parts without a ZIP are absent from the
        second.
    """
    gazetteer = load_gazetteer()
    parts = gazetteer.communes.set_index("commune_code", drop=False)[f"{level}_code"][gazetteer.mask(territory)]
    minutes, communes = level_table("commune")["nearest_msp_min"], load_table("communes")
    zip_only = parts[(traits_in(gazetteer, territory)["zone"] == ZONE_LABELS["ZIP"]).to_numpy()]
    everyone, in_zip = (reach_by_group(minutes, groups, communes).drop(ALL) for groups in (parts, zip_only))
    return everyone, in_zip


@st.cache_resource(show_spinner=False, max_entries=32)
def population_per_msp(territories: tuple[Territory, ...]) -> pd.DataFrame:
    """Return the labelled MSP and the inhabitants per MSP of some territories at the first and last half-year.

    Returns
    -------
    pandas.DataFrame
        One row a territory, in order: n_first, n_last (MSP), per_first, per_last (inhabitants per MSP, NaN where there
        is none), change (relative: -0.1 is 10 % fewer inhabitants per MSP).
    """
    table = load_trajectory().set_index(["level", "territory_code", "date"])
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
