"""Before and after at once in the simulator, the MSP and the proposals on its maps, the words of « Où ouvrir ? »."""

import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from coverage.simulator.scenario_file import SavedScenario, write_token
from coverage.simulator.siting.request import SitingAnswer
from coverage.simulator.supply_change import Move, Opening
from coverage.territories.gazetteer import FRANCE, Territory
from pages.app.tables import level_table, load_gazetteer, load_table
from pages.screens.simulator.drafts import PARAMETER
from pages.screens.simulator.engine import answer
from pages.screens.simulator.map import _pair_texts, picked_commune
from pages.screens.simulator.signs import gather, proposed_points
from pages.screens.simulator.siting import Ask
from pages.screens.simulator.where import tell_best
from pages.widgets.map.drawing import Pick
from tests.pages.test_screens import ROOT, open_page

FLORAC, MENDE, MILLAU = "48061", "48095", "12145"
OPENING = SavedScenario("Essai", "apl_65_2023", (Opening(FLORAC, 3.0),))
LOZERE = Territory("departement", "48")


@pytest.fixture(autouse=True)
def _cache(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_the_tooltip_says_before_after_and_what_parts_them():
    result = answer(OPENING)
    pair = _pair_texts(result, LOZERE)
    place = level_table("commune").index.get_loc(FLORAC)
    row = result.outcome.by_commune.loc[FLORAC]
    written = [part.texts[place] for part in (pair.first, pair.second, pair.difference)]
    figures = [float(text.replace(",", ".").replace("−", "-")) for text in written]
    assert figures == pytest.approx([row["apl_before"], row["apl_after"], row["apl_change"]], abs=0.0051)
    assert written[2].startswith("+")
    far = level_table("commune").index.get_loc("75056")  # outside the territory: nothing is written
    assert [part.texts[far] for part in (pair.first, pair.second, pair.difference)] == [None, None, None]
    assert INDICATORS["apl_65_2023"].short_label in pair.first.dated


def modes_of(app):
    return list(app.segmented_control(key="simulator_mode").options)


def test_before_and_after_are_offered_at_once_as_soon_as_something_changes():
    without = open_page("simulateur", territoire=LOZERE.key)
    assert modes_of(without) == ["Avant", "Après", "Différence"]
    app = open_page("simulateur", territoire=LOZERE.key, **{PARAMETER: write_token(OPENING)})
    assert modes_of(app) == ["Avant", "Après", "Rideau", "Côte à côte", "Différence"]
    for mode, n_maps in (("swipe", 1), ("beside", 2)):
        app.segmented_control(key="simulator_mode").set_value(mode).run()
        assert not app.exception
        assert len([one for one in app.get("component_instance") if "folium" in one.proto.component_name]) == n_maps
        assert any(button.label == "Les deux cartes (PNG, A3)" for button in app.get("download_button"))
    app.button(key="simulator_begin").click().run()  # nothing changes in a new scenario: one map is left
    assert not app.exception
    assert app.segmented_control(key="simulator_mode").value == "before"


@pytest.mark.parametrize(("territory", "shown"), [(LOZERE, True), (FRANCE, False), (Territory("region", "76"), False)])
def test_the_msp_that_exist_stand_where_they_do_not_hide_the_map(territory, shown):
    app = open_page("simulateur", territoire=territory.key)
    assert app.toggle(key="simulator_msp").value is shown
    app.toggle(key="simulator_msp").set_value(not shown).run()
    assert not app.exception
    assert app.toggle(key="simulator_msp").value is not shown


def test_each_proposal_has_its_sign_and_its_rank():
    points = proposed_points(load_gazetteer(), (MILLAU, FLORAC))
    assert list(points["structure_type"]) == ["proposition", "proposition"]
    assert list(points["name"]) == ["Site proposé n° 1", "Site proposé n° 2"]
    assert list(points["commune_name"]) == ["Millau", "Florac Trois Rivières"]
    assert len(gather(None, points, points)) == 4
    assert gather(None, proposed_points(load_gazetteer(), ())).empty


def test_a_click_on_any_sign_chooses_its_commune():
    msp = load_table("structures")
    msp = msp[(msp["structure_type"] == "msp") & msp["commune_code"].notna()].iloc[0]
    changes = (Move(FLORAC, MENDE, 1.0), Opening(MILLAU, 1.0))
    assert picked_commune(Pick("territory", "12003"), changes) == "12003"
    assert picked_commune(Pick("structure", "scenario-0"), changes) == MENDE
    assert picked_commune(Pick("structure", "scenario-1"), changes) == MILLAU
    assert picked_commune(Pick("structure", f"proposition-{FLORAC}"), changes) == FLORAC
    assert picked_commune(Pick("structure", msp["finess_code"]), changes) == msp["commune_code"]


def told(value, bound, status="heuristic", objective="coverage", n=5):
    sites = pd.DataFrame({"commune_code": ["x"] * n, "gain": [1.0] * n})
    ask = Ask(territory=LOZERE, base=OPENING, n_sites=n, gp_fte=3.0, objective=objective)
    return tell_best(ask, SitingAnswer(sites, value, bound, status))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (told(100.0, 100.0, "optimal"), "**Aucun autre choix de 5 communes ne fait mieux.**"),
        (told(100.0, 100.0), "**Aucun autre choix de 5 communes ne fait mieux.**"),
        # Rounded up: never less than what the bound allows.
        (told(1000.0, 1000.1), "**Aucun autre choix de 5 communes ne ferait mieux de plus de 0,1\u00a0%.**"),
        (told(100.0, 104.21), "**Aucun autre choix de 5 communes ne ferait mieux de plus de 4,3\u00a0%.**"),
        (
            told(100.0, 110.0, "interrupted", n=1),
            "**Aucun autre choix de 1 commune ne ferait mieux de plus de 10,0\u00a0%.**",
        ),
        (told(0.0, 10.0), "Un autre choix de 5 communes ferait peut-être mieux."),
        (
            told(5.0, float("nan"), objective="lifting"),
            "Un autre choix de 5 communes ferait peut-être mieux : on ne sait pas de combien.",
        ),
    ],
)
def test_the_answer_says_as_one_would_whether_another_choice_could_do_better(said, expected):
    assert said == expected
