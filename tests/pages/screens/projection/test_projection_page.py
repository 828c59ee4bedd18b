"""The projection, as Streamlit runs it: normal, unknown department, bad address, preset, two scenarios, reset."""

import re
from itertools import pairwise

import pandas as pd
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.projection import departements_at_end, load_backtests, load_baseline, look_ahead
from pages.app.tables import load_gazetteer
from pages.screens.projection import controls as projection_controls
from pages.screens.projection import table as projection_table
from pages.screens.projection.backtest import backtest_figures, draw_errors
from pages.screens.projection.charts import by_class, draw_fan, draw_pyramid, waterfall_axis
from pages.screens.projection.state import Levers
from pages.screens.projection.table import departement_table
from pages.widgets.chart_drawing import plotly_figure
from reports.projection.outlook import waterfall_steps
from reports.projection.waterfall import draw_waterfall
from tests.pages.choosing import open_tab
from tests.pages.test_screens import ROOT, open_page, texts

OCCITANIE = Territory("region", "76")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def figures(app):
    return {metric.label: metric.value for metric in app.metric}


def test_the_words_follow_what_was_synced(monkeypatch):
    assert "pyramide nationale" in texts(open_page("projection", territoire="region-76"))
    for module in (projection_table, projection_controls):
        monkeypatch.setattr(module, "is_synced", lambda _name: True)
    said = texts(open_page("projection", territoire="region-76"))
    assert "pyramide nationale" not in said
    assert "comptés par classe d’âge (DREES, RPPS)" in said
    assert "INSEE, Omphale, scénario central" in said


def test_occitanie_opens_with_its_sentence_and_its_figures():
    app = open_page("projection", territoire="region-76")
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Occitanie"
    said = texts(app)
    assert "généralistes à trouver d’ici 2035" in said
    assert "médecins à convaincre de venir" in said
    assert "8 chances sur 10" in said
    assert "Mesuré" in said
    assert "Supposé" in said
    assert "source secondaire" in said  # the checks


def test_the_preset_of_the_ars_finds_the_2600_and_500_again():
    app = open_page("projection", territoire="region-76")
    app.segmented_control(key="projection_preset_a").set_value("ars_occitanie").run()
    assert not app.exception
    shown = figures(app)
    needed = int(shown["À trouver"].replace("\u202f", ""))
    left = int(shown["Reste à convaincre"].replace("\u202f", ""))
    assert abs(needed - 2600) <= 260
    assert abs(left - 500) <= 150
    assert app.query_params["p_population"] in ("haute", ["haute"])


def test_the_preset_of_the_ars_elsewhere_is_said_to_be_unchecked():
    assert "n’est pas vérifié" in texts(
        open_page(
            "projection",
            territoire="region-53",
            p_champ="1.1375",
            p_population="haute",
            p_arrivees_de="tous_medecins",
        )
    )


def test_an_address_saved_before_arrivals_had_a_source_is_still_read():
    app = open_page("projection", territoire="region-76", p_champ="1.1375", p_population="haute", p_arrivees="1.2")
    assert not app.exception
    assert not app.warning
    assert app.select_slider(key="projection_a_entries_factor").value == 1.2
    assert app.selectbox(key="projection_a_arrivals_of").value == "generalistes"


def test_the_sentence_says_its_fragility_and_both_ends_stand_beside_each_other():
    app = open_page("projection", territoire="region-76")
    said = texts(app)
    margin = look_ahead(Levers().scenario(10, OCCITANIE), OCCITANIE).arrivals_margin
    assert 0 < margin < 1
    share = f"{100 * margin:.0f}"
    assert re.search(rf"s’annule si les arrivées montent de {share}.%, double si elles baissent de {share}.%", said)
    assert "calées pour que les généralistes libéraux de France évoluent comme de 2021 à 2024 (−0,33" in said
    assert "Les arrivées d’aujourd’hui continuent (tendance, estimé)" in said
    assert "Promotions plus nombreuses à partir de 2028 (proche de la DREES, estimé)" in said
    assert "leur moyenne n’aurait pas de sens" in said
    assert "ARS Occitanie, 2025-2035 (annonce) | 2\u202f600 | **+500** |" in said
    assert "prolonger les arrivées de tous les médecins (−" in said
    elsewhere = texts(open_page("projection", territoire="region-53"))
    assert "Les arrivées d’aujourd’hui continuent (tendance, estimé)" in elsewhere
    assert "(annonce) |" not in elsewhere


def test_a_tuned_preset_says_so_beside_its_headline():
    assert "« ARS Occitanie » est un réglage calé" not in texts(open_page("projection", territoire="region-76"))
    app = open_page("projection", territoire="region-76")
    for preset, on in (("ars_occitanie", "2 600 et 500"), ("drees", "2028 et 2050")):
        app.segmented_control(key="projection_preset_a").set_value(preset).run()
        assert "est un réglage calé** :" in texts(app)
        assert on in texts(app)
    said = texts(app)
    assert "Écart à la projection de la DREES (indice 100 en 2025), France : 2028 : 0,0 ; 2033" in said
    assert "2050 : +0,3." in said


def test_the_hours_of_the_young_change_what_is_left_to_convince():
    app = open_page("projection", territoire="region-76")
    before = figures(app)
    app.select_slider(key="projection_a_hours_under_50").set_value(0.7).run()
    after = figures(app)
    assert after["Départs"] == before["Départs"]
    assert after["Reste à convaincre"] != before["Reste à convaincre"]
    assert "pour un temps de travail moindre" in texts(app)


def test_no_caption_calls_a_target_a_test_and_the_method_page_shows_the_back_test():
    said = texts(open_page("projection", territoire="region-76"))
    assert "sont une épreuve" not in said
    assert "aucune n’est une épreuve" in said
    method = texts(open_tab(open_page("sources"), "sources_tab", "Projection"))
    assert "Contre-essai" in method
    assert "tous les médecins" in method
    before, after = load_backtests()
    figures_shown = backtest_figures(before, after).set_index("Contre-essai")["Résultat"]
    assert figures_shown["Départements comparés"] == "101"
    assert figures_shown["Départements dans la fourchette, écarts choisis"].startswith("42")
    assert figures_shown["Départements dans la fourchette, écarts tirés du contre-essai"].startswith("80")
    bars = draw_errors(after).bars
    assert sum(sum(series.lengths) for series in bars) == 101
    assert sum(bars[0].lengths) == after.table["inside"].sum()


def test_mayotte_is_nd_and_the_assumptions_stay():
    app = open_page("projection", territoire="departement-976")
    assert not app.exception
    assert not app.metric
    assert any("n.d." in info.value and "APL" in info.value for info in app.info)
    assert "Mesuré" in texts(app)


def test_france_says_that_mayotte_is_left_out():
    assert "Mayotte, dont les données manquent" in texts(open_page("projection"))


def test_a_commune_is_shown_by_its_department():
    app = open_page("projection", territoire="commune-12145")
    assert app.title[0].value == "Aveyron"
    assert "Aveyron (12) est montré pour Millau (12145)" in texts(app)


def test_a_bad_address_is_said_and_the_usual_values_are_used():
    app = open_page(
        "projection", territoire="region-76", p_horizon="99", p_arrivees="douze", q_actif="1", q_objectif="tout"
    )
    assert not app.exception
    assert len(app.warning) == 3
    assert "2035" in texts(app)


def test_sliders_change_the_figures_and_the_address_and_reset_undoes_all():
    app = open_page("projection", territoire="region-76")
    before = figures(app)
    app.select_slider(key="projection_a_retirement_shift_years").set_value(-2.0).run()
    after = figures(app)
    assert after["Départs"] != before["Départs"]
    assert after["Arrivées"] == before["Arrivées"]
    assert app.query_params["p_age_depart"] in ("-2.0", ["-2.0"])
    app.slider(key="projection_horizon").set_value(20).run()
    assert "2045" in texts(app)
    app.button(key="projection_reset").click().run()
    assert figures(app) == before
    assert not [name for name in app.query_params if name.startswith("p_")]


def test_two_scenarios_are_told_side_by_side_and_kept_in_the_address():
    app = open_page("projection", territoire="region-76")
    app.toggle(key="projection_second").set_value(True).run()
    said = texts(app)
    assert "Scénario A, Occitanie" in said
    assert "Scénario B, Occitanie" in said
    assert app.query_params["q_actif"] in ("1", ["1"])
    assert app.query_params["q_arrivees"] in ("1.2", ["1.2"])
    app.switch_page("pages/carte.py").run()
    app.switch_page("pages/projection.py").run()
    assert "Scénario B, Occitanie" in texts(app)


def test_the_share_that_settles_here_has_no_meaning_for_the_whole_country():
    app = open_page("projection")
    assert app.select_slider(key="projection_a_settling_factor").disabled
    assert not open_page("projection", p_installation="1.5").exception


def test_the_waterfall_closes():
    outlook = look_ahead(Levers(target="densite").scenario(15, OCCITANIE), OCCITANIE)
    chart = draw_waterfall(waterfall_steps(outlook.start, outlook.end), waterfall_axis({"a": outlook}))
    (bars,) = chart.bars
    ends = [(start, start + length) for start, length in zip(bars.starts, bars.lengths, strict=True)]
    for (_, top), (base, _) in pairwise(ends[:4]):
        assert base == pytest.approx(top)
    # what is missing starts where the need ends, and comes back to today's level
    assert ends[4][0] == pytest.approx(ends[3][1])
    assert ends[4][1] == pytest.approx(ends[0][1])
    low, high = waterfall_axis({"a": outlook})
    assert low < min(min(pair) for pair in ends[1:])
    assert high > max(max(pair) for pair in ends)


def test_the_fan_holds_its_central_path_and_starts_at_todays_count():
    outlook = look_ahead(Levers().scenario(10, OCCITANIE), OCCITANIE)
    assert len(draw_fan({"a": outlook}, {"a": "A"}, "stock").lines) == 2
    band = outlook.band("stock")
    assert (band["p10"] <= outlook.years["stock"] + 1e-6).all()
    assert (outlook.years["stock"] <= band["p90"] + 1e-6).all()
    assert outlook.start["stock"] == pytest.approx(5463)  # CNAM, 31 December 2024


def test_the_pyramid_conserves_the_doctors_and_hides_the_small_classes():
    lozere = Territory("departement", "48")
    outlook = look_ahead(Levers().scenario(10, lozere), lozere)
    classes = by_class(outlook.pyramid(outlook.end_year))
    assert classes.sum() == pytest.approx(outlook.end["stock"])
    chart, hidden = draw_pyramid({"a": outlook}, {"a": "A"})
    shown = [value for bars in chart.bars for value in bars.lengths if pd.notna(value)]
    assert min(shown) >= 5
    assert hidden == any(0 < value < 5 for year in (2025, 2035) for value in by_class(outlook.pyramid(year)))


def test_the_pyramid_has_the_oldest_on_top_and_today_before_the_horizon_as_its_legend():
    outlook = look_ahead(Levers().scenario(10, FRANCE), FRANCE)
    chart, _ = draw_pyramid({"a": outlook}, {"a": "A"})
    figure = plotly_figure(chart)
    assert [bar.name for bar in figure.data] == ["2025", "2035"]
    assert figure.layout.legend.traceorder == "normal"
    assert figure.layout.yaxis.autorange == "reversed"  # the first bar and the first class are on top
    for bar in figure.data:
        assert (bar.y[0], bar.y[-1]) == ("70 ans ou plus", "moins de 30 ans")
        classes = by_class(outlook.pyramid(int(bar.name)))
        assert list(bar.x) == pytest.approx(list(classes)[::-1])


def test_the_table_has_every_department_the_largest_gap_first_and_no_small_count():
    scenarios = {"a": Levers().scenario(10, FRANCE), "b": Levers(entries_factor=1.2).scenario(10, FRANCE)}
    table = departement_table(load_gazetteer(), scenarios, FRANCE)
    assert len(table) == 101
    gaps = table["Reste à convaincre"].dropna()
    assert gaps.is_monotonic_decreasing
    assert (gaps.abs() >= 5).all()
    assert "Reste à convaincre (B)" in table
    mayotte = table[table["Code"] == "976"].iloc[0]
    assert mayotte[["Départs", "À trouver", "Borne basse"]].isna().all()
    assert mayotte["Aujourd’hui"] == 32


def test_departments_sum_to_their_region():
    scenario = Levers().scenario(10, OCCITANIE)
    rows = departements_at_end(scenario)
    codes = load_gazetteer().within(OCCITANIE, "departement")["departement_code"]
    total = look_ahead(scenario, OCCITANIE).end["left_to_convince"]
    assert rows.loc[codes, "left_to_convince"].sum() == pytest.approx(total)
    assert load_baseline().unknown.keys() == {"976"}
