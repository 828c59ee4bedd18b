"""The server answers once the first screen is ready; a fault of the data does not keep it from answering."""

import asyncio
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.errors import DataError
from pages.app import start
from pages.app.notices import guard_against_missing_data
from pages.app.reader import LOCAL_VARIABLE
from tests.pages.test_screens import ROOT


def enter():
    async def wait():
        async with start.once_prepared(None):
            pass

    with ThreadPoolExecutor(1) as apart:  # the loop of the browser tests may be running in this thread
        apart.submit(lambda: asyncio.run(wait())).result()


@pytest.fixture(autouse=True)
def _not_settled(monkeypatch):
    monkeypatch.setattr(start, "settle", lambda _: None)


@pytest.mark.parametrize("fault", [DataError("communes.parquet : illisible"), RuntimeError("unforeseen")])
def test_a_fault_is_logged_and_the_server_answers(monkeypatch, caplog, fault):
    def fail():
        raise fault

    monkeypatch.setattr(start, "prepare_server", fail)
    with caplog.at_level(logging.WARNING):
        enter()
    assert str(fault) in caplog.text


def test_the_component_of_the_map_is_left_to_the_first_page():
    """Imported outside a page's run, it would not be served to any browser."""
    code = "import sys, pages.screens.map.ahead as ahead; ahead.prepare(); sys.exit('streamlit_folium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True).returncode == 0


def test_the_first_screen_opens_without_the_libraries_of_the_others():
    """Half a second of processor, and 60 MB, that its first reader would wait for."""
    large = {"geopandas", "matplotlib", "pandera", "pulp", "scipy.spatial", "scipy.sparse"}
    code = "import sys, pages.screens.map.page; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert large & {*ran.stdout.split()} == set()


@pytest.mark.parametrize(("declared", "said"), [("1", "git checkout"), ("", "l’administrateur de ce serveur")])
def test_a_reader_is_told_whom_to_ask_and_the_one_at_the_machine_what_to_type(monkeypatch, declared, said):
    written = []
    monkeypatch.setenv(LOCAL_VARIABLE, declared)
    monkeypatch.setattr("pages.app.notices.st.markdown", written.append)
    with guard_against_missing_data():
        raise DataError("communes.parquet : illisible")
    assert said in written[0]
