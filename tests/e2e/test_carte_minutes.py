"""From a click on Carte to the communes within fifteen minutes: counted, outlined, exported, made a territory."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from geo.travel_time.estimate import estimate_travel_times
from tests.e2e.browser import ROOT
from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e

MENDE = (3.50, 44.53)
PICK_PATIENCE = 60_000


def within(minutes):
    """Return the communes within some minutes of Mende by the estimate, computed anew."""
    import pandas as pd  # noqa: PLC0415 - as the other journeys read the snapshot

    communes = pd.read_parquet(ROOT / "data" / "snapshots" / "communes.parquet")
    away = estimate_travel_times(communes).minutes_from("48095")
    return {code for code, value in away.items() if value < minutes}


def edges(shown):
    """Count the pixels of the outlines on the map."""
    return shown.container.evaluate(
        """() => {
            const canvas = document.querySelector('.leaflet-overlay-pane canvas');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let k = 0; k < data.length; k += 4) {
                if (data[k] === 194 && data[k + 1] === 24 && data[k + 2] === 91) count += 1;
            }
            return count;
        }"""
    )


def updates(shown):
    return int(shown.container.get_attribute("data-updates"))


def test_from_a_click_to_the_territory_of_fifteen_minutes(open_page, app_address, tmp_path):
    page = open_page(f"{app_address}/?territoire=departement-48&structures=", height=1300)
    shown = MapOnPage(page).wait_until_drawn()
    shown.click(*MENDE)
    minutes = page.get_by_role("radiogroup", name="Autour de Mende, à moins de")
    expect(minutes).to_be_visible(timeout=PICK_PATIENCE)
    page.wait_for_url(re.compile("selection=commune-48095"))
    alone, before = edges(shown), updates(shown)
    assert alone > 0  # the commune itself
    minutes.get_by_text("15 min").click()
    page.wait_for_url(re.compile("minutes=15"))
    wanted = within(15)
    expect(page.get_by_text(f"{len(wanted)} communes, ")).to_be_visible(timeout=PICK_PATIENCE)
    expect(shown.legend).to_contain_text("communes à moins de 15 min de Mende", timeout=PICK_PATIENCE)
    shown.wait_for_update(before + 1)
    assert edges(shown) > 2 * alone

    card = page.locator(".st-key-reach_card")
    with page.expect_download(timeout=PICK_PATIENCE) as waiting:
        card.get_by_role("button", name="CSV", exact=True).click()
    path = tmp_path / "reached.csv"
    waiting.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";"))
    assert {row["Code"] for row in rows} == wanted
    assert rows[0]["Commune"] == "Mende"

    card.get_by_role("button", name="En faire mon territoire").click()
    expect(page.get_by_role("textbox", name="Nom du territoire")).to_have_value("15 minutes autour de Mende")
    expect(page.get_by_text(re.compile(rf"^{len(wanted)} communes, "))).to_be_visible()
