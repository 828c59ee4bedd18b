"""What circles cost on the map against colours, all communes: python -m tests.bench.bench_circles.

The server writes one update of the population, in circles, and one of the density, in colours; a real Chromium draws
them by turns.
"""

import sys
from functools import partial

from coverage.territories.gazetteer import FRANCE
from geo.map import overlay
from pages.widgets.map.values import draw_values
from tests.bench.map_updates import best_of, by_turns, map_of_france, payload_of, processor_ms, seconds_of, update_ms

MAPS = {"colours": "density_per_km2", "circles": "population"}
NEAR = 1.25


def update_of(indicator_id: str) -> str:
    """Return the update of a map of all communes."""
    drawn = draw_values(indicator_id, "commune", FRANCE, "quantiles", 5)
    return payload_of(overlay(drawn.values, drawn.legend))


def main() -> None:
    """Print every measure, circles beside colours, and their ratio beside its target."""
    updates = {kind: update_of(name) for kind, name in MAPS.items()}
    for kind, name in MAPS.items():
        made = best_of(lambda name=name: seconds_of(lambda: update_of(name)))
        print(f"{kind}: written by the server {1000 * made:6.0f} ms, {len(updates[kind]) / 1e6:.2f} MB")
    with map_of_france() as shown:
        for told, measure in {"update drawn": update_ms, "processor of an update": processor_ms}.items():
            found = by_turns(lambda update, measure=measure: best_of(partial(measure, shown, update)), updates)
            times = ", ".join(f"{kind} {found[kind]:.0f} ms" for kind in MAPS)
            ratio = found["circles"] / found["colours"]
            print(f"{told}: {times}, ratio {ratio:.2f}  (≤ {NEAR})")


if __name__ == "__main__":
    sys.exit(main())
