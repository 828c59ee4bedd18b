"""How long each page takes to its last change, beside an empty Streamlit page: python -m tests.bench.bench_pages.

One browser that has seen every page once, and a server that has too: what a reader waits for in the course of a visit.
The pages are opened by turns; the median counts.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from pages.navigation import SCREENS
from tests.e2e.browser import ROOT, launch, serve, wait_until_still

VISITS = 5
GOAL_S = 1.8
QUIET_MS = 1_000
"""A page that has not changed for so long is drawn."""
MOST_S = 60.0
EMPTY = 'import streamlit as st\n\nst.write("")\n'
WATCH = """() => {
  const note = () => { window.maillageChanged = performance.timeOrigin + performance.now(); };
  note();
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(note).observe(document, all);
}"""


def last_change_ms(page: Page) -> float:
    """Return when the page or one of its frames last changed, in milliseconds since 1970."""
    return max(frame.evaluate("() => window.maillageChanged ?? 0") for frame in page.frames)


def seconds_to_last_change(page: Page, address: str) -> float:
    """Open an address; return the seconds from the start of the navigation to the last change of what is shown."""
    page.goto(address, wait_until="commit")
    page.locator("[data-testid=stApp]").wait_for()
    limit = time.perf_counter() + MOST_S
    while time.perf_counter() < limit:
        wait_until_still(page)
        if page.evaluate("() => performance.timeOrigin + performance.now()") - last_change_ms(page) > QUIET_MS:
            break
        page.wait_for_timeout(QUIET_MS / 4)
    return (last_change_ms(page) - page.evaluate("() => performance.timeOrigin")) / 1000


def main() -> None:
    """Print the time of each page, the slowest first, and what it takes more than an empty one."""
    folder = Path(tempfile.mkdtemp())
    empty = folder / "empty.py"
    empty.write_text(EMPTY, encoding="utf-8")
    with (
        serve(empty) as nothing,
        serve(ROOT / "app.py", log=folder / "server.log") as app,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR").new_page()
        page.add_init_script(f"({WATCH})()")
        addresses = {screen.title: f"{app}/{screen.route}" for screen in SCREENS.values()} | {"empty": nothing}
        times: dict[str, list[float]] = {title: [] for title in addresses}
        for _ in range(VISITS + 1):
            for title, address in addresses.items():
                times[title].append(seconds_to_last_change(page, address))
        browser.close()
    medians = {title: statistics.median(found[1:]) for title, found in times.items()}
    bare = medians.pop("empty")
    print(f"an empty page {bare:.2f} s")
    for title, median in sorted(medians.items(), key=lambda each: -each[1]):
        found = times[title][1:]
        print(f"{title:26s}{median:6.2f} s ({min(found):.2f}-{max(found):.2f}), {median - bare:+.2f}  (≤ {GOAL_S})")


if __name__ == "__main__":
    sys.exit(main())
