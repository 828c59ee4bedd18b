"""What if: structures open or close, GPs leave or move; what it does to the APL of every commune.

Results are added to the published APL: Δ APL_i = Σ_j w_ij ΔS_j / Σ_k w_kj P̃_k, exact up to travel times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.access.decay import read_access_parameters
from coverage.simulator.supply_change import Baseline, Change, SupplyLedger
from coverage.territories.aggregation import Territories

if TYPE_CHECKING:
    from collections.abc import Iterable

# half of the last decimal that the DREES publishes: below, nobody is better or worse off
_NOTICEABLE_APL: Final = 0.0005


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a scenario does.

    Attributes
    ----------
    by_commune
        Index commune_code; columns apl_before, apl_after, apl_change (acts a year per standardised inhabitant, NaN
        where unknown), population_standardised, population_total.
    threshold_apl
        Under it a commune is under-dense.
    people_lifted, people_dropped
        Inhabitants of communes that go from under the threshold to it or above; the other way.
    people_better, people_worse
        Inhabitants of communes whose APL rises, falls, by at least 0.0005.
    fte_added, fte_removed
        Full-time GPs that the changes bring, and take away (a move counts in both).
    n_floored
        Communes where a removal would have brought the APL under 0 (the supply is an estimate): 0 there instead.
    """

    by_commune: pd.DataFrame
    threshold_apl: float
    people_lifted: float
    people_dropped: float
    people_better: float
    people_worse: float
    fte_added: float
    fte_removed: float
    n_floored: int


def run_scenario(changes: Iterable[Change], baseline: Baseline, threshold_apl: float | None = None) -> Outcome:
    """Recompute the APL of every commune after a set of changes.

    Parameters
    ----------
    changes : in any order.
    baseline : where to start from.
    threshold_apl : acts a year per inhabitant; 2.5 by default (`access_parameters.toml`).

    Raises
    ------
    ScenarioError
        A change names an unknown place, a negative number, or removes more than there is.
    """
    constants = read_access_parameters()["general_practitioner"]
    threshold = float(constants["threshold_apl"] if threshold_apl is None else threshold_apl)
    acts_per_fte = float(constants["acts_per_fte"])
    ledger = SupplyLedger.of(changes, baseline, acts_per_fte)
    change = baseline.model.change(ledger.acts) + ledger.apl_by_points
    table = baseline.apl_table.reindex(baseline.model.places)
    before = table[baseline.series].to_numpy(np.float64)
    raw = before + change
    after = np.where(raw < 0, 0.0, raw)  # NaN stays NaN
    by_commune = pd.DataFrame(
        {
            "apl_before": before,
            "apl_after": after,
            "apl_change": after - before,
            "population_standardised": table["population_standardised"],
            "population_total": table["population_total"],
        },
        index=baseline.model.places,
    )
    people = np.nan_to_num(table["population_total"].to_numpy(np.float64))
    moved = by_commune["apl_change"].to_numpy(np.float64)
    return Outcome(
        by_commune=by_commune,
        threshold_apl=threshold,
        people_lifted=float(people[(before < threshold) & (after >= threshold)].sum()),
        people_dropped=float(people[(before >= threshold) & (after < threshold)].sum()),
        people_better=float(people[moved >= _NOTICEABLE_APL].sum()),
        people_worse=float(people[moved <= -_NOTICEABLE_APL].sum()),
        fte_added=ledger.added_acts / acts_per_fte,
        fte_removed=ledger.removed_acts / acts_per_fte,
        n_floored=int((raw < 0).sum()),
    )


def outcome_by_level(outcome: Outcome, communes: pd.DataFrame, level: str) -> pd.DataFrame:
    """Bring a scenario up to EPCI, departments, regions or France.

    Mean APL by standardised population; people under the threshold by total population (the rules of the DREES).

    Parameters
    ----------
    outcome : of `run_scenario`.
    communes : snapshot table.
    level : "commune", "epci", "departement", "region" or "france".

    Returns
    -------
    Index territory_code; apl_before, apl_after, apl_change (NaN where no commune is known), population_total (of
    communes with a known APL), people_under_before, people_under_after, people_lifted, people_dropped.
    """
    return outcome_of(outcome, Territories.of(communes, level))


def outcome_of(outcome: Outcome, territories: Territories) -> pd.DataFrame:
    """Bring a scenario up to any territories made of the communes, as `outcome_by_level`."""
    table = outcome.by_commune.reindex(territories.unit_codes)
    known = table["apl_before"].notna() & table["apl_after"].notna()
    people = table["population_total"].where(known).to_numpy(np.float64)
    weight = table["population_standardised"].to_numpy(np.float64)
    before, after = table["apl_before"].to_numpy(np.float64), table["apl_after"].to_numpy(np.float64)
    under_before, under_after = before < outcome.threshold_apl, after < outcome.threshold_apl
    mean_before, mean_after = territories.mean(before, weight), territories.mean(after, weight)
    return pd.DataFrame(
        {
            "apl_before": mean_before,
            "apl_after": mean_after,
            "apl_change": mean_after - mean_before,
            "population_total": territories.total_known(people),
            "people_under_before": territories.total_known(people * under_before),
            "people_under_after": territories.total_known(people * under_after),
            "people_lifted": territories.total_known(people * (under_before & ~under_after)),
            "people_dropped": territories.total_known(people * (~under_before & under_after)),
        }
    )
