"""The planner's journey with a list of projects: import it with its faults, see it on the map, undo, export."""

import csv
import io
import json

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, ROOT, serve
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import read_download

pytestmark = pytest.mark.e2e

MARVEJOLS = (3.2905, 44.5537)
FILE = """Projets de Lozère;;;;;;
Nom du projet;Type;Commune;CP;Stade;Nb MG;Facilitateur
MSP de Florac;MSP;Florac Trois Rivières;48400;Ouvert;4;Forms
MSP du Gévaudan;maison de santé;Marvejols;;en projet;3;
MSP de nulle part;MSP;Saint-Denis;;Projet;2;
MSP à demi;MSP;Langogne;48300;idée;5,5;
"""


@pytest.fixture
def projects_address(tmp_path):
    """Serve the app to one planner who has no list yet."""
    with serve(ROOT / "app.py", log=tmp_path / "server.log", environment={"MAILLAGE_DATA": str(tmp_path)}) as address:
        yield address


def test_a_list_is_imported_seen_on_the_map_undone_and_exported(open_page, projects_address, tmp_path):
    page = open_page(f"{projects_address}/projets", height=1100)
    expect(page.get_by_role("button", name="Modèle à remplir")).to_be_visible(timeout=PATIENCE)
    path = tmp_path / "projets.csv"
    path.write_bytes(FILE.encode("cp1252"))
    page.locator("input[type=file]").set_input_files(path)
    wrong = page.get_by_test_id("stMetric").filter(has_text="Lignes à corriger")
    expect(wrong).to_contain_text("2", timeout=PATIENCE)

    corrections = openpyxl.load_workbook(
        read_download(page, "Mon fichier, avec ce qui est à corriger (XLSX)", tmp_path)
    ).active
    told = [row[0] for row in corrections.iter_rows(min_row=2, values_only=True)]
    assert "portent ce nom" in told[0]
    assert "nombre entier" in told[1]
    assert not any(told[2:])

    page.get_by_role("button", name="Charger 2 projets").click()
    expect(page.get_by_text("Import fait : 2 ajoutés")).to_be_visible(timeout=PATIENCE)

    page.goto(f"{projects_address}/?territoire=departement-48&indicateur=n_msp&structures=")
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("Projet : en projet", timeout=PATIENCE)
    expect(shown.legend).to_contain_text("Projet : ouvert")
    shown.hover(*MARVEJOLS)
    expect(shown.tooltip).to_contain_text("MSP du Gévaudan (MSP)", timeout=PATIENCE)
    expect(shown.tooltip).to_contain_text("De votre liste de projets")
    shown.click(*MARVEJOLS)
    expect(page.get_by_text("Mes projets : Marvejols")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Compter mes projets dans les indicateurs").click()
    expect(page.get_by_text("MSP (BPE) : 1 → 2")).to_be_visible(timeout=PATIENCE)
    expect(shown.legend).to_contain_text("avec mes projets", timeout=PATIENCE)

    page.goto(f"{projects_address}/projets")
    rows = list(
        csv.DictReader(
            io.StringIO(read_download(page, "CSV", tmp_path).read_bytes().decode("utf-8-sig")), delimiter=";"
        )
    )
    assert [row["Nom"] for row in rows] == ["MSP de Florac", "MSP du Gévaudan"]
    assert [row["Code commune"] for row in rows] == ["48061", "48092"]
    features = json.loads(read_download(page, "GeoJSON", tmp_path).read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["Étape"] for feature in features] == ["Ouvert", "Projet"]

    page.get_by_role("button", name="Annuler").click()
    total = page.get_by_test_id("stMetric").filter(has_text="Structures et projets")
    expect(total).to_contain_text("0", timeout=PATIENCE)
    page.get_by_role("button", name="Rétablir").click()
    expect(total).to_contain_text("2", timeout=PATIENCE)
    assert {path.name for path in tmp_path.glob("*.sqlite")} == {"projets.sqlite"}


def test_a_grid_has_no_way_out_of_its_own(open_page, projects_address, tmp_path):
    page = open_page(f"{projects_address}/projets", height=1100)
    page.locator("input[type=file]").wait_for(state="attached", timeout=PATIENCE)
    path = tmp_path / "projets.csv"
    path.write_text('Nom;Type;Commune;Stade\n"=HYPERLINK(""http://a.example"",""x"")";MSP;Mende;Projet\n', "utf-8")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Charger 1 projet").click(timeout=PATIENCE)
    toolbar = page.get_by_test_id("stElementToolbar").first
    expect(toolbar.locator("button[aria-label*='Plein écran']")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("button[aria-label*='Télécharger en CSV']")).to_have_count(0)
    taken = read_download(page, "CSV", tmp_path).read_text("utf-8-sig")
    assert "'=HYPERLINK" in taken
