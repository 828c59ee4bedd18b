"""What the funding page reads: rules of the day, population of a place, projects and perimeters of the reader."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from coverage.funding import CptsRules, MspRules, read_cpts_rules, read_msp_rules
from coverage.gazetteer import FRANCE, Gazetteer, Territory
from data import funding_rules
from pages.parts.cpts_lists import available
from pages.parts.exports_studio import today
from pages.parts.own_projects import load_projects
from pages.parts.tables import load_table


@st.cache_resource(show_spinner=False)
def _msp_rules(edition: str | None, on: dt.date) -> MspRules:
    return read_msp_rules(funding_rules.load_rules("msp", on=on, edition=edition))


@st.cache_resource(show_spinner=False)
def _cpts_rules(on: dt.date) -> CptsRules:
    return read_cpts_rules(funding_rules.load_rules("cpts", on=on))


@st.cache_resource(show_spinner=False)
def load_zone_aids() -> Sequence[Mapping[str, Any]]:
    """Return the aids tied to a zone, as the file gives them: links and who pays, never amounts."""
    return funding_rules.load_zone_aids()


def load_msp_rules(edition: str | None = None) -> MspRules:
    """Return an edition of the rules of an MSP in force today, the last one by default.

    Raises
    ------
    data.funding_rules.FundingRulesError
        The edition is unknown or not yet in force; the known ones are listed.
    """
    return _msp_rules(edition, today())


def load_cpts_rules() -> CptsRules:
    """Return the rules of a CPTS in force today."""
    return _cpts_rules(today())


def msp_editions() -> list[str]:
    """Return the editions in force today, the oldest first."""
    editions = funding_rules.load_editions("msp")
    return [name for name, rules in editions.items() if rules["valid_from"] <= today()]


def population_of(gazetteer: Gazetteer, territory: Territory) -> float:
    """Return the inhabitants of a territory; NaN for the whole country, which is nobody's catchment, or unknown."""
    if territory == FRANCE:
        return math.nan
    return float(gazetteer.communes.loc[gazetteer.mask(territory), "population"].sum(min_count=1))


def zone_of(territory: Territory) -> str | None:
    """Return the zone of a commune by the ARS ("ZIP", "ZAC", "ZAR", "HZ"); None elsewhere or when it is unknown."""
    if territory.level != "commune":
        return None
    zoning = load_table("zoning")
    zones = zoning.loc[zoning["commune_code"] == territory.code, "zone"].dropna()
    return str(zones.iloc[0]) if len(zones) else None


@dataclass(frozen=True)
class Perimeter:
    """A CPTS known by its list of communes.

    Attributes
    ----------
    population
        Inhabitants of its communes; NaN when none is known.
    n_unknown
        Communes of the list whose population isn't known today: they aren't counted.
    citation
        Source of the list in a few French words.
    """

    name: str
    population: float
    n_communes: int
    n_unknown: int
    citation: str


def load_perimeters() -> dict[str, Perimeter]:
    """Return the perimeters of CPTS by id, the reader's own list before what was synced; empty when there are none."""
    population = load_table("communes").set_index("commune_code")["population"]
    found: dict[str, Perimeter] = {}
    for perimeters in available().values():
        rows = perimeters.table.assign(population=perimeters.table["commune_code"].map(population))
        for cpts_id, group in rows.sort_values("name").groupby("cpts_id", sort=False):
            found.setdefault(
                str(cpts_id),
                Perimeter(
                    str(group["name"].iloc[0]),
                    float(group["population"].sum(min_count=1)),
                    len(group),
                    int(group["population"].isna().sum()),
                    perimeters.citation,
                ),
            )
    return found


def load_own_projects() -> pd.DataFrame:
    """Return the reader's projects of MSP, by name; empty when there are none."""
    projects = load_projects()
    chosen = projects[(projects["structure_type"] == "msp") & ~projects["abandoned"].astype(bool)]
    return chosen.sort_values("name").reset_index(drop=True)
