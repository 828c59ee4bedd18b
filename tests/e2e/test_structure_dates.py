"""From Lille: which structures are of today, which of 2021, which MSP opened since, and the same in the exports."""

import csv
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import choose, expect_address, read_download

pytestmark = pytest.mark.e2e


def rows_of(shown):
    """Return the lines of the legend, each on one line."""
    return [re.sub(r"\s+", " ", row) for row in shown.legend.locator(".signs li").all_inner_texts()]


def count_on(rows, label):
    row = next(row for row in rows if row.startswith(label))
    return int(re.sub(r"\D", "", row.removeprefix(label)))


@pytest.fixture
def lille(open_page, app_address):
    page = open_page(f"{app_address}/?territoire=region-32&structures=msp,cpts,centre_sante")
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("8 janv. 2021", timeout=PATIENCE)
    return page, shown


def test_a_planner_of_lille_tells_today_from_2021_and_sees_what_opened(lille, tmp_path):
    page, shown = lille
    rows = rows_of(shown)
    assert any(row.startswith("MSP ") for row in rows)
    assert count_on(rows, "CPTS (siège), 8 janv. 2021") == 8
    assert any("à ne pas additionner" in row for row in rows)
    today = count_on(rows, "MSP ")

    page.get_by_role("button", name="Affichage").click()
    choose(page, "Date des structures", "MSP : de 2021 à aujourd’hui")
    expect(shown.legend).to_contain_text("MSP ouverte depuis 2021", timeout=PATIENCE)
    expect_address(page, dates="evolution")
    page.keyboard.press("Escape")
    rows = rows_of(shown)
    stayed, opened, gone = (
        count_on(rows, label)
        for label in ("MSP présente aux deux dates ", "MSP ouverte depuis 2021 ", "MSP fermée ou non reconnue ")
    )
    assert stayed + gone == 171
    assert stayed + opened == today
    card = page.locator(".st-key-changes_card")
    expect(card).to_contain_text("Hauts-de-France : MSP depuis 2021", timeout=PATIENCE)
    expect(card).to_contain_text("171")

    page.get_by_role("button", name="MSP de 2021 à aujourd’hui").click()
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="CSV").first.click()
    path = tmp_path / "une_par_une.csv"
    waiting.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file, delimiter=";"))
    assert len(listed) == stayed + opened + gone
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="XLSX avec les sources").first.click()
    waiting.value.save_as(tmp_path / "une_par_une.xlsx")
    sources = openpyxl.load_workbook(tmp_path / "une_par_une.xlsx").worksheets[1]
    assert any("8 janvier 2021" in str(cell) for row in sources.values for cell in row)
    page.keyboard.press("Escape")
    assert read_download(page, "Carte PNG", tmp_path).stat().st_size > 50_000


def test_saint_denis_has_its_structures_of_one_date_for_all(open_page, app_address):
    page = open_page(f"{app_address}/?territoire=region-04&structures=msp,cpts,centre_sante&dates=2021")
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("FINESS : 08/01/2021", timeout=PATIENCE)
    rows = rows_of(shown)
    assert not any("additionner" in row for row in rows)
    assert all("2021" in row for row in rows)
