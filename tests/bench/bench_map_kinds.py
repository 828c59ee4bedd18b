"""What circles and crossed indicators cost on the map against colours: python -m tests.bench.bench_map_kinds.

All communes: the server writes one update of each kind; a real Chromium draws them by turns.
"""

import sys
from functools import partial

from coverage.territories.gazetteer import FRANCE
from geo.map import overlay
from pages.screens.crossing.data import Crossed, draw_crossed
from pages.widgets.map.values import draw_values
from reports.figures.map_classes import MapClasses
from tests.bench.map_updates import best_of, by_turns, map_of_france, payload_of, processor_ms, seconds_of, update_ms

KINDS = ("colours", "circles", "crossed")
NEAR = 1.25


def drawn_of(kind: str) -> MapClasses:
    """Return a map of all communes: the density in colours, the population in circles, or access crossed with age."""
    if kind == "crossed":
        draw_crossed.clear()
        return draw_crossed(Crossed("apl_65_2023", "share_75plus", "commune", FRANCE, "france", 10)).drawn
    return draw_values("population" if kind == "circles" else "density_per_km2", "commune", FRANCE, "quantiles", 5)


def update_of(kind: str) -> str:
    """Return the update of a map of all communes."""
    drawn = drawn_of(kind)
    return payload_of(overlay(drawn.values, drawn.legend))


def main() -> None:
    """Print every measure, each kind beside colours, and its ratio beside its target."""
    updates = {kind: update_of(kind) for kind in KINDS}
    for kind in KINDS:
        made = best_of(lambda kind=kind: seconds_of(lambda: update_of(kind)))
        print(f"{kind}: written by the server {1000 * made:6.0f} ms, {len(updates[kind]) / 1e6:.2f} MB")
    with map_of_france() as shown:
        for told, measure in {"update drawn": update_ms, "processor of an update": processor_ms}.items():
            found = by_turns(lambda update, measure=measure: best_of(partial(measure, shown, update)), updates)
            for kind in KINDS[1:]:
                ratio = found[kind] / found["colours"]
                times = f"{kind} {found[kind]:.0f} ms, colours {found['colours']:.0f} ms"
                print(f"{told}: {times}, ratio {ratio:.2f}  (≤ {NEAR})")


if __name__ == "__main__":
    sys.exit(main())
