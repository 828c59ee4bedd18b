"""The list under the map, in a real browser: it answers the first question of a planner, and the map answers it."""

import csv
import io
import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, ROOT
from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e

SELECTION = (194, 24, 91)
HEAD, ROW = 35, 35  # CSS pixels of a table


def worst_of_lozere(n):
    """Return the codes of the n worst served communes, worst first, then most peopled, read in the raw tables."""
    snapshots = ROOT / "data" / "snapshots"
    apl = pd.read_parquet(snapshots / "apl.parquet")
    communes = pd.read_parquet(snapshots / "communes.parquet").set_index("commune_code")["population"]
    rows = apl[(apl["vintage"] == 2023) & apl["commune_code"].str.startswith("48")]
    found = sorted(
        zip(rows["apl_65"], rows["commune_code"], strict=True), key=lambda pair: (pair[0], -communes[pair[1]])
    )
    return [code for _, code in found[:n]]


def table_of(page):
    return page.locator(".st-key-map_list [data-testid='stDataFrame']")


def click_row(page, number):
    table = table_of(page)
    expect(table).to_have_count(1, timeout=PATIENCE)  # the former one goes at the end of the run
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": HEAD + ROW * number + ROW / 2})


def heading(page):
    return page.locator(".st-key-card").get_by_role("heading").first


def selected(shown):
    """Return the code of the territory that the map outlines."""
    return shown.container.get_attribute("data-selected")


def read_csv(page, folder):
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.locator(".st-key-map_list").get_by_role("button", name="CSV", exact=True).click()
    path = folder / "list.csv"
    waiting.value.save_as(path)
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";"))


def test_the_five_worst_served_communes_of_lozere_from_the_first_screen_to_the_file(open_page, app_address, tmp_path):
    page = open_page(app_address)
    shown = MapOnPage(page).wait_until_drawn()
    page.get_by_test_id("stPopover").first.get_by_role("button").first.click()
    page.get_by_placeholder("Nom, code postal ou code INSEE").fill("lozere")
    page.get_by_role("option", name=re.compile("Lozère.*Département")).click()
    expect(page.get_by_text("Lozère (48) : 152 communes")).to_be_visible(timeout=PATIENCE)
    rows = read_csv(page, tmp_path)
    assert len(rows) == 152
    assert [row["Code"] for row in rows[:5]] == worst_of_lozere(5)
    assert {"Classe", "Population municipale", "Département", "EPCI", "Millésime", "Nature"} <= set(rows[0])
    click_row(page, 1)
    expect(heading(page)).to_have_text(rows[1]["Nom"], timeout=PATIENCE)
    page.wait_for_url(re.compile(f"selection=commune-{rows[1]['Code']}"))
    expect(shown.frame.locator(".maillage-announcement")).to_contain_text(rows[1]["Nom"], timeout=PATIENCE)
    assert selected(shown) == rows[1]["Code"]


def test_three_clicks_outline_what_the_card_names_and_mark_its_row(open_page, app_address):
    page = open_page(f"{app_address}/?territoire=departement-48&structures=")
    shown = MapOnPage(page).wait_until_drawn()
    page.wait_for_timeout(1500)
    for name, code, place in (
        ("Mende", "48095", (3.50, 44.53)),
        ("Marvejols", "48092", (3.29, 44.555)),
        ("Langogne", "48080", (3.83, 44.72)),
    ):
        shown.click(*place)
        expect(heading(page)).to_have_text(name, timeout=PATIENCE)
        page.wait_for_url(re.compile(f"selection=commune-{code}"))
        page.wait_for_timeout(800)  # an update that came late would put the former outline back
        assert selected(shown) == code
        expect(page.locator(".st-key-map_list").get_by_text(f"{name} :")).to_be_visible()
        marked = table_of(page).locator("tr[aria-selected='true']")
        expect(marked.first).to_contain_text(name, timeout=PATIENCE)


def test_a_filter_of_the_address_is_said_dims_the_map_and_can_be_changed(open_page, app_address):
    address = f"{app_address}/?territoire=departement-48&structures="
    full = MapOnPage(open_page(address)).wait_until_drawn()
    page = open_page(f"{address}&criteres=apl_65_2023.moins.2.5~share_75plus.plus.12~inconnu.plus.3")
    shown = MapOnPage(page).wait_until_drawn()
    expect(page.get_by_text("n’existe pas ou n’est pas disponible")).to_be_visible()
    expect(page.get_by_text("remplissent les critères")).to_be_visible()
    expect(shown.legend).to_contain_text("les autres en pâle")
    mende = (3.50, 44.53)  # well served: left out
    assert min(shown.colour_at(*mende)) > min(full.colour_at(*mende))
    shown.hover(*mende)
    expect(shown.tooltip).to_contain_text("Mende")
    page.get_by_label("Valeur (%)").fill("quinze")
    page.keyboard.press("Enter")
    expect(page.get_by_text("attendu un nombre comme")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("Valeur (%)").fill("15,5")
    page.keyboard.press("Enter")
    page.wait_for_url(
        re.compile(r"criteres=apl_65_2023\.moins\.2\.5%7Eshare_75plus\.plus\.15\.5|share_75plus\.plus\.15\.5")
    )
    page.get_by_label("Chercher dans la liste").fill("cubieres")
    expect(table_of(page).locator("tr", has_text="Cubières")).not_to_have_count(0, timeout=PATIENCE)
