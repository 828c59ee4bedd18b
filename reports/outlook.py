"""The projection of a territory as reports print it: the default scenario, its band, and the steps of the waterfall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from coverage.gazetteer import Gazetteer, Territory
from coverage.projection import Baseline, Projection, Scenario, project, project_band
from coverage.small_numbers import SECRECY_THRESHOLD
from reports.projection_start import start_of
from reports.projection_words import format_gap, format_gps

if TYPE_CHECKING:
    from reports.facts import Facts

N_DRAWS: Final = 1000
LOWEST_PART: Final = 0.6
"""Part of the span of the steps that is kept under the lowest: the long part that all bars share is cut off."""

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
        France, a region or a department.
    years
        `coverage.projection.MEASURES` by year, base year first.
    bands
        Bounds p10 and p90 by measure and year.
    """

    territory: Territory
    years: pd.DataFrame
    bands: pd.DataFrame

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
    need = -float(end["extra_need_population"] + end["extra_need_ageing"] + end["catch_up"])
    after = stock + leaving
    missing = left >= 0
    return (
        Step("Généralistes aujourd’hui", 0.0, stock, "stock", format_gps(stock)),
        Step("Départs", stock, after, "leaving", format_gap(leaving)),
        Step("Arrivées", after, after + arriving, "arriving", format_gap(arriving)),
        Step("Besoin supplémentaire", after + arriving, after + arriving + need, "needed", format_gap(need)),
        Step(
            "Reste à convaincre" if missing else "Au-delà du besoin",
            stock - left,
            stock,
            "missing" if missing else "beyond",
            format_gps(abs(left)) if abs(left) >= SECRECY_THRESHOLD else "équilibre",
        ),
    )


def waterfall_range(steps: Sequence[Step]) -> tuple[float, float]:
    """Return the lowest and highest value (GPs) of the axis that shows every step."""
    levels = [steps[0].top, *(value for step in steps[1:] for value in (step.base, step.top))]
    span = max(levels) - min(levels)
    return max(0.0, min(levels) - LOWEST_PART * span), max(levels) + 0.14 * span


@dataclass(frozen=True, eq=False)
class Outlooks:
    """The projections of every territory under one scenario; the national computation is made once, when asked for."""

    gazetteer: Gazetteer
    baseline: Callable[[], Baseline]
    central: Callable[[], Projection]
    bands: Callable[[], pd.DataFrame]

    @classmethod
    def of(cls, facts: Facts, scenario: Scenario | None = None) -> Outlooks:
        """Prepare the projections of a scenario (the app's default one when None)."""
        chosen = scenario or Scenario()

        @cache
        def baseline() -> Baseline:
            return start_of(facts.table)

        @cache
        def central() -> Projection:
            return project(baseline(), chosen)

        @cache
        def bands() -> pd.DataFrame:
            drawn = project_band(baseline(), chosen, n_draws=N_DRAWS, measures=BAND_MEASURES)
            return drawn.set_index(["level", "territory_code", "measure", "year"])[["p10", "p90"]].sort_index()

        return cls(facts.gazetteer, baseline, central, bands)

    def of_territory(self, territory: Territory) -> TerritoryOutlook | None:
        """Return the projection of a territory (of its department for a commune or an EPCI); None when unknown."""
        if territory.level in {"commune", "epci"}:
            territory = next(up for up in self.gazetteer.containing(territory) if up.level == "departement")
        if territory.level == "departement" and territory.code in self.baseline().unknown:
            return None
        yearly = self.central().yearly
        rows = yearly[(yearly["level"] == territory.level) & (yearly["territory_code"] == territory.code)]
        if rows.empty or rows["stock"].isna().any():
            return None
        bands = self.bands().loc[(territory.level, territory.code)]
        return TerritoryOutlook(territory, rows.set_index("year"), bands)
