"""The journeys of a newcomer in the real app, offline: look, choose, click, share, download."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, ROOT, eventually, serve
from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e

MILLAU = (3.08, 44.10)
BROWN, TEAL = (140, 81, 10), (53, 151, 143)


@pytest.fixture
def app(open_page, app_address):
    def open_app(path="/", **options):
        page = open_page(app_address + path, **options)
        return page, MapOnPage(page)

    return open_app


def address_of(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def expect_address(page, **wanted):
    """Wait until the address has these parameters, and not those that are None."""

    def holds():
        found = address_of(page)
        return all(found.get(name) == value for name, value in wanted.items())

    eventually(page, holds)


def choose(page, label, option):
    page.get_by_role("combobox", name=re.compile(label)).fill(option)
    page.get_by_role("option", name=re.compile(option)).first.click()


def card_of(page):
    return page.locator(".st-key-card")


def read_download(page, name, folder, place=0):
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name=name, exact=True).nth(place).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_the_first_screen_draws_all_communes_and_explains_itself(app):
    page, shown = app()
    shown.wait_until_drawn()
    expect(page.get_by_text("Où sont les maisons de santé")).to_be_visible()
    expect(page.get_by_text("ne sont connues qu’en Occitanie")).to_be_visible()
    rows = [re.sub(r"\s+", " ", row) for row in shown.legend.locator("li, tr, .row").all_inner_texts()]
    assert any("moins de 1,50" in row for row in rows)
    assert shown.colour_at(-1.0, 46.8)[:3] != (0, 0, 0)  # Vendée is land
    assert shown.colour_at(-4.5, 45.0)[:3] == (0, 0, 0)  # the Atlantic is not


def test_changing_the_indicator_changes_the_map_and_the_address(app):
    page, shown = app()
    shown.wait_until_drawn()
    choose(page, "Indicateur", "Part des habitants de 75 ans ou plus")
    expect(shown.legend).to_contain_text("75 ans ou plus", timeout=PATIENCE)
    page.wait_for_url(re.compile("indicateur=share_75plus"))


def test_a_click_on_a_commune_opens_its_card_and_writes_the_address(app):
    page, shown = app("/?territoire=departement-12&structures=")
    shown.wait_until_drawn()
    shown.click(*MILLAU)
    expect(card_of(page).get_by_role("heading", name="Millau")).to_be_visible(timeout=PATIENCE)
    expect(card_of(page)).to_contain_text("22\u202f044")
    page.wait_for_url(re.compile("selection=commune-12145"))


def test_copying_the_address_reopens_the_same_view(app):
    page, shown = app(
        "/?territoire=region-76&indicateur=apl_2022&maille=epci&methode=jenks&classes=4"
        "&structures=msp,centre_sante&selection=epci-243100518"
    )
    shown.wait_until_drawn()
    expect(card_of(page).get_by_role("heading", name="Toulouse Métropole")).to_be_visible(timeout=PATIENCE)
    expect(shown.legend).to_contain_text("APL tous âges 2022")
    expect(shown.legend).to_contain_text("Centre de santé")
    expect_address(page, selection="epci-243100518")
    again, other = app("/?" + urlsplit(page.url).query)
    other.wait_until_drawn()
    expect(other.legend).to_have_text(shown.legend.inner_text(), use_inner_text=True)
    eventually(again, lambda: address_of(again) == address_of(page))


def test_a_commune_is_found_by_its_postcode(app):
    page, shown = app()
    shown.wait_until_drawn()
    page.get_by_test_id("stPopover").first.get_by_role("button").first.click()
    page.get_by_placeholder("Nom, code postal ou code INSEE").fill("12100")
    page.get_by_role("option", name=re.compile("Millau")).click()
    expect(card_of(page).get_by_role("heading", name="Millau")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("territoire=commune-12145"))


def test_an_unknown_territory_in_the_address_is_said_and_the_map_is_there(app):
    page, shown = app("/?territoire=commune-99999")
    shown.wait_until_drawn()
    expect(page.get_by_text("qui n’existe pas ou plus")).to_be_visible()


def test_the_portrait_of_a_department_and_its_downloads(app, tmp_path):
    page, _ = app("/territoire?territoire=departement-48&comparaison=departement-12")
    expect(page.get_by_role("heading", name="Lozère")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Structures du territoire")).to_be_visible()
    expect(page.get_by_alt_text("Localisation de : Lozère, en France.")).to_be_visible(timeout=PATIENCE)
    peers = openpyxl.load_workbook(read_download(page, "XLSX avec les sources", tmp_path))
    assert peers["Données"]["B2"].value == "Lozère"
    assert peers["Données"].max_row == 12
    book = openpyxl.load_workbook(read_download(page, "XLSX avec les sources", tmp_path, place=1))
    assert book.sheetnames == ["Données", "Sources"]
    heads = [cell.value for cell in book["Données"][1]]
    assert {"Lozère (48)", "Aveyron (12)", "Occitanie", "France"} <= set(heads)
    population = next(row for row in book["Données"].iter_rows(values_only=True) if row[1] == "Population municipale")
    assert population[heads.index("Lozère (48)")] == 76486


def test_ranking_table_map_and_downloads_answer_each_other(app, tmp_path):
    page, shown = app("/classement?rang_indicateur=population_per_msp_dgos")
    shown.wait_until_drawn()
    expect(page.get_by_text(re.compile("est 1re sur 18"))).to_be_visible(timeout=PATIENCE)
    shown.click(2.2, 43.9)  # Occitanie
    expect(page.get_by_text(re.compile("Occitanie est 3e sur 18"))).to_be_visible(timeout=PATIENCE)
    content = read_download(page, "CSV", tmp_path).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 18
    assert rows[2]["Territoire"] == "Occitanie"
    assert rows[2]["Rang"] == "3"


def test_sources_and_method_name_every_source(app):
    page, _ = app("/sources")
    expect(page.get_by_role("heading", name="Sources et méthode")).to_be_visible(timeout=PATIENCE)
    for producer in ("DREES", "INSEE", "DGOS", "CNAM"):
        expect(page.get_by_text(re.compile(producer)).first).to_be_attached()


def test_the_link_at_the_foot_leads_to_the_declaration_whatever_tab_was_open(app):
    page, _ = app("/sources?accessibilite=1")
    declaration = page.get_by_role("heading", name="État de conformité")
    expect(declaration).to_be_visible(timeout=PATIENCE)
    for name, said in (("Projection", "Contre-essai."), ("Glossaire", "maison de santé pluriprofessionnelle")):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_text(said).first).to_be_visible(timeout=PATIENCE)
        expect(declaration).to_have_count(0)
        page.get_by_role("link", name="Accessibilité").last.click()
        expect(declaration).to_be_visible(timeout=PATIENCE)


def test_a_damaged_table_is_said_and_the_app_stays_up(open_page, tmp_path):
    (tmp_path / "snapshots").mkdir()
    environment = {"MAILLAGE_SNAPSHOTS": str(tmp_path / "snapshots")}
    with serve(ROOT / "app.py", log=tmp_path / "server.log", environment=environment) as address:
        page = open_page(address)
        expect(page.get_by_text("ne peut pas être affichée")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("manifest.json")).to_be_visible()
        expect(page.get_by_role("link", name="Classement")).to_be_visible()


def test_what_lacks_stands_under_the_structures_and_follows_the_horizon(app):
    page, shown = app("/?territoire=region-76&indicateur=gp_fte_short_of_2_5_65&structures=msp,cpts")
    shown.wait_until_drawn()
    expect(shown.legend).to_contain_text("ETP manquants", timeout=PATIENCE)
    expect(shown.legend).to_contain_text("Minimum : ce qu’il faudrait")
    expect(shown.legend).to_contain_text("MSP")
    expect(shown.legend).to_contain_text("CPTS")
    choose(page, "Indicateur", "Généralistes qu’il reste à convaincre")
    expect(shown.legend).to_contain_text("Reste à convaincre d’ici 2035", timeout=PATIENCE)
    page.get_by_role("slider", name="Horizon de la projection").press("ArrowRight")
    page.wait_for_url(re.compile("horizon=11"))
    expect(shown.legend).to_contain_text("Reste à convaincre d’ici 2036", timeout=PATIENCE)
    expect(card_of(page)).to_contain_text("2025 à 2036, scénario « Tendance », estimé")


def test_people_within_some_minutes_say_from_where_their_way_is_counted(app):
    page, shown = app("/?indicateur=share_population_within_20_min_msp&maille=departement")
    shown.wait_until_drawn()
    said = re.compile("estimé, distance mesurée à la mairie")
    expect(shown.legend).to_contain_text(said, timeout=PATIENCE)
    expect(card_of(page)).to_contain_text(said)
    under_the_list = page.get_by_text(re.compile("Population à moins de 20 minutes.*distance mesurée à la mairie"))
    expect(under_the_list).to_be_visible()
