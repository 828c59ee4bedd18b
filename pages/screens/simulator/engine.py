"""The access engine as the simulator uses it: prepared once for all readers, a scenario answered in a moment."""

from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from coverage.access.apl_model import AplModel, apl_by_commune, apl_model
from coverage.indicators.practitioners_communes import bpe_counts
from coverage.simulator.scenario import Outcome, outcome_by_level, outcome_of, run_scenario
from coverage.simulator.scenario_file import SavedScenario, write_scenario
from coverage.simulator.supply_change import Baseline, Change, Opening, RetirementOver65
from coverage.territories.aggregation import Territories
from coverage.territories.gazetteer import Territory
from data import store
from data.cache import cache_folder
from geo.levels import OWN
from pages.app.tables import load_gazetteer, load_table
from pages.app.travel_times import load_times
from pages.screens.simulator.supply import SupplyTask

VINTAGE: Final = 2023


@dataclass(frozen=True, eq=False)
class Result:
    """What a scenario does, and which of its changes are not counted in it.

    Attributes
    ----------
    outcome
        Of the changes that could be counted.
    counted
        These changes, as `by_level` asks for them.
    waiting
        Changes that need the estimated supply while it is being computed.
    idle
        Departures of GPs over 65 in the series that doesn't count these GPs: they change nothing there.
    """

    outcome: Outcome
    counted: SavedScenario
    waiting: tuple[Change, ...]
    idle: tuple[Change, ...]


@st.cache_resource(show_spinner=False)
def published_apl() -> pd.DataFrame:
    """Return the published APL by current commune: apl, apl_65, populations; index commune_code."""
    return apl_by_commune(load_table("apl"), VINTAGE)


@st.cache_resource(show_spinner="Préparation du simulateur…")
def load_model() -> AplModel:
    """Return demand and weights of the APL."""
    return apl_model(load_times(), published_apl()["population_standardised"], load_table("apl_parameters"))


def can_open(commune_code: str) -> bool:
    """Tell whether an opening can be simulated there: someone of known demand is in reach (nobody in Mayotte)."""
    model = load_model()
    return bool(model.demand_in_reach[load_times().positions[commune_code]] > 0)


@st.cache_resource(show_spinner=False)
def supply_task() -> SupplyTask:
    """Return the estimate of the supply, started at the first call."""
    codes = pd.Index(load_table("communes")["commune_code"], name="commune_code")
    has_counts = "bpe_communes" in store.manifest()["tables"]
    n_gp = bpe_counts(load_table("bpe_communes"), codes) if has_counts else pd.Series(float("nan"), index=codes)
    return SupplyTask(load_times(), published_apl(), load_table("apl_parameters"), n_gp, cache_folder())


def series_column(series: str) -> str:
    """Return the column of the published table that a series is: "apl" or "apl_65"."""
    return series.removesuffix(f"_{VINTAGE}")


def supply_acts(series: str) -> pd.Series | None:
    """Return the estimated acts a year of each commune in a series; None while they are not known."""
    supply = supply_task().supply
    if supply is None:
        return None
    return supply.acts if series_column(series) == "apl" else supply.acts_65


def answer(scenario: SavedScenario) -> Result:
    """Recompute the APL of every commune under a scenario.

    Raises
    ------
    coverage.simulator.supply_change.ScenarioError
        A change can't be applied; the message is in French.
    """
    idle = tuple(
        change
        for change in scenario.changes
        if isinstance(change, RetirementOver65) and series_column(scenario.series) != "apl"
    )
    active = [change for change in scenario.changes if change not in idle]
    ready = supply_task().supply is not None
    waiting = () if ready else tuple(change for change in active if not isinstance(change, Opening))
    # Under one name: two scenarios that only differ by theirs have one outcome.
    counted = SavedScenario("-", scenario.series, tuple(change for change in active if change not in waiting))
    return Result(_outcome(counted), counted, waiting, idle)


@st.cache_resource(show_spinner=False, max_entries=12, hash_funcs={SavedScenario: write_scenario})
def _outcome(scenario: SavedScenario) -> Outcome:
    supply = supply_task().supply
    baseline = Baseline(
        model=load_model(),
        apl_table=published_apl(),
        communes=load_table("communes"),
        supply_acts=supply_acts(scenario.series),
        supply_over_65_acts=None if supply is None else supply.acts_over_65,
        series=series_column(scenario.series),
    )
    return run_scenario(scenario.changes, baseline)


@st.cache_resource(show_spinner=False, max_entries=48, hash_funcs={SavedScenario: write_scenario})
def by_level(counted: SavedScenario, level: str) -> pd.DataFrame:
    """Return the counted changes of a result by territory of a level (`scenario.outcome_by_level`)."""
    return outcome_by_level(_outcome(counted), load_table("communes"), level)


def outcome_in(counted: SavedScenario, territory: Territory) -> pd.Series:
    """Return the counted changes of a result in one territory, an own one too: a row of `by_level`."""
    if territory.level != OWN:
        return by_level(counted, territory.level).loc[territory.code]
    mine = Territories.of_own(load_table("communes"), load_gazetteer().mask(territory), territory.code)
    return outcome_of(_outcome(counted), mine).loc[territory.code]
