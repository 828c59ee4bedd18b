"""The federation's journey: give a list of CPTS, read the coverage, the white zones and a card, take the files away."""

import csv
import io
import re

import openpyxl
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect

from data import store
from tests.e2e.browser import PATIENCE, ROOT, serve
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of, read_download

pytestmark = pytest.mark.e2e

MENDE = (3.4990, 44.5180)
FLORAC = (3.6116, 44.3061)
AVIGNON = (4.8300, 43.9400)


@pytest.fixture(scope="module")
def cpts_address(tmp_path_factory):
    """Serve the app with a data folder of its own: the list that is given is kept there, not in the user's."""
    folder = tmp_path_factory.mktemp("cpts")
    with serve(ROOT / "app.py", log=folder / "server.log", environment={"MAILLAGE_DATA": str(folder)}) as address:
        yield address


@pytest.fixture(scope="module")
def communes():
    return store.load("communes")


@pytest.fixture(scope="module")
def list_of_cpts(communes, tmp_path_factory):
    """Two CPTS of the Lozère that share Florac, one of the Gers, none at Mende; a line is twice there, one nowhere."""
    lozere = communes[communes["departement_code"] == "48"].set_index("commune_code")["epci_code"]
    gers = communes.loc[communes["departement_code"] == "32", "commune_code"]
    at_mende, at_florac = lozere["48095"], lozere["48061"]
    rows = [("CPTS Causses et Cévennes", code) for code in lozere.index[lozere == at_florac]]
    rows += [("CPTS Nord Lozère", code) for code in lozere.index[~lozere.isin([at_mende, at_florac])]]
    rows += [("CPTS Nord Lozère", "48061"), ("CPTS Nord Lozère", "48006"), ("CPTS Nord Lozère", "99999")]
    rows += [("CPTS du Gers", code) for code in gers]
    path = tmp_path_factory.mktemp("list") / "cpts_lozere_gers.csv"
    pd.DataFrame(rows, columns=["Nom de la CPTS", "Code INSEE"]).to_csv(path, sep=";", index=False, encoding="cp1252")
    return path


@pytest.fixture
def cpts_page(open_page, cpts_address, list_of_cpts):
    page = open_page(f"{cpts_address}/cpts?territoire=departement-48", height=1400)
    upload = page.locator("input[type=file]")
    upload.wait_for(state="attached", timeout=PATIENCE)
    if page.get_by_text("Les périmètres des CPTS ne sont pas connus ici").count():
        upload.set_input_files(list_of_cpts)
        # The list goes beyond the department: the page opens on all of it, and leads back.
        expect(page.get_by_role("heading", name=re.compile("Occitanie"))).to_be_visible(timeout=PATIENCE)
        page.get_by_role("button", name="Revenir : Lozère").click()
        expect(page.get_by_role("heading", name=re.compile("CPTS.*Lozère")).first).to_be_visible(timeout=PATIENCE)
        expect(metric(page, "Population couverte")).to_have_text("n.d.", timeout=PATIENCE)  # complete nowhere yet
        say_complete(page, "Lozère")
        say_complete(page, "Gers")
    expect(metric(page, "Population couverte")).to_contain_text("%", timeout=PATIENCE)
    expect(page.locator("iframe")).to_have_count(1, timeout=PATIENCE)  # the map of the seats is gone
    return page


def say_complete(page, departement):
    where = page.get_by_role("combobox", name="Départements où cette liste est complète")
    where.fill(departement)
    page.get_by_role("option", name=re.compile(departement)).first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile(f"Retirer {departement}"))).to_be_visible()


def metric(page, label):
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue")


def download(page, button, folder):
    with page.expect_download(timeout=PATIENCE) as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";"))


def test_a_list_is_given_and_its_coverage_is_taken_away(open_page, cpts_address, cpts_page, communes, tmp_path):
    page = cpts_page
    expect(page.get_by_text("2 lignes laissées de côté")).to_be_visible(timeout=PATIENCE)
    lozere = communes[communes["departement_code"] == "48"]
    at_mende = lozere.set_index("commune_code").loc["48095", "epci_code"]
    white = lozere[lozere["epci_code"] == at_mende]
    covered = 100 * (1 - white["population"].sum() / lozere["population"].sum())
    expect(metric(page, "Population couverte")).to_have_text(re.compile(f"{covered:.1f}".replace(".", ",")))
    expect(metric(page, "Communes dans deux CPTS")).to_have_text("1")

    page.get_by_role("tab", name="Zones blanches").click()
    panel = page.get_by_role("tabpanel").filter(has=page.get_by_text("Zones blanches : communes sans CPTS"))
    expect(panel).to_be_visible(timeout=PATIENCE)
    listed = rows_of(download(page, panel.get_by_role("button", name="CSV", exact=True), tmp_path))
    assert {row["Code"] for row in listed} == set(white["commune_code"])
    book = openpyxl.load_workbook(download(page, panel.get_by_role("button", name="XLSX avec les sources"), tmp_path))
    told = [str(cell) for row in book["Sources"].iter_rows(values_only=True) for cell in row if cell]
    assert any("cpts_lozere_gers.csv" in cell for cell in told)

    with Image.open(read_download(page, "Carte PNG", tmp_path)) as picture:
        assert picture.width > 3000

    # The list is there the next time, in another browser.
    again = open_page(f"{cpts_address}/cpts?territoire=departement-32")
    expect(metric(again, "Population couverte")).to_have_text(re.compile("100,0"), timeout=PATIENCE)


def test_a_click_opens_the_card_and_the_address_keeps_it(open_page, cpts_address, cpts_page):
    shown = MapOnPage(cpts_page).wait_until_drawn()
    shown.click(*FLORAC)
    expect(cpts_page.get_by_text("Florac Trois Rivières (48061) est dans 2 CPTS")).to_be_visible(timeout=PATIENCE)
    card = cpts_page.locator(".st-key-card")
    expect(card).to_contain_text(re.compile(r"Financement ACI : de 287\s500\s€ à 580\s000\s€ par an, selon"))
    cpts_page.get_by_role("button", name="CPTS Nord Lozère").click()
    expect(card.get_by_role("heading", name="CPTS Nord Lozère")).to_be_visible(timeout=PATIENCE)
    expect(card).to_contain_text(re.compile(r"Financement ACI : de 287\s500\s€ à 580\s000\s€ par an, selon"))
    expect(card).to_contain_text("Généralistes (BPE)48")
    cpts_page.wait_for_url(re.compile("c_cpts=cpts-nord-lozere"))
    again = open_page(f"{cpts_address}/cpts?" + "&".join(f"{k}={v}" for k, v in address_of(cpts_page).items()))
    expect(again.locator(".st-key-card").get_by_role("heading", name="CPTS Nord Lozère")).to_be_visible(
        timeout=PATIENCE
    )
    shown.click(*MENDE)
    expect(card).to_contain_text("zone blanche", timeout=PATIENCE)


def test_the_vaucluse_is_read_without_giving_anything(open_page, tmp_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vaucluse")
    with serve(ROOT / "app.py", log=folder / "server.log", environment={"MAILLAGE_DATA": str(folder)}) as address:
        page = open_page(f"{address}/cpts?territoire=departement-84", height=1400)
        expect(metric(page, "Population couverte")).to_have_text(re.compile("100,0"), timeout=PATIENCE)
        expect(metric(page, "CPTS").first).to_have_text("10")
        MapOnPage(page).wait_until_drawn().click(*AVIGNON)
        card = page.locator(".st-key-card")
        expect(card.get_by_role("heading", name="CPTS Grand Avignon")).to_be_visible(timeout=PATIENCE)
        expect(card).to_contain_text("DAC de PACA", timeout=PATIENCE)
        listed = rows_of(download(page, card.get_by_role("button", name="CSV", exact=True), tmp_path))
        assert "84007" in {row["Code"] for row in listed}
        assert {row["Étendue"] for row in listed} == {"entière"}
