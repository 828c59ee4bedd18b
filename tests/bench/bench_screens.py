"""What a reader waits for, in a real Chromium on this machine: python -m tests.bench.bench_screens.

Each line prints a measure beside its target. Times are medians; the server is warm unless said otherwise.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser import ROOT, launch, serve
from tests.e2e.map_on_page import MapOnPage

REPEATS = 5
MILLAU = (3.08, 44.10)
CHOICES = (
    ("Part des habitants de 75", "75 ans ou plus"),
    ("Densité de population", "Densité"),
    ("Trajet MSP", "MSP"),
    ("Habitants par MSP", "MSP"),
)
PATIENCE_MS = 60_000
# The times of both frames count from one origin; what the means of the measure take is left out.
NOTE_PRESS = """() => addEventListener('pointerdown',
    () => { window.pressed = performance.timeOrigin + performance.now(); }, { capture: true, once: true })"""
NOTE_PICTURE = """(watched, changes) => {
    window.pictured = new Promise((done) => new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.timeOrigin + performance.now())));
    }).observe(watched, changes));
}"""


def open_page(browser: Browser, address: str) -> tuple[Page, dict[str, float], float]:
    """Open the app in a new browser profile; return the page, the bytes it received and the seconds to the drawing."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR").new_page()
    received = {"http": 0.0, "geometry": 0.0, "websocket": 0.0}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}
    session.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )

    def count(event: dict) -> None:
        received["http"] += event["encodedDataLength"]
        if "/app/static/" in addresses.get(event["requestId"], ""):
            received["geometry"] += event["encodedDataLength"]

    def count_frame(event: dict) -> None:
        received["websocket"] += len(event["response"]["payloadData"]) * 3 / 4  # binary frames come in base64

    session.on("Network.loadingFinished", count)
    session.on("Network.webSocketFrameReceived", count_frame)
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    MapOnPage(page).wait_until_drawn(PATIENCE_MS)
    return page, received, time.perf_counter() - start


def median_of(measure: Callable[[], float], repeats: int = REPEATS) -> float:
    """Return the median of several runs."""
    return statistics.median(measure() for _ in range(repeats))


def resident_mb(address: str) -> float:
    """Return the resident memory of the server that listens at an address."""
    port = address.rpartition(":")[2]
    found = subprocess.run(["pgrep", "-f", f"server.port={port}"], capture_output=True, text=True, check=True)
    status = Path("/proc", found.stdout.split()[0], "status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def hover_ms(shown: MapOnPage) -> float:
    """Return the time from a movement of the mouse to the tooltip's new text."""
    x, y = shown.place(*MILLAU)
    times = []
    for step in range(12):
        before = shown.tooltip.inner_text() if step else ""
        start = time.perf_counter()
        shown.page.mouse.move(x + 9 * (step % 5), y + 11 * step)
        while step and shown.tooltip.inner_text() == before and time.perf_counter() - start < 1:
            pass
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


def change_seconds(page: Page, shown: MapOnPage, typed: str, legend: str) -> float:
    """Return the time from the press on an indicator to the first picture of the map in its colours."""
    box = page.get_by_role("combobox", name="Indicateur")
    box.fill(typed)
    option = page.get_by_role("option").first
    option.wait_for()
    page.evaluate(NOTE_PRESS)
    shown.container.evaluate(NOTE_PICTURE, {"attributes": True, "attributeFilter": ["data-updates"]})
    option.click()
    drawn: float = shown.container.evaluate("() => window.pictured")
    shown.legend.get_by_text(legend).first.wait_for(timeout=PATIENCE_MS)
    return (drawn - page.evaluate("() => window.pressed")) / 1000


def click_seconds(page: Page, shown: MapOnPage) -> float:
    """Return the time from the press on a commune to the first picture of its card."""
    place = shown.place(*MILLAU)
    card = page.locator(".st-key-card")
    shown.container.evaluate(NOTE_PRESS)
    card.evaluate(NOTE_PICTURE, {"childList": True, "subtree": True, "characterData": True})
    page.mouse.click(*place)
    drawn: float = page.evaluate("() => window.pictured")
    card.get_by_role("heading", name="Millau").wait_for(timeout=PATIENCE_MS)
    return (drawn - shown.container.evaluate("() => window.pressed")) / 1000


def main() -> None:
    """Print every measure beside its target."""
    log = Path(tempfile.mkdtemp()) / "server.log"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        start = time.perf_counter()
        with serve(ROOT / "app.py", log=log) as address:
            _, _, _ = open_page(browser, address)
            print(f"cold server start → first map        {time.perf_counter() - start:6.2f} s   (≤ 8)")
            print(f"server memory, first reader          {resident_mb(address):6.0f} MB  (≤ 400)")
            drawn = median_of(lambda: open_page(browser, address)[2])
            print(f"navigation → 34 871 communes drawn   {drawn:6.2f} s   (≤ 2.2)")
            page, received, _ = open_page(browser, address)
            page.wait_for_timeout(1500)
            print(f"map files over HTTP                  {received['geometry'] / 1e6:6.2f} MB  (≤ 2)")
            print(f"all HTTP, Streamlit's own included   {received['http'] / 1e6:6.2f} MB")
            print(f"websocket                            {received['websocket'] / 1e6:6.2f} MB  (≤ 0.4)")
            shown = MapOnPage(page)
            first = [change_seconds(page, shown, *asked) for asked in CHOICES]
            print(f"change of indicator, first time      {statistics.median(first):6.2f} s   (≤ 0.15)")
            again = [change_seconds(page, shown, *asked) for asked in CHOICES * 3]
            print(f"change of indicator, seen before     {statistics.median(again):6.2f} s   (≤ 0.15)")
            close, _, _ = open_page(browser, f"{address}/?territoire=departement-12&structures=")
            near = MapOnPage(close)
            close.wait_for_timeout(1500)
            print(f"hover → tooltip                      {hover_ms(near):6.0f} ms  (≤ 70)")
            print(f"click → card                         {click_seconds(close, near):6.2f} s   (≤ 0.25)")
            before = resident_mb(address)
            for _ in range(REPEATS):
                open_page(browser, address)
            print(f"server memory, each further reader   {(resident_mb(address) - before) / REPEATS:6.1f} MB  (≤ 30)")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
