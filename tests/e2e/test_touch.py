"""A map under a finger: one scrolls the page and is told so, a button recentres, overseas departments are there."""

import pytest
from playwright.sync_api import expect

from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e


def test_one_finger_leaves_the_map_where_it_is_and_a_button_brings_it_back(open_page, app_address):
    page = open_page(app_address, width=390, height=844, has_touch=True, is_mobile=True)
    shown = MapOnPage(page)
    shown.wait_until_drawn()
    for name in ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"):
        expect(shown.frame.get_by_role("button", name=name)).to_be_visible()
    assert shown.container.evaluate("() => window.map.dragging.enabled()") is False
    expect(shown.frame.locator(".maillage-hint")).to_be_hidden()
    shown.container.evaluate(
        """container => {
            const touch = (y) => new Touch({ identifier: 1, target: container, clientX: 150, clientY: y });
            const at = (y) => ({ touches: [touch(y)], bubbles: true });
            const send = (kind, y) => container.dispatchEvent(new TouchEvent(kind, at(y)));
            send("touchstart", 300);
            send("touchmove", 240);
        }"""
    )
    expect(shown.frame.get_by_text("Utilisez deux doigts pour déplacer la carte")).to_be_visible()
    before = shown.container.evaluate("() => [window.map.getZoom(), window.map.getCenter().lat]")
    shown.container.evaluate("() => window.map.setView([48, 6], 9, { animate: false })")
    shown.frame.get_by_role("button", name="Recentrer la carte").click()
    after = shown.container.evaluate("() => [window.map.getZoom(), window.map.getCenter().lat]")
    assert after == pytest.approx(before, abs=0.1)
