"""The logo of an organisation: read, refused with its reason, put on every document."""

import io
import struct
import zlib

import pytest
from PIL import Image

from pages.widgets.charts import draw_ranked_bars
from reports.chart.page import ChartWords, render_chart
from reports.errors import LogoError
from reports.page.logo import LARGEST_SIDE_PX, MAX_LOGO_BYTES, as_png, read_logo, size_within


def picture(width=400, height=100, kind="png", mode="RGB"):
    buffer = io.BytesIO()
    Image.new(mode, (width, height), 1 if mode == "1" else "navy").save(buffer, format=kind)
    return buffer.getvalue()


def header_of(width, height):
    """Make a PNG that announces a size and holds nothing: what a decompression bomb looks like before it bursts."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_picture_given_as_a_file_or_as_its_content_is_read(tmp_path, kind):
    (tmp_path / "logo").write_bytes(picture(kind=kind))
    assert read_logo(tmp_path / "logo").shape == read_logo(picture(kind=kind)).shape == (100, 400, 4)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a picture", "PNG ou JPEG"),
        (b"", "PNG ou JPEG"),
        (picture(kind="gif", mode="P"), "PNG ou JPEG"),
        (picture()[:60], "PNG ou JPEG"),
        (b"\0" * (MAX_LOGO_BYTES + 1), "5 Mo"),
        (header_of(30_000, 30_000), "millions de points|PNG ou JPEG"),
        (picture(8_000, 8_000, mode="1"), "40 millions de points"),
    ],
    ids=["text", "empty", "gif", "cut short", "too heavy", "bomb", "too many points"],
)
def test_a_bad_file_is_refused_with_its_reason(content, why):
    with pytest.raises(LogoError, match=why):
        read_logo(content)


def test_what_is_kept_is_of_a_reasonable_size():
    kept = Image.open(io.BytesIO(as_png(picture(4000, 1000))))
    assert kept.format == "PNG"
    assert kept.size == (LARGEST_SIDE_PX, LARGEST_SIDE_PX // 4)


def test_a_wide_logo_fills_the_width_a_high_one_the_height():
    assert size_within(picture(400, 100), 34.0, 13.0) == pytest.approx((34.0, 8.5))
    assert size_within(picture(100, 400), 34.0, 13.0) == pytest.approx((3.25, 13.0))


def test_a_chart_has_room_for_a_logo():
    screen = draw_ranked_bars(["a", "b"], [1, 2], ["1", "2"], chosen=None, reference=1.5)
    words = ChartWords("Titre", "Unité", "Sources")
    plain, signed = (
        Image.open(io.BytesIO(render_chart(screen, words, dpi=40, logo=logo))) for logo in (None, picture())
    )
    corner = (plain.width * 4 // 5, 0, plain.width, plain.height // 5)
    navy = [colour for _, colour in signed.crop(corner).getcolors(1 << 20) if colour == (0, 0, 128)]
    assert navy
    assert (0, 0, 128) not in [colour for _, colour in plain.crop(corner).getcolors(1 << 20)]
