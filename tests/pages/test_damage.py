"""A damaged file closes the pages that need it, by name, and no other."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from coverage.projection import assumptions
from coverage.projection import scenario as scenarios
from data import store

ROOT = Path(__file__).parents[2]
PATIENCE_S = 300
CLOSED = "Cette page ne peut pas être affichée"


def errors_of(name):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    app.switch_page(f"pages/{name}.py")
    app.run()
    assert not app.exception
    return " ".join(error.value for error in app.error)


@pytest.fixture
def _fresh_cache():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.mark.usefixtures("_fresh_cache")
def test_one_damaged_table_closes_only_the_pages_that_need_it(monkeypatch, tmp_path):
    snapshot = tmp_path / "snapshots"
    shutil.copytree(store.DEFAULT_FOLDER, snapshot)
    path = snapshot / "structures.parquet"
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(contents)
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(snapshot))
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    for name in ("financement", "sources", "projets"):
        assert errors_of(name) == ""
    said = errors_of("territoire")
    assert CLOSED in said
    assert "structures.parquet" in said


@pytest.mark.usefixtures("_fresh_cache")
def test_damaged_assumptions_close_the_projection_and_not_the_map(monkeypatch, tmp_path):
    (tmp_path / "assumptions.toml").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(sys.modules["coverage.projection.assumptions"], "_FILE", tmp_path / "assumptions.toml")
    assumptions.cache_clear()
    scenarios._presets.cache_clear()
    try:
        assert errors_of("financement") == ""
        said = errors_of("projection")
        assert CLOSED in said
        assert "assumptions.toml" in said
    finally:
        assumptions.cache_clear()
        scenarios._presets.cache_clear()


IMPORT_ALL = """
import importlib, pkgutil
for floor in ("geo", "coverage", "data", "reports", "pages"):
    for module in pkgutil.walk_packages([floor], floor + "."):
        is_route = floor == "pages" and module.name.count(".") == 1 and not module.ispkg
        if not module.name.endswith("__main__") and (not is_route or module.name == "pages.navigation"):
            importlib.import_module(module.name)
print("imported", module.name)
"""


def test_no_module_reads_its_parameters_when_it_is_imported(tmp_path):
    """A server that starts beside a damaged file imports everything: what is read then closes every page."""
    for floor in ("geo", "coverage", "data", "reports", "pages"):
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("snapshots", "__pycache__"))
    parameters = list(tmp_path.rglob("*.toml"))
    assert len(parameters) > 10
    for path in parameters:
        path.write_text("x = 1\n", encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600
    )
    assert told.returncode == 0, told.stderr[-2_000:]
    assert "imported pages." in told.stdout
