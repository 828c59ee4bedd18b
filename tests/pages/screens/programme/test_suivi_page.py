"""The follow-up of a programme as Streamlit runs it: known, unknown, addressed; its tables against the indicators."""

import re

import pandas as pd
import pytest

from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.facts import load_facts
from pages.app.tables import level_table
from pages.screens.programme.charts import chart_apl, chart_reach, shares_by_time
from pages.screens.programme.data import (
    ALL_LABEL,
    DENSITY_LABELS,
    QUARTER_LABELS,
    RURAL_LABEL,
    UNKNOWN_ZONE,
    ZONE_LABELS,
    apl_changes,
    population_per_msp,
    reach_by_part,
    reaches,
)
from pages.screens.programme.state import FollowUp
from tests.pages.test_screens import ROOT, open_page, texts

OCCITANIE = Territory("region", "76")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_occitanie_shows_its_indicators_and_says_what_they_do_not():
    app = open_page("suivi", territoire="region-76")
    assert not app.exception
    assert not app.error
    said = texts(app)
    assert "non causale" in said
    assert "QPV" in said
    assert "grille de l’INSEE en sept niveaux" in said
    assert "QPV" in said
    assert "n.d." not in metrics(app).values()
    app.segmented_control(key="follow_minutes").set_value("10").run()
    app.segmented_control(key="follow_serie").set_value("apl").run()
    assert not app.exception
    assert app.query_params["i_minutes"] in ("10", ["10"])
    assert app.query_params["serie"] in ("apl", ["apl"])
    assert "À moins de 10 min d’une MSP" in metrics(app)


def published(app):
    """Return what others published, as a reader sees it; empty where nothing is drawn."""
    drawn = [element.proto.body for element in app.get("html") if "publies" in element.proto.body]
    return re.sub(r"\s+", " ", re.sub("<.*?>", " ", drawn[0].split("</style>")[1])) if drawn else ""


def test_what_others_say_of_the_patients_has_its_sign_and_stays_apart():
    app = open_page("suivi", territoire="departement-48")
    said = published(app)
    for wanted in ("+2 %", "+3,2 %", "2023 à 2024", "Fécop", "source secondaire", "mesuré", "90 %", "annonce"):
        assert wanted in said
    assert not any("3,2" in value for value in metrics(app).values())
    assert "+2 %" in published(open_page("suivi"))
    assert published(open_page("suivi", territoire="region-53")) == ""


def test_the_reach_of_a_region_whose_finess_is_not_loaded_is_that_of_the_bpe():
    app = open_page("suivi", territoire="region-53")
    assert not app.exception
    assert metrics(app)["Habitants par MSP"] != "n.d."
    assert metrics(app)["À moins de 15 min d’une MSP"].endswith("%")
    assert not any("n.d. pour Bretagne" in info.value for info in app.info)
    brittany = Territory("region", "53")
    expected = load_facts().value("share_population_within_20_min_msp", brittany)
    assert reaches(brittany).loc[ALL_LABEL, "share_within_20_min"] == pytest.approx(expected)


def test_france_has_its_reach_and_other_levels_open():
    app = open_page("suivi", i_minutes="7")
    assert not app.exception
    assert len(app.warning) == 2  # one of the address, and what the comparison does not say
    assert not any("n.d. pour" in info.value for info in app.info)
    for key in ("departement-976", "commune-48095", "epci-200069151"):
        app.query_params["territoire"] = key
        app.run()
        assert not app.exception
        assert not app.error


def test_reach_is_that_of_the_indicators():
    groups = reaches(OCCITANIE)
    for limit in (10, 20):
        expected = load_facts().value(f"share_population_within_{limit}_min_msp", OCCITANIE)
        assert groups.loc[ALL_LABEL, f"share_within_{limit}_min"] == pytest.approx(expected)
    everyone, in_zip = reach_by_part(OCCITANIE, "departement")
    indicators = level_table("departement")
    assert everyone.loc["48", "share_within_20_min"] == pytest.approx(
        indicators.loc["48", "share_population_within_20_min_msp"]
    )
    assert (in_zip["population"] <= everyone["population"].reindex(in_zip.index)).all()


def test_groups_by_density_and_quarters_part_the_whole():
    groups = reaches(OCCITANIE)
    whole = groups.loc[ALL_LABEL]
    for labels in (DENSITY_LABELS.values(), QUARTER_LABELS.values()):
        parts = groups.loc[list(labels)]
        assert parts["population"].sum() == whole["population"]
        reached = (parts["population"] * parts["share_within_20_min"]).sum()
        assert reached / whole["population"] == pytest.approx(whole["share_within_20_min"])
    rural = groups.loc[RURAL_LABEL, "population"] / whole["population"]
    assert rural == pytest.approx(load_facts().value("share_population_rural", OCCITANIE))
    levels = groups.loc[list(DENSITY_LABELS.values())[4:], "population"]
    assert levels.sum() == groups.loc[RURAL_LABEL, "population"]
    tables = apl_changes(OCCITANIE, "apl_65")
    assert tables["density"].index.tolist() == [*DENSITY_LABELS.values(), ALL_LABEL]
    for name in ("density", "quarters"):
        table = tables[name]
        assert table.loc[ALL_LABEL, "apl_after"] == pytest.approx(
            load_facts().value("apl_65_2023", OCCITANIE), abs=0.005
        )
        assert table.drop(ALL_LABEL)["n_communes"].sum() == table.loc[ALL_LABEL, "n_communes"]


def test_the_whole_of_a_zone_and_of_the_presence_is_the_published_mean():
    tables = apl_changes(FRANCE, "apl_65")
    known = tables["presence"].loc[ALL_LABEL]
    occitanie = apl_changes(OCCITANIE, "apl_65")["presence"].loc[ALL_LABEL]
    assert known["apl_after"] == pytest.approx(load_facts().value("apl_65_2023", FRANCE), abs=0.005)
    assert occitanie["apl_after"] == pytest.approx(load_facts().value("apl_65_2023", OCCITANIE), abs=0.005)
    assert tables["zone"].index.tolist() == [*ZONE_LABELS.values(), UNKNOWN_ZONE, ALL_LABEL]
    zone = tables["zone"].round(2)
    assert zone.loc[["ZIP", "ZAC", ALL_LABEL], "apl_after"].tolist() == [
        2.37,
        3.15,
        3.29,
    ]
    both = apl_changes(OCCITANIE, "apl_65")["both"]
    assert both.drop(ALL_LABEL)["n_communes"].sum() == both.loc[ALL_LABEL, "n_communes"]


def test_inhabitants_per_msp_are_those_of_the_series():
    table = population_per_msp((OCCITANIE, FRANCE))
    assert table["n_first"].tolist()[1] == 1034
    assert table["n_last"].tolist()[1] == 2251
    row = table.iloc[1]
    assert row["change"] == pytest.approx(row["per_last"] / row["per_first"] - 1)


def test_the_shares_of_a_bar_add_up_and_an_unknown_group_has_no_bar():
    table = pd.DataFrame(
        {
            "share_within_10_min": [0.5, float("nan")],
            "share_within_15_min": [0.7, float("nan")],
            "share_within_20_min": [0.9, float("nan")],
        },
        index=["a", "b"],
    )
    shares = shares_by_time(table)
    assert list(shares) == ["a"]
    assert shares["a"].tolist() == pytest.approx([0.5, 0.2, 0.2, 0.1])
    assert len(chart_reach(table).bars) == 4


def test_the_chart_of_the_apl_leaves_out_unknown_groups():
    table = pd.DataFrame(
        {"apl_before": [3.0, float("nan")], "apl_after": [2.9, float("nan")]}, index=["Sans MSP", "Autre"]
    )
    chart = chart_apl(table)
    assert chart.bars[0].places == ["Sans MSP"]
    assert chart.bars[1].texts == ["2,90"]
    assert chart_apl(table.iloc[1:]).bars[0].places == []


def test_a_choice_is_written_and_read_back():
    choice = FollowUp(minutes="20")
    assert FollowUp.from_query(choice.to_query()) == (choice, [])
    assert FollowUp().to_query() == {}
