"""The journey of a team that wants to know what it would be paid: fill in, read, add an action, take the sheet away."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE
from tests.e2e.test_app import address_of, expect_address, read_download

pytestmark = pytest.mark.e2e

SPACE = "[\u202f\u00a0 ]"


@pytest.fixture
def funding(open_page, app_address):
    def open_funding(query="", **options):
        page = open_page(f"{app_address}/financement?{query}", **({"height": 1600} | options))
        expect(page.get_by_role("heading", name="Financement")).to_be_visible(timeout=PATIENCE)
        return page

    return open_funding


def euros(amount):
    return re.compile(SPACE.join(f"{amount:,}".split(",")) + SPACE + "€")


def due(page):
    return page.get_by_test_id("stMetric").filter(has_text="Montant dû pour l’année").get_by_test_id("stMetricValue")


def fill(page, label, value):
    field = page.get_by_role("spinbutton", name=label)
    field.fill(str(value), timeout=PATIENCE)
    field.press("Enter")


def test_a_team_of_13_reads_its_coordination_adds_an_action_and_takes_the_sheet(funding, tmp_path):
    page = funding("territoire=epci-200067155")
    fill(page, "Patients médecin traitant", 8000)
    expect(page.get_by_role("row", name="Fonction de coordination")).to_contain_text(euros(30_800), timeout=PATIENCE)
    fill(page, "Professionnels associés", 13)
    expect(page.get_by_role("row", name="Système d’information")).to_contain_text(euros(21_700), timeout=PATIENCE)
    expect(due(page)).to_have_text(euros(58_800), timeout=PATIENCE)

    action = page.get_by_text("Missions de santé publique : passer à 1 mission")
    expect(action).to_contain_text(euros(4900))
    page.locator(".st-key-funding_gain_1").get_by_role("button").click()
    expect(due(page)).to_have_text(euros(63_700), timeout=PATIENCE)
    expect(page.get_by_role("row", name="Missions de santé publique")).to_contain_text("1 mission")

    page.get_by_text("Plan de réponse aux crises sanitaires", exact=True).first.click()
    expect(due(page)).to_have_text(re.compile(f"^0{SPACE}€$"), timeout=PATIENCE)
    expect(page.get_by_text("Rien n’est dû")).to_be_visible()
    page.get_by_text("Plan de réponse aux crises sanitaires", exact=True).first.click()
    expect(due(page)).to_have_text(euros(63_700), timeout=PATIENCE)

    sheet = read_download(page, "Fiche PDF", tmp_path).read_bytes()
    assert sheet.startswith(b"%PDF")
    book = openpyxl.load_workbook(read_download(page, "XLSX avec les sources", tmp_path))
    assert book["Données"].max_row == 16
    told = [str(cell) for row in book["Sources"].iter_rows(values_only=True) for cell in row if cell]
    assert any("avenant-1-2022" in cell for cell in told)
    assert any("hypothèse" in cell for cell in told)

    asked = address_of(page)
    assert (asked["f_patients"], asked["f_professionnels"]) == ("8000", "13")
    again = funding("&".join(f"{name}={value}" for name, value in asked.items()))
    expect(due(again)).to_have_text(euros(63_700), timeout=PATIENCE)


def test_the_tabs_and_what_was_typed_stay_in_the_address(funding):
    page = funding()
    page.get_by_role("tab", name="CPTS").click()
    page.get_by_text("Population saisie").click()
    fill(page, "Habitants", 30_000)
    amount = (
        page.get_by_test_id("stMetric").filter(has_text="Fourchette publiée, par an").get_by_test_id("stMetricValue")
    )
    expect(amount).to_contain_text(euros(287_500), timeout=PATIENCE)
    expect(amount).to_contain_text(euros(580_000))
    page.wait_for_url(re.compile("f_population=30000"))
    expect_address(page, f_onglet="cpts")
    again = funding("f_onglet=cpts&f_source=saisie&f_population=100000")
    amount = (
        again.get_by_test_id("stMetric").filter(has_text="Fourchette publiée, par an").get_by_test_id("stMetricValue")
    )
    expect(amount).to_contain_text(euros(580_000), timeout=PATIENCE)
    again.get_by_role("tab", name="Aides").click()
    expect(again.get_by_role("link", name="www.ameli.fr/medecin")).to_be_visible(timeout=PATIENCE)
    again.get_by_role("tab", name="MSP", exact=True).click()
    expect(due(again)).to_be_visible(timeout=PATIENCE)


def test_a_wrong_edition_in_the_address_is_told_with_the_known_ones(funding):
    page = funding("f_edition=avenant-9")
    expect(page.get_by_text("avenant-1-2022 (document de 2022-10)")).to_be_visible(timeout=PATIENCE)
    expect(due(page)).to_be_visible(timeout=PATIENCE)
