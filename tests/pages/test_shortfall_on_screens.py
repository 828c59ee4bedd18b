"""What is lacking, on the screens: one figure everywhere, the horizon in the address, no projection unasked."""

import pytest

from coverage.indicators.cards import INDICATORS
from coverage.projection import Scenario
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app import projection as projection_data
from pages.app.facts import load_facts
from pages.app.projection import look_ahead
from pages.app.tables import level_table
from pages.screens.projection.map import draw_shortfall
from pages.widgets.map.values import draw_values
from pages.widgets.structures import structures_on_map
from tests.pages.test_screens import ROOT, open_page, texts

OCCITANIE = Territory("region", "76")
PROJECTED = [name for name, indicator in INDICATORS.items() if indicator.is_projected]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def said_on_card(app):
    return " ".join(item.body for item in app.get("html"))


@pytest.mark.parametrize("horizon", [5, 10, 25])
@pytest.mark.parametrize("name", PROJECTED)
def test_a_projected_indicator_is_what_the_projection_page_says(name, horizon):
    measure = name.removeprefix("projected_")
    for territory in (FRANCE, OCCITANIE, Territory("departement", "48")):
        outlook = look_ahead(Scenario(horizon_years=horizon), territory)
        assert load_facts(horizon).value(name, territory) == outlook.end[measure]
        assert str(outlook.end_year) in load_facts(horizon).indicator(name).label


@pytest.mark.parametrize("name", PROJECTED)
def test_departments_add_up_to_the_regions_and_to_france(name):
    departements, regions, france = (load_facts().values(name, level) for level in ("departement", "region", "france"))
    assert departements.isna().sum() == 1  # Mayotte
    assert departements.sum() == pytest.approx(regions.sum()) == pytest.approx(france["FR"])


def test_other_indicators_do_not_depend_on_the_horizon():
    now, later = (draw_values("gp_fte_over_65", "departement", FRANCE, "seuils", 5, years) for years in (5, 25))
    assert now == later


def test_the_map_opens_without_the_projection(monkeypatch):
    def asked(_scenario):
        pytest.fail("the projection was computed")

    monkeypatch.setattr(projection_data, "central_path", asked)
    app = open_page("carte", indicateur="gp_fte_short_of_2_5_65", territoire="region-76")
    assert not app.exception
    assert not [slider for slider in app.slider if slider.key == "field_horizon"]


def test_the_horizon_is_read_from_the_address_and_written_to_it():
    app = open_page("carte", indicateur="projected_left_to_convince", horizon="15")
    assert not app.exception
    assert app.session_state["view"].maille == "departement"
    assert "d’ici 2040" in said_on_card(app)
    app.slider(key="field_horizon").set_value(20).run()
    assert not app.exception
    assert app.query_params["horizon"] == "20"
    assert "d’ici 2045" in said_on_card(app)
    assert "scénario « Tendance »" in said_on_card(app)


def test_a_horizon_that_is_none_is_said():
    app = open_page("carte", indicateur="projected_need_to_find", horizon="90")
    assert any("horizon = 90" in warning.value for warning in app.warning)
    assert app.slider(key="field_horizon").value == 10


def test_the_card_says_what_lacks_and_what_may_leave():
    card = said_on_card(open_page("carte", territoire="departement-48"))
    assert "ETP manquants, ≤ 65 ans (minimum)" in card
    assert "9,22\u00a0ETP" in card
    assert "6,76\u00a0ETP" in card


def test_the_ranking_takes_the_projection_and_begins_with_the_least_lacking():
    app = open_page("classement", rang_indicateur="projected_left_to_convince", rang_maille="departement", horizon="5")
    assert not app.exception
    assert "2025 à 2030" in texts(app)
    app = open_page("classement", rang_indicateur="gp_fte_short_of_2_5_65_per_10k", rang_maille="departement")
    assert "Paris** est **1re sur 100**" in texts(app)


def test_the_portrait_has_the_projected_figures_of_the_view():
    app = open_page("territoire", territoire="region-76", horizon="15")
    table = app.dataframe[0].value.set_index("Indicateur")
    label = "Généralistes à trouver d’ici 2040 (projection)"
    head = next(column for column in table.columns if "Occitanie" in column)
    assert table.loc[label, head] == load_facts(15).figure("projected_need_to_find", OCCITANIE, unit=False)
    assert table.loc[label, "Nature"] == "estimé"


def test_the_maps_of_the_projection_stand_under_the_structures():
    app = open_page("projection", territoire="departement-48")
    maps = app.segmented_control(key="projection_map")
    assert maps.options == ["Reste à convaincre", "Manque par commune", "Communes exposées aux départs"]
    for shown in ("lacking", "exposed", "left_a"):
        app.segmented_control(key="projection_map").set_value(shown).run()
        assert not app.exception
    assert set(structures_on_map(("msp", "cpts"), OCCITANIE)["structure_type"]) == {"msp", "cpts"}


def test_the_share_of_todays_gps_is_that_of_the_indicator():
    drawn = draw_shortfall(Scenario(), OCCITANIE).values
    codes = list(level_table("departement").index)
    text = drawn.texts[codes.index("34")]
    assert text.startswith(
        load_facts().figure("projected_left_to_convince", Territory("departement", "34"), unit=False)
    )
