"""What circles cost on the map against colours, all communes: python -m tests.bench.bench_circles.

The server writes one update of the population, in circles, and one of the density, in colours; a real Chromium draws
them by turns. Times are the best of a few.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from coverage.territories.gazetteer import FRANCE
from geo.map import overlay
from geo.map.overlay import MapUpdate
from pages.widgets.map.values import draw_values
from tests.bench.bench_screens import open_page
from tests.bench.bench_structures import UPDATE_MS, best_of, seconds_of
from tests.e2e.browser import ROOT, launch, serve

MAPS = {"colours": "density_per_km2", "circles": "population"}
PAINT_MS = "() => Number(document.querySelector('.maillage-map').dataset.paintMs)"


def update_of(indicator_id: str) -> str:
    """Return the update of a map of all communes."""
    drawn = draw_values(indicator_id, "commune", FRANCE, "quantiles", 5)
    group = overlay(drawn.values, drawn.legend)
    return next(child.payload for child in group._children.values() if isinstance(child, MapUpdate))


def main() -> None:
    """Print every measure, circles beside colours."""
    updates = {kind: update_of(name) for kind, name in MAPS.items()}
    for kind, name in MAPS.items():
        made = best_of(lambda name=name: seconds_of(lambda: update_of(name)))
        print(f"{kind}: written by the server {1000 * made:6.0f} ms, {len(updates[kind]) / 1e6:.2f} MB")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        with serve(ROOT / "app.py", log=Path(tempfile.mkdtemp()) / "server.log") as address:
            page, _, _ = open_page(browser, f"{address}/?structures=")
            page.wait_for_timeout(1500)
            shown = page.frame_locator("iframe").locator(".maillage-map")
            for kind, update in updates.items():
                whole = best_of(lambda update=update: float(shown.evaluate(UPDATE_MS, update)))
                print(f"{kind}: update drawn {whole:6.0f} ms, of which painting {shown.evaluate(PAINT_MS):.0f} ms")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
