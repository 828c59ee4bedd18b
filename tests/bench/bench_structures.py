"""What many structures cost on the map: python -m tests.bench.bench_structures [number, 25 000 by default].

The server turns the table into one update; a real Chromium decodes it, gathers the signs and draws them at each zoom.
Half of the structures stand at the point of their commune, as many do in the sites of 2026. Times are the best of a
few, which what else the machine does moves least.
"""

import sys

import numpy as np
import pandas as pd
from playwright.sync_api import Locator

from data import store
from geo.map import ClassedValues, overlay
from tests.bench.map_updates import best_of, map_of_france, payload_of, seconds_of, update_ms

NUMBER = 25_000
TYPES = ("msp", "cpts", "centre_sante", "hopital", "pharmacie")
ZOOMS = (6, 8, 10, 12, 14)
ZOOM_MS = """(_, zoom) => {
    const start = performance.now();
    window.map.setView([46.6, 2.4], zoom, { animate: false });
    return performance.now() - start;
}"""


def many_structures(number: int) -> pd.DataFrame:
    """Return a table of structures drawn at random among the communes of mainland France, always the same."""
    chance = np.random.default_rng(12)
    communes = store.load("communes").dropna(subset=["longitude", "latitude"])
    communes = communes[communes["region_code"].astype(int) > 10]
    homes = communes.iloc[chance.integers(0, len(communes), number)].reset_index(drop=True)
    at_commune = chance.random(number) < 0.5
    shifts = np.where(at_commune, 0.0, chance.normal(0, 0.02, (2, number)))
    day = pd.to_datetime(np.where(chance.random(number) < 0.2, "2026-04-01", "2026-05-12"))
    return pd.DataFrame(
        {
            "finess_code": [f"{rank:09}" for rank in range(number)],
            "structure_type": chance.choice(TYPES, number),
            "name": "Maison de santé " + homes["name"],
            "commune_name": homes["name"],
            "longitude": homes["longitude"] + shifts[0],
            "latitude": homes["latitude"] + shifts[1],
            "opened_on": pd.Series(day).where(~at_commune),
            "point_flag": np.where(at_commune, "commune", "ok"),
            "as_of": day,
            "category_basis": np.where(at_commune, "nom", "finess"),
        }
    )


def update_of(structures: pd.DataFrame | None) -> str:
    """Return the update of a map whose communes are all of one colour."""
    n_communes = len(store.load("communes"))
    values = ClassedValues("commune", "0" * n_communes, [None] * n_communes, ["#dde6ee"], "Structures")
    return payload_of(overlay(values, None, structures))


def best_of_zoom(shown: Locator, zoom: int, update: str = "") -> float:
    """Return the milliseconds of a move to a zoom; an update given before it makes the structures gather anew."""

    def move() -> float:
        shown.evaluate(ZOOM_MS, zoom - 1)
        if update:
            update_ms(shown, update)
        return float(shown.evaluate(ZOOM_MS, zoom))

    return best_of(move)


def main() -> None:
    """Print every measure beside its target."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    table = many_structures(number)
    bare, full = update_of(None), update_of(table)
    made = best_of(lambda: seconds_of(lambda: update_of(table)))
    print(f"{number} structures, made by the server  {1000 * made:6.0f} ms  (≤ 400)")
    print(f"payload of the structures            {(len(full) - len(bare)) / 1e6:6.2f} MB")
    with map_of_france() as shown:
        empty = best_of(lambda: update_ms(shown, bare))
        print(f"update drawn, no structure           {empty:6.0f} ms")
        print(f"update drawn, all structures         {best_of(lambda: update_ms(shown, full)):6.0f} ms")
        for zoom in ZOOMS:
            first, again = best_of_zoom(shown, zoom, full), best_of_zoom(shown, zoom)
            update_ms(shown, bare)
            alone = best_of_zoom(shown, zoom)
            update_ms(shown, full)
            told = f"{first:6.0f} ms, {again:.0f} ms, {alone:.0f} ms  (≤ 100)"
            print(f"zoom {zoom:2}: gathered, again, without     {told}")


if __name__ == "__main__":
    sys.exit(main())
