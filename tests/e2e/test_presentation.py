"""An elected official's meeting: views saved from the map, shown in large, stepped through from the keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

from coverage.territories.gazetteer import Territory
from pages.app.view import View
from pages.widgets.saved_views.views import SavedView, write_views
from tests.e2e.browser import PATIENCE, ROOT, eventually, wait_until_still
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import choose, read_download

pytestmark = pytest.mark.e2e

PICTURES = ROOT / "tests" / "output" / "presentation"
FIRST, SECOND = "Où manquent les généralistes", "À combien de minutes d’une MSP ?"
COMMENT = "La moitié des communes sont sous le seuil de 2,5 consultations par an et par habitant."

OCCITANIE = View(territoire=Territory("region", "76"))
FULLEST = SavedView.of(
    "Les communes d’Aveyron où le temps de trajet dépasse vingt minutes en voiture !!",
    "Le plus long commentaire possible, écrit par quelqu’un qui a beaucoup à dire sur les distances. " * 3,
    View(
        territoire=Territory("commune", "12145"),
        indicateur="apl_2023",
        methode="quantiles",
        classes=7,
        structures=("msp", "cpts", "centre_sante", "hopital", "pharmacie"),
    ),
)


def save_view(page, title, comment, number, proposed):
    page.get_by_role("button", name="Ajouter à la présentation").click()
    box = page.get_by_label("Titre", exact=True)
    expect(box.first).to_have_value(re.compile(proposed), timeout=PATIENCE)
    expect(box).to_have_count(1, timeout=PATIENCE)  # that of the view before is gone
    box.fill(title)
    page.get_by_label("Commentaire").fill(comment)
    page.get_by_label("Commentaire").press("Control+Enter")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_role("link", name=f"Ouvrir la présentation ({number})")).to_be_visible(timeout=PATIENCE)


def show_indicator(page, label, name):
    page.keyboard.press("Escape")
    expect(page.get_by_label("Titre", exact=True)).to_be_hidden()
    choose(page, "Indicateur", label)
    page.wait_for_url(re.compile(f"indicateur={name}"))


def open_presentation(page):
    page.get_by_role("link", name=re.compile("Ouvrir la présentation")).click()
    expect(page.get_by_role("heading", name="Présentation")).to_be_visible(timeout=PATIENCE)


def save_two(page):
    MapOnPage(page).wait_until_drawn()
    save_view(page, FIRST, COMMENT, 1, "APL")
    show_indicator(page, "Temps de trajet jusqu’à la maison de santé", "nearest_msp_min")
    save_view(page, SECOND, "", 2, "Trajet MSP")


def heading(page, title):
    return page.get_by_role("heading", name=title, exact=True)


def present(page):
    page.get_by_role("button", name="Présenter").click()
    expect(heading(page, FIRST)).to_be_visible(timeout=PATIENCE)
    return MapOnPage(page).wait_until_drawn()


def test_two_views_saved_from_the_map_are_stepped_through_from_the_keyboard(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/?territoire=region-76&structures=msp")
    save_two(page)
    open_presentation(page)
    path = read_download(page, "Enregistrer le fichier", tmp_path)
    assert [view["title"] for view in json.loads(path.read_text("utf-8"))["views"]] == [FIRST, SECOND]
    shown = present(page)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(heading(page, SECOND)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("ArrowLeft")
    expect(heading(page, FIRST)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Space")
    expect(heading(page, SECOND)).to_be_visible(timeout=PATIENCE)
    # A click on the map gives it the keyboard: the keys still answer.
    box = shown.container.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    page.keyboard.press("ArrowLeft")
    expect(heading(page, FIRST)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Présentation")).to_be_visible(timeout=PATIENCE)


def test_space_on_a_button_just_clicked_moves_by_one_step_only(open_page, app_address):
    page = open_page(f"{app_address}/?territoire=departement-48&structures=")
    save_two(page)
    show_indicator(page, "Part des habitants de 75 ans ou plus", "share_75plus")
    save_view(page, "Troisième", "", 3, "75")
    open_presentation(page)
    present(page)
    page.get_by_role("button", name=re.compile("Suivante")).click()
    expect(heading(page, SECOND)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("Précédente")).click()
    expect(heading(page, FIRST)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("Suivante")).focus()
    page.keyboard.press("Space")
    expect(heading(page, SECOND)).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(1500)
    expect(heading(page, SECOND)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (1280, 720)])
def test_a_slide_fills_the_screen_and_nothing_overflows(open_page, app_address, tmp_path, width, height, scheme):
    path = tmp_path / "vues.json"
    path.write_text(write_views([SavedView.of(FIRST, COMMENT, OCCITANIE), FULLEST]), encoding="utf-8")
    page = open_page(f"{app_address}/presentation", width=width, height=height, color_scheme=scheme)
    page.get_by_role("button", name="Ouvrir un fichier").click(timeout=PATIENCE)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_label("Titre de la vue 2")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"list_{width}_{scheme}.png")
    shown = present(page)
    look_at_slide(page, shown, width, height, f"slide_{width}_{scheme}", smallest=12)
    page.keyboard.press("PageDown")
    expect(heading(page, FULLEST.title)).to_be_visible(timeout=PATIENCE)
    look_at_slide(page, shown, width, height, f"fullest_{width}_{scheme}", smallest=10.8)


def look_at_slide(page, shown, width, height, name, *, smallest):
    page.mouse.move(5, 5)
    wait_until_still(page)

    def is_fitted():
        box = shown.container.bounding_box()
        is_inside = box["y"] >= 0 and box["y"] + box["height"] <= height
        return is_inside and box["height"] > 0.94 * height and box["width"] > 0.6 * width

    eventually(page, is_fitted)
    page.screenshot(path=PICTURES / f"{name}.png")
    words = page.locator(".st-key-presentation_words")
    assert words.evaluate("panel => panel.scrollHeight - panel.clientHeight") <= 1
    bar = page.locator(".st-key-presentation_bar").bounding_box()
    told = page.locator(".diapo").bounding_box()
    assert told["y"] + told["height"] <= bar["y"] + 1
    found = page.locator(".diapo").evaluate(
        "box => Math.min(...[...box.querySelectorAll('*')].map(part => parseFloat(getComputedStyle(part).fontSize)))"
    )
    assert found >= smallest  # CSS pixels


def test_the_slides_of_a_territory_fit_a_projector_without_a_scroll(open_page, app_address):
    width, height = 1280, 720
    page = open_page(f"{app_address}/presentation?territoire=departement-48", width=width, height=height)
    page.get_by_role("button", name="Ajouter ses diapositives").click(timeout=PATIENCE)
    expect(page.get_by_label("Titre de la vue 6")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Présenter").click()
    for step in range(1, 7):
        expect(page.locator(".rang")).to_have_text(f"{step} / 6", timeout=PATIENCE)
        wait_until_still(page)
        bar = page.locator(".st-key-presentation_bar").bounding_box()
        foot = page.locator(".diapo .source").bounding_box()
        assert foot["y"] + foot["height"] <= bar["y"] + 1
        assert page.locator(".stMain").evaluate("main => getComputedStyle(main).overflowY") == "hidden"
        assert page.locator(".diapo h1").evaluate("title => parseFloat(getComputedStyle(title).fontSize)") >= 24
        if step > 3:  # after the figures and the two maps
            chart = page.locator(".js-plotly-plot .main-svg").first
            eventually(page, lambda chart=chart: chart.bounding_box()["height"] > 0.45 * height)
            box = chart.bounding_box()
            assert box["y"] + box["height"] <= foot["y"] + 1
        page.screenshot(path=PICTURES / f"told_{step}.png")
        page.keyboard.press("ArrowRight")


def test_two_maps_become_a_slide_that_fits_a_projector_and_answers_the_keys(open_page, app_address):
    width, height = 1280, 720
    page = open_page(f"{app_address}/deux_cartes?territoire=departement-48", width=width, height=height)
    page.get_by_role("button", name="Ajouter à la présentation").click(timeout=PATIENCE)
    expect(page.get_by_text("Sans titre, la diapositive dira")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_role("link", name="Ouvrir la présentation (1)")).to_be_visible(timeout=PATIENCE)
    open_presentation(page)
    page.get_by_role("button", name="Présenter").click()
    expect(page.get_by_role("heading", name=re.compile("Lozère, .* en baisse, de .* à "))).to_be_visible(
        timeout=PATIENCE
    )
    frames = page.locator(".st-key-presentation_maps iframe")
    expect(frames).to_have_count(2, timeout=PATIENCE)
    legend = page.locator(".diapo .legende")
    expect(legend).to_have_count(1)  # one scale, one legend

    def is_fitted():
        boxes = [frames.nth(side).bounding_box() for side in range(2)]
        inner = [
            frames.nth(side).evaluate("frame => frame.contentDocument.getElementById('map_div')?.clientHeight ?? 0")
            for side in range(2)
        ]
        if None in boxes:  # a frame that is being drawn again has no place
            return False
        is_whole = all(abs(drawn - box["height"]) <= 1 for drawn, box in zip(inner, boxes, strict=True))
        is_beside = boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
        return is_whole and is_beside and min(box["height"] for box in boxes) > 0.45 * height

    eventually(page, is_fitted)
    wait_until_still(page)
    bottom = max(frames.nth(side).bounding_box()["y"] + frames.nth(side).bounding_box()["height"] for side in range(2))
    assert bottom <= legend.bounding_box()["y"] + 1
    foot, bar = (page.locator(found).bounding_box() for found in (".diapo .source", ".st-key-presentation_bar"))
    assert foot["y"] + foot["height"] <= bar["y"] + 1
    assert page.locator(".stMain").evaluate("main => getComputedStyle(main).overflowY") == "hidden"
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "two_maps.png")
    box = frames.nth(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)  # the map has the keyboard
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Présentation")).to_be_visible(timeout=PATIENCE)
