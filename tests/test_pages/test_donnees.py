"""The pages « Mise à jour » and « Qualité » as Streamlit runs it, on the embedded tables and on those of a sync."""

import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data import store
from data.sync.registry import load_remotes
from pages.parts import data_quality, data_sync
from tests.test_data.conftest import sync_folder, sync_server, sync_snapshots  # noqa: F401 - fixtures of the sync

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """No job nor cached table is lent from a test to the next."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(data_sync, "_jobs", [])
    monkeypatch.setattr(data_sync, "_seen", [])
    monkeypatch.setattr(data_quality, "_jobs", [])
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def open_page(name="qualite"):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    return app.switch_page(f"pages/{name}.py").run()


def said(app):
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return " ".join(str(item.value) for kind in kinds for item in kind)


def test_every_table_in_use_is_listed():
    app = open_page()
    assert not app.exception
    assert not app.error
    listed = next(table.value for table in app.dataframe if "Origine" in table.value)
    assert len(listed) == len(store.manifest()["tables"])
    assert set(listed["Origine"]) == {"embarquée"}
    assert "version précédente" in said(app)


def test_every_source_that_can_be_updated_is_listed():
    app = open_page("donnees")
    assert not app.exception
    assert not app.error
    assert list(app.dataframe[0].value["Source"]) == [remote.title for remote in load_remotes().values()]
    assert "embarquées" in said(app)


def test_any_table_can_be_looked_at():
    app = open_page()
    for name in ("apl", "rpps_age", "msp_series"):
        app.selectbox(key="quality_table").select(name).run()
        assert not app.exception
        assert not app.error
    assert app.selectbox(key="quality_table").value == "msp_series"


def test_the_unknown_cells_of_the_context_are_counted():
    app = open_page()
    app.selectbox(key="quality_table").select("commune_context").run()
    counted = next(table.value for table in app.dataframe if "Inconnues" in table.value).set_index("Colonne")
    table = store.load("commune_context")
    assert counted.loc["Taux de pauvreté", "Inconnues"] == table["poverty_rate"].isna().sum() > 0


def test_an_administrator_can_keep_the_update_for_himself(monkeypatch):
    monkeypatch.setenv(data_sync.NO_SYNC, "1")
    app = open_page("donnees")
    assert "réservée à l’administrateur" in said(app)
    assert not [button for button in app.button if button.key == "sync_start"]


def test_a_failed_update_says_why_and_leaves_the_data(sync_folder, sync_server):  # noqa: F811 - the fixtures
    # the numbers of rows of the toy country are not those of France: its file is refused by the contract
    before = store.load("communes")
    app = open_page("donnees")
    app.multiselect(key="sync_chosen").select("finess_national").run()
    app.button(key="sync_start").click().run()
    limit = time.monotonic() + PATIENCE_S
    while data_sync._jobs[-1].is_running and time.monotonic() < limit:
        time.sleep(0.2)
    app.run()
    assert "échec" in said(app)
    assert "Les données précédentes restent en place" in said(app)
    assert store.manifest()["synced"] == {}
    assert store.load("communes").equals(before)
