"""The simulator as Streamlit runs it: build, undo, keep several, read files and addresses, ask where to open."""

import time

import pandas as pd
import pytest

from coverage.simulator.scenario_file import SavedScenario, write_scenario, write_token
from coverage.simulator.supply_change import Closure, Departures, Move, Opening, RetirementOver65
from coverage.territories.gazetteer import Territory
from data.cache import CACHE_VARIABLE
from pages.app.tables import load_gazetteer
from pages.screens.simulator.drafts import PARAMETER
from pages.screens.simulator.engine import answer, supply_task
from pages.screens.simulator.map import opening_points
from pages.screens.simulator.state import CLICK_KEY, minutes_to_point, point_at, reaches_people
from pages.screens.simulator.supply import SupplyTask
from pages.widgets.map.drawing import Pick
from tests.pages.choosing import choose, options_of, type_in
from tests.pages.test_screens import ROOT, open_page, texts

PATIENCE_S = 300  # the estimate leaves the processor to the others
MILLAU, FLORAC = "12145", "48061"
TWO_OPENINGS = SavedScenario("Sud-Aveyron", "apl_2023", (Opening(MILLAU, 3.0), Opening(FLORAC, 2.0, name="MSP")))


@pytest.fixture(autouse=True)
def _cache(monkeypatch):
    monkeypatch.chdir(ROOT)


def open_simulator(scenario=None, **query):
    if scenario is not None:
        query[PARAMETER] = write_token(scenario)
    return open_page("simulateur", **query)


def wait_for_supply(app):
    limit = time.monotonic() + PATIENCE_S
    while supply_task().is_under_way and time.monotonic() < limit:
        time.sleep(0.5)
    assert supply_task().supply is not None
    return app.run()


def figures(app):
    return {metric.label: metric.value.replace("\u202f", "").replace("\u00a0", " ") for metric in app.metric}


def scenario_of(app):
    drafts = app.session_state["simulator_drafts"]
    return drafts.scenario


def test_an_empty_scenario_changes_nothing_and_says_so():
    app = open_simulator()
    assert not app.exception
    assert not app.error
    assert figures(app)["Habitants passés au-dessus de 2,5"] == "0"
    assert "ne change l’APL d’aucune commune" in texts(app)
    assert "estimation" in texts(app).lower()


def test_opening_an_msp_in_the_commune_searched_raises_its_access_at_once():
    app = open_simulator(territoire="departement-48")
    type_in(app, "simulator_search", "florac trois rivieres")
    assert options_of(app, "simulator_search") == ["Florac Trois Rivières (48061)"]
    choose(app, "simulator_search", "Florac Trois Rivières (48061)")
    app.number_input(key="simulator_fte").set_value(2.0)
    started = time.perf_counter()
    app.button(key="simulator_open").click().run()
    assert time.perf_counter() - started < 10  # one second on a quiet machine
    assert not app.exception
    assert scenario_of(app).changes == (Opening(FLORAC, 2.0),)
    shown = figures(app)
    assert shown["Médecins ajoutés"] == "2 ETP"
    assert int(shown["Habitants mieux desservis"]) > 1000
    assert app.query_params[PARAMETER] in (token := write_token(scenario_of(app)), [token])


FAR_IN_FLORAC = (3.6116, 44.3061)
"""2.6 km from the mairie, deep enough in the commune for a click on the map of the department."""
AT_CLICK = f"simulator_at_{FAR_IN_FLORAC[0]}_{FAR_IN_FLORAC[1]}"


def click(app, *place, code=FLORAC):
    """Do as a click on the map, which these tests don't draw."""
    app.session_state[CLICK_KEY] = Pick("territory", code, *place)
    return app.run()


def test_an_opening_at_the_clicked_point_is_another_than_at_the_mairie():
    app = click(open_simulator(territoire="departement-48", selection=f"commune-{FLORAC}"), *FAR_IN_FLORAC)
    assert app.segmented_control(key=AT_CLICK).value == "à la mairie"
    app.button(key="simulator_open").click().run()
    assert scenario_of(app).changes == (Opening(FLORAC, 3.0),)
    at_mairie = figures(app)
    app.button(key="simulator_undo").click().run()
    app.segmented_control(key=AT_CLICK).set_value("au point cliqué").run()
    app.button(key="simulator_open").click().run()
    assert not app.exception
    assert not app.error
    assert scenario_of(app).changes == (Opening(FLORAC, 3.0, point_at(FLORAC, *FAR_IN_FLORAC)),)
    assert figures(app)["Médecins ajoutés"] == at_mairie["Médecins ajoutés"]
    assert figures(app)["Habitants mieux desservis"] != at_mairie["Habitants mieux desservis"]
    assert "3\u00a0ETP, au point cliqué" in texts(app)
    again = open_simulator(scenario_of(app), territoire="departement-48", selection=f"commune-{FLORAC}")
    assert scenario_of(again) == scenario_of(app)
    assert figures(again) == figures(app)


@pytest.mark.parametrize("last", [Pick("territory", MILLAU, 3.08, 44.1), Pick("territory", FLORAC), None])
def test_the_point_is_offered_only_where_the_last_click_has_one_in_the_commune(last):
    app = open_simulator(selection=f"commune-{FLORAC}")
    app.session_state[CLICK_KEY] = last
    app.run()
    assert not app.exception
    assert not [control for control in app.segmented_control if control.label == "Où dans la commune"]


def test_a_point_on_the_mairie_opens_as_the_commune_does():
    # minutes under 10 all weigh 1, and the minutes of both come from the same formula
    florac = load_gazetteer().row(Territory("commune", FLORAC))
    point = point_at(FLORAC, float(florac["longitude"]), float(florac["latitude"]))
    at_point, at_commune = (
        answer(SavedScenario("-", "apl_2023", (change,))).outcome
        for change in (Opening(FLORAC, 3.0, point), Opening(FLORAC, 3.0))
    )
    pd.testing.assert_frame_equal(at_point.by_commune, at_commune.by_commune)


def test_nobody_is_in_reach_of_a_point_at_sea_nor_in_mayotte():
    assert minutes_to_point(FLORAC, 0.0, 0.0) == ()
    assert not reaches_people(point_at(FLORAC, 0.0, 0.0))
    assert not reaches_people(point_at("97608", 45.2, -12.8))
    assert reaches_people(point_at(FLORAC, *FAR_IN_FLORAC))


def test_openings_are_drawn_where_they_are_with_a_sign_of_their_own():
    changes = (Opening(FLORAC, 3.0, point_at(FLORAC, *FAR_IN_FLORAC)), Opening(FLORAC, 3.0), Closure(MILLAU, 1.0))
    points = opening_points(load_gazetteer(), changes)
    assert list(points["structure_type"]) == ["ouverture", "ouverture"]
    florac = load_gazetteer().row(Territory("commune", FLORAC))
    assert list(points["longitude"]) == [FAR_IN_FLORAC[0], florac["longitude"]]
    assert list(points["latitude"]) == [FAR_IN_FLORAC[1], florac["latitude"]]


def test_undo_redo_and_taking_a_change_out():
    app = open_simulator(TWO_OPENINGS, selection=f"commune-{FLORAC}")
    app.button(key="simulator_open").click().run()
    assert len(scenario_of(app).changes) == 3
    app.button(key="simulator_undo").click().run()
    assert scenario_of(app).changes == TWO_OPENINGS.changes
    app.button(key="simulator_redo").click().run()
    assert len(scenario_of(app).changes) == 3
    app.button(key="simulator_out_1").click().run()
    assert scenario_of(app).changes == (Opening(MILLAU, 3.0), Opening(FLORAC, 3.0))


def test_several_scenarios_are_kept_named_and_compared():
    app = open_simulator(TWO_OPENINGS, selection=f"commune-{MILLAU}")
    app.button(key="simulator_duplicate").click().run()
    app.button(key="simulator_open").click().run()
    app.text_input(key="simulator_name").input("Plus grand").run()
    assert app.session_state["simulator_drafts"].names == ("Sud-Aveyron", "Plus grand")
    app.session_state["simulator_tab"] = "Comparer"
    app.run()
    assert not app.exception
    compared = app.dataframe[-1].value
    assert list(compared.columns) == ["Plus grand", "Sud-Aveyron"]
    assert list(compared.loc["Médecins ajoutés"]) == ["8\u00a0ETP", "5\u00a0ETP"]
    choose(app, "simulator_choice", "Sud-Aveyron")
    assert scenario_of(app) == TWO_OPENINGS
    app.button(key="simulator_remove").click().run()
    assert app.session_state["simulator_drafts"].names == ("Plus grand",)


def test_the_departure_of_the_gps_over_65_lowers_access_and_floors_are_said():
    retirement = SavedScenario("Départs", "apl_2023", (RetirementOver65("departement", "48"),))
    app = wait_for_supply(open_simulator(retirement, territoire="departement-48"))
    assert not app.exception
    assert not app.error
    shown = figures(app)
    assert int(shown["Habitants moins bien desservis"]) > 10_000
    assert shown["Habitants mieux desservis"] == "0"
    app.segmented_control(key="simulator_series").set_value("apl_65_2023").run()
    assert figures(app)["Habitants moins bien desservis"] == "0"
    assert "ne compte déjà plus ces médecins" in texts(app)


def test_while_the_supply_is_estimated_openings_are_counted_and_the_rest_waits(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(SupplyTask, "_estimate", lambda *_: None)  # never ends
    supply_task.clear()
    try:
        both = SavedScenario("Mixte", "apl_2023", (Opening(MILLAU, 3.0), Closure(FLORAC, 1.0)))
        app = open_simulator(both, selection=f"commune-{MILLAU}")
        assert not app.exception
        assert any("estimation en cours" in info.value for info in app.info)
        assert figures(app)["Médecins ajoutés"] == "3 ETP"
        assert figures(app)["Habitants moins bien desservis"] == "0"
    finally:
        supply_task.clear()


def test_every_kind_of_change_from_the_panel():
    app = wait_for_supply(open_simulator(selection=f"commune-{MILLAU}"))
    for kind, expected in (
        ("Fermeture", Closure(MILLAU, 1.0)),
        ("Départ de médecins", Departures(MILLAU, 1.0)),
        ("Départ des plus de 65 ans", RetirementOver65("commune", MILLAU)),
    ):
        app.selectbox(key="simulator_kind").set_value(kind).run()
        app.button(key="simulator_add").click().run()
        assert scenario_of(app).changes[-1] == expected
    app.selectbox(key="simulator_kind").set_value("Déplacement").run()
    assert app.button(key="simulator_add").disabled  # nowhere to go to yet
    choose(type_in(app, "simulator_towards", "Creissels"), "simulator_towards", "Creissels (12084)")
    assert "Vers : **Creissels (12084)**" in texts(app)
    app.button(key="simulator_add").click().run()
    assert scenario_of(app).changes[-1] == Move(MILLAU, "12084", 1.0)
    assert not app.exception
    assert not app.error


def test_more_removed_than_there_is_is_refused_and_the_page_stays_up():
    app = wait_for_supply(open_simulator(SavedScenario("Trop", "apl_2023", (Closure(FLORAC, 900.0),))))
    assert not app.exception
    assert any("au plus" in error.value and FLORAC in error.value for error in app.error)
    app.button(key="simulator_remove")  # the bar is there to go on
    assert figures(app)["Habitants moins bien desservis"] == "0"


def test_a_damaged_address_is_said():
    app = open_simulator(**{PARAMETER: write_token(TWO_OPENINGS)[:40]})
    assert not app.exception
    assert any("scénario de l’adresse" in warning.value for warning in app.warning)


def test_a_scenario_in_the_address_that_names_an_unknown_commune_is_said():
    app = open_simulator(SavedScenario("X", "apl_2023", (Opening("99999", 1.0),)))
    assert any("attendu une commune connue, trouvé « 99999 »" in warning.value for warning in app.warning)


def test_a_scenario_too_long_for_the_address_proposes_the_file():
    communes = pd.read_parquet(ROOT / "data" / "snapshots" / "communes.parquet", columns=["commune_code"])
    codes = communes["commune_code"].sample(300, random_state=7)
    app = open_simulator(selection=f"commune-{MILLAU}")
    drafts = app.session_state["simulator_drafts"]
    app.session_state["simulator_drafts"] = drafts.with_changes([Opening(code, 3.0) for code in codes if code < "976"])
    app.button(key="simulator_open").click().run()
    assert not app.exception
    assert PARAMETER not in app.query_params
    assert any("trop long pour l’adresse" in info.value for info in app.info)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (write_scenario(TWO_OPENINGS).replace("48061", "00000"), "ligne 7, commune_code"),
        ("{", "ligne 1"),
        ("", "ligne 1"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(content, said):
    app = open_simulator()
    app.file_uploader(key="simulator_upload").upload("scenario.json", content.encode(), "application/json").run()
    assert not app.exception
    assert any("n’a pas été ouvert" in error.value and said in error.value for error in app.error)
    assert scenario_of(app).changes == ()


def test_a_saved_file_is_reopened_beside_the_others():
    app = open_simulator(SavedScenario("Autre", "apl_2023", (Opening(MILLAU, 1.0),)))
    content = write_scenario(TWO_OPENINGS).encode()
    app.file_uploader(key="simulator_upload").upload("scenario.json", content, "application/json").run()
    assert scenario_of(app) == TWO_OPENINGS
    assert app.session_state["simulator_drafts"].names == ("Autre", "Sud-Aveyron")


def ask(app, **fields):
    for key, value in fields.items():
        for kind in (app.number_input, app.selectbox, app.slider, app.select_slider, app.toggle):
            if any(widget.key == f"simulator_{key}" for widget in kind):
                kind(key=f"simulator_{key}").set_value(value)
    submit = next(button for button in app.button if button.label == "Proposer")
    return submit.click().run()


def test_where_to_open_answers_with_its_gap_and_is_accepted_in_one_click():
    app = ask(open_simulator(territoire="departement-12"), n_sites=4, site_fte=2.0)
    assert not app.exception
    assert "habitants de plus à 20 minutes" in texts(app)
    assert "de l’optimum" in texts(app) or "Optimum" in texts(app)
    app.button(key="simulator_accept").click().run()
    changes = scenario_of(app).changes
    assert len(changes) == 4
    assert all(isinstance(change, Opening) and change.gp_fte == 2.0 for change in changes)
    assert any("4 ouvertures ajoutées" in success.value for success in app.success)


@pytest.mark.parametrize("objective", ["distance", "lifting"])
def test_the_other_objectives_answer(objective):
    app = ask(open_simulator(territoire="departement-48"), n_sites=2, objective=objective)
    assert not app.exception
    assert not app.warning
    assert "2 sites, Lozère" in texts(app)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"min_people": 900_000}, "population servie"),
        ({"n_sites": 50, "one_per_epci": True}, "EPCI"),
    ],
)
def test_an_infeasible_request_says_which_rule(fields, said):
    app = ask(open_simulator(territoire="departement-48"), **fields)
    assert not app.exception
    assert any("Pas de réponse" in warning.value and said in warning.value for warning in app.warning)


def test_mayotte_has_no_candidate():
    app = ask(open_simulator(territoire="departement-976"))
    assert any("Aucune commune candidate" in warning.value for warning in app.warning)


def test_the_proof_runs_in_the_background_and_ends():
    app = ask(open_simulator(territoire="departement-12"), n_sites=5, between=15)
    app.button(key="simulator_prove").click().run()
    assert not app.exception
    proof = app.session_state["simulator_proof"]
    proof.answer()
    app.run()
    assert "Optimum prouvé" in texts(app) or "Recherche exacte arrêtée" in texts(app)


def test_the_catchment_of_a_commune():
    app = open_simulator(selection=f"commune-{MILLAU}")
    app.session_state["simulator_tab"] = "Bassin de la commune"
    app.run()
    assert not app.exception
    table = app.dataframe[-1].value
    assert list(table["Zone"]) == ["à moins de 10 min", "à moins de 15 min", "à moins de 20 min"]
    people = [int(text.replace("\u202f", "")) for text in table["Habitants"]]
    assert 22_000 < people[0] <= people[1] <= people[2]
