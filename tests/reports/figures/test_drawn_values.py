"""The screen and the paper say the same: same classes, same bounds, same counts, same figures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.facts import load_facts
from pages.app.trajectory import course_of
from pages.widgets.map.values import draw_values
from reports.figures.map_classes import format_value, name_indicator

SCOPES = [FRANCE, Territory("region", "76"), Territory("departement", "31"), Territory("departement", "976")]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.key)
@pytest.mark.parametrize("method", ["seuils", "quantiles", "jenks", "egales"])
@pytest.mark.parametrize(
    "indicator",
    [
        *("apl_65_2023", "nearest_msp_min", "zone", "population_per_msp"),
        *("gp_fte", "gp_fte_short_of_2_5_65", "projected_left_to_convince"),
    ],
)
def test_the_map_on_paper_is_the_map_on_screen(studio, scope, method, indicator):
    level = "commune" if "commune" in INDICATORS[indicator].levels else "departement"
    screen = draw_values(indicator, level, scope, method, 5)
    paper = studio.facts.draw(indicator, level, scope, method, 5)
    assert paper.values.classes == screen.values.classes
    assert list(paper.values.palette) == list(screen.values.palette)
    assert paper.legend == screen.legend


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


COMMUNES = [Territory("commune", code) for code in ("31395", "30032", "75056", "09134")]


@pytest.mark.parametrize("territory", [*SCOPES, *COMMUNES], ids=lambda territory: territory.key)
def test_figures_on_paper_are_those_on_screen(studio, territory):
    for name, indicator in INDICATORS.items():
        if territory.level in indicator.levels:
            assert studio.facts.figure(name, territory) == load_facts().figure(name, territory)


OCCITANIE = Territory("region", "76")


def test_communes_without_a_gp_in_reach_are_a_class_of_their_own_not_unknown(studio):
    drawn = studio.facts.draw("apl_at_risk_share_2023", "commune", OCCITANIE)
    first = drawn.legend.entries[0]
    assert (first.label, first.count, first.hatch) == ("aucun généraliste à moins de 20 min", 136, False)
    assert not any(entry.hatch for entry in drawn.legend.entries)
    screen = draw_values("apl_at_risk_share_2023", "commune", OCCITANIE, "seuils", 5)
    codes = studio.facts.level_table("commune").index
    assert screen.values.texts[codes.get_loc("09134")] == "aucun généraliste à moins de 20 min"
    assert load_facts().figure("apl_at_risk_share_2023", Territory("commune", "09134")).startswith("aucun généraliste")
    assert load_facts().figure("apl_at_risk_share_2023", Territory("commune", "97601")) == "n.d."  # Mayotte: unknown


def test_a_time_near_a_region_not_loaded_is_a_maximum_on_the_map_and_in_figures(studio):
    drawn = draw_values("nearest_centre_sante_min", "commune", OCCITANIE, "seuils", 5)
    codes = studio.facts.level_table("commune").index
    said = {code: drawn.values.texts[codes.get_loc(code)] for code in ("30032", "31555")}
    assert said["30032"] == "au plus 4,2"  # Beaucaire: Tarascon, in PACA, lies 4 minutes away
    assert not said["31555"].startswith("au plus")
    assert "388 communes, 245 291 habitants" in plain(drawn.legend.note)
    shares = draw_values("share_population_within_20_min_centre_sante", "epci", OCCITANIE, "seuils", 5)
    assert "temps maximal" in shares.legend.note
    assert "temps maximal" not in draw_values("apl_65_2023", "commune", OCCITANIE, "seuils", 5).legend.note


def test_the_time_to_an_msp_is_known_everywhere_and_never_a_maximum(studio):
    drawn = draw_values("nearest_msp_min", "commune", OCCITANIE, "seuils", 5)
    assert "au plus" not in "".join(text or "" for text in drawn.values.texts)
    assert "temps maximal" not in drawn.legend.note
    assert studio.facts.level_table("region")["nearest_msp_min"].notna().all()


def test_no_time_is_a_maximum_once_every_region_is_loaded(studio):
    facts = studio.facts
    everywhere = dataclasses.replace(
        facts, out_of_cover_min=lambda: facts.out_of_cover_min().where(lambda minutes: minutes.isna(), np.inf)
    )
    assert everywhere.tell_at_most("nearest_centre_sante_min", FRANCE) == ""
    assert everywhere.figure("nearest_centre_sante_min", Territory("commune", "30032"), unit=False) == "4,2"


@pytest.mark.parametrize("name", INDICATORS)
def test_what_an_indicator_is_divided_by_is_an_indicator(name):
    assert INDICATORS[name].divisor in {"", *INDICATORS}


def test_a_rate_of_a_bassin_de_vie_is_named_after_it_and_after_it_only(studio):
    context = studio.facts.table("commune_context")
    rate = INDICATORS["poverty_rate"]
    assert name_indicator(rate, Territory("commune", "93008"), context) == "Pauvreté, bassin de vie : Paris"
    assert name_indicator(rate, Territory("departement", "93"), context) == "Pauvreté"
    other = INDICATORS["share_75plus"]
    assert name_indicator(other, Territory("commune", "93008"), context) == other.short_label


def test_the_course_of_msp_is_against_the_population_of_the_day_on_paper_and_on_screen(studio):
    on_paper = studio.facts.labelled_msp.set_index(["level", "territory_code", "date"])["per_100k"]
    on_screen = course_of(FRANCE)["per_100k"]
    assert on_paper.xs(("france", "FR"))[on_screen.index].tolist() == on_screen.tolist()
    first = on_screen.iloc[0]
    assert first == pytest.approx(1_034 / 66_881_830 * 100_000, rel=2e-5)  # 1.55, not 1.51 by the people of 2023


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.034, "0,03"), (9.994, "9,99"), (13.84, "13,8"), (137.4, "137"), (2059.99, "2\u202f060"), (0.0, "0,00")],
)
def test_a_count_of_full_time_gps_loses_decimals_as_it_grows(value, written):
    assert format_value(INDICATORS["gp_fte_short_of_2_5_65"], value, unit=False) == written


def test_the_bounds_of_a_count_follow_the_size_of_the_territories(studio):
    for level, first in (("commune", "moins de 0,01"), ("departement", "moins de 5"), ("region", "moins de 20")):
        legend = studio.facts.draw("gp_fte_short_of_2_5_65", level, FRANCE).legend
        assert legend.entries[0].label == first
        assert legend.note.startswith("Minimum")


def test_a_report_looks_as_far_as_it_is_asked_to(studio):
    ten, twenty = studio.facts, dataclasses.replace(studio.facts, horizon_years=20)
    label = "projected_need_to_find"
    assert "2035" in ten.indicator(label).label
    assert "2045" in twenty.indicator(label).label
    assert twenty.value(label, FRANCE) > ten.value(label, FRANCE)
    assert ten.figure(label, Territory("departement", "976")) == "n.d."


CANTAL = Territory("departement", "15")


@pytest.mark.parametrize("scope", [FRANCE, Territory("region", "84"), CANTAL], ids=lambda scope: scope.key)
@pytest.mark.parametrize("level", ["bassin_de_vie", "aire_attraction"])
def test_bassins_and_aires_are_drawn_alike_on_paper_and_on_screen(studio, scope, level):
    screen, paper = (
        draw_values("apl_65_2023", level, scope, "seuils", 5),
        studio.facts.draw("apl_65_2023", level, scope),
    )
    assert paper.values.classes == screen.values.classes
    assert paper.values.left_out == screen.values.left_out
    assert paper.legend == screen.legend
    crossing = "à cheval sur une limite"
    assert (crossing in paper.legend.note) == (scope != FRANCE)


def test_what_no_town_attracts_is_unknown_in_the_scope_and_only_there(studio):
    communes = studio.facts.gazetteer.communes
    alone = communes[communes["aire_attraction_code"].isna()]
    assert len(alone) == 8_897
    places = sorted(set(alone["departement_code"]))
    left_out = studio.facts.draw("apl_65_2023", "aire_attraction", CANTAL).values.left_out
    assert dict(zip(places, left_out, strict=True)) == {code: "n" if code == "15" else "x" for code in places}
    everywhere = studio.facts.draw("apl_65_2023", "aire_attraction", FRANCE)
    assert set(everywhere.values.left_out) == {"n"}
    assert everywhere.legend.entries[-1].label == "Hors attraction des villes : n.d."
    assert studio.facts.draw("apl_65_2023", "bassin_de_vie", FRANCE).values.left_out == ""


def test_the_secret_of_ald_is_said_and_is_no_zero(studio):
    legend = studio.facts.draw("share_ald", "bassin_de_vie", FRANCE).legend
    assert (legend.entries[-1].label, legend.entries[-1].count) == ("n.d. (donnée inconnue)", 157)
    assert "secret statistique" in legend.note
    assert studio.facts.figure("share_ald", Territory("bassin_de_vie", "01004")) == "n.d."
    assert plain(studio.facts.figure("gp_liberal_per_100k", Territory("bassin_de_vie", "01004"))).startswith("90")
