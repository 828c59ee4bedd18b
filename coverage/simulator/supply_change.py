"""Changes that a planner may want to try, openings, closures, departures, retirements, moves, as changes of supply.

Each is a change of supply in acts a year at a place, so that neither the order of the changes nor the way they are cut
up matters, and opening then closing is the identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coverage.errors import CoverageError
from coverage.territories.aggregation import Territories
from geo.levels import FROM_FINEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from coverage.access.apl_model import AplModel

_TOLERANCE_ACTS: Final = 1e-6  # a removal this close to what was there equals it


class ScenarioError(CoverageError, ValueError):
    """A change cannot be applied: unknown place, negative number, more removed than there is."""


@dataclass(frozen=True)
class Opening:
    """A structure opens with GPs, in full-time equivalents, at a commune, or at a clicked point.

    Parameters
    ----------
    commune_code : the commune, or the one the point lies in.
    gp_fte : full-time GPs it brings, 0 or more.
    minutes_to_point : for a clicked point, minutes from each commune to it, as pairs (commune_code, minutes);
        see `geo.travel_time.estimate.estimate_minutes_to_point`.
    name : what the user calls it.
    """

    commune_code: str
    gp_fte: float
    minutes_to_point: tuple[tuple[str, float], ...] | None = None
    name: str = ""


@dataclass(frozen=True)
class Closure:
    """A structure closes and its GPs, in full-time equivalents, stop practising."""

    commune_code: str
    gp_fte: float
    name: str = ""


@dataclass(frozen=True)
class Departures:
    """GPs leave a commune: a number of full-time equivalents."""

    commune_code: str
    gp_fte: float


@dataclass(frozen=True)
class RetirementOver65:
    """All GPs over 65 of a territory stop, or a share (0 to 1) of their acts."""

    level: str
    territory_code: str
    share: float = 1.0


@dataclass(frozen=True)
class Move:
    """GPs, in full-time equivalents, move from a commune to another."""

    from_commune_code: str
    to_commune_code: str
    gp_fte: float


Change = Opening | Closure | Departures | RetirementOver65 | Move


@dataclass(frozen=True, eq=False)
class Baseline:
    """Where a scenario starts from.

    Parameters
    ----------
    model : weights and demand.
    apl_table : published figures by commune: columns apl or apl_65 (see `series`), population_standardised,
        population_total; index commune_code.
    communes : snapshot table, for the territories.
    supply_acts : acts a year by commune (known or estimated), index commune_code; when given, no more can be removed
    than
        there is. None: removals are not checked.
    supply_over_65_acts : acts a year of GPs over 65; needed by `RetirementOver65`.
    series : column of `apl_table` that is the published APL: "apl" (all ages) or "apl_65".
    """

    model: AplModel
    apl_table: pd.DataFrame
    communes: pd.DataFrame
    supply_acts: pd.Series | None = None
    supply_over_65_acts: pd.Series | None = None
    series: str = "apl"


@dataclass
class SupplyLedger:
    """Acts a year that the changes bring to each place, and apart what points that are no place bring to each APL."""

    baseline: Baseline
    acts: npt.NDArray[np.float64]
    apl_by_points: npt.NDArray[np.float64]
    added_acts: float = 0.0
    removed_acts: float = 0.0

    @classmethod
    def of(cls, changes: Iterable[Change], baseline: Baseline, acts_per_fte: float) -> SupplyLedger:
        """Enter every change, then refuse the set, whatever its order, if it takes more than there is."""
        n_places = len(baseline.model.places)
        ledger = cls(baseline, np.zeros(n_places), np.zeros(n_places))
        for change in changes:
            ledger.enter(change, acts_per_fte)
        ledger.refuse_more_than_there_is()
        return ledger

    def enter(self, change: Change, acts_per_fte: float) -> None:
        """Enter one change."""
        if isinstance(change, RetirementOver65):
            self.retire(change)
            return
        if not 0 <= change.gp_fte < np.inf:
            raise ScenarioError(f"Scénario : attendu un nombre de médecins positif, trouvé {change.gp_fte}.")
        acts = change.gp_fte * acts_per_fte
        match change:
            case Opening(minutes_to_point=None):
                self.put(change.commune_code, acts)
            case Opening():
                self.put_at_point(change, acts)
            case Closure() | Departures():
                self.put(change.commune_code, -acts)
            case Move():
                self.put(change.from_commune_code, -acts)
                self.put(change.to_commune_code, acts)

    def put(self, commune_code: str, acts: float) -> None:
        """Add acts a year (negative: remove) at a commune."""
        position = self.position(commune_code)
        if acts > 0 and not self.baseline.model.demand_in_reach[position] > 0:
            raise ScenarioError(f"Scénario : attendu une population connue à portée de {commune_code}, trouvé aucune.")
        self.acts[position] += acts
        self.added_acts += max(acts, 0.0)
        self.removed_acts += max(-acts, 0.0)

    def put_at_point(self, opening: Opening, acts: float) -> None:
        """Add acts a year at a point that is no place of the model, weighed by its own minutes."""
        model = self.baseline.model
        minutes = np.full(len(model.places), np.nan)
        for code, value in opening.minutes_to_point or ():
            minutes[self.position(code)] = value
        weight = model.reach.decay.of_minutes(minutes)
        in_reach = float(weight @ np.nan_to_num(model.demand))
        if not in_reach > 0:
            raise ScenarioError(
                f"Scénario : attendu une population connue à portée du point {opening.name!r}, trouvé aucune."
            )
        self.apl_by_points += weight * acts / in_reach
        self.added_acts += acts

    def retire(self, change: RetirementOver65) -> None:
        """Remove the acts of the GPs over 65 of a territory."""
        supply = self.baseline.supply_over_65_acts
        if supply is None:
            raise ScenarioError("Scénario : attendu l’offre des plus de 65 ans, trouvé aucune.")
        if not 0 <= change.share <= 1:
            raise ScenarioError(f"Scénario : attendu une part de 0 à 1, trouvé {change.share}.")
        if change.level not in FROM_FINEST:
            raise ScenarioError(
                f"Scénario : attendu un niveau parmi {', '.join(FROM_FINEST)}, trouvé {change.level!r}."
            )
        territories = Territories.of(self.baseline.communes, change.level)
        if change.territory_code not in territories.codes:
            raise ScenarioError(f"Scénario : attendu un territoire connu, trouvé {change.territory_code!r}.")
        here = territories.membership == territories.codes.get_loc(change.territory_code)
        leaving = supply.reindex(territories.unit_codes[here]).dropna() * change.share
        at = self.baseline.model.places.get_indexer(leaving.index)
        if (at < 0).any():
            raise ScenarioError(f"Scénario : attendu des communes connues, trouvé {list(leaving.index[at < 0][:5])}.")
        self.acts[at] -= leaving.to_numpy(np.float64)
        self.removed_acts += float(leaving.sum())

    def refuse_more_than_there_is(self) -> None:
        """Raise if a commune would be left with less than no supply."""
        supply = self.baseline.supply_acts
        if supply is None:
            return
        left = supply.reindex(self.baseline.model.places).to_numpy(np.float64) + self.acts
        short = np.flatnonzero((left < -_TOLERANCE_ACTS) & (self.acts < 0))
        if len(short):
            at = int(short[0])
            removed, had = -self.acts[at], left[at] - self.acts[at]
            raise ScenarioError(
                f"Scénario, commune {self.baseline.model.places[at]} : attendu au plus {had:.0f} actes par an retirés"
                f" (l’offre connue ou estimée), trouvé {removed:.0f}."
            )

    def position(self, commune_code: str) -> int:
        """Position of a commune among the places of the model."""
        position = self.baseline.model.places.get_indexer([commune_code])[0]
        if position < 0:
            raise ScenarioError(f"Scénario : attendu une commune connue, trouvé {commune_code!r}.")
        return int(position)
