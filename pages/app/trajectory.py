"""The growth of the structures, computed once for all readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS
from coverage.indicators.cards.indicator import Indicator
from coverage.indicators.population import OLD_AGE, estimated_share_by_year
from coverage.terms.months import MONTHS
from coverage.territories.aggregation import Territories, departement_units
from coverage.territories.gazetteer import Territory
from coverage.trajectory.growth import Measure
from geo.levels import Level
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer, load_reperes, load_sources, load_table

Shown = Literal["nombre", "pour_100k", "habitants"]


@dataclass(frozen=True)
class ShownMeasure:
    """How a measure is named, printed and coloured."""

    column: Measure
    label: str
    unit: str
    indicator: Indicator


SHOWN: Final[Mapping[Shown, ShownMeasure]] = {
    "nombre": ShownMeasure("n_structures", "Nombre", "MSP", INDICATORS["n_msp_dgos"]),
    "pour_100k": ShownMeasure(
        "per_100k", "Pour 100 000 hab.", "MSP pour 100 000 hab.", INDICATORS["msp_dgos_per_100k"]
    ),
    "habitants": ShownMeasure(
        "population_per_structure", "Habitants par MSP", "habitants par MSP", INDICATORS["population_per_msp_dgos"]
    ),
}


@st.cache_resource(show_spinner=False)
def half_years() -> tuple[pd.Timestamp, ...]:
    """Return the dates of the series, oldest first."""
    return tuple(pd.Timestamp(date) for date in sorted(load_facts().labelled_msp["date"].unique()))


def course_of(territory: Territory) -> pd.DataFrame:
    """Return the series of one territory (index date); of an own one, that of the department or region that it is."""
    territory = load_gazetteer().official(territory)
    table = load_facts().labelled_msp
    rows = table[(table["level"] == territory.level) & (table["territory_code"] == territory.code)]
    return rows.set_index("date")


def target_of(territory: Territory, shown: Shown) -> tuple[pd.Timestamp, float] | None:
    """Return the date and level of a territory's MSP target, in the measure shown; None when it has none."""
    targets = load_table("msp_targets")
    rows = targets[
        (targets["structure_type"] == "msp")
        & (targets["level"] == territory.level)
        & (targets["territory_code"] == territory.code)
    ]
    if rows.empty or pd.isna(rows["target"].iloc[0]):
        return None
    date, target = pd.Timestamp(rows["target_date"].iloc[0]), float(rows["target"].iloc[0])
    population = course_of(territory)["population"].get(date, float("nan"))
    if shown == "nombre":
        return date, target
    return date, target / population * 1e5 if shown == "pour_100k" else population / target if target else float("nan")


@st.cache_resource(show_spinner=False)
def published() -> pd.DataFrame:
    """Return the published figures, with `when` (date to place them, or NaT) and `who` (producer of the source)."""
    table = load_reperes()
    sources = load_sources()
    first = table["date"].str.split("/").str[0]
    # A year alone is placed in its middle: its month isn't known.
    month = first.where(first.str.len() != 4, first + "-07")  # noqa: PLR2004 - "2025"
    when = pd.to_datetime(month, format="%Y-%m", errors="coerce")
    return table.assign(when=when, who=table["source"].map({name: source.producer for name, source in sources.items()}))


def month_key(date: pd.Timestamp) -> str:
    """Return a half-year as it stands in the address: "2022-12"."""
    return f"{date:%Y-%m}"


def date_label(text: str) -> str:
    """Write the date of a published figure as it was published: "2025", "juin 2021", "2023 à 2024", "sans date"."""
    if not text:
        return "sans date"
    parts = [
        f"{MONTHS[int(part[5:7]) - 1]} {part[:4]}" if len(part) > 4 else part  # noqa: PLR2004 - "2025"
        for part in text.split("/")
    ]
    return " à ".join(parts)


@st.cache_resource(show_spinner=False)
def _old_age(level: Level) -> pd.DataFrame:
    departements = Territories.of(departement_units(load_table("communes")), level)
    return estimated_share_by_year(load_table("population_estimates"), OLD_AGE, departements)


def old_age_course(territory: Territory) -> pd.Series:
    """Return the share (0-1) of 75 and over of a department, a region or France at each 1 January, where estimated."""
    territory = load_gazetteer().official(territory)
    shares = _old_age(territory.level).loc[territory.code]
    return shares.set_axis([pd.Timestamp(year, 1, 1) for year in shares.index]).dropna()
