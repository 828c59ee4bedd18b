"""A real Chromium and a real Streamlit server for the browser tests; nothing outside the machine is ever asked."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=slight",  # the letters of a Chromium with windows, in the one without
    # No other machine has a name nor an address here: what would leave goes nowhere, and `guard` says that it tried.
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""Names that a Chromium may have, the lightest first: the one without windows takes a fifth less of processor."""
START_SECONDS = 120
PATIENCE = 120_000
"""Milliseconds that a browser test waits for what must come: a busy machine is not a fault."""


def chromium_path() -> str | None:
    """Return the Chromium to run: that of the environment variable CHROMIUM, or the first one installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)


def forget(context: BrowserContext, address: str) -> None:
    """Close the pages of a profile and drop what a site has left in it; the files that it has fetched stay."""
    for page in context.pages:
        page.close()
    context.clear_cookies()
    blank = context.new_page()
    session = context.new_cdp_session(blank)
    site = urlsplit(address)
    asked = {"origin": f"{site.scheme}://{site.netloc}", "storageTypes": "local_storage,indexeddb"}
    session.send("Storage.clearDataForOrigin", asked)
    blank.close()


@contextlib.contextmanager
def serve(script: Path, *, log: Path | None = None, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Serve a Streamlit script from its own folder with the app's settings; give its address; stop it at the end.

    Its reader is at the machine, as with `make run`, unless `environment` says that MAILLAGE_LOCAL is empty.
    What the server says goes to `log`, beside the script by default.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script.name]
    settings = {
        "server.address": HOST,
        "server.port": port,
        "server.headless": "true",
        "server.enableStaticServing": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    log = log or script.parent / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, *(f"--{name}={value}" for name, value in settings.items())],
            cwd=script.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT), "MAILLAGE_LOCAL": "1"} | (environment or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://{HOST}:{port}/_stcore/health", server, log)
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):  # not there yet, or too busy to answer
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 — our own http address
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until what is asked of a page holds, and fail if it never does."""
    limit = time.monotonic() + PATIENCE / 1000
    while not holds() and time.monotonic() < limit:
        page.wait_for_timeout(200)
    assert holds()


def wait_until_still(page: Page) -> None:
    """Wait until no run of the page is under way: what a gesture aims at then stays where it is."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=PATIENCE)


def guard(page: Page) -> list[str]:
    """Record every request that would leave the machine: a test ends by checking that the list is empty.

    `CHROMIUM_FLAGS` stop them. Nothing is put between the page and its server: that would cost the browser its memory
    of files, and each request a turn through the test.
    """
    escaped: list[str] = []

    def record(address: str) -> None:
        asked = urlsplit(address)
        if asked.scheme in {"http", "https", "ws", "wss"} and asked.hostname != HOST:
            escaped.append(address)

    page.on("request", lambda request: record(request.url))
    page.on("websocket", lambda opened: record(opened.url))
    return escaped
