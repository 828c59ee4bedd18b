"""The growth of the structures, computed once for all readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS
from coverage.definitions.indicator import Indicator
from coverage.gazetteer import Territory
from coverage.trajectory import Measure, population_by_year, trajectory
from data.reperes import load_reperes
from pages.parts.numbers import MONTHS
from pages.parts.tables import load_sources, load_table
from pages.parts.trajectory_state import Shown

POPULATION_YEAR: Final = 2023
"""Vintage of the municipal populations of the geography (see the catalogue of sources)."""


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
def load_trajectory() -> pd.DataFrame:
    """Return the MSP of departments, regions and France by half-year (see `coverage.trajectory.trajectory`)."""
    series = load_table("msp_series")
    return trajectory(series[series["structure_type"] == "msp"], _populations())


@st.cache_resource(show_spinner=False)
def _populations() -> pd.DataFrame:
    return population_by_year(load_table("communes"), load_table("population_series"), POPULATION_YEAR)


@st.cache_resource(show_spinner=False)
def half_years() -> tuple[pd.Timestamp, ...]:
    """Return the dates of the series, oldest first."""
    return tuple(pd.Timestamp(date) for date in sorted(load_trajectory()["date"].unique()))


def course_of(territory: Territory) -> pd.DataFrame:
    """Return the series of one territory (index date)."""
    table = load_trajectory()
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
    """Return the published figures, with `when` (a date to place them) and `who` (producer of the source)."""
    table = load_reperes()
    sources = load_sources()
    first = table["date"].str.split("/").str[0]
    # A year alone is placed in its middle: its month isn't known.
    when = pd.to_datetime(first.where(first.str.len() > 4, first + "-07"), format="%Y-%m")  # noqa: PLR2004 - "2025"
    return table.assign(when=when, who=table["source"].map({name: source.producer for name, source in sources.items()}))


def month_key(date: pd.Timestamp) -> str:
    """Return a half-year as it stands in the address: "2022-12"."""
    return f"{date:%Y-%m}"


def month_label(date: pd.Timestamp) -> str:
    """Write a half-year: "décembre 2022"."""
    return f"{MONTHS[date.month - 1]} {date.year}"


def date_label(text: str) -> str:
    """Write the date of a published figure as it was published: "2025", "juin 2021", "2023 à 2024"."""
    parts = [
        f"{MONTHS[int(part[5:7]) - 1]} {part[:4]}" if len(part) > 4 else part  # noqa: PLR2004 - "2025"
        for part in text.split("/")
    ]
    return " à ".join(parts)
