"""The journey of a team that wonders: choose a commune, read the catchment, move the GPs, tick, take the document."""

import csv
import io
import re

import openpyxl
import pytest
from docx import Document
from playwright.sync_api import expect

from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of, expect_address, read_download
from tests.e2e.test_simulateur import PATIENCE, metric, number

pytestmark = pytest.mark.e2e

FLORAC, ISPAGNAC = "48061", (3.5324, 44.4009)


def decimal(text):
    return float(text.replace(",", "."))


@pytest.fixture
def study(open_page, app_address):
    def open_study(query, **options):
        # The whole map in sight: Leaflet takes the focus on a click, and the page would scroll under the pointer.
        page = open_page(f"{app_address}/etude?{query}", **({"height": 1000} | options))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Étude territoriale", timeout=PATIENCE)
        return page

    return open_study


def test_a_team_studies_a_commune_of_lozere_and_takes_the_document(study, tmp_path):
    page = study("territoire=departement-48")
    expect(page.get_by_text("Aucune commune n’est choisie")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("Lozère")).click()
    page.get_by_role("combobox", name="Rechercher").fill("Florac Trois Rivières")
    page.get_by_role("option", name=re.compile("Florac Trois Rivières.*Commune")).click()
    heading = page.get_by_role("heading", name="Étude territoriale : Florac Trois Rivières")
    expect(heading).to_be_visible(timeout=PATIENCE)
    people = metric(page, "Habitants du bassin")
    expect(people).to_be_visible(timeout=PATIENCE)
    n_people = number(people.inner_text())
    assert 3_000 < n_people < 5_000
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("moins de 10 min")

    slider = page.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_text("Avec 4 médecins à temps plein").first).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("e_medecins=4"))
    page.get_by_text("Projet de santé écrit et partagé").click()
    expect(page.get_by_text("Il reste 9 conditions à réunir sur 10").first).to_be_visible(timeout=PATIENCE)
    expect_address(page, e_coche="projet_ecrit")

    document = Document(read_download(page, "Étude à compléter (Word)", tmp_path))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Étude territoriale : Florac Trois Rivières" in words
    assert "Avec 4 médecins à temps plein" in words
    assert "Il reste 9 conditions à réunir sur 10" in words
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert n_people in {number(cell) for cell in cells if re.search(r"\d", cell)}
    assert any(cell.startswith("À compléter par l’équipe") for cell in cells)
    assert len(document.inline_shapes) == 3


def test_the_communes_leave_with_their_sources_and_the_map_as_a_picture(study, tmp_path):
    page = study(f"territoire=commune-{FLORAC}")
    rows = list(
        csv.DictReader(
            io.StringIO(read_download(page, "CSV", tmp_path).read_bytes().decode("utf-8-sig")), delimiter=";"
        )
    )
    assert rows[0]["Code"] == FLORAC
    near = sum(
        float(row["Habitants"].replace(",", ".")) for row in rows if float(row["Minutes"].replace(",", ".")) < 15
    )
    assert near == number(metric(page, "Habitants du bassin").inner_text())
    book = openpyxl.load_workbook(read_download(page, "XLSX avec les sources", tmp_path))
    told = " ".join(str(cell) for row in book["Sources"].iter_rows(values_only=True) for cell in row if cell)
    assert "Licence Ouverte" in told
    assert "estimation" in told
    assert read_download(page, "Carte PNG", tmp_path).read_bytes().startswith(b"\x89PNG")


def test_a_click_on_the_map_studies_the_neighbour_and_the_address_reopens_it(study):
    page = study(f"territoire=commune-{FLORAC}&e_medecins=6")
    shown = MapOnPage(page).wait_until_drawn()
    shown.click(*ISPAGNAC)
    expect(page.get_by_role("heading", name="Étude territoriale : Ispagnac")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("territoire=commune-48075"))
    expect(page.get_by_text("Avec 6 médecins à temps plein").first).to_be_visible(timeout=PATIENCE)
    query = "&".join(f"{name}={value}" for name, value in address_of(page).items())
    again = study(query)
    expect(again.get_by_role("heading", name="Étude territoriale : Ispagnac")).to_be_visible(timeout=PATIENCE)
    expect(again.get_by_text("Avec 6 médecins à temps plein").first).to_be_visible(timeout=PATIENCE)
