"""The projection computed once for all readers: the start, the central path, the band and the checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from coverage.gazetteer import Gazetteer, Territory
from coverage.projection import (
    Baseline,
    Projection,
    Scenario,
    assumption_table,
    project,
    project_band,
    published_gaps,
)
from pages.parts.tables import load_table
from reports.projection_start import start_of, synced_table

N_DRAWS: Final = 1000
BAND_MEASURES: Final = (
    "stock", "fte", "gp_per_100k", "departures", "entries", "need_to_find", "left_to_convince",
)  # fmt: skip


@st.cache_resource(show_spinner="Préparation de la projection…")
def load_baseline() -> Baseline:
    """Return the start of the projection, from the tables of the snapshot and those that were synced."""
    return start_of(load_table)


def is_synced(name: str) -> bool:
    """Tell whether a table that only a sync brings is there."""
    return synced_table(load_table, name) is not None


@st.cache_resource(show_spinner=False, max_entries=64)
def central_path(scenario: Scenario) -> Projection:
    """Return the central path of a scenario (about 15 ms)."""
    return project(load_baseline(), scenario)


@st.cache_resource(show_spinner=False, max_entries=24)
def _bands(scenario: Scenario) -> pd.DataFrame:
    band = project_band(load_baseline(), scenario, n_draws=N_DRAWS, measures=BAND_MEASURES)
    return band.set_index(["level", "territory_code", "measure", "year"])[["p10", "p90"]].sort_index()


@st.cache_resource(show_spinner=False)
def load_gaps() -> pd.DataFrame:
    """Return each published figure beside what the model finds."""
    return published_gaps(load_baseline(), load_table("rpps_age"))


@st.cache_resource(show_spinner=False, max_entries=64)
def load_assumptions(scenario: Scenario) -> pd.DataFrame:
    """Return all that a scenario assumes, with unit, source, date and certainty."""
    return assumption_table(load_baseline(), scenario)


@dataclass(frozen=True)
class Outlook:
    """What one scenario brings to one territory.

    Attributes
    ----------
    scenario
        What is assumed.
    territory
        Of which the figures are.
    years
        `coverage.projection.MEASURES` by year, base year first.
    """

    scenario: Scenario
    territory: Territory
    years: pd.DataFrame

    @property
    def start(self) -> pd.Series:
        """Return the measures of the base year."""
        return self.years.iloc[0]

    @property
    def end(self) -> pd.Series:
        """Return the measures of the horizon; flows and needs are cumulated since the base year."""
        return self.years.iloc[-1]

    @property
    def base_year(self) -> int:
        """Return the year of the start."""
        return int(self.years.index[0])

    @property
    def end_year(self) -> int:
        """Return the year of the horizon."""
        return int(self.years.index[-1])

    @property
    def extra_need(self) -> float:
        """Return the GPs asked for by a larger and older population, at the horizon."""
        return float(self.end["extra_need_population"] + self.end["extra_need_ageing"])

    def band(self, measure: str) -> pd.DataFrame:
        """Return the bounds p10 and p90 of a measure by year."""
        bands = _bands(self.scenario)
        return bands.loc[(self.territory.level, self.territory.code, measure)]

    def range_at_end(self, measure: str) -> tuple[float, float]:
        """Return the bounds p10 and p90 of a measure at the horizon."""
        last = self.band(measure).iloc[-1]
        return float(last["p10"]), float(last["p90"])

    def pyramid(self, year: int) -> pd.Series:
        """Return the GPs by age in one year: the base year or the horizon."""
        ages = central_path(self.scenario).ages
        rows = ages[
            (ages["level"] == self.territory.level)
            & (ages["territory_code"] == self.territory.code)
            & (ages["year"] == year)
        ]
        return rows.set_index("age")["n_gp"]


def look_ahead(scenario: Scenario, territory: Territory) -> Outlook:
    """Return what a scenario brings to France, a region or a department.

    Raises
    ------
    coverage.projection.ScenarioError
        When the scenario can't be computed for its territory; the message is in French.
    """
    yearly = central_path(scenario).yearly
    rows = yearly[(yearly["level"] == territory.level) & (yearly["territory_code"] == territory.code)]
    return Outlook(scenario, territory, rows.set_index("year"))


def departements_at_end(scenario: Scenario) -> pd.DataFrame:
    """Return the departments at the horizon (index departement_code): measures, `stock_start`, band of the gap."""
    yearly = central_path(scenario).yearly
    rows = yearly[yearly["level"] == "departement"].set_index("territory_code").sort_index()
    first, last = (rows[rows["year"] == year] for year in (rows["year"].min(), rows["year"].max()))
    band = _bands(scenario).xs(("departement", "left_to_convince", int(rows["year"].max())), level=(0, 2, 3))
    return last.assign(
        stock_start=first["stock"],
        gp_per_100k_start=first["gp_per_100k"],
        extra_need=last["extra_need_population"] + last["extra_need_ageing"],
        left_p10=band["p10"],
        left_p90=band["p90"],
    )


def projected_territory(gazetteer: Gazetteer, territory: Territory) -> Territory:
    """Return the territory that the model knows: the department of a commune or EPCI, otherwise itself."""
    if territory.level in {"commune", "epci"}:
        return next(above for above in gazetteer.containing(territory) if above.level == "departement")
    return territory


def why_unknown(territory: Territory) -> str | None:
    """Return why a department isn't projected, in French; None when it is."""
    unknown: Mapping[str, str] = load_baseline().unknown
    return unknown.get(territory.code) if territory.level == "departement" else None
