"""A page on paper: A4, light, nothing to be pressed, nothing cut; and the screen is as it was afterwards."""

import re

import pytest

from geo.map import THEMES
from tests.e2e.browser import eventually, wait_until_still
from tests.e2e.map_on_page import MapOnPage

pytestmark = pytest.mark.e2e

PAPER_PX = 186 * 96 / 25.4
DRAWN = ".js-plotly-plot, .stMain iframe, .stDataFrame"
PRESSED = ".stAppHeader, .stButton, .stDownloadButton, .st-key-foot, .maillage-fullscreen"


def widest(page):
    """Return the right edge of what is drawn, from the left of the page, in CSS pixels."""
    return page.evaluate(
        "drawn => Math.max(...[...document.querySelectorAll(drawn)].map((each) => each.getBoundingClientRect().right))",
        DRAWN,
    )


def shown(page):
    """Count what is there to be pressed and can be seen."""
    return page.evaluate(
        "pressed => [...document.querySelectorAll(pressed)].filter((each) => each.getClientRects().length).length",
        PRESSED,
    )


def test_a_dark_page_is_printed_light_whole_and_without_controls(open_page, app_address):
    page = open_page(f"{app_address}/classement", color_scheme="dark")
    drawn = MapOnPage(page)
    drawn.wait_until_drawn()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    wait_until_still(page)
    as_it_was = widest(page)
    assert as_it_was > PAPER_PX
    assert shown(page) > 3

    # By the menu of the browser: at once, as it is drawn.
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert widest(page) <= PAPER_PX
    assert shown(page) == 0
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    eventually(page, lambda: widest(page) == as_it_was)

    # By the keyboard: drawn again, in light colours.
    page.evaluate("() => { window.print = () => { window.isPrinted = true; }; }")
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.isPrinted")
    page.emulate_media(media="print", color_scheme="dark")
    drawn.frame.locator(f".maillage-map[style*='{THEMES['light'].background}']").wait_for()
    assert widest(page) <= PAPER_PX
    assert shown(page) == 0
    assert page.locator(".stApp").evaluate("app => getComputedStyle(app).backgroundColor") == "rgb(255, 255, 255)"
    foot = page.locator(".stMainBlockContainer").evaluate("main => getComputedStyle(main, '::after').content")
    assert "Classement · Maillage, imprimé le" in foot
    assert "Sources et méthode" in foot
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 4
    page.emulate_media(media="screen")
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    eventually(page, lambda: widest(page) == as_it_was)
    assert shown(page) > 3
