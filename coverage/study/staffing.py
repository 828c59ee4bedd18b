"""What a number of GPs at the candidate commune would change, by the access engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.access.reach import CATCHMENT_MIN
from coverage.simulator.scenario import run_scenario
from coverage.simulator.supply_change import Opening
from coverage.territories.aggregation import Territories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coverage.access.reach import Reach
    from coverage.simulator.scenario import Outcome
    from coverage.simulator.supply_change import Baseline

FEWEST_GPS, MOST_GPS = 2, 8
N_GPS: Final = tuple(range(FEWEST_GPS, MOST_GPS + 1))


def staffing(
    reach: Reach, baseline: Baseline, n_gps: Iterable[int] = N_GPS, bound_min: float = CATCHMENT_MIN
) -> pd.DataFrame:
    """Recompute the APL for each number of full-time GPs who would practise at the candidate commune.

    Each row is a scenario of one `Opening` run by `scenario.run_scenario`: the change of the APL is exact up
    to travel times. The GPs are taken to be new there: none leaves a neighbouring practice.

    Parameters
    ----------
    reach
        Minutes around the candidate.
    baseline
        Where the APL starts from; its table of communes is that of `reach`.
    n_gps
        Full-time GPs (5 400 consultations a year each).
    bound_min
        Minutes of the catchment whose mean is given, exclusive.

    Returns
    -------
    pandas.DataFrame
        Index n_gp, 0 (today) first; apl_commune and apl_catchment (consultations a year per standardised inhabitant,
        the second a mean by standardised population; NaN unknown), people_under (inhabitants of the catchment whose
        commune is under the threshold), people_lifted (inhabitants, of the catchment or beyond, whose commune goes from
        under the threshold to it or above), people_lifted_per_gp (NaN in the row 0).

    Raises
    ------
    coverage.simulator.supply_change.ScenarioError
        Nobody of known demand is in reach of the candidate (Mayotte).
    """
    rows = {0: _row(reach, baseline, run_scenario([], baseline), 0, bound_min)}
    for n_gp in n_gps:
        outcome = run_scenario([Opening(reach.commune_code, float(n_gp))], baseline)
        rows[n_gp] = _row(reach, baseline, outcome, n_gp, bound_min)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("n_gp")


def _row(reach: Reach, baseline: Baseline, outcome: Outcome, n_gp: int, bound_min: float) -> dict[str, float]:
    table = outcome.by_commune.reindex(reach.codes)
    place = Territories.of_own(baseline.communes, reach.within(bound_min), "zone", reach.codes)
    apl = table["apl_after"].to_numpy(np.float64)
    people = table["population_total"].to_numpy(np.float64)
    under = np.where(np.isnan(apl), np.nan, people * (apl < outcome.threshold_apl))
    mean = place.mean(apl, table["population_standardised"].to_numpy(np.float64))
    return {
        "apl_commune": float(table.loc[reach.commune_code, "apl_after"]),
        "apl_catchment": float(mean.iloc[0]),
        "people_under": float(place.total_known(under).iloc[0]),
        "people_lifted": outcome.people_lifted,
        "people_lifted_per_gp": outcome.people_lifted / n_gp if n_gp else np.nan,
    }
