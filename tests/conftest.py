"""Fixtures that every folder of tests may use."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import settings
from playwright.sync_api import expect, sync_playwright
from streamlit.components.v2 import manifest_scanner

from tests.e2e.browser import PATIENCE, chromium_path, forget, guard, launch
from tests.toy import ToyCountry
from tests.toy import toy_country as build_toy_country

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A busy machine is not a fault: properties are about answers, the benchmarks about time. The suite plays the same cases
# each time, so that a failure is that of a change; `--hypothesis-profile=explore` looks for others.
settings.register_profile("maillage", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("maillage")
expect.set_options(timeout=PATIENCE)

READER = {"viewport": {"width": 1440, "height": 900}, "locale": "fr-FR", "reduced_motion": "reduce"}
SNAPSHOTS = Path(__file__).resolve().parent.parent / "data" / "snapshots"


BROWSER_FILES_END = 0.85


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that open a browser among the others, the last one well before the end.

    A browser waits while other tests compute; several at a time on two cores only wait for each other.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    by_size = sorted(files.values(), key=len, reverse=True)
    browser, others = [], []
    for group in by_size:
        (browser if group[0].get_closest_marker("e2e") else others).append(group)
    places = [((rank + 0.5) / len(others), group) for rank, group in enumerate(others)]
    places += [((rank + 0.5) / len(browser) * BROWSER_FILES_END, group) for rank, group in enumerate(browser)]
    items[:] = [item for _, group in sorted(places, key=lambda place: place[0]) for item in group]


@pytest.fixture(scope="session", autouse=True)
def _no_synced_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what a developer has synced out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILLAGE_DATA", str(tmp_path_factory.mktemp("no_synced_data")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_scan_of_packages() -> Iterator[None]:
    """Look for components among the installed packages once: `AppTest` does at each run, a third of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def toy_country() -> ToyCountry:
    """Build a fresh toy country (see tests/toy.py)."""
    return build_toy_country()


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Find the folder that mirrors the official files; tests that use it carry the mark `mirror`.

    A clone without the mirror skips them: what they check of the committed snapshot is checked elsewhere.
    """
    folder = os.environ.get("MAILLAGE_MIRROR")
    if not folder:
        pytest.skip("MAILLAGE_MIRROR is not set: this test reads the mirror of official files")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"MAILLAGE_MIRROR names {path}, which is not a folder")
    return path


@pytest.fixture(scope="session")
def snapshots() -> Callable[[str], pd.DataFrame]:
    """Read a table of the real snapshot by name, from a cache: copy it before changing anything in it."""
    cache: dict[str, pd.DataFrame] = {}

    def read(name: str) -> pd.DataFrame:
        if name not in cache:
            path = SNAPSHOTS / f"{name}.parquet"
            if not path.is_file():
                pytest.fail(f"the snapshot table {name} is missing: it is committed, take it back from git")
            cache[name] = pd.read_parquet(path)
        return cache[name]

    return read


@pytest.fixture(scope="session")
def chromium():
    if chromium_path() is None:
        pytest.skip("no Chromium found: install it (apt-get install chromium) or set CHROMIUM to its path")
    # One in a process: a second one would start inside the loop of the first.
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profiles(chromium):
    """Keep browser profiles by what they were made with: the files of the app are fetched and compiled once in each."""
    return defaultdict(list)


@pytest.fixture
def open_page(chromium, profiles):
    """Open an address as a reader never seen before; at the end, fail if a request has tried to leave the machine."""
    used, escaped = [], []

    def open_address(address, *, width=1440, height=900, **options):
        key = repr(sorted(options.items()))
        context = profiles[key].pop() if profiles[key] else chromium.new_context(**READER, **options)
        context.set_default_timeout(PATIENCE)
        used.append((key, context, address))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        escaped.append(guard(page))
        page.goto(address)
        return page

    yield open_address
    for key, context, address in used:
        forget(context, address)
        profiles[key].append(context)
    assert [address for addresses in escaped for address in addresses] == []
