"""The pages « Mise à jour » and « Qualité » as Streamlit runs it, on the embedded tables and on those of a sync."""

import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data import store
from data.contracts.gates import Breach
from data.quality.tables import TITLES
from data.sources.registry import load_remotes
from pages.screens.quality import controls as quality_controls
from pages.screens.quality import tables as data_quality
from pages.screens.sync import update as data_sync
from tests.data.conftest import sync_folder, sync_server, sync_snapshots  # noqa: F401 - fixtures of the sync
from tests.pages.choosing import choose, chosen_in

ROOT = Path(__file__).parents[4]
PATIENCE_S = 120


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
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).switch_page(f"pages/{name}.py").run()


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


def controls(app):
    return next(table.value for table in app.dataframe if "Publié" in table.value)


def test_the_published_figures_are_shown_beside_ours_and_can_be_chosen():
    app = open_page()
    assert not app.exception
    assert not app.error
    shown = controls(app)
    assert len(shown) >= 100
    assert shown["Publication"].nunique() >= 20
    assert set(shown["Résultat"]) == {"retrouvé", "écart expliqué"}
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Chiffres comparés"] == str(len(shown))
    assert metrics["En écart"] == "0"
    assert {"maillage_controles_csv", "maillage_controles_xlsx"} <= {
        button.key for button in app.get("download_button")
    }
    app.selectbox(key="controls_result").select("écart expliqué").run()
    explained = controls(app)
    assert 0 < len(explained) < len(shown)
    assert (explained["Explication"] != "").all()
    choose(app, "controls_table", "Anciens codes des communes")  # all found again
    assert "Aucun chiffre." in said(app)


def test_what_the_tables_leave_unknown_is_said_with_its_regions():
    app = open_page()
    told = next(table.value for table in app.dataframe if "Attendu" in table.value).set_index("Table")
    assert "La Réunion" in told.loc["Zonage des généralistes", "Trouvé"]
    assert "limites à connaître" in said(app)


def test_a_figure_that_is_not_found_again_is_an_error_on_the_page(monkeypatch):
    compared = quality_controls.compare_published

    def wrong(*given):
        found = compared(*given)
        is_it = found["id"] == "apl_2023.departement-48"
        return found.assign(found=found["found"].mask(is_it, 9.0), verdict=found["verdict"].mask(is_it, "en écart"))

    monkeypatch.setattr(quality_controls, "compare_published", wrong)
    app = open_page()
    assert "APL 2023, tous âges, Lozère. Publié : 2,90" in app.error[0].value
    assert "Trouvé : 9,00." in app.error[0].value


def test_a_table_that_breaches_a_gate_is_an_error_on_the_page(monkeypatch):
    breach = Breach(
        "communes", "croissance d’un département", "département 49", "entre −2,5 % et +2,5 % par an", "+3,8 %"
    )
    monkeypatch.setattr(quality_controls, "find_all_breaches", lambda *_: (breach,))
    app = open_page()
    assert "Maine-et-Loire" in app.error[0].value
    assert "Trouvé : +3,8 %" in app.error[0].value


def test_every_source_that_can_be_updated_is_listed():
    app = open_page("donnees")
    assert not app.exception
    assert not app.error
    assert list(app.dataframe[0].value["Source"]) == [remote.title for remote in load_remotes().values()]
    assert "embarquées" in said(app)


def test_any_table_can_be_looked_at():
    app = open_page()
    for name in ("apl", "rpps_age", "msp_series"):
        choose(app, "quality_table", TITLES[name])
        assert not app.exception
        assert not app.error
    assert chosen_in(app, "quality_table") == [TITLES["msp_series"]]


def test_the_unknown_cells_of_the_context_are_counted():
    app = open_page()
    choose(app, "quality_table", TITLES["commune_context"])
    counted = next(table.value for table in app.dataframe if "Inconnues" in table.value).set_index("Colonne")
    table = store.load("commune_context")
    assert counted.loc["Taux de pauvreté du bassin de vie", "Inconnues"] > 0
    assert (
        counted.loc["Taux de pauvreté du bassin de vie", "Inconnues"]
        == table["bassin_de_vie_poverty_rate"].isna().sum()
    )


def test_an_administrator_can_keep_the_update_for_himself(monkeypatch):
    monkeypatch.setenv(data_sync.NO_SYNC, "1")
    app = open_page("donnees")
    assert "réservée à l’administrateur" in said(app)
    assert not [button for button in app.button if button.key == "sync_start"]


def test_a_failed_update_says_why_and_leaves_the_data(sync_folder, sync_server):  # noqa: F811 - the fixtures
    # the numbers of rows of the toy country are not those of France: its file is refused by the contract
    before = store.load("communes")
    app = open_page("donnees")
    choose(app, "sync_chosen", load_remotes()["finess_national"].title)
    app.button(key="sync_start").click().run()
    limit = time.monotonic() + PATIENCE_S
    while data_sync._jobs[-1].is_running and time.monotonic() < limit:
        time.sleep(0.2)
    app.run()
    assert "échec" in said(app)
    assert "Les données précédentes restent en place" in said(app)
    assert store.manifest()["synced"] == {}
    assert store.load("communes").equals(before)
