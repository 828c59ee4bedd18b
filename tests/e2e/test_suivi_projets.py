"""The journey of a federation: open the board, filter by facilitator, move a project, take the yearly report."""

import io
import re

import pandas as pd
import pytest
import sqlalchemy as sa
from docx import Document
from playwright.sync_api import expect

from data.projects.database import open_database
from data.projects.schema import FILE_NAME
from data.projects.storage import change_projects, read_projects
from tests.e2e.browser import PATIENCE, ROOT, serve
from tests.e2e.test_app import read_download
from tests.toy_projects import build_projects, occitanie_2020

pytestmark = pytest.mark.e2e

STARTED, OPENED = "2020-03-01", "2024-02-01"


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """Serve the app to a reader whose own list holds two projects of her own beside the teams of 2020."""
    folder = tmp_path_factory.mktemp("projects")
    own = build_projects(
        {"name": "MSP des Deux Vallées", "stage": "projet", "project_on": STARTED, "facilitator": "Inès Cazals"},
        {"name": "MSP du Canal", "stage": "ouvert", "opened_on": OPENED, "facilitator": "INES CAZALS"},
    )
    teams = occitanie_2020()
    everything = pd.concat([teams, own], ignore_index=True).assign(project_id="")
    engine = open_database(sa.make_url(f"sqlite:///{folder / FILE_NAME}"))
    change_projects(engine, "poste", lambda _: everything, action="Import")
    with serve(ROOT / "app.py", log=folder / "server.log", environment={"MAILLAGE_DATA": str(folder)}) as address:
        yield address, engine
    engine.dispose()


def column(page, stage):
    return page.locator(".colonne").filter(has_text=re.compile(f"^{stage}"))


def test_the_board_is_filtered_a_project_moves_and_the_report_is_taken(open_page, board, tmp_path):
    address, engine = board
    page = open_page(f"{address}/suivi_projets?territoire=region-76", height=1100)
    expect(column(page, "Projet")).to_have_text("Projet201", timeout=PATIENCE)
    page.get_by_role("combobox", name="Facilitateur").fill("Inès")
    page.get_by_role("option", name="Inès Cazals").click()
    expect(column(page, "Projet")).to_have_text("Projet1", timeout=PATIENCE)
    expect(column(page, "Ouvert")).to_have_text("Ouvert1")
    page.wait_for_url(re.compile("sp_facilitateur=In"))
    projects = read_projects(engine, "poste").set_index("name")
    moved = projects.loc["MSP des Deux Vallées", "project_id"]
    page.locator(f".st-key-board_move_{moved}").get_by_role("button").click()
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("MSP des Deux Vallées", timeout=PATIENCE)
    window.get_by_role("button", name="Enregistrer").click()
    expect(column(page, "Validé par l’ARS")).to_have_text("Validé par l’ARS1", timeout=PATIENCE)
    expect(page.get_by_text("« MSP des Deux Vallées » : Validé par l’ARS")).to_be_visible()
    expect(window).to_have_count(0)
    page.get_by_role("button", name="Annuler").click()
    expect(column(page, "Projet")).to_have_text("Projet1", timeout=PATIENCE)
    page.locator(f".st-key-board_on_{moved}").get_by_role("button").click()
    expect(column(page, "Validé par l’ARS")).to_have_text("Validé par l’ARS1", timeout=PATIENCE)
    after = read_projects(engine, "poste").set_index("name")
    assert after.loc["MSP des Deux Vallées", "stage"] == "valide_ars"
    assert str(after.loc["MSP des Deux Vallées", "project_on"].date()) == STARTED
    page.get_by_role("radio", name="Rapport annuel").click()
    expect(page.get_by_text("1 MSP ouverte et 1 projet.")).to_be_visible(timeout=PATIENCE)
    pdf = read_download(page, "Rapport PDF", tmp_path).read_bytes()
    assert pdf.startswith(b"%PDF")
    document = Document(io.BytesIO(read_download(page, "Rapport Word", tmp_path).read_bytes()))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "1 MSP ouverte et 1 projet." in said
    assert "suivis par Inès Cazals" in said


def test_the_whole_list_gives_the_published_figures_and_a_map(open_page, board, tmp_path):
    address, _ = board
    page = open_page(f"{address}/suivi_projets?territoire=region-76&sp_vue=rapport")
    expect(page.get_by_text("320 équipes accompagnées")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="Carte").click()
    frame = page.frame_locator("iframe").first
    expect(frame.get_by_text("Projet : ouvert")).to_be_visible(timeout=PATIENCE)
    assert read_download(page, "Carte PNG", tmp_path).read_bytes().startswith(b"\x89PNG")
