"""The trajectory, as Streamlit runs it: normal, without structures, bad address, measures, the film."""

import re

import pytest
import streamlit as st

from coverage.terms.natures import NATURES
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.tables import load_gazetteer
from pages.app.trajectory import half_years, target_of
from pages.screens.trajectory.charts import draw_course, draw_ranks
from pages.screens.trajectory.dates import dates_table
from pages.screens.trajectory.map import draw_half_year
from tests.pages.test_screens import ROOT, open_page, texts

OCCITANIE = Territory("region", "76")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_france_tells_its_growth_and_its_target():
    app = open_page("trajectoire")
    assert not app.exception
    assert not app.error
    said = texts(app)
    assert "de 1\u202f034 à 2\u202f251 MSP" in said
    assert "objectif de 2\u202f000 à cette date dépassé de 251" in said


def test_occitanie_has_its_openings_and_says_what_they_are_not():
    said = texts(open_page("trajectoire", territoire="region-76"))
    assert "372 sites de MSP et 82 CPTS" in said
    assert "fermetures ne sont pas connues" in said
    assert "3e région sur 18" in said


@pytest.mark.parametrize("key", ["departement-976", "region-53", "commune-75056"])
def test_elsewhere_openings_are_nd(key):
    app = open_page("trajectoire", territoire=key)
    assert not app.exception
    assert any("n.d." in info.value for info in app.info)


def test_a_bad_address_is_said():
    app = open_page("trajectoire", t_mesure="x", t_autres="commune-31555", t_date="1999-01")
    assert not app.exception
    assert len(app.warning) == 3


def test_the_measure_and_the_date_are_kept_in_the_address():
    app = open_page("trajectoire", territoire="region-76")
    app.segmented_control(key="trajectory_measure").set_value("habitants").run()
    app.select_slider(key="trajectory_date").set_value("2019-06").run()
    assert not app.exception
    assert app.query_params["t_mesure"] in ("habitants", ["habitants"])
    assert app.query_params["t_date"] in ("2019-06", ["2019-06"])


def test_published_figures_are_marks_without_a_line():
    gazetteer = load_gazetteer()
    chart = draw_course(gazetteer, (FRANCE, OCCITANIE), "nombre", marks=True)
    lines = [line for line in chart.lines if line.width]
    assert [len(line.x) for line in lines] == [12, 12]  # the half-years of the DGOS and nothing else
    assert sum(line.mark == "cross" and line.x[0] is not None for line in chart.lines) == 2
    rates = draw_course(gazetteer, (FRANCE,), "pour_100k", marks=True)
    assert not any(line.mark == "cross" for line in rates.lines)


def claims_of(app):
    """Return the claims as a reader sees them, one text each."""
    (page,) = [element.proto.body for element in app.get("html") if "class='annonces'" in element.proto.body]
    told = [re.sub("<.*?>", " ", part) for part in page.split("<div class='annonce'>")[1:]]
    return [re.sub(r"\s+", " ", text).strip() for text in told]


def test_what_is_claimed_of_occitanie_stands_against_what_is_measured():
    app = open_page("trajectoire", territoire="region-76")
    assert not app.exception
    claims = claims_of(app)
    first = next(text for text in claims if "en tête des régions" in text)
    assert "4e puis 3e région sur 18" in first
    assert "annonce" in first
    assert "mesuré" in first
    multiple = next(text for text in claims if "36 fois" in text)
    assert "× 2,8 (de 99 à 277 MSP)" in multiple
    planned = next(text for text in claims if "1 300 MSP et projets" in text)
    assert "de 1 617 à 1 740 MSP" in planned
    assert not any("Hauts-de-France" in text for text in claims)
    (north,) = [text for text in claims_of(open_page("trajectoire", territoire="departement-59")) if "188" in text]
    assert "185 MSP" in north


def test_the_published_figures_carry_qualifier_sign_nature_and_certainty():
    app = open_page("trajectoire", territoire="region-76")
    table = app.dataframe[-1].value
    rows = {row["Chiffre"]: row for row in table.to_dict("records") if row["Territoire"] == "Occitanie"}
    assert plain(rows["MSP, dont 19 projets tout juste validés"]["Date"]) == "sans date"
    assert rows["Part des MSP qui ont signé l’ACI"]["Fiabilité"] == "source secondaire"
    assert "plus de 360 MSP" in [plain(value) for value in table["Valeur"]]
    assert "plus de 26 projets" in [plain(value) for value in table["Valeur"]]
    assert set(table["Nature"]) <= set(NATURES)


def plain(text):
    return re.sub(r"\s", " ", text)


def test_targets_follow_the_measure():
    date, target = target_of(OCCITANIE, "nombre")
    assert target == 214
    assert target_of(OCCITANIE, "habitants")[1] == pytest.approx(1e5 / target_of(OCCITANIE, "pour_100k")[1])
    assert str(date.date()) == "2022-12-31"
    assert target_of(Territory("commune", "31555"), "nombre") is None


def test_every_region_has_one_line_of_ranks():
    chart = draw_ranks(load_gazetteer(), "pour_100k", {"Occitanie": "#d55e00"})
    assert len(chart.lines) == 18
    assert sum(line.width == 3.5 for line in chart.lines) == 1


@pytest.mark.parametrize("shown", ["nombre", "pour_100k", "habitants"])
@pytest.mark.parametrize("level", ["region", "departement"])
def test_the_classes_are_the_same_at_all_dates(shown, level):
    frames = [draw_half_year(level, shown, date) for date in half_years()]
    labels = {tuple(entry.label for entry in frame.legend.entries if not entry.hatch) for frame in frames}
    assert len({tuple(frame.values.palette) for frame in frames}) == 1
    assert len({tuple(label for label in names if label != "aucune structure") for names in labels}) == 1
    assert len({frame.values.classes for frame in frames}) > 1  # and the picture moves


def test_playing_shows_the_first_half_year_and_stopping_keeps_the_date():
    app = open_page("trajectoire")
    app.button(key="trajectory_play").click().run()
    assert not app.exception
    assert app.session_state["trajectory_playing"]
    assert app.session_state["trajectory_frame"] in {f"{date:%Y-%m}" for date in half_years()}
    app.button(key="trajectory_play").click().run()
    assert not app.session_state["trajectory_playing"]
    st.cache_data.clear()


def test_a_region_that_is_one_department_is_one_row():
    table = dates_table(load_gazetteer(), Territory("region", "04"), "departement")
    assert list(table["Territoire"]) == ["La Réunion"]
    several = dates_table(load_gazetteer(), Territory("region", "94"), "departement")
    assert list(several["Territoire"]) == ["Corse", "Corse-du-Sud", "Haute-Corse"]
