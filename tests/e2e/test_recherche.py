"""A territory and every option are found as one types, without accents; neighbours and peers are one click away."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data import store
from geo.commune_names import fold
from tests.e2e.browser import PATIENCE, ROOT, eventually
from tests.e2e.test_app import app, card_of, expect_address  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.e2e

LIST_SCRIPT = Path(ROOT, "pages", "app", "browser", "choice.js")
LIST_MODULE = "data:text/javascript;base64," + base64.b64encode(LIST_SCRIPT.read_bytes()).decode()
WANTED = {
    "Saint-Denis (93066)": "Saint-Denis (93066)", "Saint-Denis (93)": "Saint-Denis (93066)",
    "Mende 48": "Mende (48095)", "48000 Mende": "Mende (48095)", "48005 MENDE CEDEX": "Mende (48095)",
    "48000": "Mende (48095)", "74011": "Annecy (74010)", "Lyon 3e": "Lyon (69123)", "Paris 13": "Paris (75056)",
    "lhay les roses": "L'Haÿ-les-Roses (94038)", "Bourg d'Oisans (Le)": "Le Bourg-d'Oisans (38052)",
    "saint etienne": "Saint-Étienne (42218)", "Javols": "Peyre en Aubrac (48009)", "touluse": "Toulouse (31555)",
    "cotes d armor": "Côtes-d'Armor (22)",
}  # fmt: skip


def open_picker(page):
    page.get_by_test_id("stPopoverButton").first.click()
    search = page.get_by_role("combobox", name="Rechercher")
    expect(search).to_be_focused()
    return search


def heading(page, name):
    return page.get_by_role("heading", level=1, name=name, exact=True)


@pytest.fixture
def portrait(app):  # noqa: F811 - the fixture imported above
    page, _ = app("/territoire?territoire=departement-48")
    expect(heading(page, "Lozère")).to_be_visible(timeout=PATIENCE)
    return page


def test_what_people_type_is_answered_while_they_type(portrait):
    search = open_picker(portrait)
    for typed, expected in WANTED.items():
        search.fill(typed)
        expect(portrait.get_by_role("option").first).to_contain_text(expected, timeout=PATIENCE)
    search.fill("74011")
    expect(portrait.get_by_text("Le code 74011 est d’une ancienne commune").first).to_be_visible(timeout=PATIENCE)
    search.fill("touluse")
    expect(portrait.get_by_text("voici les noms les plus proches").first).to_be_visible(timeout=PATIENCE)
    search.fill("zzzzzz")
    expect(portrait.get_by_text("Aucun territoire ne répond à « zzzzzz »").first).to_be_visible(timeout=PATIENCE)


def test_arrows_and_enter_choose_and_the_picker_closes(portrait):
    search = open_picker(portrait)
    search.press_sequentially("mend")
    first = portrait.get_by_role("option").first
    expect(first).to_contain_text("Mende (48095)", timeout=PATIENCE)
    search.press("ArrowDown")
    second = portrait.get_by_role("option").nth(1)
    expect(second).to_have_class(re.compile("active"))
    expect(search).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    search.press("ArrowUp")
    search.press("Enter")
    expect(heading(portrait, "Mende")).to_be_visible(timeout=PATIENCE)
    expect(search).to_have_count(0)
    expect_address(portrait, territoire="commune-48095")
    kept = "() => (localStorage.getItem('maillage_territoires') ?? '').includes('commune-48095')"
    portrait.wait_for_function(kept, timeout=PATIENCE)


def test_enter_before_the_answer_waits_for_it(portrait):
    search = open_picker(portrait)
    search.fill("Mende 48")
    search.press("Enter")
    expect(heading(portrait, "Mende")).to_be_visible(timeout=PATIENCE)


def test_the_own_territory_and_the_last_ones_are_proposed_at_the_next_visit(portrait):
    open_picker(portrait)
    portrait.get_by_role("button", name="En faire mon territoire habituel").click()
    expect(portrait.get_by_role("button", name="Ce n’est plus mon territoire habituel")).to_be_visible(timeout=PATIENCE)
    kept = "() => (localStorage.getItem('maillage_territoires') ?? '').includes('\"home\":\"departement-48\"')"
    portrait.wait_for_function(kept, timeout=PATIENCE)
    portrait.goto(portrait.url.replace("departement-48", "region-53"))
    expect(heading(portrait, "Bretagne")).to_be_visible(timeout=PATIENCE)
    open_picker(portrait)
    expect(portrait.get_by_text("Habituel", exact=True)).to_be_visible(timeout=PATIENCE)
    portrait.get_by_role("option", name=re.compile("Lozère")).first.click()
    expect(heading(portrait, "Lozère")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("typed", ["herault", "HERAULT", "Hérault"])
def test_what_is_compared_is_found_without_accents(portrait, typed):
    compared = portrait.get_by_role("combobox", name="Comparer avec")
    compared.fill(typed)
    expect(portrait.get_by_role("option")).to_have_count(1)
    compared.press("Enter")
    portrait.wait_for_url(re.compile("comparaison=departement-34"), timeout=PATIENCE)
    expect(portrait.get_by_role("button", name="Retirer Hérault (34)")).to_be_visible()


def test_lists_say_in_french_what_they_do_not_find_and_how_many_can_be_chosen(portrait):
    compared = portrait.get_by_role("combobox", name="Comparer avec")
    compared.fill("xyzzy")
    expect(portrait.get_by_text("Rien ne répond à « xyzzy ».").first).to_be_visible()
    for typed in ("cotes d armor", "reunion"):
        compared.fill(typed)
        expect(portrait.get_by_role("option")).to_have_count(1)
        compared.press("Enter")
    expect(portrait.get_by_text("2 au plus : retirez-en un d’abord.").first).to_be_visible()
    assert "No results" not in portrait.locator("body").inner_text()


def test_departments_are_found_without_accents_in_the_picker(portrait):
    open_picker(portrait)
    departments = portrait.get_by_role("combobox", name="Département")
    regions = portrait.get_by_role("combobox", name="Région")
    regions.fill("bourgogne franche")
    regions.press("Enter")
    expect(heading(portrait, "Bourgogne-Franche-Comté")).to_be_visible(timeout=PATIENCE)
    departments.fill("cote d or")
    departments.press("Enter")
    expect(heading(portrait, "Côte-d'Or")).to_be_visible(timeout=PATIENCE)


def test_indicators_stand_by_theme_and_are_found_by_their_definition(app):  # noqa: F811 - the fixture imported above
    page, shown = app("/?territoire=departement-48&structures=")
    shown.wait_until_drawn()
    indicators = page.get_by_role("combobox", name="Indicateur").first
    indicators.click()
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_be_in_viewport()
    expect(chosen).to_contain_text("Accessibilité aux généralistes (APL 2023), médecins de 65 ans ou moins")
    indicators.fill("generalistes")
    expect(page.get_by_role("option").first).to_be_visible()
    eventually(page, lambda: page.get_by_role("option").count() >= 12)
    indicators.fill("pauvrete")
    expect(page.get_by_role("option").first).to_contain_text("Pauvreté")
    indicators.press("Enter")
    page.wait_for_url(re.compile("indicateur=poverty_rate"), timeout=PATIENCE)
    expect(page.get_by_text("Taux de pauvreté du bassin de vie · 2021, mesuré").first).to_be_visible()


def test_a_neighbour_is_one_click_away(portrait):
    portrait.get_by_role("radio", name="Aveyron", exact=True).click()
    expect(heading(portrait, "Aveyron")).to_be_visible(timeout=PATIENCE)
    expect(portrait.get_by_role("radio", name="Lozère", exact=True)).to_be_visible(timeout=PATIENCE)


def test_an_island_says_that_nothing_touches_it(app):  # noqa: F811 - the fixture imported above
    page, _ = app("/territoire?territoire=commune-85113")
    expect(page.get_by_text("Communes limitrophes : aucune.")).to_be_visible(timeout=PATIENCE)


def test_a_peer_is_one_click_away_and_so_is_the_comparison(portrait):
    expect(portrait.get_by_role("heading", name="Territoires comparables")).to_be_visible(timeout=PATIENCE)
    expect(portrait.get_by_text(re.compile(r"Lozère : \d+r?e sur 11 sur « APL"))).to_be_visible(timeout=PATIENCE)
    line = portrait.locator("[class*='st-key-peer_departement']").first
    expect(line.get_by_role("button")).to_be_visible()
    name = line.get_by_role("button").inner_text().strip()
    portrait.locator("[class*='st-key-peer_compare_departement']").first.get_by_role("button").click()
    portrait.wait_for_url(re.compile("comparaison=departement-"), timeout=PATIENCE)
    expect(portrait.get_by_role("button", name=re.compile(f"^Retirer {re.escape(name)}"))).to_be_visible(
        timeout=PATIENCE
    )
    line.get_by_role("button").click()
    expect(heading(portrait, name)).to_be_visible(timeout=PATIENCE)


def test_the_card_of_the_map_leads_to_the_neighbours(app):  # noqa: F811 - the fixture imported above
    page, shown = app("/?territoire=departement-48&selection=commune-48198&structures=")
    shown.wait_until_drawn()
    expect(card_of(page).get_by_role("heading", name="Villefort")).to_be_visible(timeout=PATIENCE)
    card_of(page).get_by_role("radio", name="Pourcharesses").click()
    expect(card_of(page).get_by_role("heading", name="Pourcharesses")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("selection=commune-48117"), timeout=PATIENCE)


def test_on_a_phone_the_menu_bears_the_name_of_the_page_and_the_answers_are_in_sight(open_page, app_address):
    page = open_page(f"{app_address}/territoire?territoire=departement-48", width=390, height=844)
    expect(heading(page, "Lozère")).to_be_visible(timeout=PATIENCE)
    menu = page.get_by_test_id("stExpandSidebarButton")
    written = "button => getComputedStyle(button, '::after').content"
    eventually(page, lambda: menu.evaluate(written) == '"Menu · Territoire"')
    search = open_picker(page)
    search.fill("mende 48")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Mende (48095)", timeout=PATIENCE)
    expect(first).to_be_in_viewport()
    # The list is drawn again at each answer: measured in one step.
    left, right = first.evaluate(
        "option => [option.getBoundingClientRect().left, option.getBoundingClientRect().right]"
    )
    assert left >= 0
    assert right <= 390


def test_the_browser_folds_every_name_as_the_server_does(open_page, app_address):
    written = {"Œuilly", "N° 1 (ÉTÉ)", "L’Haÿ-les-Roses", "25 °C", "Sainte-Énimie", "2A004 – Ajaccio"}
    names = sorted({*store.load("communes")["name"], *store.load("epci")["name"], *written})
    page = open_page(f"{app_address}/_stcore/health")
    folded = page.evaluate(
        "async ([address, names]) => names.map((await import(address)).fold)",
        [LIST_MODULE, names],
    )
    differing = [(name, found) for name, found in zip(names, folded, strict=True) if found != fold(name)]
    assert differing == []


def test_an_answer_that_comes_late_leaves_the_reader_where_they_are(open_page, app_address):
    page = open_page(f"{app_address}/_stcore/health")
    active = page.evaluate(
        """async (address) => {
            const { default: show } = await import(address);
            document.body.innerHTML = "<div class='choice'></div>";
            const places = ["Mende", "Mendionde", "Menton"].map((name) => [name, name, "", "", ""]);
            const answer = (options) => show({
                parentElement: document.body,
                setTriggerValue: () => {},
                data: { label: "Rechercher", options, chosen: [], is_remote: true, text: "men", note: "", under: "" },
            });
            const marked = () => document.querySelector(".active").textContent;
            const seen = [];
            answer(places);
            seen.push(marked());
            document.querySelector("input").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
            seen.push(marked());
            answer(places.slice());
            seen.push(marked());
            answer(places.slice(1));
            seen.push(marked());
            answer([places[0], places[2]]);
            return [...seen, marked()];
        }""",
        LIST_MODULE,
    )
    assert active == ["Mende", "Mendionde", "Mendionde", "Mendionde", "Mende"]
