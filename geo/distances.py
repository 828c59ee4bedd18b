"""Crow-fly distances in metres, by a k-d tree in the planar frame: territories never mix.

A destination across the sea is no destination: the nearest one is sought on the same territory (continental France,
Corsica, and each overseas department), see `geo.crs.TERRITORIES`.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from geo.crs import FRAME_STEP_M, FloatArray, IntArray, planar_frame
from geo.errors import CoordinateError

POINT_COLUMNS: Final = ("longitude", "latitude", "departement_code")
"""Columns that a table of points must have: degrees EPSG:4326 and the department that decides of the projection."""

_OTHER_TERRITORY_M: Final = FRAME_STEP_M / 2
"""Beyond it (m), two points of the planar frame are on two territories: Lambert-93 is 1 300 km wide."""


class Nearest(NamedTuple):
    """The nearest destination of each origin.

    Attributes
    ----------
    distance_m
        Crow-fly distance (m), 0 or more; inf where the origin's territory has no destination (a known fact), NaN where
        the origin itself has no known place.
    destination
        Position (iloc) of that destination in its table; -1 where there is none.
    """

    distance_m: FloatArray
    destination: IntArray


def nearest(origins: pd.DataFrame, destinations: pd.DataFrame) -> Nearest:
    """Find the crow-fly distance (m) from each origin to the nearest destination of the same territory.

    Parameters
    ----------
    origins, destinations
        Tables with the columns `POINT_COLUMNS`: longitude and latitude in degrees (EPSG:4326), department code; any
        index. A point with an unknown coordinate is no destination.

    Returns
    -------
    Nearest
        `distance_m` and `destination`, one value an origin, in the order of `origins`. With no destination at all every
        distance is inf (NaN for an origin without a place). Of several destinations at the same spot, any one is given.

    Raises
    ------
    CoordinateError
        When a column is absent or a coordinate is outside the globe.
    InvalidCodeError
        When a department code is none of the 101.
    """
    from_xy, to_xy = _frame(origins, "origines"), _frame(destinations, "destinations")
    distance_m = np.full(len(from_xy), np.nan)
    destination = np.full(len(from_xy), -1, dtype=np.int64)
    asked, offered = _known(from_xy), _known(to_xy)
    distance_m[asked] = np.inf
    if len(asked) and len(offered):
        found_m, found = scipy.spatial.cKDTree(to_xy[offered]).query(from_xy[asked])
        here = found_m < _OTHER_TERRITORY_M
        distance_m[asked[here]] = found_m[here]
        destination[asked[here]] = offered[found[here]]
    return Nearest(distance_m, destination)


def _frame(points: pd.DataFrame, what: str) -> FloatArray:
    absent = [column for column in POINT_COLUMNS if column not in points.columns]
    if absent:
        msg = f"Table des {what} : attendu les colonnes {', '.join(POINT_COLUMNS)}, absentes : {', '.join(absent)}."
        raise CoordinateError(msg)
    return planar_frame(
        points["longitude"].to_numpy(np.float64), points["latitude"].to_numpy(np.float64), points["departement_code"]
    )


def _known(xy: npt.NDArray[np.float64]) -> IntArray:
    return np.flatnonzero(np.isfinite(xy).all(axis=1))
