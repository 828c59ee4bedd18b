"""What the funding page reads: rules of the day, population of a place, projects and perimeters of the reader."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.cpts.perimeters import cpts_population
from coverage.funding import CptsRules, MspRules, read_cpts_rules, read_msp_rules
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from data.funding import rules as funding_rules
from geo.levels import MADE_OF_COMMUNES
from pages.app.facts import load_facts
from pages.app.perimeters import Perimeters, available
from pages.app.projects import load_projects
from pages.app.tables import load_reperes, load_sources, load_units
from pages.app.trajectory import date_label
from pages.widgets.exports.studio import today
from pages.widgets.published import CERTAINTIES

MEAN_PAID: Final = "aci_mean_eur"
"""The published figure that a result is set beside."""
MOST_TO_START: Final = 30_000
"""Beyond so many inhabitants, an ordinary team of ten would have more patients than the page believes."""


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


@st.cache_resource(show_spinner=False)
def load_project_aids() -> Sequence[Mapping[str, Any]]:
    """Return the aids of a project in the order of its life, as the file gives them: never amounts."""
    return funding_rules.load_project_aids()


def load_msp_rules(edition: str | None = None) -> MspRules:
    """Return an edition of the rules of an MSP, by default that of the last document dated by today.

    Raises
    ------
    data.funding.rules.FundingRulesError
        The edition is unknown or of a later document; the known ones are listed.
    """
    return _msp_rules(edition, today())


def load_cpts_rules() -> CptsRules:
    """Return the rules of a CPTS of the last document dated by today."""
    return _cpts_rules(today())


def msp_editions() -> list[str]:
    """Return the editions whose document is dated by today, the oldest first."""
    editions = funding_rules.load_editions("msp")
    return [name for name, rules in editions.items() if funding_rules.first_day(rules["document_date"]) <= today()]


def mean_paid() -> tuple[float, str]:
    """Return the mean that an MSP was paid (euros a year), and what it is, of when and from whom, in French."""
    table = load_reperes()
    row = table[table["indicator"] == MEAN_PAID].sort_values("date").iloc[-1]
    about = f"{row['label'][0].lower()}{row['label'][1:]}, {date_label(row['date'])}"
    return float(row["value"]), f"{about} ({load_sources()[row['source']].citation} ; {CERTAINTIES[row['certainty']]})"


def population_of(gazetteer: Gazetteer, territory: Territory) -> float:
    """Return the inhabitants of a territory; NaN for the whole country, which is nobody's catchment, or unknown."""
    if territory == FRANCE:
        return math.nan
    return float(gazetteer.communes.loc[gazetteer.mask(territory), "population"].sum(min_count=1))


def patients_of(gazetteer: Gazetteer, territory: Territory) -> int | None:
    """Return the inhabitants of a place that one team may serve, to start from; None of a larger place, or unknown."""
    population = population_of(gazetteer, territory)
    is_small = territory.level == "commune" or territory.level in MADE_OF_COMMUNES
    return int(population) if is_small and population <= MOST_TO_START else None


def zone_of(territory: Territory) -> str | None:
    """Return the zone of a commune by the ARS (`indicators.zones`, `SEVERAL` too); None elsewhere or when unknown."""
    if territory.level != "commune":
        return None
    zone = load_facts().value("zone", territory)
    return zone if isinstance(zone, str) else None


@dataclass(frozen=True)
class Perimeter:
    """A CPTS known by its list of communes.

    Attributes
    ----------
    population
        Inhabitants of its communes and arrondissements; NaN when those of one are unknown.
    citation
        Source of the list in a few French words.
    origin
        The perimeters that it is one of.
    """

    name: str
    population: float
    n_communes: int
    citation: str
    origin: Perimeters


def load_perimeters() -> dict[str, Perimeter]:
    """Return the perimeters of CPTS by id, the reader's own list before what was synced; empty when there are none."""
    units = load_units()
    found: dict[str, Perimeter] = {}
    for perimeters in available().values():
        people = cpts_population(perimeters.table, units)
        for cpts_id, group in perimeters.table.sort_values("name").groupby("cpts_id", sort=False):
            found.setdefault(
                str(cpts_id),
                Perimeter(
                    str(group["name"].iloc[0]),
                    float(people[cpts_id]),
                    group["commune_code"].nunique(),
                    perimeters.citation,
                    perimeters,
                ),
            )
    return found


def load_own_projects() -> pd.DataFrame:
    """Return the reader's projects of MSP, by name; empty when there are none."""
    projects = load_projects()
    chosen = projects[(projects["structure_type"] == "msp") & ~projects["abandoned"].astype(bool)]
    return chosen.sort_values("name").reset_index(drop=True)
