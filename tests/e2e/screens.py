"""Screens as they were when someone last looked at them: one sheet a screen, all its sizes, light above dark.

A missing sheet is made and the test fails, so that it is looked at before it is committed. What differs is written
beside the server's log.
"""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SHEETS = Path(__file__).parent / "pictures" / "screens"
SIZES = ((1440, 900), (1280, 720), (1024, 768), (390, 844))
SHRINK = 6  # a letter is a pixel or two: places and colours matter, not fonts
TOLERANCE = 40  # of 255, on any channel
BUDGET = 0.03  # share of the pixels that may differ more than that
TRIES, WAIT_MS = 40, 200


class Sheet:
    """The pictures of one screen, in the order taken, against those kept."""

    def __init__(self, name: str) -> None:
        self._path = SHEETS / f"{name}.png"
        self._kept = Image.open(self._path).convert("RGB") if self._path.exists() else None
        self._rows: list[list[Image.Image]] = []
        self.differs: list[str] = []

    def look(self, page, theme: str) -> None:
        """Take a picture at each size; a late drawing is waited for as long as it differs from the one kept."""
        first = page.viewport_size
        self._rows.append([])
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            expected = self._expected(width, height)
            before, share = None, 1.0
            for _ in range(TRIES):
                _recentre_maps(page)
                page.wait_for_timeout(WAIT_MS)
                found = _picture_of(page)
                share = share_that_differs(found, expected or before) if expected or before else 1.0
                if share <= (BUDGET if expected else 0.0):
                    break
                before = found
            if expected is None or share > BUDGET:
                self.differs.append(f"{theme} {width}×{height}: {share:.1%}")
            self._rows[-1].append(found)
        page.set_viewport_size(first)

    def _expected(self, width: int, height: int) -> Image.Image | None:
        if self._kept is None:
            return None
        left = sum(picture.width for picture in self._rows[-1])
        top = sum(max(picture.height for picture in row) for row in self._rows[:-1])
        return self._kept.crop((left, top, left + width // SHRINK, top + height // SHRINK))

    def finish(self, folder: Path) -> None:
        """Keep the sheet where there was none; write one that differs in a folder. The test fails in both cases."""
        if self.differs:
            path = self._path if self._kept is None else folder / self._path.name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._draw().quantize(128).save(path, optimize=True)
            pytest.fail(f"look at {path}: {', '.join(self.differs)}")

    def _draw(self) -> Image.Image:
        heights = [max(picture.height for picture in row) for row in self._rows]
        sheet = Image.new("RGB", (sum(picture.width for picture in self._rows[0]), sum(heights)), "white")
        for rank, row in enumerate(self._rows):
            left = 0
            for picture in row:
                sheet.paste(picture, (left, sum(heights[:rank])))
                left += picture.width
        return sheet


def _recentre_maps(page) -> None:
    """Look at the whole of what each map shows: one whose window has changed may have kept its scale."""
    for frame in page.locator("iframe").all():
        for button in frame.content_frame.locator(".maillage-recentre:visible").all():
            button.evaluate("button => button.click()")


def _picture_of(page) -> Image.Image:
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    return image.resize((image.width // SHRINK, image.height // SHRINK), Image.Resampling.BOX)


def share_that_differs(found: Image.Image, expected: Image.Image) -> float:
    """Return the share of the pixels that differ by more than the tolerance; all of them where the sizes do."""
    if found.size != expected.size:
        return 1.0
    difference = np.abs(np.asarray(found, dtype=int) - np.asarray(expected, dtype=int)).max(axis=2)
    return float((difference > TOLERANCE).mean())
