"""What « Partager » gives: a message with the figure of the screen, a QR code that holds the address."""

import io

import numpy as np
import pytest
import segno
from PIL import Image

from coverage.territories.gazetteer import Territory
from pages.app.facts import load_facts
from pages.app.sharing import QR_SCALE, qr_code, write_message
from pages.app.view import View
from tests.pages.test_screens import ROOT, open_page

ADDRESS = "http://127.0.0.1:8501/?territoire=departement-48"
LOZERE = Territory("departement", "48")


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_the_message_says_what_where_how_much_of_when_and_the_address():
    said = write_message("Carte", View(territoire=LOZERE), ADDRESS).split("\n")
    assert said[0] == "Carte : Lozère (48) (Maillage)"
    assert load_facts().figure("apl_65_2023", LOZERE) in said[1]
    assert "2023, mesuré" in said[1]
    assert said[-1] == ADDRESS


def test_the_message_is_about_the_commune_that_was_clicked():
    view = View(territoire=LOZERE, selection=Territory("commune", "48198"))
    assert write_message("Carte", view, ADDRESS).startswith("Carte : Villefort (48198)")


def test_before_any_view_the_message_is_the_title_and_the_address():
    assert write_message("Sources", None, ADDRESS) == f"Sources (Maillage)\n{ADDRESS}"


def test_the_code_holds_the_address_and_its_quiet_zone():
    picture = np.asarray(Image.open(io.BytesIO(qr_code(ADDRESS, "png"))).convert("L")) < 128
    dots = picture[QR_SCALE // 2 :: QR_SCALE, QR_SCALE // 2 :: QR_SCALE]
    expected = np.array([list(row) for row in segno.make(ADDRESS, error="q", micro=False).matrix], dtype=bool)
    assert (dots[4:-4, 4:-4] == expected).all()
    assert not dots[:4].any()
    assert not dots[:, -4:].any()
    assert qr_code(ADDRESS, "svg").lstrip().startswith(b"<?xml")


@pytest.mark.parametrize("route", ["classement", "sources"])
def test_every_screen_can_be_shared(route):
    app = open_page(route)
    assert not app.exception
    assert any("Partager" in str(block.proto) for block in app.get("popover"))
