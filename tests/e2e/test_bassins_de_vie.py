"""A planner who thinks in bassins de vie finds his own, sees it on the map and its card, and takes the picture away."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of, card_of, choose

pytestmark = pytest.mark.e2e

RIOM_ES_MONTAGNES = (2.66, 45.28)
AURILLAC = (2.44, 44.93)


def test_a_bassin_de_vie_is_found_shown_described_and_taken_as_a_picture(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/?structures=")
    shown = MapOnPage(page).wait_until_drawn()
    page.get_by_role("button", name="France").first.click()
    page.get_by_role("combobox", name="Rechercher").fill("bassin de vie de Toulouse")
    page.get_by_role("option", name=re.compile("Toulouse \\(bassin de vie, 31555\\)")).click(timeout=PATIENCE)
    page.wait_for_url(re.compile("territoire=bassin_de_vie-31555"), timeout=PATIENCE)
    card = card_of(page)
    expect(card.get_by_role("heading", name="Toulouse (bassin de vie)")).to_be_visible(timeout=PATIENCE)
    expect(card).to_contain_text("à cheval sur 2 départements (Haute-Garonne, Gers)")
    expect(card).to_contain_text("Généralistes libéraux / 100 000 hab.", timeout=PATIENCE)
    expect(card).to_contain_text("15,1")  # poverty, as INSEE publishes it
    choose(page, "Maille", "Bassins de vie")
    page.wait_for_url(re.compile("maille=bassin_de_vie"), timeout=PATIENCE)
    expect(shown.legend).to_contain_text("APL", timeout=PATIENCE)
    with page.expect_download(timeout=2 * PATIENCE) as waiting:  # the first picture of a server projects every shape
        page.get_by_role("button", name="Carte PNG", exact=True).click()
    waiting.value.save_as(tmp_path / "carte.png")
    with Image.open(tmp_path / "carte.png") as picture:
        assert picture.format == "PNG"
        assert picture.width > 3_000


def test_what_no_town_attracts_is_shown_as_unknown_and_cannot_be_chosen(open_page, app_address):
    page = open_page(f"{app_address}/?territoire=departement-15&maille=aire_attraction&structures=")
    shown = MapOnPage(page).wait_until_drawn()
    expect(shown.legend).to_contain_text("Hors attraction des villes : n.d.", timeout=PATIENCE)
    shown.hover(*RIOM_ES_MONTAGNES)
    expect(shown.tooltip).to_contain_text("Hors attraction des villes (Cantal)")
    expect(shown.tooltip).to_contain_text("n.d.")
    shown.click(*RIOM_ES_MONTAGNES)
    page.wait_for_timeout(1_500)
    assert "selection" not in address_of(page)
    shown.click(*AURILLAC)
    expect(card_of(page).get_by_role("heading", name="Aurillac (aire d’attraction)")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("selection=aire_attraction-"))


def test_the_choice_of_levels_fits_a_telephone(open_page, app_address):
    page = open_page(f"{app_address}/", width=390, height=844)
    MapOnPage(page).wait_until_drawn()
    choose(page, "Maille", "Aires d’attraction")
    page.wait_for_url(re.compile("maille=aire_attraction"), timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
