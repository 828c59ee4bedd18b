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

    from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 120
PATIENCE = 120_000
"""Milliseconds that a browser test waits for what must come: a busy machine is not a fault."""


def chromium_path() -> str | None:
    """Return the Chromium to run: that of the environment variable CHROMIUM, or the first one installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)


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
    """Block and record every request that would leave the machine: a test ends by checking that the list is empty."""
    escaped: list[str] = []

    def decide(route) -> None:
        if urlsplit(route.request.url).hostname == HOST:
            route.continue_()
        else:
            escaped.append(route.request.url)
            route.abort()

    page.route(lambda address: address.startswith(("http:", "https:")), decide)
    return escaped
