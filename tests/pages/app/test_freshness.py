"""What is computed from the tables is forgotten when another process replaces them, and not before."""

import subprocess
import sys

import pytest
import streamlit as st

from data.store import data_version
from data.sync import versions
from data.sync.versions import Pointer
from pages.app import freshness
from tests.e2e.browser import ROOT

SWITCH = "from data.sync import versions; versions.switch('rpps', versions.Pointer('20261101-0123456789ab', None))"


@pytest.fixture(autouse=True)
def _apart(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    monkeypatch.setattr(freshness, "_SEEN", [])
    yield
    st.cache_resource.clear()


@pytest.fixture
def made():
    """Give a function that is kept for all readers and returns how often it was computed."""
    runs = []

    @st.cache_resource
    def computed():
        runs.append(1)
        return len(runs)

    def ask():
        freshness.follow_data()
        return computed()

    return ask


def in_another_process(code):
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_an_update_of_another_process_is_seen_at_the_next_run_and_costs_one_reading(made):
    assert [made(), made()] == [1, 1]
    in_another_process(SWITCH)
    assert [made(), made()] == [2, 2]


def replace_times(folder):
    fresh = folder / "fresh"
    fresh.write_bytes(b"x")
    fresh.replace(folder / versions.TRAVEL_TIMES)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: versions.switch("rpps", Pointer("20261101-0123456789ab", None)),
        lambda _: versions.switch("finess", Pointer(None, None)),
        replace_times,
        lambda folder: (folder / versions.TRAVEL_TIMES).unlink(),
    ],
)
def test_the_version_of_the_data_moves_with_each_thing_in_use(change, tmp_path):
    versions.switch("finess", Pointer("20261101-0123456789ab", None))
    replace_times(tmp_path)
    before = data_version()
    assert before == data_version()
    change(tmp_path)
    assert before != data_version()


def test_other_files_of_the_folder_move_nothing(tmp_path):
    before = data_version()
    (tmp_path / "projets.sqlite").write_bytes(b"x")
    (tmp_path / "sync.lock").write_bytes(b"x")
    assert data_version() == before
