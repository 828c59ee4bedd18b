"""What the server spends on an own territory of 500 communes: python -m tests.bench.bench_own_territory.

Seconds of processor: what else the machine does changes nothing of them.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

import numpy as np
from streamlit.testing.v1 import AppTest

from coverage.projection import Scenario
from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.own import OwnTerritory
from data.projects.places import load_places
from data.territories.reading import read_text
from pages.app.projection import look_ahead
from pages.app.tables import level_table, load_gazetteer, load_table, own_table

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 5
N_COMMUNES = 500


def sets() -> list[Territory]:
    """Return other sets of 500 scattered communes, one a run: nothing of one is kept for the next."""
    codes = load_table("communes")["commune_code"].to_numpy()
    draw = np.random.default_rng(1)
    return [
        Territory.of_own(OwnTerritory.of(f"Banc {run}", draw.choice(codes, N_COMMUNES, replace=False)))
        for run in range(3 * REPEATS + 4)
    ]


def best_of(run: Callable[[Territory], object], among: list[Territory]) -> float:
    """Return the shortest processor time of several runs, each on another territory, in seconds."""
    times = []
    for _ in range(REPEATS):
        territory = among.pop()
        start = time.process_time()
        run(territory)
        times.append(time.process_time() - start)
    return min(times)


def open_portrait(territory: Territory) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    app.query_params["territoire"] = territory.key
    app.switch_page("pages/territoire.py")
    assert not app.run().exception


def main() -> None:
    """Print each measure beside its target."""
    among = sets()
    own_table(among.pop())
    level_table("commune")
    look_ahead(Scenario(), among.pop())
    read = "\n".join(load_table("communes")["commune_code"].iloc[:N_COMMUNES])
    places = load_places()
    read_text(read, places)
    print(f"its address                          {len(among[0].key)} characters")
    print(f"read from its address                {best_of(lambda own: load_gazetteer().parse(own.key), among):6.3f} s")
    print(f"every figure of it                   {best_of(own_table, among):6.3f} s  (≤ 0.5)")
    start = time.process_time()
    read_text(read, places)
    print(f"500 pasted codes read                {time.process_time() - start:6.3f} s")
    open_portrait(FRANCE)
    open_portrait(among.pop())
    print(f"its portrait, the whole page         {best_of(open_portrait, among):6.3f} s  (≤ 0.5)")


if __name__ == "__main__":
    main()
