"""The projection of a territory as reports print it: the default scenario, its band, and the steps of the waterfall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from coverage.indicators.small_numbers import SECRECY_THRESHOLD
from coverage.projection import (
    EXTRA_NEEDS,
    PRESETS,
    Baseline,
    Projection,
    Scenario,
    ScenarioError,
    arrivals_margin,
    assumption_table,
    project,
    project_band,
)
from coverage.projection.share import departement_shares, share_of_band, share_of_margin, share_of_path
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import BELOW_DEPARTEMENT, OWN
from geo.workers import ALONE, Workers
from reports.projection.words import format_change, format_gps

if TYPE_CHECKING:
    from reports.figures.facts import Facts

N_DRAWS: Final = 1000

BAND_MEASURES: Final = ("stock", "gp_per_100k", "need_to_find", "left_to_convince")

StepKind = Literal["stock", "leaving", "arriving", "needed", "missing", "beyond"]
COLOURS: Final[dict[StepKind, str]] = {
    "stock": "#93a3b5",
    "leaving": "#b35806",
    "arriving": "#1b7f79",
    "needed": "#d8a24a",
    "missing": "#c2185b",
    "beyond": "#1b7f79",
}


@dataclass(frozen=True)
class Step:
    """One bar of the waterfall: its French label, where it starts and ends (GPs), its kind and its figure."""

    label: str
    base: float
    top: float
    kind: StepKind
    text: str


@dataclass(frozen=True, eq=False)
class TerritoryOutlook:
    """What a scenario brings to one territory.

    Attributes
    ----------
    territory
        France, a region or a department; an own territory, of which the figures are its part of the departments.
    years
        `coverage.projection.MEASURES` by year, base year first.
    bands
        Bounds p10 and p90 by measure and year.
    arrivals_margin
        Relative rise of the arrivals that leaves nobody to convince; see `coverage.projection.arrivals_margin`.
    left_with_larger_cohorts
        What is left to convince at the same horizon under the preset close to DREES: the other end of the answer.
    """

    territory: Territory
    years: pd.DataFrame
    bands: pd.DataFrame
    arrivals_margin: float
    left_with_larger_cohorts: float

    @property
    def start(self) -> pd.Series:
        """Measures of the base year."""
        return self.years.iloc[0]

    @property
    def end(self) -> pd.Series:
        """Measures of the horizon; flows and needs are cumulated since the base year."""
        return self.years.iloc[-1]

    @property
    def end_year(self) -> int:
        """Year of the horizon."""
        return int(self.years.index[-1])

    @property
    def extra_need(self) -> float:
        """GPs asked for by a larger and older population, at the horizon."""
        return float(self.end["extra_need_population"] + self.end["extra_need_ageing"])

    def range_at_end(self, measure: str) -> tuple[float, float]:
        """Return the bounds p10 and p90 of a measure at the horizon."""
        last = self.bands.loc[measure].iloc[-1]
        return float(last["p10"]), float(last["p90"])


def waterfall_steps(start: pd.Series, end: pd.Series) -> tuple[Step, ...]:
    """Return the steps from today's GPs to those left to convince to come back to today's level of access.

    Parameters
    ----------
    start, end
        Measures of the base year and of the horizon (`coverage.projection.MEASURES`), in GPs.
    """
    stock, left = float(start["stock"]), float(end["left_to_convince"])
    leaving, arriving = -float(end["departures"]), float(end["entries"] + end["mobility"])
    need = -float(end[[*EXTRA_NEEDS, "catch_up"]].sum())
    after = stock + leaving
    missing = left >= 0
    return (
        Step("Généralistes aujourd’hui", 0.0, stock, "stock", format_gps(stock)),
        Step("Départs", stock, after, "leaving", format_change(leaving)),
        Step("Arrivées", after, after + arriving, "arriving", format_change(arriving)),
        Step("Besoin supplémentaire", after + arriving, after + arriving + need, "needed", format_change(need)),
        Step(
            "Reste à convaincre" if missing else "Au-delà du besoin",
            stock - left,
            stock,
            "missing" if missing else "beyond",
            format_gps(abs(left)) if abs(left) >= SECRECY_THRESHOLD else "équilibre",
        ),
    )


def waterfall_range(steps: Sequence[Step]) -> tuple[float, float]:
    """Return the lowest and highest value (GPs) of the axis that shows every step whole: bars stand on zero."""
    levels = [value for step in steps for value in (step.base, step.top)]
    return min(levels), 1.08 * max(levels)


@dataclass(frozen=True, eq=False)
class Outlooks:
    """The projections of every territory under one scenario; the national computation is made once, when asked for."""

    gazetteer: Gazetteer
    baseline: Callable[[], Baseline]
    central: Callable[[], Projection]
    bands: Callable[[], pd.DataFrame]
    margins: Callable[[], pd.DataFrame]
    larger_cohorts: Callable[[], Projection]

    @classmethod
    def of(cls, facts: Facts, scenario: Scenario | None = None) -> Outlooks:
        """Prepare the projections of a scenario (the app's default one when None)."""
        chosen = scenario or Scenario()

        def baseline() -> Baseline:
            return facts.baseline

        @cache
        def central() -> Projection:
            return project(baseline(), chosen)

        @cache
        def bands() -> pd.DataFrame:
            drawn = project_band(baseline(), chosen, n_draws=N_DRAWS, measures=BAND_MEASURES)
            return drawn.set_index(["level", "territory_code", "measure", "year"])[["p10", "p90"]].sort_index()

        @cache
        def margins() -> pd.DataFrame:
            return arrivals_margin(baseline(), chosen).set_index(["level", "territory_code"])

        @cache
        def larger_cohorts() -> Projection:
            return project(baseline(), PRESETS["drees"].with_changes(horizon_years=chosen.horizon_years))

        return cls(facts.gazetteer, baseline, central, bands, margins, larger_cohorts)

    def of_territory(self, territory: Territory) -> TerritoryOutlook | None:
        """Return the projection of a territory (of its department for what is smaller); None when unknown."""
        territory = self.gazetteer.official(territory)
        if territory.level == OWN:
            return self._of_own(territory)
        if territory.level in BELOW_DEPARTEMENT:
            territory = self.gazetteer.home(territory, "departement")
        if territory.level == "departement" and territory.code in self.baseline().unknown:
            return None
        yearly = self.central().yearly
        rows = yearly[(yearly["level"] == territory.level) & (yearly["territory_code"] == territory.code)]
        if rows.empty or rows["stock"].isna().any():
            return None
        bands = self.bands().loc[(territory.level, territory.code)]
        return TerritoryOutlook(
            territory,
            rows.set_index("year"),
            bands,
            arrivals_margin=float(self.margins().loc[(territory.level, territory.code), "margin"]),
            left_with_larger_cohorts=float(_last_row(self.larger_cohorts().yearly, territory)["left_to_convince"]),
        )

    def _of_own(self, territory: Territory) -> TerritoryOutlook | None:
        """Return the part of the departments that falls to an own territory."""
        shares = departement_shares(self.gazetteer.communes, self.gazetteer.mask(territory))
        yearly = self.central().yearly
        years = share_of_path(yearly, shares)
        if years["stock"].isna().any():
            return None
        larger = share_of_path(self.larger_cohorts().yearly, shares)
        return TerritoryOutlook(
            territory,
            years,
            share_of_band(self.bands(), yearly, shares),
            arrivals_margin=share_of_margin(self.margins(), shares),
            left_with_larger_cohorts=float(larger["left_to_convince"].iloc[-1]),
        )


@dataclass(frozen=True, kw_only=True)
class ProjectionFigures:
    """The projection of one territory as figures, with all that they rest on.

    Attributes
    ----------
    territory
        The one projected: the department of a commune or of a grouping of communes, otherwise the one asked for.
    preset
        Key of `coverage.projection.PRESETS`.
    base_year, end_year
        From 1 January of one to 1 January of the other.
    departures, entries, need_to_find, left_to_convince
        Cumulated over the horizon, in GPs of today's mean activity; None where unknown. A negative left is a surplus.
    left_to_convince_low, left_to_convince_high
        Bounds of the 10-90 % band.
    assumptions
        name, label, value (number or text), interval (text, often empty), unit, nature, source, date (ISO) of
        everything assumed, measured or fitted.
    """

    territory: Territory
    preset: str
    base_year: int
    end_year: int
    departures: float | None
    entries: float | None
    need_to_find: float | None
    left_to_convince: float | None
    left_to_convince_low: float | None
    left_to_convince_high: float | None
    assumptions: tuple[dict[str, float | str], ...]


def projection_figures(
    facts: Facts,
    territory: Territory,
    *,
    horizon_years: int = 10,
    preset: str = "tendance",
    n_draws: int = N_DRAWS,
    workers: Workers = ALONE,
) -> ProjectionFigures:
    """Project a territory under a preset, with the numbers that the screen shows (same draws, same seed).

    Parameters
    ----------
    facts
        The tables and the territories.
    territory
        Any level; a commune or a grouping of communes is answered by its department.
    horizon_years
        Years projected, 1 to 30.
    preset
        Key of `coverage.projection.PRESETS`.
    n_draws
        Draws of the band; the first ones are the screen's.
    workers
        Who draws; the numbers do not depend on it.

    Raises
    ------
    coverage.projection.ScenarioError
        When the preset is unknown or the horizon out of its bounds; the message is a French sentence.
    data.errors.DataError
        When a table of the snapshot is absent or damaged.
    """
    if preset not in PRESETS:
        raise ScenarioError(f"Réglage : attendu {', '.join(PRESETS)}, trouvé « {preset} ».")
    scenario = PRESETS[preset].with_changes(horizon_years=horizon_years)
    baseline = facts.baseline
    shown = territory = facts.gazetteer.official(territory)
    if territory.level in BELOW_DEPARTEMENT:
        shown = facts.gazetteer.home(territory, "departement")
    yearly = project(baseline, scenario).yearly
    row = _last_row(yearly, shown)
    measures, levels = ("left_to_convince",), (shown.level,)
    band = project_band(baseline, scenario, n_draws=n_draws, measures=measures, levels=levels, workers=workers)
    bounds = _last_row(band, shown)

    def known(value: float) -> float | None:
        return None if pd.isna(value) else float(value)

    return ProjectionFigures(
        territory=shown,
        preset=preset,
        base_year=baseline.base_year,
        end_year=baseline.base_year + scenario.horizon_years,
        departures=known(row["departures"]),
        entries=known(row["entries"]),
        need_to_find=known(row["need_to_find"]),
        left_to_convince=known(row["left_to_convince"]),
        left_to_convince_low=known(bounds["p10"]),
        left_to_convince_high=known(bounds["p90"]),
        assumptions=tuple(_figure(item) for item in assumption_table(baseline, scenario).to_dict("records")),
    )


def _last_row(table: pd.DataFrame, territory: Territory) -> pd.Series:
    rows = table[(table["level"] == territory.level) & (table["territory_code"] == territory.code)]
    return rows.loc[rows["year"].idxmax()]


def _figure(item: dict[str, str]) -> dict[str, float | str]:
    """Return one assumption with its value as a number where it is one."""
    try:
        value: float | str = float(item["value"])
    except ValueError:
        value = item["value"]
    named = {name: item[name] for name in ("name", "label", "interval", "unit", "source", "date")}
    return {**named, "value": value, "nature": item["certainty"]}
