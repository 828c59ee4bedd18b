"""What each screen gives away: a picture of every chart, a table with its sources, and the logo of the reader."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import Image

from coverage.projection import Scenario
from coverage.simulator.scenario_file import SavedScenario
from coverage.simulator.supply_change import Opening
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.projection import look_ahead
from pages.app.tables import load_gazetteer, load_sources
from pages.screens.projection.charts import draw_fan
from pages.screens.projection.table import years_table
from pages.screens.simulator.classes import AFTER, BEFORE, people_by_class
from pages.screens.simulator.engine import answer
from pages.screens.simulator.export import describe_siting, sites_table
from pages.screens.simulator.siting import Ask, answer_ask
from pages.widgets.exports.chart import sources_of
from reports.figures.tables import cite_with_licences, write_xlsx
from tests.pages.choosing import open_popover
from tests.pages.test_screens import ROOT, open_page

OCCITANIE = Territory("region", "76")
BUTTONS = {
    "carte": ["carte_export_png"],
    "territoire": ["territory_apl_png", "territory_msp_png", "sheet_pdf", "maillage_portrait_region-76_xlsx"],
    "classement": ["ranking_chart_png", "ranking_chart_svg", "ranking_map_png"],
    "projection": [
        "projection_waterfall_a_png_png",
        "projection_fan_export_png",
        "projection_pyramid_export_png",
        "maillage_projection_annees_region-76_xlsx",
    ],
    "trajectoire": [
        "trajectory_lines_export_png",
        "trajectory_ranks_export_pdf",
        "trajectory_n_opened_export_png",
        "maillage_ouvertures_region-76_xlsx",
        "maillage_chiffres_publies_region-76_xlsx",
    ],
}
OTHERS_IN = {"classement": ["ranking_chart_others"], "trajectoire": ["trajectory_ranks_export_others"]}
"""Popovers that hold some of the buttons of a screen."""


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("name", BUTTONS)
def test_every_screen_has_its_buttons(name):
    app = open_page(name, territoire="region-76")
    assert not app.exception
    for key in OTHERS_IN.get(name, ()):
        open_popover(app, key)
    keys = [button.proto.id for button in app.get("download_button")]
    for wanted in BUTTONS[name]:
        assert any(key.endswith(wanted) for key in keys), f"{wanted} not in {keys}"


@pytest.mark.parametrize("territory", [OCCITANIE, FRANCE, Territory("commune", "48095")])
def test_people_by_class_are_those_of_the_scenario(territory):
    gazetteer = load_gazetteer()
    result = answer(SavedScenario("test", "apl_65_2023", (Opening("48095", 3.0),)))
    people = people_by_class(gazetteer, result, territory)
    # The slow twin: one commune after the other, against the bounds as they are written.
    slow = {BEFORE: np.zeros(5), AFTER: np.zeros(5)}
    inside = set(gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"])
    here = result.outcome.by_commune
    for row in here[here.index.isin(inside)].itertuples():
        for head, apl in ((BEFORE, row.apl_before), (AFTER, row.apl_after)):
            if not np.isnan(apl):
                slow[head][sum(apl >= bound for bound in (1.5, 2.5, 3.5, 4.5))] += row.population_total
    for head, expected in slow.items():
        assert people[head].to_numpy() == pytest.approx(expected)
    assert people[BEFORE].sum() == pytest.approx(people[AFTER].sum())


def test_an_opening_moves_people_up_and_nobody_down():
    result = answer(SavedScenario("test", "apl_65_2023", (Opening("48095", 6.0),)))
    people = people_by_class(load_gazetteer(), result, Territory("departement", "48"))
    from_the_top = people.iloc[::-1].cumsum()
    assert (from_the_top[AFTER] >= from_the_top[BEFORE] - 1e-6).all()


def test_sites_leave_with_the_question_and_the_assumptions():
    gazetteer = load_gazetteer()
    base = SavedScenario("Mon scénario", "apl_65_2023")
    ask = Ask(territory=Territory("departement", "48"), base=base, n_sites=2, gp_fte=3.0, one_per_epci=True)
    result = answer(base)
    answered = answer_ask(ask, result)
    table = sites_table(gazetteer, answered, "Habitants gagnés")
    lines = describe_siting(gazetteer, ask, answered, result, base.name)
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(table, lines, title="Où ouvrir : Lozère")))
    rows = list(book["Données"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Rang", "Commune", "Code")
    assert [row[2] for row in rows[1:]] == list(answered.sites["commune_code"])
    said = {str(row[0]): str(row[1]) for row in book["Sources"].iter_rows(values_only=True)}
    assert said["Territoire"] == "Lozère (48)"
    assert said["Au plus un site par EPCI"] == "oui"
    assert "Source" in said


def test_the_years_are_those_of_the_chart():
    outlook = look_ahead(Scenario(), OCCITANIE)
    table = years_table({"a": outlook})
    chart = draw_fan({"a": outlook}, {"a": "A"}, "stock")
    central = next(line for line in chart.lines if not line.is_band)
    assert table["Année"].tolist() == list(central.x)
    assert table["Effectif"].to_numpy() == pytest.approx(central.y)
    assert (table["Effectif, borne basse"].dropna() <= table["Effectif, borne haute"].dropna()).all()


def test_every_licence_stands_once_after_its_sources():
    cited = cite_with_licences(sources_of("apl_65_2023", "n_msp"), load_sources())
    assert "DREES" in cited
    assert "Licence Ouverte 2.0" in cited
    assert cited.count("Licence Ouverte 2.0") == 1


def test_a_logo_is_kept_for_the_session_and_can_be_taken_away():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 10), "navy").save(buffer, format="png")
    app = open_page("territoire", territoire="region-76")
    assert not [button for button in app.button if button.label == "Retirer le logo"]
    app.session_state["organisation_logo"] = buffer.getvalue()
    open_popover(app, "sheet_logo_open")
    remove = [button for button in app.button if button.label == "Retirer le logo"]
    assert remove
    remove[0].click().run()
    assert not app.exception
    assert "organisation_logo" not in app.session_state


def test_tables_of_the_unknown_stay_empty():
    table = pd.DataFrame({"Commune": ["Mende"], "APL": [np.nan]})
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(table, [{"Source": "DREES"}], title="t")))
    assert next(book["Données"].iter_rows(min_row=2, values_only=True))[1] is None
