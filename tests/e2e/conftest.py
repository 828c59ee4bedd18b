"""Fixtures of the browser tests: the sites that they read; the browser itself is in the conftest of all tests."""

import contextlib
import functools

import pytest
from playwright.sync_api import Error, Locator

from tests.e2e import toy_site
from tests.e2e.browser import ROOT, serve

GESTURES = ("click", "dblclick", "fill", "press", "press_sequentially", "check", "uncheck", "set_input_files")
RUN_SECONDS = 20


@pytest.fixture(scope="session")
def toy_map(tmp_path_factory):
    with serve(toy_site.write(tmp_path_factory.mktemp("toy_map"))) as address:
        yield address


@pytest.fixture(scope="session")
def app_address(tmp_path_factory):
    """Serve the app itself, on the committed snapshot."""
    with serve(ROOT / "app.py", log=tmp_path_factory.mktemp("app") / "server.log") as address:
        yield address


@pytest.fixture(autouse=True)
def _gestures_wait_for_the_page(monkeypatch):
    """Make every gesture wait until no run of its page is under way: what it aims at may be drawn again under it.

    A page that runs for long (a job with its progress) gets the gesture all the same after `RUN_SECONDS`.
    """
    for name in GESTURES:
        monkeypatch.setattr(Locator, name, _on_a_still_page(getattr(Locator, name)))


def _on_a_still_page(gesture):
    @functools.wraps(gesture)
    def wait_then_act(locator, *args, **kwargs):
        running = locator.page.locator("[data-testid=stApp]:not([data-test-script-state=notRunning])")
        with contextlib.suppress(Error):
            running.wait_for(state="hidden", timeout=RUN_SECONDS * 1000)
        return gesture(locator, *args, **kwargs)

    return wait_then_act
