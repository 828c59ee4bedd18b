"""The board of projects, as Streamlit runs it: empty, filtered, badly addressed, in the past, a project moved."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from coverage.project_board.progress import conversion, conversion_by_year, count_by_stage
from coverage.project_board.stages import age_by_stage
from coverage.territories.gazetteer import FRANCE
from data.projects.database import open_database, projects_url
from data.projects.storage import change_projects, read_history, read_projects
from geo.map import STRUCTURE_SYMBOLS
from pages.app.tables import load_gazetteer
from pages.screens.project_board.charts import draw_ages, draw_cohorts, draw_conversion
from pages.screens.project_board.data import choose_projects
from pages.screens.project_board.map import counts_of, points_of, print_map
from pages.screens.project_board.state import NOBODY, BoardView
from pages.screens.project_board.tables import list_projects
from reports.chart.page import ChartWords, render_chart
from reports.figures.numbers import format_share
from tests.pages.choosing import choose
from tests.pages.test_screens import ROOT, open_page, texts
from tests.toy_projects import FLORAC, LILLE, build_projects, random_projects

PARTS = ("etapes", "parcours", "carte", "groupes", "rapport")


def day(year, month=6, date=15):
    return pd.Timestamp(year, month, date)


PROJECTS = (
    {"name": "MSP du Causse", "stage": "ouvert", "project_on": day(2019), "opened_on": day(2021),
     "facilitator": "Anne Roux", "accompanied": True, "n_gp": 6, "n_professionals": 14} | FLORAC,
    {"name": "MSP des Cévennes", "stage": "projet", "project_on": day(2020), "facilitator": "ANNE ROUX",
     "accompanied": True} | FLORAC,
    {"name": "MSP <b>Capitole</b> *1*", "stage": "idee", "facilitator": "Paul Vidal", "accompanied": False},
    {"name": "CPTS de Lille", "structure_type": "cpts", "stage": "aci_signe", "aci_signed_on": day(2022)} | LILLE,
    {"name": "Projet laissé", "stage": "projet", "project_on": day(2020), "abandoned": True},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    yield
    st.cache_resource.clear()


@pytest.fixture
def engine(_own_folder):
    """Save the list as its reader would have it: the one of the machine."""
    opened = open_database(projects_url())
    projects = build_projects(*PROJECTS).assign(project_id="")
    change_projects(opened, "poste", lambda _: projects, action="Import")
    yield opened
    opened.dispose()


def columns_of(app):
    return [html.body for html in app.get("html") if "colonne" in html.body]


def test_an_empty_list_leads_to_my_projects():
    app = open_page("suivi_projets")
    assert not app.exception
    assert "Mes projets" in texts(app)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(engine, part):
    app = open_page("suivi_projets", sp_vue=part)
    assert not app.exception
    assert not app.error


def test_the_columns_count_the_projects_of_each_stage(engine):
    app = open_page("suivi_projets")
    said = " ".join(html.body for html in app.get("html"))
    for words in ("Idée<span>1<", "Projet<span>1<", "Validé par l’ARS<span>0<", "Ouvert<span>1<", "ACI signé<span>1<"):
        assert words in said
    assert "MSP &lt;b&gt;Capitole&lt;/b&gt;" in said  # what the reader typed is never run
    assert "1 projet abandonné" in texts(app)
    assert "bloque" in said


def test_filters_are_read_from_the_address(engine):
    app = open_page("suivi_projets", sp_facilitateur="Anne Roux", sp_type="msp")
    said = " ".join(html.body for html in app.get("html"))
    assert "MSP du Causse" in said
    assert "MSP des Cévennes" in said  # the same person, whatever the spelling
    assert "Capitole" not in said
    app = open_page("suivi_projets", territoire="region-32")
    assert "CPTS de Lille" in " ".join(html.body for html in app.get("html"))
    app = open_page("suivi_projets", sp_facilitateur=NOBODY, sp_type="esp")
    assert any("Élargissez" in info.value for info in app.info)


def test_choosing_a_facilitator_changes_the_address(engine):
    app = open_page("suivi_projets")
    choose(app, "board_facilitateur", "Paul Vidal")
    assert not app.exception
    assert app.query_params["sp_facilitateur"] in ("Paul Vidal", ["Paul Vidal"])


def test_a_bad_address_is_said(engine):
    app = open_page("suivi_projets", sp_vue="x", sp_type="y", sp_facilitateur="Personne", sp_annee="1900", sp_mois="0")
    assert not app.exception
    assert len(app.warning) == 5
    assert any("un facilitateur de votre liste" in warning.value for warning in app.warning)


def test_the_end_of_a_year_shows_the_list_as_it_was(engine):
    app = open_page("suivi_projets", sp_annee="2020")
    said = " ".join(html.body for html in app.get("html"))
    assert "Projet<span>2<" in said  # the MSP opened in 2021 was still a project
    assert "Ouvert<span>0<" in said
    assert not [button for button in app.button if str(button.key).startswith("board_move_")]


def test_the_report_says_the_figures_of_the_list(engine):
    app = open_page("suivi_projets", territoire="departement-48", sp_vue="rapport")
    assert not app.exception
    said = texts(app)
    assert "1 MSP ouverte et 1 projet" in said
    assert "2 équipes accompagnées, la moitié en fonctionnement (1), la moitié en projet (1)" in said
    assert "100\u00a0% des projets du département" in said


def test_a_project_is_moved_to_its_next_stage(engine):
    before = read_projects(engine, "poste")
    moved = before.loc[before["name"] == "MSP des Cévennes", "project_id"].iloc[0]
    app = open_page("suivi_projets")
    app.button(key=f"board_move_{moved}").click().run()
    assert not app.exception
    assert app.selectbox(key="board_new_stage").value == "valide_ars"
    app.date_input(key="board_new_day").set_value(dt.date(2024, 5, 2))
    app.button(key="board_save").click().run()
    assert not app.exception
    after = read_projects(engine, "poste").set_index("project_id")
    assert after.loc[moved, "stage"] == "valide_ars"
    assert after.loc[moved, "validated_on"] == pd.Timestamp(2024, 5, 2)
    assert "MSP des Cévennes" in read_history(engine, "poste")["action"].iloc[0]
    others = after.drop(moved).reset_index()
    pd.testing.assert_frame_equal(others[before.columns], before[before["project_id"] != moved].reset_index(drop=True))


def test_one_click_moves_a_project_on_or_back_and_another_undoes_it(engine):
    before = read_projects(engine, "poste")
    moved = before.loc[before["name"] == "MSP du Causse", "project_id"].iloc[0]
    app = open_page("suivi_projets")
    app.button(key=f"board_on_{moved}").click().run()
    assert not app.exception
    now = read_projects(engine, "poste").set_index("project_id").loc[moved]
    assert (now["stage"], now["aci_signed_on"].date()) == ("aci_signe", dt.datetime.now().astimezone().date())
    assert read_history(engine, "poste")["action"].iloc[0] == "« MSP du Causse » : ACI signé"
    app.button(key="board_undo").click().run()
    assert "Annulé" in texts(app) + " ".join(success.value for success in app.success)
    pd.testing.assert_frame_equal(read_projects(engine, "poste"), before)
    app.button(key=f"board_back_{moved}").click().run()
    now = read_projects(engine, "poste").set_index("project_id").loc[moved]
    assert (now["stage"], now["project_on"]) == ("valide_ars", day(2019))
    assert pd.isna(now["opened_on"])
    assert pd.isna(now["validated_on"])  # nobody said when


def test_the_ends_of_the_way_have_no_step_beyond_them(engine):
    app = open_page("suivi_projets")
    stages = read_projects(engine, "poste").set_index("project_id")["stage"]
    keys = {str(button.key) for button in app.button}
    first, last = stages.index[stages == "idee"][0], stages.index[stages == "aci_signe"][0]
    assert {f"board_on_{first}", f"board_back_{last}"} <= keys
    assert not {f"board_back_{first}", f"board_on_{last}"} & keys


def test_an_undo_gives_way_to_what_another_reader_did_since(engine):
    moved = read_projects(engine, "poste").query("name == 'MSP du Causse'")["project_id"].iloc[0]
    app = open_page("suivi_projets")
    app.button(key=f"board_on_{moved}").click().run()
    change_projects(engine, "poste", lambda table: table.assign(note="relu"), action="Relu")
    app.button(key="board_undo").click().run()
    assert app.error
    assert set(read_projects(engine, "poste")["note"]) == {"relu"}


def test_every_card_of_a_long_column_can_be_reached():
    opened = open_database(projects_url())
    projects = build_projects(*({"name": f"MSP n° {number}", "stage": "idee"} for number in range(70)))
    change_projects(opened, "poste", lambda _: projects.assign(project_id=""), action="Import")
    opened.dispose()
    app = open_page("suivi_projets")

    def n_cards():
        return sum("class='projet'" in html.body for html in app.get("html"))

    assert n_cards() == 6
    button = app.button(key="board_unfold_more_idee")
    assert button.label == "Voir 50 projets de plus"
    button.click().run()
    assert n_cards() == 56
    assert app.button(key="board_unfold_more_idee").label == "Tout voir (70)"
    app.button(key="board_unfold_more_idee").click().run()
    assert n_cards() == 70
    app.button(key="board_unfold_less_idee").click().run()
    assert n_cards() == 6


def test_a_day_before_the_stage_before_is_refused_and_nothing_is_written(engine):
    before = read_projects(engine, "poste")
    moved = before.loc[before["name"] == "MSP des Cévennes", "project_id"].iloc[0]
    app = open_page("suivi_projets")
    app.button(key=f"board_move_{moved}").click().run()
    app.date_input(key="board_new_day").set_value(dt.date(2001, 1, 1))
    app.button(key="board_save").click().run()
    assert any("attendu le 15/06/2020 ou après" in error.value for error in app.error)
    pd.testing.assert_frame_equal(read_projects(engine, "poste"), before)


def test_the_view_is_written_and_read_back():
    view = BoardView(vue="rapport", type="msp", facilitateur="Anne Roux", annee=2024, mois=12)
    assert BoardView.from_query(view.to_query(), ["Anne Roux"], [2025, 2024]) == (view, [])
    assert BoardView().to_query() == {}


@pytest.mark.parametrize(
    ("key", "level", "labels"),
    [
        ("region-76", "departement", {"aucun projet": 11, "1–3": 2}),
        ("departement-48", "epci", {"aucun projet": 9, "2": 1}),
        ("commune-48061", "commune", {"aucun projet": 151, "2": 1}),
    ],
)
def test_the_map_counts_the_projects_of_each_territory(key, level, labels):
    gazetteer = load_gazetteer()
    projects = build_projects(*PROJECTS)
    board = choose_projects(projects, BoardView(), gazetteer, gazetteer.parse(key), dt.date(2026, 11, 22))
    drawn_level, drawn = counts_of(board)
    assert drawn_level == level
    counted = {entry.label: entry.count for entry in drawn.legend.entries if entry.count}
    assert counted == labels
    assert drawn.values.circles is not None  # a count
    assert np.nansum(drawn.values.circles.values) >= 2
    points = points_of(board)
    assert set(points["structure_type"]) <= set(STRUCTURE_SYMBOLS)
    assert len(points) == int((~board.projects["abandoned"]).sum())


def test_the_printed_map_names_the_list_and_its_day():
    gazetteer = load_gazetteer()
    board = choose_projects(
        build_projects(*PROJECTS), BoardView(), gazetteer, gazetteer.parse("departement-48"), dt.date(2026, 11, 22)
    )
    svg = print_map(board, "svg").decode("utf-8")
    assert "Liste de projets de l’utilisateur" in svg
    assert "Lozère : projets par étape" in svg
    assert "Projet : ouvert" in svg


def test_exports_of_projects_hold_no_professional():
    gazetteer = load_gazetteer()
    board = choose_projects(build_projects(*PROJECTS), BoardView(), gazetteer, FRANCE, dt.date(2026, 11, 22))
    table = list_projects(board, board.projects)
    assert not [name for name in table.columns if "édecin" in name or "rofession" in name]
    assert table["Étape"].tolist()[-1] == "Projet (abandonné)"
    assert table["Commune"].tolist()[0] == "Florac Trois Rivières"


def test_the_charts_draw_the_counts_of_the_subject_and_can_be_printed():
    projects = random_projects(5, 80)
    table, stages = conversion(projects), count_by_stage(projects)
    chart = draw_conversion(table, stages)
    drawn = pd.DataFrame({bars.name: list(bars.lengths) for bars in chart.bars})
    assert drawn.sum(axis=1).tolist() == stages["n_reached"].tolist()
    assert [text for text in chart.bars[0].texts if text] == [format_share(share, 0) for share in table["share"]]
    cohorts = conversion_by_year(projects, "projet")
    by_year = draw_cohorts(cohorts)
    dated = cohorts[cohorts.index.notna()]
    assert [sum(counts) for counts in zip(*(bars.lengths for bars in by_year.bars), strict=True)] == list(
        dated["n_reached"]
    )
    ages = age_by_stage(projects, pd.Timestamp(2026, 11, 22))
    bars = draw_ages(ages, 24).bars[0]
    assert [start + length for start, length in zip(bars.starts, bars.lengths, strict=True)] == pytest.approx(
        list(ages["q75_months"])
    )
    words = ChartWords("Occitanie", "En nombre de projets.", "Source : liste.")
    for drawn_chart in (chart, by_year):
        assert render_chart(drawn_chart, words, "png").startswith(b"\x89PNG")


def test_an_empty_board_offers_an_example_that_it_then_shows_as_one():
    app = open_page("suivi_projets", territoire="departement-48")
    app.button(key="example_projects").click().run()
    assert not app.exception
    said = texts(app)
    assert "Exemple fictif : 6 projets inventés" in said.replace("*", "")
    assert "En Lozère, 2 MSP ouvertes et 4 projets." in said.replace("\u00a0", " ")
