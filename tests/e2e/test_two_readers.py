"""Two readers of one shared list, each with a page of its own: both changes stand; one upon the other is told."""

import time

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data.projects.database import open_database
from data.projects.storage import change_projects, read_projects
from tests.e2e.browser import ROOT, eventually, serve, wait_until_still
from tests.toy_projects import build_projects

pytestmark = pytest.mark.e2e

OWNER = "partage"
COMMUNE_PX, ROW_PX = 440, 35
"""Where the column of the commune stands in the table, and the height of a line."""
LONGEST_S = 120.0


@pytest.fixture
def shared(tmp_path):
    """Serve one list of two projects to all; give the address and how to read the communes in place."""
    engine = open_database(sa.URL.create("sqlite", database=str(tmp_path / "projets.sqlite")))
    listed = build_projects({"name": "MSP Un"}, {"name": "MSP Deux"}).assign(project_id="")
    environment = {"MAILLAGE_DATA": str(tmp_path), "MAILLAGE_LOCAL": "", "MAILLAGE_PROJECTS_SHARED": "1"}
    with serve(ROOT / "app.py", log=tmp_path / "server.log", environment=environment) as address:
        change_projects(engine, OWNER, lambda _: listed, action="Import")
        yield address, lambda: list(read_projects(engine, OWNER)["commune_code"])
    engine.dispose()


def write_commune(page, row, text):
    """Type a commune in a line of the table."""
    grid = page.get_by_test_id("stDataFrame").first
    field = page.locator("#portal textarea, #portal input").first

    def is_open():  # the canvas of the table says nothing of when it is drawn
        if not field.is_visible():
            box = grid.bounding_box()
            page.mouse.dblclick(box["x"] + COMMUNE_PX, box["y"] + (row + 1.5) * ROW_PX)
            page.wait_for_timeout(500)
        return field.is_visible()

    expect(grid).to_be_visible()
    wait_until_still(page)
    eventually(page, is_open)
    field.fill(text)
    page.keyboard.press("Enter")


def wait_for(read, wanted):
    """Wait until what is read is what is wanted."""
    end = time.monotonic() + LONGEST_S
    while read() != wanted and time.monotonic() < end:
        time.sleep(0.2)
    assert read() == wanted


def test_changes_of_two_readers_are_both_kept_and_one_on_the_other_is_told(open_page, shared):
    address, communes = shared
    first, second = (open_page(f"{address}/projets", width=1440 + k) for k in range(2))
    for page in (first, second):
        expect(page.get_by_text("Liste partagée")).to_be_visible()
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    write_commune(first, 0, "Mende")
    wait_for(communes, ["48095", "31555"])
    write_commune(second, 1, "Foix")  # its page was drawn before
    wait_for(communes, ["48095", "09122"])
    expect(second.get_by_text("La liste a changé entre-temps")).to_have_count(0)
    write_commune(first, 0, "Marvejols")
    wait_for(communes, ["48092", "09122"])
    write_commune(second, 0, "Langogne")
    expect(second.get_by_text("La liste a changé entre-temps")).to_be_visible()
    assert communes() == ["48092", "09122"]
