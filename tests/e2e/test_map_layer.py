"""The map in a real browser: drawn, hovered, clicked, updated, and honest when something is missing."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import toy_site
from tests.e2e.browser import serve
from tests.e2e.map_on_page import PATIENCE, MapOnPage

pytestmark = pytest.mark.e2e

PALETTE = {0: (255, 255, 204), 1: (65, 182, 196), 2: (37, 52, 148)}
SEA = (0, 0, 0)  # nothing drawn: a transparent pixel


@pytest.fixture
def toy(open_page, toy_map):
    def open_map(query="", **options):
        return MapOnPage(open_page(f"{toy_map}/?{query}", **options)).wait_for_update()

    return open_map


def centre(line, column):
    return 0.25 + 0.5 * column, 43.25 + 0.5 * line


def test_each_commune_has_the_colour_of_its_class(toy):
    shown = toy()
    assert [shown.colour_at(*centre(3, column)) for column in range(4)] == [
        PALETTE[0],
        PALETTE[1],
        PALETTE[2],
        PALETTE[0],
    ]
    assert shown.colour_at(-0.5, 44.0) == SEA


def assert_hatched_and_still(shown, step):
    """Look every `step` degrees at a territory that is unknown: two greys, which a pan leaves where they are."""

    def hatching():
        longitude, latitude = centre(0, 1)
        return [shown.colour_at(longitude + step * k, latitude) for k in range(-6, 7)]

    before = hatching()
    assert len(set(before)) >= 2
    assert all(max(colour) - min(colour) == 0 for colour in before)
    shown.container.evaluate("() => window.map.panBy([37, 11], {animate: false})")
    assert hatching() == before


def test_unknown_is_hatched_in_two_greys_and_stays_still_when_panned(toy):
    shown = toy()
    assert_hatched_and_still(shown, 0.01)


def test_without_lines_colours_and_hatching_are_those_of_a_closer_view(toy):
    shown = toy("view=france")
    assert shown.zoom() < 8  # the communes have no lines
    expected = [PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[0]]
    assert [shown.colour_at(*centre(3, column)) for column in range(4)] == expected
    assert shown.colour_at(-0.5, 44.0) == SEA
    assert_hatched_and_still(shown, 0.03)
    assert [shown.colour_at(*centre(3, column)) for column in range(4)] == expected
    shown.tick("Population")
    shown.wait_for_update(2)
    assert [shown.colour_at(*centre(3, column)) for column in range(4)] == [*expected[2::-1], PALETTE[2]]


def test_neighbours_without_lines_leave_no_seam_and_the_coast_fades_into_the_sea(toy):
    shown = toy("view=france")
    rows = shown.container.evaluate(
        """(_, [latitude, west, east]) => {
            const canvas = document.querySelector('.leaflet-overlay-pane canvas');
            const corner = L.DomUtil.getPosition(canvas);
            const place = (longitude) => window.map.latLngToLayerPoint([latitude, longitude]).subtract(corner);
            const [first, last] = [west, east].map(place);
            const { data } = canvas.getContext('2d').getImageData(first.x, first.y, last.x - first.x, 1);
            return Array.from({ length: data.length / 4 }, (_, k) => [...data.subarray(4 * k, 4 * k + 4)]);
        }""",
        [centre(5, 0)[1], -0.5, 1.9],
    )
    opacities = [opacity for *_, opacity in rows]
    first = opacities.index(255)
    assert set(opacities[: first - 3]) == {0}
    assert set(opacities[first:]) == {255}


def test_a_map_that_is_hidden_for_a_while_is_drawn_again(toy):
    shown = toy("view=france")
    errors = []
    shown.page.on("pageerror", lambda error: errors.append(str(error)))
    resize = "(container, width) => { container.style.width = width; window.map.invalidateSize({animate: false}); }"
    shown.container.evaluate(resize, "0")
    shown.tick("Population")
    expect(shown.container).to_have_attribute("data-updates", "2")
    expect(shown.frame.locator(".maillage-message")).to_be_hidden()
    shown.container.evaluate(resize, "100%")
    assert shown.colour_at(*centre(3, 0)) == PALETTE[2]
    assert errors == []


def test_tooltip_gives_name_value_unit_and_vintage_as_text(toy):
    shown = toy()
    shown.hover(*centre(3, 1))
    expect(shown.tooltip).to_be_visible()
    lines = shown.tooltip.locator("div").all_inner_texts()
    assert lines == ["Lieu <b>01031</b> (01031)", "1,0 consultations/an/hab.", "APL, 2023"]
    shown.hover(*centre(0, 1))
    expect(shown.tooltip.locator(".value")).to_have_text("n.d.")
    shown.hover(-0.5, 44.0)
    expect(shown.tooltip).to_be_hidden()


def test_a_click_returns_the_code_once_and_a_second_click_returns_it_again(toy):
    shown = toy()
    shown.click(*centre(3, 2))
    shown.expect_picks("territory:01032")
    shown.page.get_by_role("button", name="Rien").click()  # a run of the page that is not a click on the map
    shown.page.wait_for_timeout(800)
    shown.expect_picks("territory:01032")
    shown.click(*centre(3, 2))
    shown.expect_picks("territory:01032", "territory:01032")


def test_a_click_runs_the_fragment_once_and_does_not_loop(toy):
    shown = toy()
    runs = shown.page.get_by_text(re.compile("^RUNS="))
    before = int(re.search(r"\d+", runs.inner_text()).group())
    shown.click(*centre(3, 2))
    shown.expect_picks("territory:01032")
    shown.page.wait_for_timeout(1200)
    assert int(re.search(r"\d+", runs.inner_text()).group()) == before + 1


def test_a_click_in_the_sea_or_outside_the_chosen_territory_says_nothing(toy):
    shown = toy()
    shown.tick("Ouest seulement")
    shown.wait_for_update(2)
    assert shown.colour_at(*centre(3, 6)) == (248, 248, 246)
    shown.click(*centre(3, 6))
    shown.click(-0.5, 44.0)
    shown.click(*centre(3, 1))
    shown.expect_picks("territory:01031")


def test_new_values_are_drawn_without_mounting_the_map_again(toy):
    shown = toy()
    shown.container.evaluate("() => { window.witness = 'same frame'; }")
    assert shown.colour_at(*centre(3, 0)) == PALETTE[0]
    shown.tick("Population")
    shown.wait_for_update(2)
    assert shown.colour_at(*centre(3, 0)) == PALETTE[2]
    assert shown.container.evaluate("() => window.witness") == "same frame"
    expect(shown.legend.locator("summary")).to_have_text("Population")


def test_a_territory_selected_by_the_address_is_outlined(toy):
    plain, chosen = toy(), toy("code=01044")
    edge = (2.0, 45.25)  # western border of commune 01044
    assert plain.colour_at(*edge) != chosen.colour_at(*edge)
    assert chosen.colour_at(*edge) == (194, 24, 91)


def test_a_territory_selected_overseas_is_brought_in_sight(toy):
    shown = toy("code=97401")
    assert shown.container.evaluate("() => window.map.getBounds().contains([-21.1, 55.5])")


def test_legend_counts_territories_folds_and_shows_the_hatching(toy):
    shown = toy()
    rows = shown.legend.locator("li").all_inner_texts()
    assert [re.sub(r"\s+", " ", row) for row in rows] == ["bas 24", "moyen 28", "haut 16", "n.d. (donnée inconnue) 1"]
    assert shown.legend.locator(".hatched").count() == 1
    shown.legend.locator("summary").click()
    expect(shown.legend.locator("ul").first).to_be_hidden()


def test_structures_at_one_address_are_gathered_then_opened_then_set_apart(toy):
    shown = toy()
    shown.tick("Structures")
    shown.wait_for_update(2)
    x, y = shown.place(1.25, 44.25)
    shown.page.mouse.move(x + 5, y + 1)
    shown.page.mouse.move(x + 6, y)  # the CPTS stands at the right of the MSP: the two make no number
    expect(shown.tooltip.locator(".value")).to_have_text("CPTS (siège), Lieu")
    shown.page.mouse.move(x - 7, y)
    expect(shown.tooltip.locator(".name")).to_have_text("4 structures")
    expect(shown.tooltip.locator(".value")).to_have_text("MSP : 4")
    zoom = shown.zoom()
    shown.page.mouse.click(x - 7, y)
    shown.page.wait_for_timeout(800)  # the map glides to its new zoom
    assert shown.zoom() > zoom
    shown.container.evaluate("() => window.map.setView([44.25, 1.25], window.map.getMaxZoom(), {animate: false})")
    x, y = shown.place(1.25, 44.25)
    shown.page.mouse.move(x, y - 14)
    shown.page.mouse.move(x, y - 15)
    expect(shown.tooltip.locator(".name")).to_have_text("Structure <i>0</i>")
    expect(shown.tooltip.locator(".detail")).to_have_text("Ouverture en 2019")


def test_a_click_on_a_structure_returns_it_rather_than_the_commune(toy):
    shown = toy()
    shown.tick("Structures")
    shown.wait_for_update(2)
    shown.hover(3.25, 45.75)
    expect(shown.tooltip.locator(".value")).to_have_text("MSP, Lieu")
    expect(shown.tooltip.locator(".detail")).to_have_text("Année d’ouverture inconnue")
    shown.click(3.25, 45.75)
    shown.expect_picks("structure:010000005")


def test_an_inset_shows_its_department_and_a_click_in_it_selects(toy):
    shown = toy("view=france")
    inset = shown.frame.locator(".maillage-inset[data-code='974']")
    expect(inset).to_contain_text("La Réunion")
    inset.locator("canvas").hover()
    expect(shown.tooltip.locator(".name")).to_have_text("Lieu <b>97401</b> (97401)")
    inset.locator("canvas").click()
    shown.expect_picks("territory:97401")
    assert shown.container.evaluate("() => window.map.getBounds().contains([-21.1, 55.5])")


def test_insets_stand_above_a_narrow_map_and_leave_the_map_of_a_part_of_the_country(toy):
    panel = ".maillage-insets"
    expect(toy(width=560).frame.locator(f"{panel}.maillage-across")).to_be_visible()
    shown = toy()
    expect(shown.frame.locator(f"{panel}.maillage-across")).to_have_count(0)
    expect(shown.frame.locator(panel)).to_be_visible()
    shown.tick("Ouest seulement")
    shown.wait_for_update(2)
    expect(shown.frame.locator(panel)).to_be_hidden()


def test_the_keyboard_reads_and_chooses_the_territory_at_the_centre(toy):
    shown = toy()
    shown.page.keyboard.press("Tab")
    shown.container.evaluate("(container) => container.focus({focusVisible: true})")
    shown.container.evaluate("() => window.map.setView([45.75, 1.75], 9, {animate: false})")
    expect(shown.tooltip).to_contain_text("01053")
    shown.page.keyboard.press("Enter")
    shown.expect_picks("territory:01053")


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(234, 239, 243)"), ("dark", "rgb(18, 24, 31)")])
def test_the_map_follows_the_theme(toy, scheme, background):
    expect(toy(color_scheme=scheme).container).to_have_css("background-color", background)


def test_a_screen_of_double_density_is_drawn_sharp(toy):
    shown = toy(device_scale_factor=2)
    widths = shown.container.evaluate(
        """() => {
            const canvas = document.querySelector('.leaflet-overlay-pane canvas');
            return {pixels: canvas.width, shown: parseInt(canvas.style.width)};
        }"""
    )
    assert widths["pixels"] == 2 * widths["shown"]


@pytest.mark.parametrize(
    ("file", "told"),
    [("commune.bin", "commune.bin : erreur 404"), ("names_commune.tsv", "names_commune.tsv : erreur 404")],
)
def test_a_missing_geometry_file_is_said_in_the_map(open_page, tmp_path, file, told):
    script = toy_site.write(tmp_path)
    (tmp_path / "static" / "geometry" / file).unlink()
    with serve(script) as address:
        shown = MapOnPage(open_page(address))
        message = shown.frame.locator(".maillage-message")
        expect(message).to_be_visible(timeout=PATIENCE)
        expect(message).to_contain_text("Le fond de carte n’a pas pu être chargé")
        expect(message).to_contain_text(told)


def test_without_the_outlines_the_map_is_drawn_and_says_so(open_page, tmp_path):
    script = toy_site.write(tmp_path)
    (tmp_path / "static" / "geometry" / "departement.bin").unlink()
    with serve(script) as address:
        shown = MapOnPage(open_page(address)).wait_for_update()
        expect(shown.frame.locator(".maillage-message")).to_contain_text("departement.bin : erreur 404")
        assert shown.colour_at(*centre(3, 1)) == PALETTE[1]


def test_a_truncated_geometry_file_is_said_in_the_map(open_page, tmp_path):
    script = toy_site.write(tmp_path)
    communes = tmp_path / "static" / "geometry" / "commune.bin"
    communes.write_bytes(communes.read_bytes()[:200])
    with serve(script) as address:
        message = MapOnPage(open_page(address)).frame.locator(".maillage-message")
        expect(message).to_contain_text("commune.bin : fichier illisible", timeout=PATIENCE)


def test_missing_leaflet_is_said_on_the_page(open_page, tmp_path):
    script = toy_site.write(tmp_path)
    (tmp_path / "static" / "vendor" / "leaflet" / "leaflet.js").unlink()
    with serve(script) as address:
        expect(open_page(address).get_by_text("La carte ne peut pas s’afficher")).to_be_visible(timeout=PATIENCE)
