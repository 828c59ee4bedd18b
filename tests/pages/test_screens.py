"""Every screen, as Streamlit runs it: normal, empty, badly addressed, and with a source missing or damaged."""

import os
import re
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from coverage.indicators.cards import INDICATORS
from data.sources.reperes import load_comparisons
from tests.pages.choosing import choose, chosen_in, list_of, open_popover, open_tab, options_of, type_in

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "data" / "snapshots"
PAGES = (
    *("carte", "territoire", "classement", "projection", "trajectoire", "presentation", "projets", "suivi_projets"),
    *("croisement", "etude", "cpts", "financement", "suivi", "donnees", "qualite", "sources"),
)
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def _fresh_caches(monkeypatch):
    """Tables are cached for the whole process: a test that changes the snapshot must not lend its own to the next."""
    monkeypatch.chdir(ROOT)
    yield
    if "MAILLAGE_SNAPSHOTS" in os.environ:
        st.cache_resource.clear()


def open_page(name, **query):
    """Open an address as a reader does from a link: no other page runs before."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    for parameter, value in query.items():
        app.query_params[parameter] = value
    if name != "carte":
        app.switch_page(f"pages/{name}.py")
    return app.run()


def as_shown(text):
    """Return a text as the reader sees it, without what keeps it from being read as Markdown."""
    return re.sub(r"\\(.)", r"\1", text).replace("\u2060", "")


def texts(app):
    kinds = (app.markdown, app.caption, app.title, app.subheader, app.info, app.warning, app.error, app.metric)
    return as_shown(
        " ".join(str(getattr(item, "value", "")) + str(getattr(item, "label", "")) for kind in kinds for item in kind)
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
    assert "page **Mise à jour**" in said


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


def test_a_department_shows_its_apl_of_2024_as_transcribed_and_how_it_ages():
    said = texts(open_page("territoire", territoire="departement-48"))
    assert "3,03 en 2022, 2,90 en 2023, 2,56 en 2024, la dernière relevée par un tiers" in said
    assert "Part des habitants de 75 ans ou plus au 1er janvier, de 2014 à 2024" in said
    commune = open_page("territoire", territoire="commune-48095")
    assert not commune.error
    assert "relevée par un tiers" not in texts(commune)  # known by department only


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
    type_in(app, "picker_search", "12100")
    choose(app, "picker_search", "Millau (12145)")
    assert app.title[0].value == "Millau"


def test_a_search_without_answer_is_said():
    app = open_page("territoire")
    type_in(app, "picker_search", "zzzzz")
    assert not options_of(app, "picker_search")
    assert "Aucun territoire" in list_of(app, "picker_search")["note"]


def test_stepping_down_limits_each_list_to_what_lies_above():
    app = open_popover(open_page("carte", territoire="region-76"), "picker")
    departements = options_of(app, "picker_departement")
    assert len(departements) == 14  # 13 departments of Occitanie, and "all"
    choose(app, "picker_departement", departements[1])
    assert not app.exception
    assert options_of(app, "picker_commune")[0] == "Toutes les communes"


def test_an_indicator_that_has_no_communes_moves_the_map_to_departments():
    app = open_page("carte")
    choose(app, "field_indicateur", INDICATORS["msp_dgos_per_100k"].short_label)
    assert not app.exception
    assert app.session_state["view"].maille == "departement"


def test_classement_says_the_rank_the_france_value_and_the_date():
    said = texts(open_page("classement", selection="region-76", rang_indicateur="population_per_msp_dgos"))
    assert "3e sur 18" in said
    assert "France" in said
    assert "déc. 2022, mesuré" in said


def test_classement_ranks_what_the_map_shows_and_marks_the_place_of_the_reader():
    app = open_page("classement", territoire="departement-48", indicateur="nearest_msp_min", rang_maille="departement")
    assert chosen_in(app, "ranked_indicator") == ["Trajet MSP"]
    said = texts(app)
    assert "Lozère** est" in said
    assert "sur 101" in said
    first = app.dataframe[0].value.iloc[0]
    assert "Lozère (votre territoire)" in list(first)
    assert first["Rang"] > 50  # pinned on top, far from the best


@pytest.mark.parametrize("level", ["epci", "commune"])
def test_classement_ranks_epci_and_communes_of_a_region_and_says_their_place_in_france(level):
    app = open_page("classement", rang_maille=level, rang_region="76")
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value
    assert len(table) == 100
    assert (table["Rang en France"] >= table["Rang"]).all()
    assert "en France)" in texts(app)
    everywhere = open_page("classement", rang_maille=level)
    assert "Rang en France" not in everywhere.dataframe[0].value
    assert any("lignes" in caption.value.lower() for caption in everywhere.caption)


def test_choosing_in_classement_changes_the_indicator_of_all_pages():
    app = open_page("classement", rang_indicateur="msp_dgos_per_100k")
    choose(app, "ranked_indicator", "APL tous âges 2023")
    assert app.session_state["view"].indicateur == "apl_2023"
    assert app.session_state["view"].rang_indicateur == ""


def html_of(app):
    return " ".join(element.body for element in app.get("html"))


def test_the_card_of_a_commune_names_the_bassin_de_vie_of_its_poverty_rate():
    app = open_page("carte", territoire="departement-93", selection="commune-93008")
    assert "Pauvreté, bassin de vie : Paris" in html_of(app)
    assert "16,8" in html_of(app)
    assert "28,4" in html_of(app)  # the department's own rate, beside it
    department = html_of(open_page("carte", territoire="departement-93"))
    assert "bassin de vie" not in department
    assert "28,4" in department


def test_growth_is_ranked_a_year_and_dated():
    said = texts(open_page("classement", rang_indicateur="population_growth_per_year", rang_maille="departement",
                           selection="departement-49"))  # fmt: skip
    assert "0,35" in said
    assert "France : 0,33" in said
    assert "provisoire" in said
    assert "estimé" in said


def test_poverty_is_ranked_by_department_and_said_unknown_by_region():
    said = texts(open_page("classement", rang_indicateur="poverty_rate", rang_maille="departement",
                           selection="departement-93"))  # fmt: skip
    assert "28,4" in said
    app = open_page("classement", rang_indicateur="poverty_rate", rang_maille="region")
    assert any("n’est connu pour aucun territoire de cette maille" in info.value for info in app.info)


def test_bassins_de_vie_are_ranked_with_the_first_bars_and_the_secret_said():
    app = open_page("classement", rang_indicateur="share_ald", rang_maille="bassin_de_vie")
    said = texts(app)
    assert "1\u202f550" in said  # 1 707 but 157
    assert "Non classés, secret statistique (n.d.)" in said
    assert "et 137 autres" in said
    assert "Les 30 premiers" in said
    assert options_of(app, "ranked_level") == ["Bassins de vie"]
    everywhere = open_page("classement", rang_indicateur="apl_65_2023", rang_maille="aire_attraction")
    assert not everywhere.exception
    assert len(options_of(everywhere, "ranked_level")) == 6


def test_the_card_of_a_bassin_de_vie_says_where_it_is_what_is_published_and_why_the_rest_is_not():
    app = open_page("carte", territoire="bassin_de_vie-01004", indicateur="share_ald", maille="bassin_de_vie")
    assert "n.d.</b> (secret statistique)" in html_of(app)
    assert "11,1" in html_of(app)
    assert any("Bassin de vie 01004 · Ain · Auvergne-Rhône-Alpes" in caption.value for caption in app.caption)
    crossing = open_page("carte", territoire="bassin_de_vie-31555")
    assert any("à cheval sur 2 départements" in caption.value for caption in crossing.caption)
    assert "Haute-Garonne" not in html_of(crossing)  # it is not set against a department that holds a part of it
    portrait = open_page("territoire", territoire="bassin_de_vie-31555")
    assert not portrait.exception


def test_an_address_of_the_former_population_change_is_said():
    app = open_page("carte", indicateur="population_change")
    assert any("population_change" in warning.value for warning in app.warning)
    assert not app.exception


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


@pytest.mark.last_guard
def test_an_unforeseen_fault_is_worded_in_french_and_the_other_pages_stay(monkeypatch):
    def fail(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("pages.screens.sources.page.load_sources", fail)
    app = open_page("sources")
    assert not app.exception
    assert any("erreur imprévue" in error.value for error in app.error)
    assert not open_page("trajectoire").error


def test_the_sources_say_what_the_data_have_of_the_overseas_departments(snapshots):
    app = open_page("sources")
    said = texts(app) + texts(open_tab(app, "sources_tab", "Ce qui n’est pas connu"))
    open_tab(app, "sources_tab", "Repères publiés")
    claims = "".join(element.proto.body for element in app.get("html"))
    assert claims.count("<div class='annonce'>") == len(load_comparisons())
    published = snapshots("bpe_departements").set_index("departement_code")["poverty_rate_2021"]
    assert set(published[published.isna()].index) == {"971", "973", "976"}
    assert "la pauvreté n’y est connue qu’à la Martinique et à La Réunion" in said
    communes = snapshots("communes").merge(snapshots("commune_context"), on="commune_code", how="left")
    known = communes.groupby("departement_code")["share_75plus"].count()
    assert set(known[known == 0].index) == {"976"}
    assert "Mayotte n’a pas d’APL, et ses communes pas de part des 75 ans ou plus" in said
    assert "France métropolitaine seulement. Un pourcentage" not in said
    assert "déduction" not in said
    last = snapshots("structures").groupby("structure_type")["opened_on"].max()
    assert f"{last['msp'].day} décembre 2025" in said
    assert f"{last['pharmacie'].day} janvier 2026" in said


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("commune-30032", ["au plus 4,2", "une structure d’une région non chargée peut être plus proche"]),
        ("region-76", ["Trajet Centres de santé 4,0 %", "Temps maximal", "Pop. de zone connue"]),
        ("commune-75056", ["Plusieurs zones : ZAC 78,4 %, HZ 13,1 %, ZIP 8,5 %"]),
        ("commune-09134", ["aucun généraliste à moins de 20 min"]),
    ],
)
def test_the_card_says_maxima_several_zones_and_what_is_known_to_be_absent(key, said):
    app = open_page("carte", territoire=key, selection=key)
    assert not app.exception
    shown = " ".join([texts(app), *(item.proto.body for item in app.get("html"))])
    shown = shown.replace("\u00a0", " ").replace("\u202f", " ")
    assert all(words in shown for words in said)
    if key == "commune-09134":
        assert "n.d. (non disponible) ici : APL due" not in shown
