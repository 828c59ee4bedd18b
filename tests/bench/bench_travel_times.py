"""Time and memory of the estimated travel times alone: python -m tests.bench.bench_travel_times.

All communes of France, then twice as many on the same ground: four times the pairs. In a process of its own, so that
the peak of memory is theirs.
"""

import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd

from geo.travel_time.estimate import PLACE_COLUMNS, estimate_travel_times

SNAPSHOTS = Path(__file__).resolve().parents[2] / "data" / "snapshots"


def measure(label: str, places: pd.DataFrame, target: str, times: int = 5) -> None:
    """Print the best of some runs, on the clock and in processor time, beside the target."""
    clock, processor = [], []
    for _ in range(times):
        start, worked = time.perf_counter(), time.process_time()
        found = estimate_travel_times(places)
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - worked)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{label}, {found.n_pairs / 1e6:.1f} million pairs: {min(clock):.2f} s, processor {min(processor):.2f} s,"
        f" peak {peak_mb:.0f} MB  {target}",
        flush=True,
    )


def doubled(places: pd.DataFrame) -> pd.DataFrame:
    """Put beside each place another one, about a kilometre away."""
    generator = np.random.default_rng(1)
    beside = places.assign(
        commune_code=places["commune_code"] + "b",
        longitude=places["longitude"] + generator.normal(0, 0.01, len(places)),
        latitude=places["latitude"] + generator.normal(0, 0.01, len(places)),
    )
    return pd.concat([places, beside], ignore_index=True)


def main() -> None:
    """Measure France, then twice as many communes."""
    places = pd.read_parquet(SNAPSHOTS / "communes.parquet", columns=list(PLACE_COLUMNS))
    measure("communes of France", places, "(≤ 0.5 s)")
    measure("twice as many", doubled(places), "(≤ 2.5 s, ≤ 700 MB)", times=1)


if __name__ == "__main__":
    main()
