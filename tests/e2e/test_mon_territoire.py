"""The planner's own territory: pasted, corrected on the map, named, saved, opened on other screens and taken away."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from coverage.territories.own import read_code
from data import store
from tests.e2e.browser import ROOT, serve
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of

pytestmark = pytest.mark.e2e

PATIENCE = 180_000  # a sheet of maps, on a busy machine
MARVEJOLS = (3.2905, 44.5536)
PASTED = "48095\nFlorac Trois Rivières\nLangogne, Lozère\nAtlantis"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve the app with a data folder of its own: what is saved is kept there."""
    folder = tmp_path_factory.mktemp("own")
    with serve(ROOT / "app.py", log=folder / "server.log", environment={"MAILLAGE_DATA": str(folder)}) as served:
        yield served


def read_download(page, name, folder):
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=name, exact=True).first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def paste(page, text):
    box = page.get_by_role("textbox", name="Codes, noms ou codes postaux")
    box.fill(text)
    box.press("Control+Enter")


def make(page, text, name):
    paste(page, text)
    page.get_by_role("button", name=re.compile(r"^Ajouter \([1-9]")).click()
    expect(page.get_by_role("button", name="Voir sur la carte")).to_be_visible()
    named = page.get_by_role("textbox", name="Nom du territoire")
    named.fill(name)
    named.press("Enter")
    expect(page.get_by_text("Press Enter to apply")).to_have_count(0)
    expect(page.get_by_role("button", name="Voir sur la carte")).to_be_visible()


def test_from_pasted_codes_to_the_sheet(open_page, address, tmp_path):
    page = open_page(f"{address}/mon_territoire", height=1300)
    expect(page.get_by_text("Aucune commune pour l’instant")).to_be_visible()
    paste(page, PASTED)
    expect(page.get_by_text("3 communes reconnues")).to_be_visible()
    expect(page.get_by_text("1 ligne non reconnue")).to_be_visible()
    report = pd.read_csv(read_download(page, "Lignes à vérifier (CSV)", tmp_path), sep=";")
    assert report[["Ligne", "Écrit", "Prise"]].to_numpy().tolist() == [[4, "Atlantis", "non"]]

    make(page, PASTED, "Pays de Mende")
    expect(page.get_by_text("3 communes, 17 400 habitants", exact=True)).to_be_visible()
    shown = MapOnPage(page)
    shown.wait_until_drawn()
    shown.click(*MARVEJOLS)
    expect(page.get_by_text(re.compile(r"^4 communes, .*[^.]$"))).to_be_visible()
    shown.click(*MARVEJOLS)
    expect(page.get_by_text("3 communes, 17 400 habitants", exact=True)).to_be_visible()

    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", name="Mes territoires enregistrés")).to_be_visible()
    listed = pd.read_csv(read_download(page, "Fichier (CSV)", tmp_path), sep=";", dtype=str)
    assert sorted(listed["Code commune"]) == ["48061", "48080", "48095"]
    assert set(listed["Territoire"]) == {"Pays de Mende"}

    page.get_by_role("button", name="Ouvrir le portrait").click()
    expect(page.get_by_role("heading", name="Pays de Mende")).to_be_visible()
    expect(page.get_by_text("Territoire personnel de 3 communes · Lozère · Occitanie")).to_be_visible()
    expect(page.get_by_text("publié par département seulement")).to_be_visible()
    assert read_download(page, "Fiche PDF", tmp_path).read_bytes().startswith(b"%PDF")

    key = address_of(page)["territoire"]
    own = read_code(key.removeprefix("perso-"))
    assert (own.name, own.communes) == ("Pays de Mende", {"48061", "48080", "48095"})
    elsewhere = open_page(f"{address}/projection?territoire={key}")  # another reader, who saved nothing
    expect(elsewhere.get_by_text("Pays de Mende, part estimée")).to_be_visible()
    expect(elsewhere.get_by_text("Part estimée : le modèle compte par département")).to_be_visible()


def test_a_saved_territory_is_found_in_the_picker_and_can_be_had_again(open_page, address):
    page = open_page(f"{address}/mon_territoire", height=1300)
    expect(page.get_by_text("Aucune commune pour l’instant")).to_be_visible()
    make(page, "48092\n48095", "Pays du Valdonnez")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("button", name="Enregistrer les changements")).to_be_visible()
    page.get_by_role("button", name="Voir sur la carte").click()
    shown = MapOnPage(page)
    shown.wait_until_drawn()
    expect(page.get_by_text(re.compile("Pays du Valdonnez : 2 communes"))).to_be_visible()

    other = open_page(f"{address}/territoire", height=1300)
    other.get_by_role("button", name=re.compile("France")).first.click()
    other.get_by_role("combobox", name="Rechercher").fill("valdonnez")
    other.get_by_role("option", name=re.compile("Pays du Valdonnez")).click()
    expect(other.get_by_role("heading", name="Pays du Valdonnez")).to_be_visible()

    page = open_page(f"{address}/mon_territoire", height=1600)
    expect(page.get_by_role("heading", name="Mes territoires enregistrés")).to_be_visible()
    MapOnPage(page).wait_until_drawn()
    expect(page.get_by_text("Versions", exact=True)).to_be_visible()  # drawn after the list
    n_saved = page.get_by_role("button", name="Supprimer").count()
    page.get_by_role("button", name="Supprimer").first.click()  # the latest saved comes first
    expect(page.get_by_role("button", name="Supprimer")).to_have_count(n_saved - 1)
    page.get_by_text("Versions", exact=True).click()
    expect(page.get_by_text("supprimé").first).to_be_visible()
    page.get_by_role("button", name="Rouvrir").first.click()
    expect(page.get_by_role("textbox", name="Nom du territoire")).to_have_value("Pays du Valdonnez")


def test_the_list_of_the_map_is_made_a_territory(open_page, address):
    page = open_page(f"{address}/?territoire=departement-48&criteres=apl_65_2023~lt~1", height=1300)
    page.get_by_role("button", name="En faire un territoire").click()
    expect(page.get_by_role("heading", name="Mon territoire")).to_be_visible()
    expect(page.get_by_role("textbox", name="Nom du territoire")).to_have_value(re.compile("^Lozère"))
    expect(page.get_by_text(re.compile(r"^\d+ communes, "))).to_be_visible()


def test_an_address_cut_on_the_way_says_so_and_leaves_the_page_usable(open_page, address):
    page = open_page(f"{address}/territoire?territoire=perso-eNrzSMyrKlZIS")
    expect(page.get_by_text("Le territoire personnel de cette adresse ne se lit pas")).to_be_visible()
    expect(page.get_by_role("heading", name="France")).to_be_visible()


def test_a_zone_drawn_on_the_map_gives_the_communes_whose_town_hall_is_inside(open_page, address):
    page = open_page(f"{address}/mon_territoire", height=1300)
    make(page, PASTED, "Pays de Mende")
    shown = MapOnPage(page)
    shown.wait_until_drawn()
    corners = [(3.40, 44.60), (3.62, 44.60), (3.62, 44.46), (3.40, 44.46)]
    begin = shown.frame.get_by_role("button", name=re.compile("Dessiner une zone|Terminer la zone"))
    begin.click()
    for number, corner in enumerate(corners, start=1):
        shown.click(*corner)
        expect(shown.container).to_have_attribute("data-corners", str(number))
    begin.click()
    expect(page.get_by_text("Une commune est dans la zone quand sa mairie y est.")).to_be_visible()
    communes = store.load("communes")
    inside = communes["longitude"].between(3.40, 3.62) & communes["latitude"].between(44.46, 44.60)
    assert "48095" in set(communes.loc[inside, "commune_code"])
    n, people = int(inside.sum()), r"\s".join(f"{int(communes.loc[inside, 'population'].sum()):,}".split(","))
    expect(page.get_by_text(re.compile(rf"^{n} communes, {people} habitants\.$"))).to_be_visible()
    page.get_by_role("button", name=f"Ajouter ({n - 1})").click()  # Mende was there
    expect(page.get_by_text(re.compile(rf"^{n + 2} communes, .* habitants$"))).to_be_visible()
    expect(page.get_by_text("Sur la carte, « Dessiner une zone »")).to_be_visible()
