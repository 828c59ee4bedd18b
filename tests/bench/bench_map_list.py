"""What the server spends on the list under the map, on the snapshot: python -m tests.bench.bench_map_list."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from coverage.indicators.criteria import Criterion
from coverage.territories.gazetteer import FRANCE
from pages.app.view import View
from pages.screens.map.list import _styled, tell_list
from pages.screens.map.list_rows import UnitList, export_rows, list_units
from pages.screens.map.list_state import ListState
from pages.screens.map.projects import ProjectsLayer
from pages.widgets.map.values import draw_values
from reports.figures.tables import write_csv

CRITERIA = (
    Criterion("apl_65_2023", "moins", 2.5),
    Criterion("share_75plus", "plus", 12.0),
    Criterion("nearest_msp_min", "plus", 15.0),
)
REPEATS = 5


def best_of(run: Callable[[], object]) -> float:
    """Return the shortest time of several runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print each measure beside its target."""
    view, layer = View(), ProjectsLayer("caches")
    drawn = draw_values(view.indicateur, view.maille, FRANCE, view.methode, view.classes)

    def make(criteria: tuple[Criterion, ...] = (), searched: str = "") -> UnitList:
        units = list_units(view, layer, drawn, criteria, searched)
        tell_list(units, ListState(criteria))
        if len(units.ranks):
            _styled(units, drawn, units.ranks.index[:100])._repr_html_()
        return units

    start = time.perf_counter()
    units = make()
    print(f"list of {len(units.ranks)} communes, first time     {time.perf_counter() - start:6.3f} s")
    print(f"list of {len(units.ranks)} communes, opened         {best_of(make):6.3f} s  (≤ 0.3)")
    print(f"filtered by three criteria           {best_of(lambda: make(CRITERIA)):6.3f} s  (≤ 0.3)")
    print(f"searched                             {best_of(lambda: make((), 'saint etienne')):6.3f} s  (≤ 0.3)")
    print(f"its CSV, when asked for              {best_of(lambda: write_csv(export_rows(units, drawn, ''))):6.3f} s")


if __name__ == "__main__":
    main()
