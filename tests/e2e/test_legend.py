"""The legend answers, and counts are circles: marks, classes and ranges that filter, room that it leaves to the map."""

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import expect_address
from tests.e2e.test_map_layer import PALETTE, centre

pytestmark = pytest.mark.e2e

GROUND = (220, 223, 224)
OUTSIDE = (248, 248, 246)
MENDE, BOUGS = (3.50, 44.53), (3.29, 44.555)


@pytest.fixture
def lozere(open_page, app_address):
    def open_map(query="", **options):
        page = open_page(f"{app_address}/?territoire=departement-48&structures={query}", **options)
        return MapOnPage(page).wait_until_drawn()

    return open_map


def radius_at(shown, longitude, latitude):
    """Measure the radius of a circle on the canvas, in CSS pixels, from its centre to the right."""
    return shown.container.evaluate(
        """(_, [latitude, longitude]) => {
            const canvas = document.querySelector('.leaflet-overlay-pane canvas');
            const corner = L.DomUtil.getPosition(canvas);
            const point = window.map.latLngToLayerPoint([latitude, longitude]).subtract(corner);
            const ratio = canvas.width / parseInt(canvas.style.width);
            const [x, y] = [Math.round(point.x * ratio), Math.round(point.y * ratio)];
            const data = canvas.getContext('2d').getImageData(x, y, 400, 1).data;
            const first = [...data.slice(0, 3)];
            const isIn = (k) => [0, 1, 2].every((c) => Math.abs(data[4 * k + c] - first[c]) < 12);
            let k = 0;
            while (k < 400 && isIn(k)) k += 1;
            return k / ratio;
        }""",
        [latitude, longitude],
    )


def test_areas_of_circles_are_in_proportion_and_zero_is_not_unknown(open_page, toy_map):
    page = open_page(f"{toy_map}/?cercles=1", device_scale_factor=2)
    shown = MapOnPage(page).wait_for_update()
    shown.container.evaluate("() => window.map.setView([45.75, 1.75], 7, {animate: false})")
    # Lines 3, 5 and 7 count 9, 25 and 49: radii as 3, 5 and 7.
    radii = [radius_at(shown, *centre(line, 3)) for line in (3, 5, 7)]
    edge = 0.75  # half of the line of the edge, smoothed
    assert np.allclose(np.add(radii, edge), [28 * math.sqrt(count / 49) for count in (9, 25, 49)], atol=0.8)
    shown = MapOnPage(open_page(f"{toy_map}/?cercles=1")).wait_for_update()
    assert shown.colour_at(*centre(5, 3)) == PALETTE[2]
    assert shown.colour_at(*centre(5, 1)) == GROUND  # none: the ground
    hatched = {shown.colour_at(centre(5, 2)[0] + 0.01 * k, centre(5, 2)[1]) for k in range(-6, 7)}
    assert len(hatched) >= 2  # unknown: hatched, under no circle
    shown.tick("Ouest seulement")
    shown.wait_for_update(2)
    assert shown.colour_at(*centre(5, 1)) == GROUND
    assert shown.colour_at(*centre(5, 6)) == OUTSIDE  # the ground of the whole country lies under what is outside


def test_a_circle_answers_as_its_territory_does(open_page, toy_map):
    shown = MapOnPage(open_page(f"{toy_map}/?cercles=1")).wait_for_update()
    x, y = shown.place(*centre(7, 3))
    edge = shown.place(2.0, centre(7, 3)[1])[0]  # eastern border of the commune, nearer than the edge of its circle?
    aim = min(x + 20, edge + 4)
    shown.page.mouse.move(aim - 2, y)
    shown.page.mouse.move(aim, y)
    expect(shown.tooltip).to_contain_text("01073")


def test_neighbours_are_pale_and_have_their_value(open_page, toy_map):
    shown = MapOnPage(open_page(f"{toy_map}/?voisins=1")).wait_for_update()
    full = shown.colour_at(*centre(3, 5))
    shown.tick("Ouest seulement")
    shown.wait_for_update(2)
    pale = shown.colour_at(*centre(3, 5))
    assert pale not in {full, OUTSIDE}
    assert all(min(a, c) <= b <= max(a, c) for a, b, c in zip(full, pale, OUTSIDE, strict=True))
    shown.hover(*centre(3, 5))
    expect(shown.tooltip.locator(".value")).to_contain_text("consultations")
    shown.click(*centre(3, 5))
    shown.expect_picks("territory:01035")


def here(shown):
    """Return the rank of the bar that is marked, None without any."""
    classes = shown.legend.locator(".bar").evaluate_all("bars => bars.map(bar => bar.classList.contains('here'))")
    return classes.index(True) if True in classes else None


def test_the_bar_of_the_value_under_the_pointer_is_marked(lozere):
    shown = lozere()
    assert here(shown) is None
    shown.hover(*MENDE)
    expect(shown.legend.locator(".bar.here")).to_have_count(1)
    served = here(shown)
    shown.hover(3.62, 44.25)  # the south, under 1,50
    expect(shown.tooltip).to_be_visible()
    shown.page.wait_for_function("() => true")
    assert here(shown) < served
    shown.hover(*MENDE)
    assert here(shown) == served


def rows_of(shown):
    return shown.legend.locator("ul").first.get_by_role("button")


def test_a_class_of_the_legend_filters_the_map_and_the_list_and_is_let_go(lozere):
    shown = lozere()
    page = shown.page
    first = rows_of(shown).first
    expect(first).to_contain_text("moins de 1,50")
    count = re.sub(r"\s", "", first.locator(".count").inner_text())
    first.click()
    page.wait_for_url(re.compile(r"criteres=apl_65_2023\.moins\.1\.5"))
    expect(page.locator(".st-key-map_list").get_by_text(f"{count} communes sur 152")).to_be_visible()
    expect(rows_of(shown).first).to_have_attribute("aria-pressed", "true")
    full = lozere()
    assert min(shown.colour_at(*MENDE)) > min(full.colour_at(*MENDE))  # Mende is well served: pale
    rows_of(shown).nth(1).click()
    page.wait_for_url(re.compile(r"criteres=apl_65_2023\.aumoins\.1\.5.*apl_65_2023\.moins\.2\.5"))
    expect(rows_of(shown).nth(1)).to_have_attribute("aria-pressed", "true")
    rows_of(shown).nth(1).click()
    expect(page.locator(".st-key-map_list").get_by_text("Lozère (48) : 152 communes")).to_be_visible()
    expect(rows_of(shown).nth(1)).to_have_attribute("aria-pressed", "false")
    expect_address(page, criteres=None)


def test_another_criterion_is_kept_when_a_class_is_chosen(lozere):
    shown = lozere("&criteres=share_75plus.plus.12")
    rows_of(shown).first.click()
    shown.page.wait_for_url(re.compile(r"share_75plus\.plus\.12.*apl_65_2023\.moins\.1\.5"))


def test_dragging_over_the_bars_keeps_a_range(lozere):
    shown = lozere()
    box = shown.legend.locator(".bars").bounding_box()
    bar = box["width"] / shown.legend.locator(".bar").count()
    shown.page.mouse.move(box["x"] + 3.5 * bar, box["y"] + 20)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + 6.5 * bar, box["y"] + 20, steps=4)
    expect(shown.legend.locator(".bar.kept")).to_have_count(4)
    shown.page.mouse.up()
    shown.page.wait_for_url(re.compile(r"criteres=apl_65_2023\.aumoins\.[\d.]+.*apl_65_2023\.moins\."))
    expect(shown.page.locator(".st-key-map_list").get_by_text("remplissent les critères")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_at_first_view_the_legend_hides_nothing_of_the_territory(lozere, width):
    shown = lozere(width=width)
    legend = shown.legend.bounding_box()
    west, south, east, north = (2.98, 44.11, 4.0, 44.98)  # Lozère
    left, top = shown.place(west, north)
    right, bottom = shown.place(east, south)
    beside = left >= legend["x"] + legend["width"] or right <= legend["x"]
    above = bottom <= legend["y"] or top >= legend["y"] + legend["height"]
    assert beside or above


def test_a_department_alone_is_seen_in_its_region_and_the_level_comes_back(open_page, app_address):
    page = open_page(f"{app_address}/?territoire=departement-48&indicateur=apl_65_2023")
    shown = MapOnPage(page).wait_until_drawn()
    box = page.get_by_role("combobox", name="Indicateur")
    box.fill("Médecins généralistes libéraux (CNAM)")
    page.get_by_role("option").first.click()
    page.wait_for_url(re.compile("maille=departement"))
    expect(page.get_by_text("Occitanie : 13 départements")).to_be_visible()
    expect(shown.container).to_have_attribute("data-selected", "48")
    box.fill("Part des habitants de 75")
    page.get_by_role("option").first.click()
    expect(page.get_by_text("Lozère (48) : 152 communes")).to_be_visible()
    expect_address(page, maille=None)


def test_the_study_of_saint_denis_shows_the_whole_commune(open_page, app_address):
    page = open_page(f"{app_address}/etude?etude=97411&territoire=commune-97411")
    frame = page.locator("iframe").first
    frame.scroll_into_view_if_needed()
    shown = MapOnPage(page).wait_until_drawn()
    south, west, north, east = shown.container.evaluate(
        "() => { const b = window.map.getBounds(); return [b.getSouth(), b.getWest(), b.getNorth(), b.getEast()]; }"
    )
    assert south < -21.0  # the commune goes down to 20,99° S
    assert north > -20.87
    assert west < 55.38
    assert east > 55.52
