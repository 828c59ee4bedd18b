"""Measure the access engine on all France: travel times, APL model, what-if, estimated supply, siting.

Run with `python -m tests.bench.bench_access`, from the root of the checkout, on the committed snapshot. Prints seconds
(best of three, of one for what takes long) and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from coverage.apl_engine import apl_by_commune, apl_model
from coverage.scenario import outcome_by_level, run_scenario
from coverage.siting.lifting import propose_lifting
from coverage.siting.proof import prove
from coverage.siting.proposal import propose
from coverage.siting.request import SitingRequest
from coverage.supply_change import Baseline, Departures, Opening, RetirementOver65
from coverage.supply_estimate import estimate_supply_by_age
from geo.travel_time.estimate import estimate_travel_times
from geo.travel_time.storage import load_travel_times, save_travel_times

if TYPE_CHECKING:
    from collections.abc import Callable

SNAPSHOTS = Path(__file__).resolve().parents[2] / "data" / "snapshots"
OCCITANIE = "76"
VINTAGE = 2023
Result = TypeVar("Result")


def measured(what: str, run: Callable[[], Result], times: int = 3) -> Result:
    """Run, print the best time and the peak of memory so far, give the result."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"{what:<58} {min(seconds):8.3f} s   peak {peak_mb:6.0f} MB", flush=True)
    return result


def main(folder: Path = SNAPSHOTS) -> None:
    """Measure everything once."""
    communes = pd.read_parquet(folder / "communes.parquet")
    apl = pd.read_parquet(folder / "apl.parquet")
    parameters = pd.read_parquet(folder / "apl_parameters.parquet")
    times = measured("travel times of France, 60 min, estimated", lambda: estimate_travel_times(communes))
    print(f"  {times.n_places} communes, {times.n_pairs / 1e6:.1f} million pairs")
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "times.npz"
        measured("  saved", lambda: save_travel_times(times, path), 1)
        print(f"  {path.stat().st_size / 1e6:.0f} MB on disk")
        measured("  loaded and checked", lambda: load_travel_times(path))
    table = measured("APL by commune", lambda: apl_by_commune(apl, VINTAGE))
    model = measured("APL model", lambda: apl_model(times, table["population_standardised"], parameters))
    under_65, over_65 = measured("supply estimated, two series", lambda: estimate_supply_by_age(table, model), 1)
    for name, estimate in (("65 or less", under_65), ("over 65", over_65)):
        total_fte = estimate.supply_acts.sum() / 5400
        print(f"  {name}: rmse {estimate.rmse:.3f}, explained {estimate.share_explained:.1%}, {total_fte:.0f} FTE")
    base = Baseline(model, table, communes, under_65.supply_acts.add(over_65.supply_acts), over_65.supply_acts)
    generator = np.random.default_rng(2026)
    openings = [Opening(str(code), 3.0) for code in generator.choice(table.index, 50)]
    largest = base.supply_acts.idxmax() if base.supply_acts is not None else ""
    outcome = measured(
        "what-if: 50 openings, a departure, retirements of a region",
        lambda: run_scenario([*openings, Departures(largest, 1.0), RetirementOver65("region", OCCITANIE)], base),
    )
    print(f"  lifted {outcome.people_lifted:.0f}, dropped {outcome.people_dropped:.0f}, floored {outcome.n_floored}")
    measured("  by EPCI", lambda: outcome_by_level(outcome, communes, "epci"))
    people = communes.set_index("commune_code")["population"]
    region = people[(communes["region_code"] == OCCITANIE).to_numpy()]
    here = SitingRequest(times, region, tuple(region.index), 25)
    everywhere = SitingRequest(times, people, tuple(people.index), 50)
    for name, request in (("Occitanie, 25 sites", here), ("France, 50 sites", everywhere)):
        answer = measured(f"siting, {name}, 20 min", lambda asked=request: propose(asked), 1)
        print(f"  at most {answer.gap_share:.2%} from the best")
    lifting = measured(
        "siting, people lifted, Occitanie, 25 sites of 3 GPs",
        lambda: propose_lifting(here, model, table["apl"], gp_fte=3.0),
        1,
    )
    print(f"  {lifting.value:.0f} people lifted")
    proof = measured("siting, proof, Occitanie, 25 sites, HiGHS, at most 60 s", lambda: prove(here, time_limit_s=60), 1)
    print(f"  {proof.status}, gap {proof.gap_share:.3%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SNAPSHOTS)
