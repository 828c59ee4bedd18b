"""Time and memory of the projection on the snapshot: python -m tests.bench.bench_projection."""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from coverage.projection import Scenario, build_baseline, project, project_band

SNAPSHOTS = Path(__file__).resolve().parents[2] / "data" / "snapshots"
TABLES = (
    "departements", "communes", "professionals", "apl", "apl_parameters", "population_estimates",
    "rpps_age", "rpps_departements",
)  # fmt: skip


def best_of(n: int, run: Callable[[], object]) -> float:
    """Return the shortest time of n runs, in seconds."""
    times = []
    for _ in range(n):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print each measure beside its target."""
    given = {name: pd.read_parquet(SNAPSHOTS / f"{name}.parquet") for name in TABLES}
    start = time.perf_counter()
    baseline = build_baseline(**given)
    print(f"baseline, once and cached            {time.perf_counter() - start:7.3f} s")
    scenario = Scenario(horizon_years=15)
    print(f"central path, 15 years               {best_of(5, lambda: project(baseline, scenario)):7.3f} s  (≤ 0.050)")
    print(
        f"1 000 draws                          {best_of(3, lambda: project_band(baseline, scenario)):7.3f} s  (≤ 0.6)"
    )
    cpu_start = time.process_time()
    ten = best_of(1, lambda: project_band(baseline, scenario, n_draws=10_000))
    print(f"10 000 draws × 101 departments × 15  {ten:7.3f} s  (≤ 1.2)")
    print(f"the same in processor time           {time.process_time() - cpu_start:7.3f} s")
    resident_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest resident memory              {resident_mb:7.0f} MB (≤ 600)")


if __name__ == "__main__":
    main()
