"""The map as a user sees it: places in degrees, colours on the screen, tooltips, clicks."""

import re

from playwright.sync_api import expect

from tests.e2e.browser import PATIENCE, wait_until_still


class MapOnPage:
    """The map as a user sees it: places in degrees, colours on the screen, tooltips, clicks."""

    def __init__(self, page):
        self.page = page
        self.frame = page.frame_locator("iframe")
        self.container = self.frame.locator(".maillage-map")
        self.tooltip = self.frame.locator(".maillage-tooltip")
        self.legend = self.frame.locator(".maillage-legend")

    def wait_for_update(self, number=1):
        selector = f".maillage-map[data-updates='{number}']"
        self.frame.locator(selector).wait_for(timeout=PATIENCE)
        return self

    def wait_until_drawn(self, timeout=PATIENCE):
        """Wait for a first drawing, however many updates the page has sent."""
        self.frame.locator(".maillage-map[data-updates]").wait_for(timeout=timeout)
        return self

    def colour_at(self, longitude, latitude):
        return tuple(
            self.container.evaluate(
                """async (_, [latitude, longitude]) => {
                    const frame = () => new Promise((done) => requestAnimationFrame(done));
                    await frame().then(frame); // what an update asked for is drawn at the next frame
                    const canvas = document.querySelector('.leaflet-overlay-pane canvas');
                    const corner = L.DomUtil.getPosition(canvas);
                    const point = window.map.latLngToLayerPoint([latitude, longitude]).subtract(corner);
                    return [...canvas.getContext('2d').getImageData(point.x, point.y, 1, 1).data].slice(0, 3);
                }""",
                [latitude, longitude],
            )
        )

    def place(self, longitude, latitude):
        """Position on the page, in CSS pixels, of a place on the ground."""
        wait_until_still(self.page)
        x, y = self.container.evaluate(
            "(_, place) => { const p = window.map.latLngToContainerPoint(place); return [p.x, p.y]; }",
            [latitude, longitude],
        )
        box = self.container.bounding_box()
        return box["x"] + x, box["y"] + y

    def hover(self, longitude, latitude):
        x, y = self.place(longitude, latitude)
        self.page.mouse.move(x - 3, y)
        self.page.mouse.move(x, y)

    def click(self, longitude, latitude):
        self.page.mouse.click(*self.place(longitude, latitude))

    def expect_picks(self, *picks):
        expect(self.page.get_by_text(re.compile("^PICKS="))).to_have_text(f"PICKS={','.join(picks)}.", timeout=PATIENCE)

    def tick(self, label):
        self.page.get_by_text(label, exact=True).click()

    def zoom(self):
        return self.container.evaluate("() => window.map.getZoom()")
