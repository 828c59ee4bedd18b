"""One job by one process, by processes of this machine, by a Dask cluster: python -m tests.bench.bench_cluster.

The cluster is a scheduler and two workers on this machine: what it costs to share, not what several machines gain.
"""

import io
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from reports.__main__ import main as run_reports
from tests.dask_cluster import Cluster

DEPARTEMENTS = "09,32,46,48"
DRAWS = ["projection", "--territory", "france", "--draws", "20000"]


def seconds(label: str, asked: list[str]) -> None:
    """Print the time of one command on the clock, the start of its processes included."""
    start = time.perf_counter()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        code = run_reports(asked)
    print(f"{label:56s}{time.perf_counter() - start:7.1f} s{'' if code == 0 else '  FAILED'}", flush=True)


def main() -> None:
    """Measure the atlas of four departments, and many draws of the projection."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder))
        started = time.perf_counter()
        address = cluster.ready()
        print(f"{'scheduler and two workers, started':56s}{time.perf_counter() - started:7.1f} s")
        ways = {
            "two processes": ["--jobs", "2"],
            "cluster, its workers just started": ["--cluster", address],
            "cluster, its workers warm": ["--cluster", address],
        }
        try:
            for number, (label, way) in enumerate(ways.items()):
                out = str(Path(folder) / str(number))
                seconds(
                    f"atlas of 4 departments, {label}", ["atlas", "--departement", DEPARTEMENTS, "--out", out, *way]
                )
            for label, way in {"one process": ["--jobs", "1"], **ways}.items():
                if "just" not in label:
                    seconds(f"20 000 draws, {label}", [*DRAWS, *way])
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
