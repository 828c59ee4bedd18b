"""What leaves the app for others: a link, a message, a QR code, a map alone in a frame or in a file, a workspace."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE
from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e

ADDRESS = "/?territoire=departement-48"


def take(page, name, folder):
    with page.expect_download(timeout=PATIENCE) as waited:
        page.get_by_role("button", name=name).click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def test_a_map_is_shared_by_its_link_its_frame_and_its_file(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}{ADDRESS}")
    expect(page.get_by_label("Chercher dans la liste")).to_be_visible(timeout=PATIENCE)  # the last thing drawn
    page.get_by_role("button", name="Partager").click()
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_label("Texte copié")).to_have_value(f"{app_address}{ADDRESS}")
    page.get_by_role("button", name="Message et QR code").click()
    expect(page.get_by_text("Carte : Lozère (48) (Maillage)")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("img", name="QR code de cette page")).to_be_visible(timeout=PATIENCE)
    assert b"<svg" in take(page, "QR code SVG", tmp_path).read_bytes()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Intégrer cette carte").click()
    page.get_by_role("button", name="Copier le code").click()
    code = page.get_by_label("Texte copié").last.input_value()
    assert code.startswith(f'<iframe src="{app_address}{ADDRESS}&amp;embed=true"')
    alone = take(page, "Carte HTML autonome", tmp_path)
    assert alone.stat().st_size < 3_000_000

    page.goto(f"{app_address}{ADDRESS}&embed=true")
    expect(page.get_by_role("link", name="Ouvrir dans Maillage")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lozère")
    MapOnPage(page).wait_until_drawn()
    for name in ("Partager", "Carte PNG", "Simulateur"):
        expect(page.get_by_text(name, exact=True)).to_have_count(0)

    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda fault: faults.append(fault))  # noqa: PLW0108 - Playwright wants a function
    page.goto(alone.as_uri())
    drawn = page.locator("#map[data-drawings]")
    expect(drawn).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".maillage-legend")).to_contain_text("moins de 1,50")
    box = drawn.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".maillage-tooltip")).to_contain_text("par an et par habitant", timeout=PATIENCE)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(drawn).not_to_have_attribute("data-selected", "")
    assert asked == [alone.as_uri()]
    assert not faults


def test_a_workspace_is_saved_and_taken_in_elsewhere(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}{ADDRESS}")
    page.get_by_role("button", name="Ajouter à la présentation").click(timeout=PATIENCE)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("Ouvrir la présentation (1)")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.get_by_test_id("stTopNavSection").filter(has_text="Programme").click()
    page.get_by_role("menuitem", name="Espace de travail").click()
    expect(page.get_by_text("Vues de présentation : 1", exact=True)).to_be_visible(timeout=PATIENCE)
    kept = take(page, "Enregistrer mon espace", tmp_path)

    other = open_page(f"{app_address}/espace", width=390, height=844)
    expect(other.get_by_text("Vues de présentation : 0", exact=True)).to_be_visible(timeout=PATIENCE)
    other.locator("input[type=file]").set_input_files(kept)
    other.get_by_role("button", name="Reprendre dans mon espace").click(timeout=PATIENCE)
    expect(other.get_by_text("Reprise faite")).to_be_visible(timeout=PATIENCE)
    expect(other.get_by_text("Vues de présentation : 1", exact=True)).to_be_visible(timeout=PATIENCE)
