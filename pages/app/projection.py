"""The projection computed once for all readers: the start, the central path, the band and the checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.projection import (
    EXTRA_NEEDS,
    PRESETS,
    BackTest,
    Baseline,
    Projection,
    Scenario,
    Uncertainty,
    arrivals_margin,
    assumption_table,
    project,
    project_band,
    published_gaps,
    run_backtest,
    steps_between,
)
from coverage.projection.backtest import CHOSEN_SD_LOG_ENTRIES, CHOSEN_SD_LOG_ENTRIES_DEPARTEMENT
from coverage.projection.share import (
    departement_shares,
    share_of_ages,
    share_of_band,
    share_of_margin,
    share_of_path,
)
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import BELOW_DEPARTEMENT, OWN
from pages.app.tables import load_gazetteer, load_table, tables_in_use
from reports.figures.numbers import format_share
from reports.projection.start import start_of

N_DRAWS: Final = 1000
MOST_TOLD: Final = 4
BAND_MEASURES: Final = (
    "stock", "fte", "gp_per_100k", "departures", "entries", "need_to_find", "left_to_convince",
)  # fmt: skip

_BY_VALUES: Final[dict[type | str, Callable[[Any], Any]]] = {Scenario: repr}
"""Streamlit takes a millisecond to know twenty fields one by one."""


@st.cache_resource(show_spinner="Préparation de la projection…")
def load_baseline() -> Baseline:
    """Return the start of the projection, from the tables of the snapshot and those that were synced."""
    return start_of(load_table)


def is_synced(name: str) -> bool:
    """Tell whether a table that only a sync brings is there."""
    return name in tables_in_use()


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_VALUES)
def central_path(scenario: Scenario) -> Projection:
    """Return the central path of a scenario (about 15 ms)."""
    return project(load_baseline(), scenario)


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs=_BY_VALUES)
def _bands(scenario: Scenario) -> pd.DataFrame:
    band = project_band(load_baseline(), scenario, n_draws=N_DRAWS, measures=BAND_MEASURES)
    return band.set_index(["level", "territory_code", "measure", "year"])[["p10", "p90"]].sort_index()


@st.cache_resource(show_spinner=False)
def load_gaps() -> pd.DataFrame:
    """Return each published figure beside what the model finds."""
    return published_gaps(load_baseline())


@st.cache_resource(show_spinner=False)
def load_backtests() -> tuple[BackTest, BackTest]:
    """Return the back-test with the dispersions chosen before it, and with those that it led to."""
    tables = {name: load_table(name) for name in ("rpps_age", "rpps_departements", "departements")}
    chosen = Uncertainty(log_entries=CHOSEN_SD_LOG_ENTRIES, log_entries_departement=CHOSEN_SD_LOG_ENTRIES_DEPARTEMENT)
    return run_backtest(**tables, uncertainty=chosen), run_backtest(**tables)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_VALUES)
def _margins(scenario: Scenario) -> pd.DataFrame:
    return arrivals_margin(load_baseline(), scenario).set_index(["level", "territory_code"])


@st.cache_resource(show_spinner=False, max_entries=64)
def steps_to_preset(name: str, horizon_years: int, territory: Territory) -> dict[str, float]:
    """Return what each parameter of a preset adds to what the trend leaves to convince, see `steps_between`."""
    first, last = (PRESETS[preset].with_changes(horizon_years=horizon_years) for preset in ("tendance", name))
    return steps_between(load_baseline(), first, last, territory.level, territory.code)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_VALUES)
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

    @property
    def arrivals_margin(self) -> float:
        """Return the relative rise of the arrivals that leaves nobody to convince; NaN where nobody arrives."""
        if self.territory.level == OWN:
            return share_of_margin(_margins(self.scenario), shares_of(self.territory))
        return float(_margins(self.scenario).loc[(self.territory.level, self.territory.code), "margin"])

    def band(self, measure: str) -> pd.DataFrame:
        """Return the bounds p10 and p90 of a measure by year."""
        if self.territory.level == OWN:
            return _own_band(self.scenario, self.territory).loc[measure]
        bands = _bands(self.scenario)
        return bands.loc[(self.territory.level, self.territory.code, measure)]

    def range_at_end(self, measure: str) -> tuple[float, float]:
        """Return the bounds p10 and p90 of a measure at the horizon."""
        last = self.band(measure).iloc[-1]
        return float(last["p10"]), float(last["p90"])

    def pyramid(self, year: int) -> pd.Series:
        """Return the GPs by age in one year: the base year or the horizon."""
        ages = central_path(self.scenario).ages
        if self.territory.level == OWN:
            return share_of_ages(ages, shares_of(self.territory), year)
        rows = ages[
            (ages["level"] == self.territory.level)
            & (ages["territory_code"] == self.territory.code)
            & (ages["year"] == year)
        ]
        return rows.set_index("age")["n_gp"]


def look_ahead(scenario: Scenario, territory: Territory) -> Outlook:
    """Return what a scenario brings to France, a region or a department; to an own territory, its part of departments.

    Raises
    ------
    coverage.projection.ScenarioError
        When the scenario can't be computed for its territory; the message is in French.
    """
    yearly = central_path(scenario).yearly
    if territory.level == OWN:
        return Outlook(scenario, territory, share_of_path(yearly, shares_of(territory)))
    rows = yearly[(yearly["level"] == territory.level) & (yearly["territory_code"] == territory.code)]
    return Outlook(scenario, territory, rows.set_index("year"))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_VALUES)
def departements_at_end(scenario: Scenario) -> pd.DataFrame:
    """Return the departments at the horizon (index departement_code): measures, `stock_start`, band of the gap.

    The table is shared by all readers and must not be changed.
    """
    yearly = central_path(scenario).yearly
    rows = yearly[yearly["level"] == "departement"].set_index("territory_code").sort_index()
    first, last = (rows[rows["year"] == year] for year in (rows["year"].min(), rows["year"].max()))
    band = _bands(scenario).xs(("departement", "left_to_convince", int(rows["year"].max())), level=(0, 2, 3))
    return last.assign(
        stock_start=first["stock"],
        gp_per_100k_start=first["gp_per_100k"],
        extra_need=last[list(EXTRA_NEEDS)].sum(axis=1, skipna=False),
        left_p10=band["p10"],
        left_p90=band["p90"],
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def shares_of(own: Territory) -> pd.Series:
    """Return the part (0-1) of the people of each department that an own territory holds."""
    return departement_shares(load_table("communes"), load_gazetteer().mask(own))


@st.cache_resource(show_spinner=False, max_entries=24, hash_funcs=_BY_VALUES)
def _own_band(scenario: Scenario, own: Territory) -> pd.DataFrame:
    return share_of_band(_bands(scenario), central_path(scenario).yearly, shares_of(own))


def projected_part(gazetteer: Gazetteer, territory: Territory) -> Territory:
    """Return the territory that is projected: an own one too, by its part of the departments that it touches."""
    same = gazetteer.official(territory)
    return territory if same.level == OWN else projected_territory(gazetteer, same)


def tell_part(gazetteer: Gazetteer, territory: Territory) -> str:
    """Say how an own territory is projected, and from which departments; empty for any other."""
    if territory.level != OWN:
        return ""
    shares = shares_of(territory).sort_values(ascending=False)
    told = [f"{gazetteer.name(Territory('departement', str(code)))} {format_share(s)}" for code, s in shares.items()]
    few, n_more = told[:MOST_TOLD], len(told[MOST_TOLD:])
    more = f" et {n_more} autre{'s' if n_more > 1 else ''}" if n_more else ""
    return (
        "Part estimée : le modèle compte par département, chacun est pris pour la part de ses habitants qui vivent ici "
        f"({', '.join(few)}{more})."
    )


def projected_territory(gazetteer: Gazetteer, territory: Territory) -> Territory:
    """Return the territory that the model knows: the department of what is smaller, otherwise itself."""
    territory = gazetteer.official(territory)
    return gazetteer.home(territory, "departement") if territory.level in BELOW_DEPARTEMENT else territory


def why_unknown(territory: Territory) -> str | None:
    """Return why a department isn't projected, in French; None when it is, or when a part of an own territory is."""
    unknown: Mapping[str, str] = load_baseline().unknown
    if territory.level == OWN:
        homes = list(shares_of(territory).index)
        return unknown[homes[0]] if all(home in unknown for home in homes) else None
    return unknown.get(territory.code) if territory.level == "departement" else None
