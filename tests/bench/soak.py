"""Whether a server's memory stays flat while readers come and go for long: python -m tests.bench.soak.

Each reader opens a page, changes what the map shows a few times, and leaves; one after the other, without a browser.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coverage.indicators.cards import INDICATORS
from coverage.terms.horizons import LONGEST_HORIZON, SHORTEST_HORIZON
from pages.navigation import SCREENS
from tests.bench.bench_readers import Reader, Usage
from tests.e2e.browser import ROOT, serve

PAUSE_S = 1.0
EVERY_S = 300.0
DEPARTEMENTS = [f"{number:02d}" for number in range(1, 96) if number != 20]  # 2A, 2B
PLACES = ["france", "region-76", "region-11", "region-93", *(f"departement-{code}" for code in DEPARTEMENTS)]
MAP_SHARE = 0.5


def visit(address: str, choice: np.random.Generator) -> int:
    """Let one reader come, look and leave; return how many runs of a page that took."""
    routes = [screen.route for name, screen in SCREENS.items() if name != "map"]
    reader, n_runs = Reader(address), 1
    try:
        if choice.random() > MAP_SHARE:
            reader.open(str(choice.choice(routes)), files=False)
            return n_runs
        reader.open(files=False)
        for _ in range(int(choice.integers(1, 6))):
            horizon = choice.integers(SHORTEST_HORIZON, LONGEST_HORIZON)
            asked = f"territoire={choice.choice(PLACES)}&indicateur={choice.choice(list(INDICATORS))}&horizon={horizon}"
            reader.run(query=asked)
            n_runs += 1
        return n_runs
    finally:
        reader.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the memory of the server every five minutes, and how much it grew over the second half."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.soak")
    asked.add_argument("--minutes", type=float, default=60.0)
    options = asked.parse_args(arguments)
    choice = np.random.default_rng(1)
    log = Path(tempfile.mkdtemp()) / "server.log"
    with serve(ROOT / "app.py", log=log) as address:
        usage = Usage(int(address.rpartition(":")[2]))
        start, n_runs, said = time.monotonic(), 0, [usage.resident_mb()]
        print(f"server ready: {said[0]:.0f} MB", flush=True)
        while (elapsed := time.monotonic() - start) < 60 * options.minutes:
            n_runs += visit(address, choice)
            if elapsed >= EVERY_S * len(said):
                said.append(usage.resident_mb())
                spent = f"{said[-1]:6.0f} MB, {usage.processor_s():.0f} s of processor"
                print(f"{elapsed / 60:5.0f} min {n_runs:7} runs {spent}", flush=True)
            time.sleep(PAUSE_S)
        print(f"{n_runs} runs; the second half added {said[-1] - said[len(said) // 2]:.0f} MB")


if __name__ == "__main__":
    main()
