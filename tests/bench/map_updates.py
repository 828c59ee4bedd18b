"""What the measures of the map share: an update as the server sends it, a real map that draws it, and its times."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import folium
from playwright.sync_api import Locator, sync_playwright

from geo.map.overlay import MapUpdate
from tests.bench.bench_screens import open_page
from tests.e2e.browser import ROOT, launch, serve

REPEATS = 5
TURNS = 3
UPDATE_MS = """async (_, encoded) => {
    const { dataset } = document.querySelector('.maillage-map');
    const before = dataset.updates, start = performance.now();
    window.Maillage.update(encoded);
    while (dataset.updates === before) await new Promise((done) => setTimeout(done, 1));
    return performance.now() - start;
}"""


def payload_of(group: folium.FeatureGroup) -> str:
    """Return what an overlay sends to the browser."""
    return next(child.payload for child in group._children.values() if isinstance(child, MapUpdate))


@contextlib.contextmanager
def map_of_france() -> Iterator[Locator]:
    """Open the map of all communes in a real Chromium, on a server that is stopped at the end."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        with serve(ROOT / "app.py", log=Path(tempfile.mkdtemp()) / "server.log") as address:
            page, _, _ = open_page(browser, f"{address}/?structures=")
            page.wait_for_timeout(1500)
            yield page.frame_locator("iframe").locator(".maillage-map")
        browser.close()


def update_ms(shown: Locator, update: str) -> float:
    """Return the milliseconds from an update to its drawing."""
    return float(shown.evaluate(UPDATE_MS, update))


def processor_ms(shown: Locator, update: str) -> float:
    """Return the processor time of all of Chromium for an update, in milliseconds: other work hardly moves it."""
    update_ms(shown, update)
    before = _chromium_ms()
    for _ in range(REPEATS):
        update_ms(shown, update)
    return (_chromium_ms() - before) / REPEATS


def by_turns(measure: Callable[[str], float], updates: dict[str, str]) -> dict[str, float]:
    """Return the best measure of each update, taken by turns: what slows the machine for a while slows them all."""
    taken = [{kind: measure(update) for kind, update in updates.items()} for _ in range(TURNS)]
    return {kind: min(turn[kind] for turn in taken) for kind in updates}


def best_of(measure: Callable[[], float]) -> float:
    """Return the best of some runs."""
    return min(measure() for _ in range(REPEATS))


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _chromium_ms() -> float:
    """Return the processor time that the Chromium started here has taken, in milliseconds."""
    ticks, parents = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            told = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(told[1])
            if b"chrom" in (folder / "cmdline").read_bytes():
                ticks[int(folder.name)] = int(told[11]) + int(told[12])
    ours = sum(count for process, count in ticks.items() if _descends(process, parents))
    return 1000 * ours / os.sysconf("SC_CLK_TCK")


def _descends(process: int, parents: dict[int, int]) -> bool:
    while process in parents:
        process = parents[process]
        if process == os.getpid():
            return True
    return False
