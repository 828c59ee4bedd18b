"""Fixtures of the browser tests: the sites that they read; the browser itself is in the conftest of all tests."""

import pytest

from tests.e2e import toy_site
from tests.e2e.browser import ROOT, serve


@pytest.fixture(scope="session")
def toy_map(tmp_path_factory):
    with serve(toy_site.write(tmp_path_factory.mktemp("toy_map"))) as address:
        yield address


@pytest.fixture(scope="session")
def app_address(tmp_path_factory):
    """Serve the app itself, on the committed snapshot."""
    with serve(ROOT / "app.py", log=tmp_path_factory.mktemp("app") / "server.log") as address:
        yield address
