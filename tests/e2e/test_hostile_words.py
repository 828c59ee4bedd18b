"""Hostile words in addresses, names and files make the browser fetch nothing, and are no link.

`open_page` fails a test whose page asks any other host; these words ask one that is not there.
"""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, ROOT, serve

pytestmark = pytest.mark.e2e

PICTURE = "![x](http://evil.example/q.png)"
WORDS = f"{PICTURE} [Reconnectez-vous](http://evil.example/) <img src='http://evil.example/h.png'> www.evil.example"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    with serve(ROOT / "app.py", log=folder / "server.log", environment={"MAILLAGE_DATA": str(folder)}) as address:
        yield address


def holds_only_words(page):
    """Check that the words of a page are seen, and that none of them is a picture, a link or an icon."""
    expect(page.get_by_text("evil.example").first).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(500)
    for tag in ("img[src*='evil']", "a[href*='evil']"):
        expect(page.locator(tag)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("", ("territoire", "indicateur", "maille", "methode", "selection", "criteres")),
        ("classement", ("rang_indicateur", "rang_maille")),
        ("projection", ("p_horizon", "territoire")),
        ("cpts", ("c_commune", "c_source", "c_cpts")),
    ],
)
def test_words_of_an_address_are_words(open_page, served, path, names):
    holds_only_words(open_page(f"{served}/{path}?" + "&".join(f"{name}={quote(WORDS)}" for name in names)))


def give(page, path, content):
    path.write_text(content, "utf-8")
    page.locator("input[type=file]").wait_for(state="attached", timeout=PATIENCE)
    page.locator("input[type=file]").set_input_files(path)


def test_words_of_a_refused_list_of_cpts_are_words(open_page, served, tmp_path):
    page = open_page(f"{served}/cpts?territoire=departement-48", height=1400)
    give(page, tmp_path / "refused.csv", f"{PICTURE};{PICTURE}\n1;2\n")
    holds_only_words(page)


def test_words_of_a_list_of_cpts_are_words(open_page, served, tmp_path):
    page = open_page(f"{served}/cpts?territoire=departement-48", height=1400)
    lines = f'CPTS;Code commune\n"{PICTURE}";48095\n"B {PICTURE}";48095\n'
    give(page, tmp_path / f"{PICTURE.replace('/', ':')}.csv", lines)
    expect(page.get_by_text("2 CPTS et 1 commune")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{served}/cpts?territoire=departement-48&c_commune=48095")
    holds_only_words(page)


def test_words_of_a_presentation_are_words(open_page, served, tmp_path):
    page = open_page(f"{served}/presentation")
    page.get_by_role("button", name="Ouvrir un fichier").click(timeout=PATIENCE)
    give(page, tmp_path / "vues.json", json.dumps({"schema": PICTURE}))
    holds_only_words(page)


def test_words_of_a_list_of_projects_are_words(open_page, served, tmp_path):
    page = open_page(f"{served}/projets", height=1400)
    line = f'"{WORDS}";MSP;Mende;Projet;"{WORDS}"'
    give(page, tmp_path / "projets.csv", f"Nom du projet;Type;Commune;Stade;Facilitateur\n{line}\n")
    page.get_by_role("button", name="Charger 1 projet").click(timeout=PATIENCE)
    expect(page.get_by_text("Import fait : 1 ajoutés")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{served}/?territoire=departement-48&selection=commune-48095")
    holds_only_words(page)
    page.goto(f"{served}/suivi_projets?territoire=departement-48")
    holds_only_words(page)
