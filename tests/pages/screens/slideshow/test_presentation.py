"""The presentation as Streamlit runs it: empty, filled from the map, reordered, presented, reopened from a file."""

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from coverage.territories.gazetteer import Territory
from pages.app.tables import covered_regions, load_gazetteer
from pages.app.view import View
from pages.screens.slideshow.data import sheet_of, slides_for, title_of
from pages.widgets.saved_views.kept import LIST_KEY
from pages.widgets.saved_views.views import SavedView, write_views
from reports.territory.slides import words_of
from tests.pages.choosing import open_popover
from tests.pages.test_screens import ROOT, texts

PATIENCE_S = 60
OCCITANIE, MILLAU = Territory("region", "76"), Territory("commune", "12145")
TWO = (
    SavedView.of("Où manquent les médecins", "Le Gers <b>d’abord</b>", View(territoire=OCCITANIE)),
    SavedView.of("Millau", "", View(territoire=MILLAU, indicateur="nearest_msp_min", structures=("msp",))),
)


@pytest.fixture(autouse=True)
def _root(monkeypatch):
    monkeypatch.chdir(ROOT)


def open_app(page="presentation", saved=(), **query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    for name, value in query.items():
        app.query_params[name] = value
    if saved:
        app.session_state[LIST_KEY] = tuple(saved)
    if page != "carte":
        app.switch_page(f"pages/{page}.py")
    return app.run()


def slide(app):
    assert not app.exception
    assert not app.error
    words = [item.proto.body for item in app.get("html") if "diapo'" in item.proto.body]
    assert len(words) <= 1
    return words[0] if words else ""


def titles(app):
    return [saved.title for saved in app.session_state[LIST_KEY]]


def test_an_empty_presentation_says_where_views_come_from():
    app = open_app()
    assert not app.exception
    assert "Ajouter à la présentation" in texts(app)
    assert any("Aucune vue" in info.value for info in app.info)
    assert app.button(key="presentation_start").disabled


def test_a_view_is_saved_from_the_map_with_its_title_and_comment():
    app = open_popover(open_app("carte", territoire="region-76"), "presentation_new")
    title = next(item for item in app.text_input if item.label == "Titre")
    assert title.value.endswith(" : Occitanie")
    title.input("Notre région")
    next(item for item in app.text_area if item.label == "Commentaire").input("À retenir")
    app.button(key="presentation_add").click().run()
    assert not app.exception
    assert app.session_state[LIST_KEY] == (SavedView.of("Notre région", "À retenir", View(territoire=OCCITANIE)),)
    app.switch_page("pages/presentation.py").run()
    assert app.text_input(key="presentation_title_0").value == "Notre région"
    assert all("presentation" not in name for name in app.query_params)


def test_views_are_reordered_renamed_commented_and_deleted():
    app = open_app(saved=TWO)
    app.button(key="presentation_down_0").click().run()
    assert titles(app) == ["Millau", "Où manquent les médecins"]
    app.text_input(key="presentation_title_0").input("Le cas de Millau").run()
    app.text_area(key="presentation_comment_0").input("À 0 minute").run()
    assert app.session_state[LIST_KEY][0] == SavedView.of("Le cas de Millau", "À 0 minute", TWO[1].view)
    app.button(key="presentation_out_1").click().run()
    assert titles(app) == ["Le cas de Millau"]
    assert not app.exception


def test_a_view_goes_back_to_the_map():
    app = open_app(saved=TWO)
    app.button(key="presentation_map_1").click().run()
    assert not app.exception
    assert app.session_state["view"] == TWO[1].view


def test_presenting_goes_forward_back_and_out():
    app = open_app(saved=TWO)
    assert slide(app) == ""
    app.button(key="presentation_start").click().run()
    first = slide(app)
    assert "Où manquent les médecins" in first
    assert "1 / 2" in first
    assert "&lt;b&gt;" in first  # what the reader wrote is text, not markup
    assert "Occitanie" in first
    assert "France" in first  # what the figure is set against
    assert "Source" in first
    assert app.button(key="presentation_previous").disabled
    app.button(key="presentation_next").click().run()
    assert "2 / 2" in slide(app)
    assert "Aveyron" in slide(app)
    assert app.button(key="presentation_next").disabled
    app.button(key="presentation_PageUp").click().run()
    assert "1 / 2" in slide(app)
    app.button(key="presentation_Space").click().run()
    app.button(key="presentation_leave").click().run()
    assert slide(app) == ""
    assert app.title[0].value == "Présentation"


def test_the_keys_of_a_presentation():
    app = open_app(saved=TWO)
    app.button(key="presentation_start").click().run()
    shortcuts = {button.key: button.proto.shortcut.lower() for button in app.button if button.proto.shortcut}
    assert shortcuts == {
        "presentation_Right": "right",
        "presentation_Space": "space",
        "presentation_PageDown": "pagedown",
        "presentation_Left": "left",
        "presentation_PageUp": "pageup",
        "presentation_Esc": "escape",
    }
    for key, step in (("PageUp", 1), ("Space", 2), ("Right", 2), ("Left", 1), ("PageDown", 2)):  # it stays at an end
        app.button(key=f"presentation_{key}").click().run()
        assert f"{step} / 2" in slide(app)
    app.button(key="presentation_Esc").click().run()
    assert slide(app) == ""


@pytest.mark.parametrize("indicator", ["zone", "msp_dgos_per_100k", "population_per_msp"])
def test_a_figure_that_is_unknown_here_is_said_so(indicator):
    level = "departement" if indicator == "msp_dgos_per_100k" else "commune"
    view = View(territoire=MILLAU, indicateur=indicator, maille=level)
    app = open_app(saved=[SavedView.of("Essai", "", view)])
    app.button(key="presentation_start").click().run()
    assert "Millau" in slide(app)
    if indicator == "msp_dgos_per_100k":
        assert "n.d." in slide(app)


def test_where_structures_are_known_is_said_with_the_sources():
    brittany = Territory("region", "53")
    views = [View(), View(territoire=OCCITANIE), View(territoire=brittany), View(structures=())]
    app = open_app(saved=[SavedView.of(str(k), "", view) for k, view in enumerate(views)])
    app.button(key="presentation_start").click().run()
    for view in views:
        regions = (
            set(load_gazetteer().regions["region_code"])
            if view.territoire.level == "france"
            else {view.territoire.code}
        )
        partial = bool(view.structures) and not regions <= covered_regions()
        assert ("Signes pâles : FINESS, 8 janvier 2021" in slide(app)) == partial
        assert ("Catégorie déduite du nom (" in slide(app)) == partial
        assert "MSP :" not in slide(app)
        assert ("FINESS" in slide(app)) == bool(view.structures)
        app.button(key="presentation_Right").click().run()


def upload(app, content):
    app.file_uploader(key="presentation_upload").set_value([("vues.json", content.encode(), "application/json")]).run()
    assert not app.exception
    return app


def test_a_file_is_opened_beside_what_is_there_and_twice_changes_nothing():
    app = upload(open_app(saved=TWO[:1]), write_views(TWO))
    assert app.session_state[LIST_KEY] == TWO
    assert not app.error


def test_a_damaged_file_is_refused_and_the_list_stays():
    app = upload(open_app(saved=TWO[:1]), write_views(TWO).replace('"title": "Millau"', '"title": 3'))
    assert app.session_state[LIST_KEY] == TWO[:1]
    assert any("ligne 5, title" in error.value for error in app.error)


def test_a_view_of_an_unknown_territory_is_named_and_the_other_is_there():
    app = upload(open_app(), write_views(TWO).replace("commune-12145", "commune-00000"))
    assert app.session_state[LIST_KEY] == TWO[:1]
    assert any("commune-00000" in warning.value for warning in app.warning)


LOZERE = Territory("departement", "48")


def test_the_slides_of_a_territory_say_what_its_figures_say():
    app = open_app(territoire="departement-48")
    app.button(key="presentation_add_slides").click().run()
    assert not app.exception
    kept = app.session_state[LIST_KEY]
    assert [saved.slide for saved in kept] == ["chiffres", "carte", "carte", "acces", "projection", "msp"]
    assert titles(app) == [""] * 6
    sheet = sheet_of(LOZERE)
    app.button(key="presentation_start").click().run()
    heads = []
    for _ in kept:
        said = " ".join(item.proto.body for item in app.get("html") if "diapo'" in item.proto.body)
        assert "Source" in said
        heads.append(html.unescape(re.search("<h1>(.*?)</h1>", said)[1]))
        app.button(key="presentation_Right").click().run()
        assert not app.exception
    assert heads == [
        words_of(sheet, "chiffres").head, *sheet.map_messages[:2],
        *(words_of(sheet, name).head for name in ("acces", "projection", "msp")),
    ]  # fmt: skip
    assert all(re.search(r"\d|équilibre", head) for head in heads)  # a message, not a label


def test_the_title_of_a_slide_is_the_readers_once_they_give_one():
    app = open_app(saved=[SavedView.of("", "", View(territoire=LOZERE), "acces")])
    box = app.text_input(key="presentation_title_0")
    assert box.value == ""
    assert "vivent sous le seuil" in box.placeholder
    box.input("Notre accès").run()
    app.button(key="presentation_start").click().run()
    assert any("<h1>Notre accès</h1>" in item.proto.body for item in app.get("html"))


def test_what_is_unknown_has_no_slide():
    mayotte = Territory("departement", "976")
    assert "acces" not in [saved.slide for saved in slides_for(mayotte)]
    assert all(title_of(saved) for saved in slides_for(mayotte))


def test_an_empty_presentation_offers_the_slides_of_a_real_territory():
    app = open_app()
    app.button(key="presentation_example").click().run()
    assert not app.exception
    assert len(app.session_state[LIST_KEY]) == 6
    assert {saved.view.territoire for saved in app.session_state[LIST_KEY]} == {LOZERE}
    assert not app.info
