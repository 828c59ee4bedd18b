"""Takes the pictures of the manual again from a real server: `python docs/pictures.py [NAME…]` (a Chromium is needed).

Each is the screen that a reader has, in the light theme, shrunk to WebP: what the manual shows is what runs.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.browser import PATIENCE, launch, serve, wait_until_still  # noqa: E402
from tests.e2e.map_on_page import MapOnPage  # noqa: E402

FOLDER: Final = ROOT / "docs" / "manual" / "images"
MOST_BYTES: Final = 120_000
WIDTH: Final = 1280
LOZERE: Final = "territoire=departement-48"
CHOSEN: Final = "commune-48194"  # Vialas, a village far under the threshold


@dataclass(frozen=True)
class Shot:
    """A picture: its address, the size of the window, and what is done before it is taken."""

    address: str
    height: int = 900
    prepare: Callable[[Page], None] = lambda _page: None


def open_search(page: Page) -> None:
    """Open the search of a territory and type a few letters, without accents."""
    page.get_by_test_id("stPopover").first.get_by_role("button").first.click()
    page.get_by_placeholder("Nom, code postal ou code INSEE").fill("lozere")
    page.get_by_role("option").first.wait_for(timeout=PATIENCE)


def show_list(page: Page) -> None:
    """Bring the list under the map to the top of the window."""
    page.locator(".st-key-map_list").evaluate("list => list.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(1500)  # the grid draws itself on a canvas, which says nothing when it is done


SHOTS: Final = {
    "readme": Shot("/?structures="),
    "1-choisir": Shot("/?structures=", prepare=open_search),
    "2-lire": Shot(f"/?{LOZERE}"),
    "3-cliquer": Shot(f"/?{LOZERE}&selection={CHOSEN}"),
    "4-liste": Shot(f"/?{LOZERE}&structures=", prepare=show_list),
    "5-document": Shot(f"/territoire?{LOZERE}"),
}


def take(page: Page, address: str, shot: Shot) -> bytes:
    """Return a picture as WebP, light enough to be read from afar."""
    page.set_viewport_size({"width": WIDTH, "height": shot.height})
    page.goto(address + shot.address)
    if not shot.address.startswith("/territoire"):
        MapOnPage(page).wait_until_drawn()
    else:
        page.get_by_role("button", name="Fiche PDF").wait_for(timeout=PATIENCE)
    wait_until_still(page)
    page.wait_for_timeout(2500)  # the finer shapes of a close view come after the first drawing
    shot.prepare(page)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in (88, 80, 70, 60, 50):
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= MOST_BYTES:
            return packed.getvalue()
    raise ValueError(f"{shot.address}: more than {MOST_BYTES} bytes")


def main(names: list[str]) -> None:
    """Take the pictures asked for, or all of them."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(ROOT / "app.py", log=Path(folder) / "log", environment={"MAILLAGE_DATA": folder}) as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(color_scheme="light", locale="fr-FR")
        for name in names or SHOTS:
            packed = take(page, address, SHOTS[name])
            (FOLDER / f"{name}.webp").write_bytes(packed)
            sys.stdout.write(f"{name} : {len(packed)} bytes\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
