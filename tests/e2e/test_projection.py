"""The planner's journey in the real app: from the trend to a shared scenario, its file, and the film of the MSP."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, eventually
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of

pytestmark = pytest.mark.e2e

LOZERE = (3.77, 44.47)  # away from any structure


def test_a_planner_chooses_a_scenario_shares_it_and_takes_the_file(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/projection?territoire=region-76")
    sentence = page.get_by_text(re.compile("généralistes à trouver d’ici 2035"))
    expect(sentence).to_be_visible(timeout=PATIENCE)
    trend = sentence.inner_text()

    page.get_by_role("radio", name="ARS Occitanie").first.click()
    page.wait_for_url(re.compile("p_champ="), timeout=PATIENCE)
    expect(sentence).not_to_have_text(trend, timeout=PATIENCE)
    chosen = sentence.inner_text()
    scenario = {"p_arrivees_de": "tous_medecins", "p_population": "haute", "p_champ": "1.1375"}
    eventually(page, lambda: address_of(page) == {"territoire": "region-76"} | scenario)

    # the copied address opens the same scenario in another window
    other = open_page(page.url)
    expect(other.get_by_text(chosen)).to_be_visible(timeout=PATIENCE)

    # the back button brings the trend back
    page.go_back()
    expect(sentence).to_have_text(trend, timeout=PATIENCE)
    eventually(page, lambda: address_of(page) == {"territoire": "region-76"})

    with other.expect_download(timeout=PATIENCE) as waiting:
        other.locator(".st-key-maillage_projection_region-76_xlsx button").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    workbook = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert workbook["Données"].max_row == 14  # 13 departments of Occitanie, and the heads
    listed = {row[1]: row for row in workbook["Sources"].iter_rows(values_only=True) if row[1]}
    assert listed["Variante de population"][2] == "haute"
    assert "CNAM" in str(listed["Généralistes libéraux d’Occitanie dans le champ de la CNAM"])


def test_a_click_on_a_department_projects_it(open_page, app_address):
    page = open_page(f"{app_address}/projection?territoire=region-76", height=2600)
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("Reste à convaincre", timeout=PATIENCE)
    expect(shown.legend).to_contain_text("MSP")
    expect(shown.legend).to_contain_text("CPTS")
    shown.click(*LOZERE)
    page.wait_for_url(re.compile("departement-48"), timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Lozère", exact=True)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="Manque par commune").click()
    expect(shown.legend).to_contain_text("ETP manquants", timeout=PATIENCE)
    expect(shown.legend).to_contain_text("MSP")


def test_the_film_of_the_half_years_runs_to_its_end(open_page, app_address):
    page = open_page(f"{app_address}/trajectoire?t_mesure=pour_100k", height=2000)
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("décembre 2022", timeout=PATIENCE)
    page.get_by_role("button", name="Lire").click()
    expect(shown.legend).to_contain_text("2018", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Lire")).to_be_visible(timeout=2 * PATIENCE)
    expect(shown.legend).to_contain_text("décembre 2022", timeout=PATIENCE)
