"""The page of the territorial study as Streamlit runs it: choose, read, try GPs, tick, come back by the address."""

import pandas as pd
import pytest

from coverage.simulator.supply_change import Opening
from coverage.study.eligibility import Team, read_check_list
from data import store
from pages.app.tables import load_gazetteer, load_table
from pages.screens.study import data as study_data
from pages.screens.study.data import compose
from pages.screens.study.export import communes_table, printed_communes, source_lines
from pages.screens.study.state import StudyState
from tests.pages.test_screens import ROOT, open_page, texts

FLORAC, MILLAU, DZAOUDZI, BORDEAUX = "48061", "12145", "97608", "33063"


@pytest.fixture(autouse=True)
def _cache(monkeypatch):
    monkeypatch.chdir(ROOT)


def open_study(**query):
    return open_page("etude", **query)


def address(app):
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def figures(app):
    return {metric.label: metric.value.replace("\u202f", "").replace("\u00a0", " ") for metric in app.metric}


def test_without_a_commune_the_page_asks_for_one():
    app = open_study(territoire="departement-48")
    assert not app.exception
    assert not app.error
    assert any("Aucune commune n’est choisie" in info.value for info in app.info)
    assert not app.metric
    offered = [button for button in app.button if str(button.key).startswith("study_example_")]
    assert len(offered) == 3
    offered[0].click().run()
    assert not app.exception
    assert offered[0].label.split(" (")[0] in app.title[0].value


def test_a_commune_of_lozere_in_figures_and_sentences():
    app = open_study(territoire=f"commune-{FLORAC}")
    assert not app.exception
    assert not app.error
    assert "Florac Trois Rivières" in app.title[0].value
    shown = figures(app)
    assert 3_000 < int(shown["Habitants du bassin"]) < 5_000
    assert shown["APL 2023 du bassin"].replace(",", "").isdigit()
    said = texts(app)
    assert "zone d’intervention prioritaire (ZIP)" in said
    assert "estimation" in said
    assert "10 conditions à réunir sur 10" in said
    assert [heading.value for heading in app.subheader][:3] == [
        "L’essentiel", "1. Qui vit autour", "2. Les structures autour"
    ]  # fmt: skip


def test_moving_the_gps_changes_the_sentence_and_the_address():
    app = open_study(territoire=f"commune-{FLORAC}")
    assert "Avec 3 médecins" in texts(app)
    app.slider(key="study_gps").set_value(4).run()
    assert not app.exception
    assert "Avec 4 médecins" in texts(app)
    assert address(app)["e_medecins"] == "4"
    app.slider(key="study_gps").set_value(3).run()
    assert "e_medecins" not in address(app)


def test_ticks_and_the_team_are_counted_and_kept_in_the_address():
    app = open_study(territoire=f"commune-{FLORAC}")
    app.number_input(key="study_team_n_gp").set_value(2).run()
    app.checkbox(key="study_projet_ecrit").check().run()
    app.checkbox(key="study_sisa_creee").check().run()
    assert not app.exception
    assert "7 conditions à réunir sur 10" in texts(app)
    assert address(app) | {} == address(app)
    asked = {name: value for name, value in address(app).items() if name.startswith("e_")}
    assert asked == {"e_equipe": "2", "e_coche": "projet_ecrit,sisa_creee"}
    again = open_study(territoire=f"commune-{FLORAC}", **asked)
    assert "7 conditions à réunir sur 10" in texts(again)
    assert again.checkbox(key="study_sisa_creee").value
    again.checkbox(key="study_sisa_creee").uncheck().run()
    assert "8 conditions à réunir sur 10" in texts(again)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"e_medecins": "12"}, "e_medecins = 12"),
        ({"e_medecins": "²"}, "e_medecins = ²"),
        ({"e_equipe": "-1"}, "e_equipe = -1"),
        ({"e_coche": "projet_ecrit,inconnu"}, "e_coche = inconnu"),
    ],
)
def test_an_address_that_says_nothing_known_is_named_and_the_rest_is_kept(query, named):
    app = open_study(territoire=f"commune-{FLORAC}", **query)
    assert not app.exception
    assert any(named in warning.value for warning in app.warning)
    assert app.checkbox(key="study_projet_ecrit").value is ("projet_ecrit" in query.get("e_coche", ""))


def test_an_unknown_commune_is_none():
    app = open_study(territoire="commune-99999")
    assert not app.exception
    assert any("Aucune commune n’est choisie" in info.value for info in app.info)


def test_mayotte_has_no_apl_and_the_page_stands():
    app = open_study(territoire=f"commune-{DZAOUDZI}")
    assert not app.exception
    assert not app.error
    assert figures(app)["APL 2023 du bassin"] == "n.d."
    assert any("ne peut pas être calculé" in info.value for info in app.info)
    assert not app.slider


def test_out_of_the_regions_loaded_structures_are_not_said_to_be_absent():
    app = open_study(territoire=f"commune-{BORDEAUX}")
    assert not app.exception
    said = texts(app)
    assert "MSP existantes sont déjà à moins de 15 minutes" in said  # MSP are known in every region
    assert "une partie ou la totalité des alentours n’y est pas" in said  # the other types are not


def test_the_commune_clicked_elsewhere_is_the_candidate():
    app = open_study(territoire="departement-12", selection=f"commune-{MILLAU}")
    assert "Millau" in app.title[0].value


def test_the_document_on_the_page_is_that_of_the_screen():
    content = compose(FLORAC, StudyState(5, Team(2, 1)))
    assert "Avec 5 médecins" in content.staffing_text
    raw = communes_table(content)
    assert raw["Habitants"].dtype == float
    assert raw["Code"].iloc[0] == FLORAC
    printed = printed_communes(raw)
    assert list(printed.columns) == list(raw.columns)
    assert printed["Habitants"].iloc[0] == "2\u202f100"
    assert not printed.isna().to_numpy().any()
    told = source_lines(content)
    assert any("Licence Ouverte" in line["Licence"] for line in told)
    assert any("estimation" in line["Adresse"] for line in told)


def test_a_state_comes_back_from_its_own_address():
    ids = read_check_list().ticked_ids
    for state in (StudyState(), StudyState(2), StudyState(8, Team(3, 0, frozenset(ids))), StudyState(3, Team(0, 50))):
        assert StudyState.from_query(state.to_query()) == (state, [])


def test_the_gps_tried_go_to_the_simulator_beside_the_readers_own_scenarios():
    app = open_study(territoire=f"commune-{FLORAC}", e_medecins="4")
    app.button(key="study_to_simulator").click().run()
    assert not app.exception
    drafts = app.session_state["simulator_drafts"]
    assert drafts.scenario.name == "Florac Trois Rivières, 4 médecins"
    assert drafts.scenario.changes == (Opening(FLORAC, 4.0, name="MSP de Florac Trois Rivières"),)
    assert drafts.scenario.series == "apl_65_2023"
    assert figures(app)["Médecins ajoutés"] == "4 ETP"  # the simulator is on screen


def test_professionals_that_a_sync_has_counted_are_shown_by_zone(monkeypatch):
    codes = load_gazetteer().communes["commune_code"]
    counted = pd.DataFrame({"commune_code": codes, "vintage": 2024, "n_gp": 1.0, "n_nurses": 6.0})
    manifest = store.manifest()
    manifest["tables"]["bpe_communes"] = {}
    monkeypatch.setattr(study_data.store, "manifest", lambda: manifest)
    monkeypatch.setattr(study_data, "load_table", lambda name: counted if name == "bpe_communes" else load_table(name))
    content = compose(FLORAC, StudyState())
    table = content.professionals.set_index("Profession")
    assert table.loc["Médecins généralistes", "Moins de 10 min"] == "NS"  # one in each of the two communes
    assert table.loc["Médecins généralistes", "Moins de 20 min"] == "6"
    assert table.loc["Infirmiers", "Moins de 10 min"] == "12"
