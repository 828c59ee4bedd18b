"""A zone drawn by hand on a map, and the places inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.errors import CoordinateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Corners = tuple[tuple[float, float], ...]
FEWEST_CORNERS: Final = 3
MOST_CORNERS: Final = 200
_LONGEST: Final = 24 * MOST_CORNERS


def read_zone(text: str) -> Corners:
    """Read the corners of a zone.

    Parameters
    ----------
    text
        Longitude and latitude (EPSG:4326) of each corner in their order: "3.5,44.5;3.6,44.5;3.6,44.6".

    Returns
    -------
    tuple of (float, float)
        3 to 200 corners, degrees; the last is joined to the first.

    Raises
    ------
    CoordinateError
        The text is not that: no browser of ours has written it.
    """
    try:
        corners = tuple((float(x), float(y)) for x, y in (corner.split(",") for corner in text[:_LONGEST].split(";")))
    except ValueError as error:
        raise _refusal(text) from error
    is_on_globe = all(abs(x) <= 180 and abs(y) <= 90 for x, y in corners)  # noqa: PLR2004 - the globe
    if not (FEWEST_CORNERS <= len(corners) <= MOST_CORNERS and is_on_globe and len(text) <= _LONGEST):
        raise _refusal(text)
    return corners


def is_inside(corners: Sequence[tuple[float, float]], longitudes: ArrayLike, latitudes: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points are inside a zone, its border included.

    Parameters
    ----------
    corners
        See `read_zone`; lines that cross make several parts, all of them inside.
    longitudes, latitudes
        Points (EPSG:4326, degrees), same length; NaN: a point without a place.

    Returns
    -------
    array of bool
        One a point; False for a point without a place.
    """
    zone = shapely.make_valid(shapely.Polygon(corners))
    shapely.prepare(zone)
    return np.asarray(shapely.intersects_xy(zone, longitudes, latitudes), dtype=bool)


def _refusal(text: str) -> CoordinateError:
    return CoordinateError(
        f"Zone dessinée : attendu de {FEWEST_CORNERS} à {MOST_CORNERS} coins (longitude, latitude), "
        f"trouvé « {text[:60]} »."
    )
