"""The window where an author writes on a map, sees it and takes it; and the printed maps of a scenario."""

import dataclasses

import pytest

from coverage.indicators.cards import INDICATORS
from coverage.simulator.scenario_file import SavedScenario
from coverage.simulator.supply_change import Move, Opening
from pages.app.tables import load_gazetteer
from pages.screens.simulator.engine import answer
from pages.screens.simulator.printed import MOST_LISTED, opening_signs, scenario_blocks, simulated_card
from tests.pages.test_screens import ROOT, open_page

LOZERE = "departement-48"
FIELDS = f"carte_export_maillage_apl_65_2023_{LOZERE}_commune"


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def open_window():
    return run(open_page("carte", territoire=LOZERE))


def run(app):
    """Run the page with its window open: a browser runs the window alone, the test harness the whole page."""
    app.button(key="carte_export_prepare").click()
    app.run()
    assert not app.exception
    return app


def test_the_window_holds_our_words_and_previews_those_of_the_author():
    app = open_window()
    assert app.text_input(key=f"{FIELDS}_title").value.startswith("Lozère : accessibilité")
    assert app.session_state[f"{FIELDS}_places"][0] == "48095"
    assert not app.get("image")
    app.text_input(key=f"{FIELDS}_title").set_value("Arrêté du 3 mai : zones fragiles")
    app.button(key="carte_export_look").click()
    run(app)
    seen, page = app.session_state["carte_export_preview"]
    assert page.startswith(b"\x89PNG")
    assert seen[1].title == "Arrêté du 3 mai : zones fragiles"
    assert seen[1].subtitle is None  # ours, unchanged
    assert seen[1].places is None


def test_a_preview_that_is_behind_the_choices_says_so():
    app = open_window()
    app.button(key="carte_export_look").click()
    run(app)
    app.text_area(key=f"{FIELDS}_note").set_value("Note.")
    run(app)
    assert [
        image.proto.imgs[0].caption if hasattr(image.proto, "imgs") else image.proto.caption
        for image in app.get("image")
    ] == ["Aperçu d’avant vos derniers changements"]


def test_a_simulated_map_never_passes_for_the_published_figure():
    published = INDICATORS["apl_65_2023"]
    for mode in ("after", "difference"):
        card = simulated_card(published, mode, "Deux MSP")
        said = f"{card.label} {card.formula} {card.dated_at('commune')}"
        assert "« Deux MSP »" in said
        assert "Simulation Maillage à partir de" in said
        assert "APL publiée par la DREES" not in said
        assert "mesuré" not in said
        assert dataclasses.replace(card, formula="") != published


def test_the_openings_of_a_scenario_stand_in_their_communes_and_are_listed():
    gazetteer = load_gazetteer()
    changes = (Opening("48198", 3.0), Move("48095", "48061", 1.0))
    signs = opening_signs(gazetteer, changes)
    assert list(signs["commune_code"]) == ["48198", "48061"]
    assert set(signs["departement_code"]) == {"48"}
    result = answer(SavedScenario("x", "apl_65_2023", (Opening("48198", 3.0),)))
    listed, effects = scenario_blocks(gazetteer, result)
    assert [label.split(" (")[0] for label, _ in listed.rows] == ["Ouverture, Villefort"]
    assert len(effects.rows) == 4
    many = answer(SavedScenario("x", "apl_65_2023", tuple(Opening("48198", 1.0) for _ in range(MOST_LISTED + 3))))
    assert scenario_blocks(gazetteer, many)[0].rows[-1][0].startswith("et 3 autres")


def test_no_opening_is_no_sign():
    assert opening_signs(load_gazetteer(), ()).empty
