"""What a report writer takes away: a chart as a picture, in one click, with the logo of the organisation on it."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE
from tests.e2e.test_app import read_download

pytestmark = pytest.mark.e2e

NAVY = (0, 0, 128)


def picture(*size):
    buffer = io.BytesIO()
    Image.new("RGB", size, NAVY).save(buffer, format="png")
    return buffer.getvalue()


def test_the_ranking_is_taken_as_a_picture_and_as_a_drawing(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/classement")
    button = page.get_by_role("button", name="Graphique PNG")
    expect(button).to_be_visible(timeout=PATIENCE)
    chart = Image.open(io.BytesIO(read_download(page, "Graphique PNG", tmp_path).read_bytes()))
    assert chart.format == "PNG"
    assert chart.width > 3_000  # a slide at 300 dots an inch
    page.get_by_role("button", name="SVG, PDF").click()
    drawing = read_download(page, "SVG (modifiable)", tmp_path).read_text(encoding="utf-8")
    for text in ("Occitanie", "France", "Licence Ouverte", "Graphique : Maillage"):
        assert text in drawing


def test_a_logo_is_refused_with_its_reason_then_put_on_the_charts(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/territoire?territoire=region-76")
    page.get_by_role("button", name="Logo").click(timeout=PATIENCE)
    upload = page.locator("input[type=file]")
    upload.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": b"not a picture"})
    expect(page.get_by_text("attendu une image PNG ou JPEG")).to_be_visible(timeout=PATIENCE)
    upload.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": picture(400, 100)})
    expect(page.get_by_role("button", name="Retirer le logo")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    button = page.get_by_role("button", name="Graphique PNG").first
    expect(button).to_be_visible(timeout=PATIENCE)
    chart = Image.open(io.BytesIO(read_download(page, "Graphique PNG", tmp_path).read_bytes())).convert("RGB")
    corner = chart.crop((chart.width * 3 // 4, 0, chart.width, chart.height // 4))
    assert NAVY in [colour for _, colour in corner.getcolors(1 << 24)]


def ask_for_a_poster(page):
    """Choose a PNG at 600 dpi and press the button; give what will be the download."""
    expect(page.get_by_label("Chercher dans la liste")).to_be_visible(timeout=PATIENCE)  # the last thing drawn
    page.get_by_role("button", name="Autres formats").click(timeout=PATIENCE)
    page.get_by_role("combobox", name="Résolution").click()
    page.get_by_role("option", name="600 ppp").click()
    button = page.get_by_role("button", name="Télécharger (PNG)")
    expect(button).to_be_enabled(timeout=PATIENCE)
    page.wait_for_timeout(1500)
    button.click()


def test_posters_are_drawn_one_after_the_other_and_the_last_is_told(open_page, app_address):
    address = f"{app_address}/?territoire=departement-48"
    pages = [open_page(address, width=1440 + k) for k in range(3)]
    taken = []
    for page in pages:
        page.on("download", lambda download: taken.append(download))  # noqa: PLW0108 - Playwright wants a function
        ask_for_a_poster(page)
    expect(pages[2].get_by_text("avant la vôtre")).to_be_visible(timeout=PATIENCE)
    for _ in range(360):
        pages[2].wait_for_timeout(500)
        if len(taken) == len(pages):
            break
    assert [download.suggested_filename.endswith(".png") for download in taken] == [True] * 3
