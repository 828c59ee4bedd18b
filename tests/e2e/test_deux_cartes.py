"""Two maps at once in a real browser: the handle that clips them, the views that follow each other, the files."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of, read_download

pytestmark = pytest.mark.e2e

MENDE = (3.4994, 44.5181)
COLOURS = """(_, [places, panes]) => panes.map((pane) => {
    const canvas = document.querySelector(`.leaflet-${pane}-pane canvas`);
    const corner = L.DomUtil.getPosition(canvas);
    const corners = canvas.parentElement.style.clipPath.match(/-?[\\d.]+px/g).map(parseFloat);
    const across = corners.filter((_, k) => k % 2 === 0);
    const [west, east] = [Math.min(...across), Math.max(...across)];
    return places.map((x) => {
        const layer = window.map.containerPointToLayerPoint([x, 280]);
        const point = layer.subtract(corner);
        const painted = canvas.getContext('2d').getImageData(point.x, point.y, 1, 1).data[3] > 0;
        return painted && layer.x >= west && layer.x < east;
    });
})"""


def side_by_side(page):
    shown = [MapOnPage(page), MapOnPage(page)]
    for place, one in enumerate(shown):
        one.frame = page.frame_locator("iframe").nth(place)
        one.container = one.frame.locator(".maillage-map")
        one.tooltip = one.frame.locator(".maillage-tooltip")
        one.legend = one.frame.locator(".maillage-legend")
        one.wait_until_drawn()
    return shown


def wait_for(shown, script, argument=None):
    """Wait until a script of the frame says yes."""
    handle = shown.container.element_handle().owner_frame()
    handle.wait_for_function(script, arg=argument, timeout=60_000)


def view_of(shown):
    return shown.container.evaluate(
        "() => { const c = window.map.getCenter(); return [c.lat, c.lng, window.map.getZoom()]; }"
    )


def in_sight(shown, *places):
    """Tell, for some abscissas of the map, whether the first and the second side show there."""
    return shown.container.evaluate(COLOURS, [list(places), ["overlay", "maillage-second-territories"]])


def test_the_handle_uncovers_one_map_under_the_other(open_page, app_address):
    page = open_page(f"{app_address}/deux_cartes?territoire=departement-48&ab_vue=rideau")
    shown = MapOnPage(page).wait_until_drawn()
    handle = shown.frame.get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuenow", "50")
    width = shown.container.bounding_box()["width"]
    left, middle, right = 0.3 * width, 0.55 * width, 0.7 * width
    assert in_sight(shown, left, middle, right) == [[True, False, False], [False, True, True]]
    legends = shown.legend.locator("summary")
    expect(legends).to_have_text([re.compile("^A ?APL ≤ 65 ans 2022"), re.compile("^B ?APL ≤ 65 ans 2023")])
    box = handle.bounding_box()
    before = page.screenshot()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 0.1 * width, box["y"] + 100, steps=4)
    page.mouse.up()
    expect(handle).to_have_attribute("aria-valuenow", "60")
    expect(handle).to_have_attribute("aria-valuetext", re.compile("« A » à gauche sur 60 %.*« B » à droite sur 40 %"))
    assert in_sight(shown, left, middle, right) == [[True, True, False], [False, False, True]]
    assert page.screenshot() != before
    view = view_of(shown)
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuenow", "54")
    page.keyboard.press("End")
    expect(handle).to_have_attribute("aria-valuenow", "100")
    assert in_sight(shown, left, middle, right) == [[True, True, True], [False, False, False]]
    assert view_of(shown) == view  # the arrows are the handle's: the map stays
    expect(legends.nth(0)).to_be_visible()
    expect(legends.nth(1)).to_be_visible()


def test_a_finger_drags_the_handle_and_not_the_map(open_page, app_address):
    page = open_page(f"{app_address}/deux_cartes?territoire=departement-48&ab_vue=rideau", width=390, has_touch=True)
    shown = MapOnPage(page).wait_until_drawn()
    handle = shown.frame.get_by_role("slider")
    handle.scroll_into_view_if_needed()
    before = view_of(shown)
    handle.evaluate(
        """(handle) => {
            const box = handle.getBoundingClientRect();
            const press = (type, x) => handle.dispatchEvent(new PointerEvent(type, {
                pointerId: 1, pointerType: 'touch', isPrimary: true, button: 0, bubbles: true, clientX: x, clientY: 200,
            }));
            handle.setPointerCapture = () => {}; // a made-up finger cannot be captured
            press('pointerdown', box.left + 22);
            press('pointermove', box.left - 50);
            press('pointerup', box.left - 50);
        }"""
    )
    expect(handle).not_to_have_attribute("aria-valuenow", "50")
    assert view_of(shown) == before
    expect(handle).to_have_css("touch-action", "none")


def test_two_maps_move_together_and_say_the_same_place(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/deux_cartes?territoire=departement-48", height=1100)
    first, second = side_by_side(page)
    same_view = """([lat, lng, zoom]) => {
        const c = window.map.getCenter();
        return Math.abs(c.lat - lat) < 1e-3 && Math.abs(c.lng - lng) < 1e-3 && window.map.getZoom() === zoom;
    }"""
    wait_for(second, same_view, view_of(first))
    first.container.evaluate("() => window.map.setView([44.4, 3.6], 10, {animate: false})")
    wait_for(second, same_view, [44.4, 3.6, 10])
    second.container.evaluate("() => window.map.setView([44.5181, 3.5], 9, {animate: false})")
    wait_for(first, same_view, [44.5181, 3.5, 9])
    first.hover(*MENDE)
    expect(second.tooltip).to_contain_text("Mende (48095)")
    expect(second.frame.locator(".maillage-twin")).to_be_visible()
    lines = first.tooltip.locator("div").all_inner_texts()
    assert [line.partition(" : ")[0] for line in lines if " : " in line] == ["A", "B", "Différence (B − A)"]
    assert lines == second.tooltip.locator("div").all_inner_texts()
    first.click(*MENDE)
    expect(second.frame.locator(".maillage-map[data-selected='48095']")).to_be_visible()
    expect(page.locator(".st-key-card")).to_contain_text("Mende")
    assert address_of(page)["selection"] == "commune-48095"
    rows = list(
        csv.DictReader(
            io.StringIO(read_download(page, "CSV", tmp_path).read_bytes().decode("utf-8-sig")), delimiter=";"
        )
    )
    (mende,) = (row for row in rows if row["Code"] == "48095")
    a, b, gap = (float(text.replace(",", ".")) for text in list(mende.values())[-3:])
    assert gap == pytest.approx(b - a, abs=1e-3)


def test_a_page_hears_no_other_page(open_page, app_address):
    """Two tabs of one browser stay apart: the frames of each speak under the name of their own page."""
    page = open_page(f"{app_address}/deux_cartes?territoire=departement-48")
    first, second = side_by_side(page)
    other = page.context.new_page()
    other.goto(f"{app_address}/deux_cartes?territoire=departement-48")
    elsewhere, _ = side_by_side(other)
    before = view_of(elsewhere)
    first.container.evaluate("() => window.map.setView([46.0, 2.0], 8, {animate: false})")
    wait_for(second, "() => window.map.getZoom() === 8")
    assert view_of(elsewhere) == before
    there = view_of(first)
    first.container.evaluate(
        """() => new Promise((heard) => {
            window.addEventListener('message', () => requestAnimationFrame(() => requestAnimationFrame(heard)));
            window.postMessage({kind: 'view', latitude: 1, longitude: 1, zoom: 5, isEnd: true}, '*');
        })"""
    )
    assert view_of(first) == there
