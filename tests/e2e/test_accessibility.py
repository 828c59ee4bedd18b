"""Every screen, in one browser: as it was looked at, French to the last word, and nothing that axe-core finds wrong."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from data.projects.database import open_database
from data.projects.schema import FILE_NAME
from data.projects.storage import change_projects
from geo.map import THEMES
from pages.navigation import SCREENS
from tests.e2e.accessibility import english_in, faults_of, misprints_in, texts_of
from tests.e2e.browser import PATIENCE, ROOT, guard, serve, wait_until_still
from tests.e2e.screens import Sheet
from tests.toy_projects import build_projects

pytestmark = pytest.mark.e2e

SHOWN = {
    "map": "?territoire=departement-48&selection=commune-48095",
    "territory": "?territoire=departement-48&comparaison=departement-12",
    "simulator": "?territoire=departement-48",
    "projection": "?territoire=departement-48",
    "slideshow": "?territoire=departement-48",
    "crossing": "?territoire=departement-48",
    "two_maps": "?territoire=departement-48",
    "project_board": "?territoire=region-76",
    "study": "?territoire=commune-48095",
    "cpts": "?territoire=departement-84",
}
"""What each screen is asked to show; the others open as they are."""

ALLOWED: dict[str, str] = {}
"""Rules that Streamlit breaks where no line of ours can mend it → why; one that nothing breaks any more fails."""


MOST_SHIFT = 0.25
"""What a page may move while it comes, by the measure that browsers have of it (cumulative layout shift): "poor" from
there. The goal is 0.1; a page comes in other parts on a busy machine, so the tests only hold what no one would want."""
KEEP_SHIFTS = """() => {
  window.maillageShifts = [];
  const keep = (list) => window.maillageShifts.push(...list.getEntries().filter((each) => !each.hadRecentInput));
  new PerformanceObserver(keep).observe({ type: "layout-shift", buffered: true });
}"""
SHIFT = """() => {
  let [most, sum, first, last] = [0, 0, -Infinity, -Infinity];
  for (const { value, startTime } of window.maillageShifts) {
    if (startTime - last > 1000 || startTime - first > 5000) [sum, first] = [0, startTime];
    [sum, last] = [sum + value, startTime];
    most = Math.max(most, sum);
  }
  return most;
}"""
"""The largest sum of moves less than a second apart, five seconds in all."""
FIRST_INK = """() => {
  const context = document.createElement("canvas").getContext("2d");
  context.globalAlpha = 0.6; // what the grid asks for the column that stays in sight
  return context.globalAlpha;
}"""

FOLDED = ".stExpander details:not([open]) > summary"
REFUSED = {"name": "a.exe", "mimeType": "application/x-exe", "buffer": b"x"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Serve the app to a reader who has two projects."""
    folder = tmp_path_factory.mktemp("accessibility")
    engine = open_database(sa.make_url(f"sqlite:///{folder / FILE_NAME}"))
    projects = build_projects(
        {"name": "MSP des Deux Vallées", "stage": "projet", "project_on": "2020-03-01"},
        {"name": "MSP du Canal", "stage": "ouvert", "opened_on": "2024-02-01"},
    )
    change_projects(engine, "poste", lambda _: projects.assign(project_id=""), action="Import")
    engine.dispose()
    with serve(ROOT / "app.py", log=folder / "server.log", environment={"MAILLAGE_DATA": str(folder)}) as address:
        yield address


@pytest.fixture(scope="module")
def reader(chromium):
    """One page for all the screens."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(f"({KEEP_SHIFTS})()")
    escaped = guard(page)
    yield page
    context.close()
    assert escaped == []


@pytest.fixture(scope="module")
def seen():
    """Titles and rules met on the screens already read."""
    return {"titles": [], "rules": set()}


def open_screen(page, site, name, sheet=None):
    """Open a screen, look at it for its sheet, open all that it folds; return by how much it moved while it came."""
    route = "" if name == "map" else SCREENS[name].route
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/{route}{SHOWN.get(name, '')}")
    page.locator(".stMainBlockContainer .stElementContainer:not(:has(style))").nth(1).wait_for(state="attached")
    wait_until_drawn(page)
    shift = page.evaluate(SHIFT)
    if sheet is not None:
        sheet.look(page, "light")
    # What is folded is read and looked at too.
    page.evaluate(
        "() => document.querySelectorAll('.stExpander details:not([open]) > summary').forEach(each => each.click())"
    )
    wait_until_drawn(page)
    return shift


def wait_until_drawn(page):
    """Wait for the page, then for every map of it: until it is drawn, a map does not bear its own name."""
    wait_until_still(page)
    for frame in page.locator("iframe").all():
        frame.content_frame.locator(".maillage-map[data-updates]").wait_for()


def read_what_opens(page):
    """Return what is said by the windows that open over the page: popovers and the first list."""
    main = page.locator(".stMainBlockContainer")
    said = set()
    for opener in [
        *main.locator(".stPopover button[aria-haspopup]").all(),
        *main.locator(".stSelectbox input").all()[:1],
    ]:
        if opener.is_visible() and opener.is_enabled():
            opener.click()
            wait_until_still(page)
            said |= texts_of(page)
            page.keyboard.press("Escape")
    return said


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did_in_french_and_without_fault_in_both_themes(reader, site, seen, name, tmp_path):
    sheet = Sheet(name)
    shift = open_screen(reader, site, name, sheet)
    faults = faults_of(reader)
    reader.emulate_media(color_scheme="dark")
    expect(reader.locator(".stApp")).to_have_css("color-scheme", "dark")
    for frame in reader.locator("iframe").all():  # drawn again by a new run of the page
        frame.content_frame.locator(f".maillage-map[style*='{THEMES['dark'].background}']").wait_for()
    wait_until_still(reader)
    sheet.look(reader, "dark")
    faults += faults_of(reader, ["color-contrast"])  # the only rule that a theme can change
    unexpected = [fault for fault in faults if fault[0] not in ALLOWED]
    seen["rules"].update(rule for rule, *_ in faults)
    said = texts_of(reader) | read_what_opens(reader)
    assert (unexpected, english_in(said), misprints_in(said)) == ([], {}, {})
    assert shift <= MOST_SHIFT
    assert reader.evaluate(FIRST_INK) == 1
    assert reader.locator("h1").count() == 1
    assert reader.title() not in seen["titles"]
    seen["titles"].append(reader.title())
    sheet.finish(tmp_path)


def test_every_allowance_is_still_needed(seen):
    if len(seen["titles"]) < len(SCREENS):
        pytest.skip("not all the screens have been read")
    assert set(ALLOWED) <= seen["rules"]


def test_a_window_its_list_its_calendar_and_a_refused_file_are_in_french(reader, site):
    open_screen(reader, site, "project_board")
    reader.locator("[class*=st-key-board_move_]").first.get_by_role("button").click()
    window = reader.get_by_role("dialog")
    expect(window).to_contain_text("Étape actuelle")
    wait_until_still(reader)
    said = texts_of(reader)
    window.get_by_role("combobox", name="Nouvelle étape").click()
    said |= texts_of(reader)
    reader.keyboard.press("Escape")
    window.get_by_role("button", name="Choisir une date").click()
    said |= texts_of(reader)
    assert english_in(said) == {}
    assert faults_of(reader) == []
    open_screen(reader, site, "projects")
    reader.get_by_text("Importer un fichier").click()
    reader.locator("input[type=file]").set_input_files(
        {"name": "a.exe", "mimeType": "application/x-exe", "buffer": b"x"}
    )
    expect(reader.get_by_text("Ce genre de fichier n’est pas accepté")).to_be_visible()
    assert faults_of(reader) == []
    reader.get_by_test_id("stTopNavSection").first.click()
    assert english_in(texts_of(reader)) == {}


def test_the_keyboard_goes_straight_to_the_content(reader, site):
    open_screen(reader, site, "ranking")
    reader.keyboard.press("Tab")
    skip = reader.get_by_text("Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
