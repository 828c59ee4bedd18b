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
    expect(page.get_by_text("choix fait dans la légende")).to_be_visible(timeout=PATIENCE)
    shown.wait_for_update(updates + 1)
    expect(shown.legend.locator(".cell[aria-pressed='true']")).to_have_count(1)
    assert min(shown.colour_at(*mende)) > min(full)  # well served: left out, pale
    shown.click(*mende)
    expect(page.locator(".st-key-card").get_by_role("heading").first).to_have_text("Mende", timeout=PATIENCE)
    page.wait_for_url(re.compile("selection=commune-48095"))
    page.get_by_role("button", name="Tout montrer").click()
    expect(page.get_by_text("choix fait dans la légende")).to_have_count(0, timeout=PATIENCE)
    expect(table_of(page)).to_have_count(1, timeout=PATIENCE)


def wait_for_tool(page, name):
    page.wait_for_function(
        "name => document.querySelector('.js-plotly-plot')?._fullLayout?.dragmode === name", arg=name, timeout=PATIENCE
    )


def drag_over(page, west, south, east, north):
    """Draw a rectangle over a part of the scatter, in shares of its width and height."""
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    corners = [
        (box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])
        for across, up in ((west, north), (east, south))
    ]
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=8)
    page.mouse.up()


def test_a_rectangle_on_the_scatter_filters_the_map_and_the_list_and_stays_in_the_address(open_page, app_address):
    page = open_page(f"{app_address}/croisement?territoire=departement-48", height=1900)
    shown = MapOnPage(page).wait_until_drawn()
    wait_for_tool(page, "select")
    expect(table_of(page)).to_have_count(1, timeout=PATIENCE)  # drawn last: nothing moves the scatter any more
    drag_over(page, 0.04, 0.5, 0.5, 0.94)  # clear of the corners, which stretch the axes
    expect(page.get_by_text("choix fait dans le nuage")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("x_zone="), timeout=PATIENCE)
    expect(shown.legend).to_contain_text("En pâle", timeout=PATIENCE)
    told = page.get_by_text("choix fait dans le nuage").inner_text()
    again = open_page(page.evaluate("location.href"), height=1900)
    expect(again.get_by_text(told)).to_be_visible(timeout=PATIENCE)
    expect(table_of(again)).to_have_count(1, timeout=PATIENCE)
    again.get_by_role("radio", name="Clic").or_(again.get_by_role("button", name="Clic")).first.click()
    point = again.locator(".js-plotly-plot .scatterlayer .trace").last.locator(".point").first
    wait_for_tool(again, "pan")
    expect(again.locator(".js-plotly-plot")).to_have_count(1, timeout=PATIENCE)  # the former one is gone
    expect(again.locator("[data-testid='stApp'][data-test-script-state='notRunning']")).to_be_attached(timeout=PATIENCE)
    expect(point).to_be_visible(timeout=PATIENCE)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    again.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # under what catches the mouse
    again.wait_for_url(re.compile("selection=commune-48"), timeout=PATIENCE)
    expect(again.locator(".js-plotly-plot .legend")).to_be_visible(timeout=PATIENCE)  # names the place marked
