"""The map as it was when someone last looked at it: a picture may differ by a few pixels, no more.

A missing picture is made and the test fails, so that it is looked at before it is committed.
"""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.map_on_page import MapOnPage
from tests.e2e.screens import share_that_differs

pytestmark = pytest.mark.e2e

PICTURES = Path(__file__).parent / "pictures"
SHRINK = 2  # half the size: what matters is colours and shapes, not antialiasing
BUDGET = 0.01  # share of the pixels that may differ more than that

VIEWS = {
    "france_apl": "/?structures=",
    "occitanie_trajet_msp": "/?territoire=region-76&indicateur=nearest_msp_min&structures=",
    "reunion_apl": "/?territoire=departement-974&structures=",
    "departements_msp": "/?indicateur=msp_dgos_per_100k&structures=&methode=jenks",
    "france_population_cercles": "/?indicateur=population&structures=",
    "occitanie_croisement": "/croisement?territoire=region-76",
}


def picture_of(shown):
    """Return what the canvas of the territories shows, without legend nor fonts."""
    address = shown.container.evaluate("() => document.querySelector('.leaflet-overlay-pane canvas').toDataURL()")
    image = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return flat.resize((flat.width // SHRINK, flat.height // SHRINK), Image.Resampling.BOX)


def settled_picture(shown, is_as_before):
    """Wait until the canvas stops changing and is as before: on a busy machine the finer shapes of a close view lag.

    What never comes to be as before is returned as it settled.
    """
    before = None
    for _ in range(15):
        found = picture_of(shown)
        is_settled = before is not None and found.tobytes() == before.tobytes()
        if is_settled and is_as_before(found):
            return found
        before = found
        shown.page.wait_for_timeout(1500)
    return found if is_settled else pytest.fail("the map never settles")


@pytest.mark.parametrize("name", VIEWS)
def test_the_map_looks_as_it_did(name, open_page, app_address):
    shown = MapOnPage(open_page(app_address + VIEWS[name], width=1280))
    shown.wait_until_drawn()
    path = PICTURES / f"{name}.png"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        settled_picture(shown, lambda _found: True).quantize(64).save(path, optimize=True)
        pytest.fail(f"no picture to compare with: {path.name} has been made, look at it before committing it")
    expected = Image.open(path).convert("RGB")
    found = settled_picture(shown, lambda found: share_that_differs(found, expected) <= BUDGET)
    share = share_that_differs(found, expected)
    assert share <= BUDGET, f"{share:.1%} of the pixels of {name} differ"
