"""Fixtures of the browser tests: one Chromium a session, one page a test, no request out of the machine."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.e2e import toy_site
from tests.e2e.browser import PATIENCE, ROOT, chromium_path, guard, launch, serve

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium():
    if chromium_path() is None:
        pytest.skip("no Chromium found: install it (apt-get install chromium) or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open an address in a fresh context; at the end, fail if a request has tried to leave the machine."""
    contexts, escaped = [], []

    def open_address(address, *, width=1440, height=900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="fr-FR", reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        escaped.append(guard(page))
        page.goto(address)
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert [address for addresses in escaped for address in addresses] == []


@pytest.fixture(scope="session")
def toy_map(tmp_path_factory):
    with serve(toy_site.write(tmp_path_factory.mktemp("toy_map"))) as address:
        yield address


@pytest.fixture(scope="session")
def app_address(tmp_path_factory):
    """Serve the app itself, on the committed snapshot."""
    with serve(ROOT / "app.py", log=tmp_path_factory.mktemp("app") / "server.log") as address:
        yield address
