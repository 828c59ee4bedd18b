"""The planner's journey on the data: update FINESS from a local server, see what changed, go back."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from data import store
from data.sources import registry
from tests.data.file_server import file_server
from tests.data.finess_files import feed_file, feed_site
from tests.e2e.browser import PATIENCE, ROOT, serve

pytestmark = pytest.mark.e2e

CATEGORIES = {"msp": "603", "cpts": "604", "centre_sante": "124", "pharmacie": "620", "hopital": "355"}
FEED = registry.load_remotes()["finess_national"].addresses[0].file.partition("data.gouv.fr")[2]


def national_feed() -> bytes:
    """Return the embedded sites of Occitanie but the first, one renamed, and an MSP in 2 700 communes elsewhere."""
    embedded = store.load("structures", store.DEFAULT_FOLDER).query("region_code == '76'")
    communes = store.load("communes", store.DEFAULT_FOLDER)
    out = communes[communes["region_code"] != "76"]
    elsewhere = pd.concat([out.drop_duplicates("region_code"), out.iloc[::12]]).drop_duplicates("commune_code")
    sites = [
        feed_site(
            row.finess_code,
            known={"nomEgeLong": "UN NOUVEAU NOM" if number == 0 else row.name, "nomEgeCourt": row.name},
            address={"cogCommune": row.commune_code, "coordonneesGeographique": point(row)},
            categorieentiteGeographiqueExercice=CATEGORIES[row.structure_type],
        )
        for number, row in enumerate(embedded.iloc[1:].itertuples(index=False))
    ]
    sites += [
        feed_site(
            f"{row.departement_code[:2]}99{number:05d}",
            address={"cogCommune": row.commune_code, "coordonneesGeographique": point(row)},
        )
        for number, row in enumerate(elsewhere.itertuples(index=False))
    ]
    return feed_file(*sites, indent=None)


def point(row) -> dict[str, str]:
    return {"coordonneeX": f"{row.longitude:.5f}", "coordonneeY": f"{row.latitude:.5f}"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Serve the app with a data folder of its own, and the official file beside it."""
    folder = tmp_path_factory.mktemp("update")
    with file_server() as files:
        files.files[FEED] = national_feed()
        environment = {"MAILLAGE_DATA": str(folder / "data"), "MAILLAGE_SYNC_BASE": files.url}
        with serve(ROOT / "app.py", log=folder / "server.log", environment=environment) as address:
            yield address


def test_update_see_what_changed_and_go_back(open_page, served):
    page = open_page(f"{served}/donnees")
    page.get_by_role("combobox", name="Sources à mettre à jour").click(timeout=PATIENCE)
    page.get_by_role("option", name=re.compile("FINESS")).first.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Mettre à jour", exact=True).click()
    expect(page.get_by_text(re.compile("mise à jour. .* lignes, au 20 novembre 2026"))).to_be_visible(timeout=PATIENCE)

    page.goto(f"{served}/qualite")
    closed = page.get_by_test_id("stMetric").filter(has_text="Fermées")
    expect(closed.get_by_test_id("stMetricValue")).to_have_text("1", timeout=PATIENCE)
    renamed = page.get_by_test_id("stMetric").filter(has_text="Renommées")
    expect(renamed.get_by_test_id("stMetricValue")).not_to_have_text("0")
    expect(page.get_by_text("limitée à ce que les deux versions couvrent : Occitanie")).to_be_visible()

    page.goto(f"{served}/")
    expect(page.get_by_text("Structures localisées : FINESS")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("ne sont connues qu’en")).to_have_count(0)

    page.goto(f"{served}/donnees")
    page.get_by_text("Revenir à la version précédente").click(timeout=PATIENCE)
    page.get_by_role("button", name="Revenir", exact=True).click()
    expect(page.get_by_text(re.compile(": données embarquées en place"))).to_be_visible(timeout=PATIENCE)


def test_a_file_taken_with_a_browser_passes_the_same_checks(open_page, served, tmp_path):
    taken = tmp_path / "finess.json.gz"
    taken.write_bytes(national_feed())
    page = open_page(f"{served}/donnees")
    page.get_by_text("J’ai déjà le fichier officiel").click(timeout=PATIENCE)
    source = page.get_by_test_id("stExpander").filter(has_text="J’ai déjà").get_by_role("combobox")
    source.fill("FINESS")
    page.keyboard.press("Enter")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(taken)
    page.get_by_role("button", name="Vérifier et installer").click()
    expect(page.get_by_text(re.compile("mise à jour. .* lignes, au 20 novembre 2026"))).to_be_visible(timeout=PATIENCE)
