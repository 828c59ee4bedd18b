"""An own territory is a territory on every screen, and its address says what is wrong of it."""

import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import FRANCE, Territory
from coverage.territories.own import OwnTerritory
from data.projects.places import load_places
from data.territories.reading import read_territory_file
from pages.app.facts import load_facts
from pages.app.perimeters import available
from pages.app.tables import load_gazetteer, load_table
from pages.app.travel_times import minutes_around
from pages.app.view import LONGEST_KEY, View
from pages.navigation import SCREENS
from pages.screens.cpts.data import coverage_by, coverage_in, facts_of
from pages.screens.own_territory.draft import file_of
from pages.screens.simulator.engine import answer, by_level, outcome_in
from pages.screens.simulator.state import kept_drafts
from reports.figures.tables import write_csv
from tests.pages.test_screens import open_page, texts

LEVELS = {name: indicator.levels for name, indicator in INDICATORS.items()}
ROUTES = [screen.route for screen in SCREENS.values()]
SETS = {
    "trois départements": ["48198", "48095", "07132", "07019", "30023", "48080"],
    "Mayotte": ["97601", "97602"],
    "mer et métropole": ["13055", "06088", "97411"],
}


def own(name, codes):
    return Territory.of_own(OwnTerritory.of(name, codes))


def communes_of(level, code):
    gazetteer = load_gazetteer()
    return gazetteer.communes.loc[gazetteer.mask(Territory(level, code)), "commune_code"].tolist()


@pytest.mark.parametrize("which", SETS)
@pytest.mark.parametrize("route", ROUTES)
def test_every_screen_opens_with_an_own_territory(route, which):
    app = open_page(route, territoire=own("Pays test", SETS[which]).key)
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert "nan" not in texts(app).split()


@pytest.mark.parametrize("code", ["48", "2A", "976"])
def test_the_communes_of_a_department_have_all_its_figures(code):
    mine, official = own("Le mien", communes_of("departement", code)), Territory("departement", code)
    for name in load_facts().indicators:
        assert load_facts().figure(name, mine) == load_facts().figure(name, official), name


def test_what_is_published_by_department_is_unknown_of_another_set():
    part = own("Une partie", communes_of("departement", "48")[:-1])
    for name in ("n_gp", "gp_per_100k", "n_msp_dgos"):
        assert pd.isna(load_facts().value(name, part))
    said = texts(open_page("carte", territoire=part.key))
    assert "publié par département seulement" in said


def test_an_address_gives_the_territory_back():
    view = View(territoire=own("Pays de Mende", ["48095", "48061"]), comparaison=(own("Autre", ["48080"]),))
    assert View.from_query(view.to_query(), load_gazetteer(), LEVELS) == (view, [])


def test_a_territory_too_large_for_an_address_is_found_among_those_kept():
    communes = load_table("communes")["commune_code"].iloc[::7]
    large = own("Un septième", communes)
    query = View(territoire=large).to_query()
    assert len(query["territoire"]) < 30 < LONGEST_KEY < len(large.key)
    assert View.from_query(query, load_gazetteer(), LEVELS, kept={large.digest: large}) == (View(territoire=large), [])
    view, notices = View.from_query(query, load_gazetteer(), LEVELS)
    assert view.territoire == FRANCE
    assert "trop grand" in notices[0]


@pytest.mark.parametrize(
    "text", ["perso-", "perso-abîmé", "perso-eNrz", "perso-~", "perso-~0123", "perso-" + "A" * 5000]
)
def test_a_damaged_address_is_a_french_sentence(text):
    view, notices = View.from_query({"territoire": text}, load_gazetteer(), LEVELS)
    assert view.territoire == FRANCE
    assert len(notices) == 1
    assert "territoire personnel" in notices[0]


def test_a_commune_that_no_list_knows_is_named_and_the_others_are_shown():
    key = own("Pays de Mende", ["48095", "48999"]).key
    view, notices = View.from_query({"territoire": key}, load_gazetteer(), LEVELS)
    assert view.territoire == own("Pays de Mende", ["48095"])
    assert "48999" in notices[0]


def test_the_file_of_a_territory_is_read_back():
    mine = own("Pays de l’Aubrac", ["48095", "12145", "2A004"])
    reading = read_territory_file(write_csv(file_of(mine)), "x.csv", load_places())
    assert own(reading.name, reading.communes) == mine
    assert reading.report.empty


def test_the_simulator_and_the_cpts_count_a_set_as_the_department_that_it_is():
    result = answer(kept_drafts().scenario)
    mine, code = own("Le mien", communes_of("departement", "48")), "48"
    pd.testing.assert_series_equal(
        outcome_in(result.counted, mine),
        by_level(result.counted, "departement").loc[code],
        check_names=False,
        rtol=1e-12,
    )
    facts = facts_of(available()["sync"])
    for departement in ("13", "84"):
        whole = own("PACA", communes_of("departement", departement))
        assert coverage_in(facts, whole) == pytest.approx(coverage_by(facts, "departement")[departement], rel=1e-12)


def test_the_page_begins_with_the_territory_shown_and_loses_none_being_made():
    first, second = own("Premier", ["48095"]), own("Second", ["48061", "48080"])
    app = open_page("mon_territoire", territoire=first.key)
    assert app.text_input(key="own_name").value == "Premier"
    app.text_area(key="own_paste").set_value("48092").run()
    app.button(key="own_do_Ajouter").click().run()
    app.query_params["territoire"] = second.key
    app.run()
    assert app.text_input(key="own_name").value == "Premier"  # changed, and saved nowhere
    assert "2 communes" in texts(app)


def test_a_pasted_list_is_added_taken_away_and_crossed():
    app = open_page("mon_territoire")
    app.text_area(key="own_paste").set_value("48095, 48061 ; Langogne\nAtlantis").run()
    assert "3 communes reconnues" in texts(app)
    app.button(key="own_do_Ajouter").click().run()
    assert "**3 communes" in texts(app)
    app.text_area(key="own_paste").set_value("48061 12145").run()
    app.button(key="own_do_Ne garder que").click().run()
    assert "**1 commune," in texts(app)
    app.button(key="own_do_Retirer").click().run()
    assert "Aucune commune pour l’instant" in texts(app)


def test_what_is_saved_is_listed_removed_and_had_again(tmp_path, monkeypatch):
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    app = open_page("mon_territoire")
    app.text_area(key="own_paste").set_value("48095, 48061").run()
    app.button(key="own_do_Ajouter").click().run()
    app.text_input(key="own_name").set_value("Pays").run()
    app.button(key="own_save").click().run()
    assert "**Pays** · 2 communes" in texts(app)
    app.button(key="own_Supprimer_1").click().run()
    assert "supprimé" in texts(app)
    again = open_page("mon_territoire")
    again.button(key="own_again_1_1").click().run()
    assert again.text_input(key="own_name").value == "Pays"


@pytest.mark.parametrize("minutes", [10, 20])
def test_the_minutes_around_a_commune_are_those_of_the_simulator(minutes):
    app = open_page("mon_territoire")
    app.session_state["own_way"] = "Autour d’une commune"
    app.run()
    app.text_input(key="own_around_text").set_value("Mende (48095)").run()
    app.select_slider(key="own_minutes").set_value(minutes).run()
    app.button(key="own_do_Ajouter").click().run()
    wanted = minutes_around("48095")
    assert f"**{(wanted < minutes).sum()} communes" in texts(app)
    assert app.text_input(key="own_name").value == f"{minutes} minutes autour de Mende"


def test_an_empty_territory_begins_with_a_real_example():
    app = open_page("mon_territoire")
    app.button(key="own_example").click().run()
    assert not app.exception
    inside = load_gazetteer().mask(Territory("bassin_de_vie", "48061")).sum()
    assert f"{inside} communes" in texts(app)
    assert not [button for button in app.button if button.key == "own_example"]
