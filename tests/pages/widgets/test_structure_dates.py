"""The dates of the structures on the pages: their choice, what is told apart, and what became of the MSP of 2021."""

import pandas as pd
import pytest

from coverage.terms.site_dates import SITE_DATE_LABELS
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.tables import load_gazetteer, load_table
from pages.screens.cpts.seats import say_days
from pages.screens.trajectory.charts import draw_course
from pages.screens.trajectory.dates import dates_table
from pages.widgets.structure_dates import changes_by, list_changes, table_of_changes
from pages.widgets.structures import commune_of_site, load_sites, structures_on_map
from tests.pages.choosing import choose, list_of, open_popover
from tests.pages.test_screens import ROOT, open_page, texts

HAUTS_DE_FRANCE, OCCITANIE, MAYOTTE = (Territory("region", code) for code in ("32", "76", "06"))
TYPES = ("msp", "cpts", "centre_sante", "pharmacie")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def signs(territory, dates="recentes"):
    return structures_on_map(TYPES, territory, dates)["structure_type"].value_counts().to_dict()


def test_each_region_shows_its_most_recent_day_and_never_two_of_one_type():
    assert set(signs(OCCITANIE)) == set(TYPES)
    here = signs(HAUTS_DE_FRANCE)
    assert set(here) == {"msp", "cpts_2021", "centre_sante_2021"}
    assert signs(HAUTS_DE_FRANCE, "actuelles") == {"msp": here["msp"]}
    assert signs(HAUTS_DE_FRANCE, "2021") == {"msp_2021": 171} | {
        kind: here[kind] for kind in ("cpts_2021", "centre_sante_2021")
    }


def test_the_map_of_the_changes_says_what_its_card_counts():
    counts = changes_by("region").loc["32"]
    drawn = signs(HAUTS_DE_FRANCE, "evolution")
    assert drawn["msp_ouverte"] == counts["n_opened"]
    assert drawn["msp_absente"] == counts["n_gone"]
    assert counts["n_2021"] == 171
    app = open_page("carte", territoire="region-32", dates="evolution")
    assert not app.exception
    said = texts(app)
    assert "Hauts-de-France : MSP depuis 2021" in said
    assert "même numéro FINESS" in said
    assert "estimé" in said
    assert list_of(open_popover(app, "map_drawing"), "field_structures")["is_disabled"]


def test_mayotte_whose_file_of_2021_is_empty_is_unknown_and_said():
    assert changes_by("region").loc["06"].isna().all()
    assert "n.d." in texts(open_page("carte", territoire="region-06", dates="evolution"))
    assert "Sans Mayotte" in texts(open_page("carte", dates="evolution"))
    assert changes_by("france").loc[FRANCE.code, "n_2021"] == 1763


def test_the_choice_stands_in_the_address_and_a_bad_one_is_said():
    app = open_popover(open_page("carte", territoire="region-32"), "map_drawing")
    choose(app, "field_dates", SITE_DATE_LABELS["2021"])
    assert app.query_params["dates"] in ("2021", ["2021"])
    bad = open_page("carte", dates="1999")
    assert any("dates = 1999" in warning.value for warning in bad.warning)


def test_tables_of_the_changes_hold_every_msp_and_its_doubt():
    gazetteer = load_gazetteer()
    listed = list_changes(gazetteer, HAUTS_DE_FRANCE)
    counts = changes_by("region").loc["32"]
    assert len(listed) == counts["n_now"] + counts["n_gone"]
    assert (listed["Doute"] != "").sum() == counts["n_doubtful"]
    by_departement = table_of_changes(gazetteer, HAUTS_DE_FRANCE, "departement")
    assert by_departement["MSP au 8 janvier 2021"].sum() == 171
    assert by_departement["Nom"].tolist() == list(gazetteer.within(HAUTS_DE_FRANCE, "departement")["name"])


def test_the_card_and_the_list_of_a_territory_say_the_day_of_each_site():
    seat = structures_on_map(("cpts",), HAUTS_DE_FRANCE).iloc[0]
    commune = commune_of_site(seat["finess_code"])
    said = texts(open_page("carte", territoire="region-32", selection=f"commune-{commune}"))
    assert "CPTS (siège), 8 janv. 2021" in said
    assert "FINESS, 08/01/2021" in said
    app = open_page("territoire", territoire="region-32")
    table = app.dataframe[-1].value
    assert {"MSP", "CPTS (siège), 8 janv. 2021", "Centre de santé, 8 janv. 2021"} == set(table["Type"])
    assert "le compte d’aucun jour" in texts(app)


def test_seats_of_two_days_are_not_added_up():
    told = say_days(structures_on_map(("cpts",), FRANCE))
    assert "82 sièges au 1er avril 2026" in told
    assert "à ne pas additionner" in told
    assert "additionner" not in say_days(structures_on_map(("cpts",), OCCITANIE))
    assert say_days(structures_on_map(("cpts",), MAYOTTE)) == ""


def test_points_of_finess_and_of_the_bpe_are_joined_to_nothing():
    chart = draw_course(load_gazetteer(), (HAUTS_DE_FRANCE,), "nombre", marks=False)
    points = [line for line in chart.lines if line.mark in ("square", "triangle") and line.x[0]]
    assert sorted(line.y[0] for line in points)[:2] == [171, 253]
    assert all(not line.width and len(line.x) == 1 for line in points)


def test_the_table_of_dates_has_each_source_and_leaves_the_unknown_empty():
    table = dates_table(load_gazetteer(), FRANCE, "region").set_index("Territoire")
    assert table.loc["Hauts-de-France", ["FINESS, 8 janvier 2021", "BPE, 1er janvier 2024"]].tolist() == [171, 253]
    assert pd.isna(table.loc["Mayotte", "FINESS, 8 janvier 2021"])
    assert table.loc["France", "Sans (n.d. en 2021)"] == "Mayotte"
    assert table.loc["France", "FINESS en service, au"] == "01/04/2026 et 12/05/2026"
    app = open_page("trajectoire", territoire="departement-84", t_maille="departement")
    assert not app.exception
    shown = next(frame.value for frame in app.dataframe if "FINESS, 8 janvier 2021" in frame.value.columns)
    assert shown.set_index("Territoire").loc["Vaucluse", "FINESS, 8 janvier 2021"] == 18


def test_no_site_is_lost_on_the_way_to_the_map():
    shared = load_sites("recentes")
    assert len(shared) >= len(load_table("structures"))
    assert shared["finess_code"].is_unique
