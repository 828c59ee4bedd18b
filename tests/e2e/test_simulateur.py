"""The planner's journeys in the simulator: open an MSP, read the people lifted, export, share, ask where."""

import csv
import io
import json
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, ROOT, serve
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_app import address_of, read_download

pytestmark = pytest.mark.e2e

FLORAC = (3.5935, 44.3255)
FAR_IN_FLORAC = (3.6116, 44.3061)
"""2.6 km from the mairie, deep enough in the commune for a click on the map of the department."""


@pytest.fixture(scope="session")
def simulator_address(tmp_path_factory):
    """Serve the app with a cache that outlives the tests, so that the supply is estimated once."""
    folder = ROOT / "tests" / "output" / "cache"
    log = tmp_path_factory.mktemp("simulator") / "server.log"
    with serve(ROOT / "app.py", log=log, environment={"MAILLAGE_CACHE": str(folder)}) as address:
        yield address


@pytest.fixture
def simulator(open_page, simulator_address):
    def open_simulator(query="territoire=departement-48", **options):
        # The whole map in sight: Leaflet takes the focus on a click, and the page would scroll under the pointer.
        page = open_page(f"{simulator_address}/simulateur?{query}", **({"height": 1100} | options))
        shown = MapOnPage(page).wait_until_drawn()
        return page, shown

    return open_simulator


def metric(page, label):
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue")


def number(text):
    return int(re.sub(r"\D", "", text))


def open_msp_at_florac(page, shown):
    shown.click(*FLORAC)
    expect(page.get_by_role("heading", name="Florac Trois Rivières (48061)")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Ouvrir une MSP ici").click()
    expect(metric(page, "Médecins ajoutés")).to_contain_text("3", timeout=PATIENCE)


def test_opening_an_msp_by_a_click_lifts_people_and_exports_the_table(simulator, tmp_path):
    page, shown = simulator()
    open_msp_at_florac(page, shown)
    lifted = number(metric(page, "Habitants passés au-dessus de 2,5").inner_text())
    assert lifted > 0
    expect(shown.legend).to_contain_text("Différence : APL ≤ 65 ans 2023", timeout=PATIENCE)
    expect(shown.legend).to_contain_text("hausse de plus de 1")
    rows = list(
        csv.DictReader(
            io.StringIO(read_download(page, "CSV", tmp_path).read_bytes().decode("utf-8-sig")), delimiter=";"
        )
    )
    assert {"48061"} <= {row["Code"] for row in rows}
    assert sum(float(row["Habitants"].replace(",", ".")) for row in rows if row["Seuil de 2,5"]) == lifted
    book = openpyxl.load_workbook(read_download(page, "XLSX avec les sources", tmp_path))
    told = [str(cell) for row in book["Sources"].iter_rows(values_only=True) for cell in row if cell]
    assert "Ouverture, Florac Trois Rivières (48061), 3\u00a0ETP" in told
    assert any("Licence" in cell for cell in told)


def test_an_opening_is_uncovered_by_the_handle_and_beside_what_was_before(simulator):
    page, shown = simulator()
    open_msp_at_florac(page, shown)
    page.get_by_role("radio", name="Rideau").click()
    handle = shown.frame.get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuetext", re.compile("« Avant » à gauche.*« Après » à droite"))
    legends = shown.legend
    expect(legends.nth(0)).to_contain_text("MSP")
    expect(legends.nth(0)).not_to_contain_text("Ouverture du scénario")
    expect(legends.nth(1)).to_contain_text("Ouverture du scénario")
    shown.hover(FLORAC[0], FLORAC[1] + 0.03)
    lines = shown.tooltip.locator("div").all_inner_texts()
    assert [line.partition(" : ")[0] for line in lines if " : " in line] == ["Avant", "Après", "Différence"]
    page.get_by_role("radio", name="Côte à côte").click()
    after = page.frame_locator("iframe").nth(1)
    expect(after.locator(".maillage-legend")).to_contain_text("Ouverture du scénario")
    expect(handle).to_have_count(0)


def test_an_msp_opens_at_the_point_clicked_and_not_at_the_mairie(simulator, tmp_path):
    page, shown = simulator()
    shown.click(*FAR_IN_FLORAC)
    expect(page.get_by_role("heading", name="Florac Trois Rivières (48061)")).to_be_visible(timeout=PATIENCE)
    at_mairie, at_point = (page.get_by_role("radio", name=name) for name in ("à la mairie", "au point cliqué"))
    expect(at_mairie).to_be_checked()
    page.get_by_role("button", name="Ouvrir une MSP ici").click()
    expect(metric(page, "Médecins ajoutés")).to_contain_text("3", timeout=PATIENCE)
    better = metric(page, "Habitants mieux desservis")
    from_mairie = better.inner_text()
    page.locator(".st-key-simulator_undo").get_by_role("button").click()
    expect(metric(page, "Médecins ajoutés")).to_have_text(re.compile("^0"), timeout=PATIENCE)
    at_point.click()
    expect(at_point).to_be_checked()
    page.get_by_role("button", name="Ouvrir une MSP ici").click()
    expect(metric(page, "Médecins ajoutés")).to_contain_text("3", timeout=PATIENCE)
    expect(better).not_to_have_text(from_mairie)
    expect(page.get_by_text("ETP, au point cliqué")).to_be_visible()
    expect(shown.legend).to_contain_text("Ouverture du scénario", timeout=PATIENCE)
    # Blue, the sign's colour: the star stands on the point.
    sign = shown.container.evaluate(
        """(_, place) => {
            const canvas = document.querySelector('.leaflet-marker-pane canvas');
            const corner = L.DomUtil.getPosition(canvas);
            const point = window.map.latLngToLayerPoint(place).subtract(corner);
            return [...canvas.getContext('2d').getImageData(point.x, point.y, 1, 1).data].slice(0, 3);
        }""",
        FAR_IN_FLORAC[::-1],
    )
    assert sign == [0x00, 0x72, 0xB2]
    page.get_by_role("button", name="Gérer").click()
    (change,) = json.loads(read_download(page, "Enregistrer le fichier", tmp_path).read_text(encoding="utf-8"))[
        "changes"
    ]
    assert change["commune_code"] == "48061"
    # A pixel of this map is 300 m or so wide.
    assert (change["point"]["longitude"], change["point"]["latitude"]) == pytest.approx(FAR_IN_FLORAC, abs=0.005)


def test_the_address_reopens_the_scenario_and_undo_takes_it_back(simulator):
    page, shown = simulator()
    open_msp_at_florac(page, shown)
    page.wait_for_url(re.compile("s_scenario="))
    token = address_of(page)["s_scenario"]
    again, _ = simulator(f"territoire=departement-48&s_scenario={token}")
    expect(metric(again, "Médecins ajoutés")).to_contain_text("3", timeout=PATIENCE)
    again.locator(".st-key-simulator_begin").get_by_role("button").click()
    expect(metric(again, "Médecins ajoutés")).to_have_text(re.compile("^0"), timeout=PATIENCE)
    page.locator(".st-key-simulator_undo").get_by_role("button").click()
    expect(metric(page, "Médecins ajoutés")).to_have_text(re.compile("^0"), timeout=PATIENCE)


def test_a_scenario_is_saved_to_a_file_and_a_damaged_one_is_refused(simulator, tmp_path):
    page, shown = simulator()
    open_msp_at_florac(page, shown)
    page.get_by_role("button", name="Gérer").click()
    path = read_download(page, "Enregistrer le fichier", tmp_path)
    saved = path.read_text(encoding="utf-8")
    assert json.loads(saved)["changes"] == [{"kind": "opening", "commune_code": "48061", "gp_fte": 3.0}]
    path.write_text(saved.replace("48061", "00000"), encoding="utf-8")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("n’a pas été ouvert")).to_contain_text("ligne 6, commune_code", timeout=PATIENCE)


def test_the_siting_proposes_proves_and_is_accepted(simulator):
    page, shown = simulator("territoire=departement-12")
    page.get_by_role("tab", name="Où ouvrir ?").click()
    page.get_by_role("button", name="Proposer", exact=True).click()
    expect(page.get_by_text("habitants de plus à 20 minutes")).to_be_visible(timeout=PATIENCE)
    prove = page.get_by_role("button", name="Chercher le meilleur choix")
    if prove.count():
        prove.click()
        expect(page.get_by_text("Aucun autre choix de 5 communes ne fait mieux")).to_be_visible(timeout=90_000)
        page.get_by_text("Comment on le sait").click()
        expect(page.get_by_text("Optimum prouvé")).to_be_visible()
    page.get_by_role("button", name=re.compile("Ajouter au scénario.*par site")).click()
    expect(metric(page, "Médecins ajoutés")).to_contain_text("15", timeout=PATIENCE)
    expect(shown.legend).to_contain_text("Ouverture du scénario")
