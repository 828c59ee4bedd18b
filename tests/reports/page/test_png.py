"""The PNG that is written band by band holds the very points it was given."""

import doctest
import io
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from reports.page import png
from reports.page.png import write_png

SMOOTH, NOISE = "smooth", "noise"


def picture(height, width, kind, channels=4):
    if kind == NOISE:
        return np.random.default_rng(3).integers(0, 256, (height, width, channels), dtype=np.uint8)
    rows, columns = np.mgrid[:height, :width]
    return np.stack([(rows * 3 + columns * step) % 256 for step in range(channels)], axis=2).astype(np.uint8)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 7), (7, 1), (40, 33)])
@pytest.mark.parametrize("kind", [SMOOTH, NOISE])
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("band_bytes", [1, 300, png._BAND_BYTES])
def test_every_point_comes_back(height, width, kind, channels, band_bytes, monkeypatch):
    monkeypatch.setattr(png, "_BAND_BYTES", band_bytes)
    drawn = picture(height, width, kind, channels)
    image = Image.open(io.BytesIO(write_png(drawn, dpi=300, notes={"Title": "Été", "Software": "Maillage"})))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), drawn[:, :, :3])
    assert (round(image.info["dpi"][0]), image.info["Title"]) == (300, "Été")
    assert image.text["Software"] == "Maillage"


def test_flat_colours_weigh_no_more_than_by_the_usual_library():
    drawn = np.repeat(np.repeat(picture(20, 30, NOISE, 3), 25, axis=0), 25, axis=1)
    usual = io.BytesIO()
    Image.fromarray(drawn).save(usual, format="png", compress_type=3)
    assert len(write_png(drawn, dpi=300, notes={})) <= 1.05 * len(usual.getvalue())


def test_no_copy_of_a_large_picture_is_made(monkeypatch):
    monkeypatch.setattr(png, "_BAND_BYTES", 2**16)
    drawn = np.full((1_500, 2_000, 4), 200, dtype=np.uint8)  # 12 MB
    tracemalloc.start()
    write_png(drawn, dpi=600, notes={})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < drawn.nbytes / 6


def test_examples_run():
    assert doctest.testmod(png).failed == 0
