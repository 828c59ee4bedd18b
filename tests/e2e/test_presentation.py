"""An elected official's meeting: views saved from the map, shown in large, stepped through from the keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ROOT
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import choose, read_download

pytestmark = pytest.mark.e2e

PATIENCE = 60_000
PICTURES = ROOT / "tests" / "output" / "presentation"
FIRST, SECOND = "Où manquent les généralistes", "À combien de minutes d’une MSP ?"
COMMENT = "La moitié des communes sont sous le seuil de 2,5 consultations par an et par habitant."


def save_view(page, title, comment, number):
    page.get_by_role("button", name="Ajouter à la présentation").click()
    boxes = page.get_by_label("Commentaire")
    expect(boxes).to_have_count(1, timeout=PATIENCE)  # that of the view before is gone
    page.get_by_label("Titre", exact=True).fill(title)
    boxes.fill(comment)
    boxes.press("Control+Enter")
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
    save_view(page, FIRST, COMMENT, 1)
    show_indicator(page, "Temps de trajet jusqu’à la maison de santé", "nearest_msp_min")
    save_view(page, SECOND, "", 2)


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
    show_indicator(page, "75 ans ou plus", "share_75plus")
    save_view(page, "Troisième", "", 3)
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
def test_a_slide_fills_the_screen_and_nothing_overflows(open_page, app_address, width, height, scheme):
    page = open_page(
        f"{app_address}/?territoire=region-76&structures=msp,cpts", width=width, height=height, color_scheme=scheme
    )
    save_two(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"save_{width}_{scheme}.png")
    open_presentation(page)
    page.wait_for_timeout(1000)
    page.screenshot(path=PICTURES / f"list_{width}_{scheme}.png")
    shown = present(page)
    page.mouse.move(5, 5)
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / f"slide_{width}_{scheme}.png")
    box = shown.container.bounding_box()
    assert box["height"] > 0.94 * height
    assert box["width"] > 0.6 * width
    words = page.locator(".st-key-presentation_words")
    assert words.evaluate("panel => panel.scrollHeight - panel.clientHeight") <= 1
    bar = page.locator(".st-key-presentation_bar").bounding_box()
    told = page.locator(".diapo").bounding_box()
    assert told["y"] + told["height"] <= bar["y"] + 1
    smallest = page.locator(".diapo").evaluate(
        "box => Math.min(...[...box.querySelectorAll('*')].map(part => parseFloat(getComputedStyle(part).fontSize)))"
    )
    assert smallest >= 12.5
