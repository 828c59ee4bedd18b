"""Two indicators crossed, in a real browser: the square, the map, the scatter and the list answer each other."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e

PATIENCE = 60_000


def table_of(page):
    return page.locator(".st-key-crossing_list [data-testid='stDataFrame']")


def test_a_cell_of_the_square_filters_the_map_and_the_list_and_a_click_opens_the_card(open_page, app_address):
    page = open_page(f"{app_address}/croisement?territoire=departement-48", height=1400)
    shown = MapOnPage(page).wait_until_drawn()
    expect(page.get_by_text("Lozère (48) : 152 communes")).to_be_visible(timeout=PATIENCE)
    cells = shown.legend.locator(".square .cell")
    expect(cells).to_have_count(9)
    mende = (3.50, 44.53)
    shown.hover(*mende)
    expect(shown.tooltip).to_contain_text("APL ≤ 65 ans 2023 :")
    expect(shown.tooltip).to_contain_text("75 ans ou plus :")
    full = shown.colour_at(*mende)
    updates = int(shown.container.get_attribute("data-updates"))
    shown.legend.get_by_role("button", name=re.compile("moins de .* ; 75 ans ou plus .* ou plus")).click()
    page.wait_for_url(re.compile("x_cases=6"), timeout=PATIENCE)
    expect(page.get_by_text("choisis dans la légende")).to_be_visible(timeout=PATIENCE)
    shown.wait_for_update(updates + 1)
    expect(shown.legend.locator(".cell[aria-pressed='true']")).to_have_count(1)
    assert min(shown.colour_at(*mende)) > min(full)  # well served: left out, pale
    shown.click(*mende)
    expect(page.locator(".st-key-card").get_by_role("heading").first).to_have_text("Mende", timeout=PATIENCE)
    page.wait_for_url(re.compile("selection=commune-48095"))
    page.get_by_role("button", name="Tout montrer").click()
    expect(page.get_by_text("choisis dans la légende")).to_have_count(0, timeout=PATIENCE)
    expect(table_of(page)).to_have_count(1, timeout=PATIENCE)
