"""Every screen, as Streamlit runs it: normal, empty, badly addressed, and with a source missing or damaged."""

import os
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "data" / "snapshots"
PAGES = (
    *("carte", "territoire", "classement", "projection", "trajectoire", "presentation", "projets", "suivi_projets"),
    *("etude", "cpts", "financement", "suivi", "donnees", "qualite", "sources"),
)
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def _fresh_caches(monkeypatch):
    """Tables are cached for the whole process: a test that changes the snapshot must not lend its own to the next."""
    monkeypatch.chdir(ROOT)
    yield
    if "MAILLAGE_SNAPSHOTS" in os.environ:
        st.cache_resource.clear()


def open_page(name, **query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    for parameter, value in query.items():
        app.query_params[parameter] = value
    app.run()
    return app if name == "carte" else app.switch_page(f"pages/{name}.py").run()


def texts(app):
    kinds = (app.markdown, app.caption, app.title, app.subheader, app.info, app.warning, app.error, app.metric)
    return " ".join(
        str(getattr(item, "value", "")) + str(getattr(item, "label", "")) for kind in kinds for item in kind
    )


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_without_error(name):
    app = open_page(name)
    assert not app.exception
    assert not app.error
    assert len(texts(app)) > 100


def test_the_first_screen_says_what_it_is_and_what_it_lacks():
    said = texts(open_page("carte"))
    assert "Où sont les maisons de santé" in said
    assert "Occitanie" in said
    assert "python -m data sync" in said


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("france", "France"),
        ("region-76", "Occitanie"),
        ("departement-976", "Mayotte"),
        ("departement-2A", "Corse-du-Sud"),
        ("commune-31555", "Toulouse"),
        ("commune-75056", "Paris"),
        ("commune-55039", "Beaumont-en-Verdunois"),  # nobody lives there
    ],
)
def test_the_portrait_of_any_territory(key, name):
    app = open_page("territoire", territoire=key)
    assert not app.exception
    assert not app.error
    assert name in app.title[0].value


def test_mayotte_has_no_apl_and_says_so():
    app = open_page("territoire", territoire="departement-976")
    assert any("n.d." in info.value for info in app.info)
    assert all("APL" not in metric.label for metric in app.metric)


@pytest.mark.parametrize("name", ["carte", "territoire", "classement"])
def test_a_bad_address_is_said_and_the_page_stays_up(name):
    app = open_page(name, territoire="commune-00000", indicateur="inconnu", classes="99")
    assert not app.exception
    if name == "carte":
        assert len(app.warning) == 3
        assert all("L’adresse demande" in warning.value for warning in app.warning)


def test_a_territory_is_kept_from_page_to_page():
    app = open_page("territoire", territoire="region-76")
    assert app.title[0].value == "Occitanie"
    app.switch_page("pages/carte.py").run()
    assert app.query_params["territoire"] in ("region-76", ["region-76"])


def test_searching_by_postcode_proposes_the_commune_and_choosing_it_shows_it():
    app = open_page("territoire")
    app.text_input(key="picker_search").input("12100").run()
    app.button(key="match_commune-12145").click().run()
    assert app.title[0].value == "Millau"


def test_a_search_without_answer_is_said():
    app = open_page("territoire")
    app.text_input(key="picker_search").input("zzzzz").run()
    assert any("Aucun territoire" in info.value for info in app.info)


def test_stepping_down_limits_each_list_to_what_lies_above():
    app = open_page("carte", territoire="region-76")
    assert len(app.selectbox(key="picker_departement").options) == 14  # 13 departments of Occitanie, and "all"
    app.selectbox(key="picker_departement").select_index(1).run()
    assert not app.exception
    assert app.selectbox(key="picker_commune").options[0] == "Toutes les communes"


def test_an_indicator_that_has_no_communes_moves_the_map_to_departments():
    app = open_page("carte")
    app.selectbox(key="field_indicateur").set_value("msp_dgos_per_100k").run()
    assert not app.exception
    assert app.session_state["view"].maille == "departement"


def test_classement_says_the_rank_the_france_value_and_the_date():
    said = texts(open_page("classement", selection="region-76"))
    assert "3e sur 18" in said
    assert "France" in said
    assert "31 décembre 2022" in said


@pytest.mark.parametrize("name", PAGES)
def test_a_missing_snapshot_is_a_clear_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(tmp_path))
    st.cache_resource.clear()
    app = open_page(name)
    assert not app.exception
    assert any("ne peut pas être affichée" in error.value for error in app.error)


def test_a_damaged_table_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "snapshots"
    shutil.copytree(SNAPSHOTS, folder)
    content = bytearray((folder / "apl.parquet").read_bytes())
    content[1000] ^= 0xFF
    (folder / "apl.parquet").write_bytes(content)
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(folder))
    st.cache_resource.clear()
    app = open_page("carte")
    assert not app.exception
    assert any("apl.parquet" in error.value for error in app.error)


@pytest.mark.last_wall
def test_an_unforeseen_fault_is_worded_in_french_and_the_other_pages_stay(monkeypatch):
    def fail(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("pages.parts.tables.load_sources", fail)
    app = open_page("sources")
    assert not app.exception
    assert any("erreur imprévue" in error.value for error in app.error)
    assert not open_page("trajectoire").error
