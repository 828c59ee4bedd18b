"""The picture of an organisation on what leaves the app: read, checked, drawn."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from reports.errors import LogoError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Logo = Path | bytes
"""A file of the machine, or the content of one that a reader gave."""

SVG: Final = "http://www.w3.org/2000/svg"
MAX_LOGO_PIXELS: Final = 40_000_000
MAX_LOGO_BYTES: Final = 5_000_000
LARGEST_SIDE_PX: Final = 1200
"""More than a logo of 34 mm needs at 600 dots an inch."""

_FORMATS: Final = ("PNG", "JPEG")


def read_logo(logo: Logo) -> npt.NDArray[np.uint8]:
    """Read a logo, as rows of red, green, blue and transparency.

    Raises
    ------
    LogoError
        It is absent, is no PNG or JPEG picture, or is unreasonably large.
    """
    name = f"« {logo.name} »" if isinstance(logo, Path) else "le fichier donné"
    try:
        content = logo.read_bytes() if isinstance(logo, Path) else logo
        if len(content) > MAX_LOGO_BYTES:
            raise LogoError(
                f"Logo : attendu au plus {MAX_LOGO_BYTES // 1_000_000} Mo, {name} en pèse {len(content) / 1e6:.0f}."
            )
        # Only the header is read here: a picture that would fill the memory is refused before its points are.
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_LOGO_PIXELS:
                raise LogoError(
                    f"Logo : attendu moins de {MAX_LOGO_PIXELS // 1_000_000} millions de points, {name} en a "
                    f"{picture.width * picture.height / 1e6:.0f} millions."
                )
            return np.asarray(picture.convert("RGBA"))
    except FileNotFoundError as error:
        raise LogoError(f"Logo : attendu une image PNG ou JPEG, fichier absent : {name}.") from error
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        if isinstance(error, LogoError):
            raise
        raise LogoError(f"Logo : attendu une image PNG ou JPEG entière, {name} n’en est pas une.") from error


def as_png(logo: Logo) -> bytes:
    """Return a checked logo as a PNG of a reasonable size, that every format of document takes.

    Raises
    ------
    LogoError
        See `read_logo`.
    """
    picture = Image.fromarray(read_logo(logo))
    picture.thumbnail((LARGEST_SIDE_PX, LARGEST_SIDE_PX))
    buffer = io.BytesIO()
    picture.save(buffer, format="png")
    return buffer.getvalue()


def as_svg(logo: Logo) -> bytes:
    """Return a checked logo as an SVG around its PNG, for documents whose pictures are texts.

    Raises
    ------
    LogoError
        See `read_logo`.
    """
    width, height = size_within(logo, LARGEST_SIDE_PX, LARGEST_SIDE_PX)
    dots = base64.b64encode(as_png(logo)).decode("ascii")
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return f'<svg xmlns="{SVG}" {size}><image {size} href="data:image/png;base64,{dots}"/></svg>'.encode()


def size_within(logo: Logo, max_width: float, max_height: float) -> tuple[float, float]:
    """Return the largest width and height of a logo in a room, in the unit of the room, its proportions kept."""
    height_px, width_px = read_logo(logo).shape[:2]
    unit_per_px = min(max_width / width_px, max_height / height_px)
    return width_px * unit_per_px, height_px * unit_per_px


def draw_logo(page: Axes, logo: Logo, right: float, top: float, max_width: float, max_height: float) -> float:
    """Draw a logo in the upper right corner of a page; returns its width (mm).

    Parameters
    ----------
    page
        Axes in millimetres.
    logo
        PNG or JPEG.
    right, top
        Corner (mm).
    max_width, max_height
        Room (mm).

    Raises
    ------
    LogoError
        See `read_logo`.
    """
    pixels = read_logo(logo)
    width, height = size_within(logo, max_width, max_height)
    limits = page.get_xlim(), page.get_ylim()
    page.imshow(pixels, extent=(right - width, right, top - height, top), aspect="auto", interpolation="antialiased")
    page.set(xlim=limits[0], ylim=limits[1])
    return width
