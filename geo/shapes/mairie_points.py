"""The point that stands for a commune: its mairie where the source can be believed, else a point on its surface.

Mairie points come from a directory filled in by hand: signs are lost, homonyms confused, 1 083 of 34 825 fall more than
2 km outside their commune.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.codes import departements_of
from geo.crs import FloatArray, project
from geo.errors import BoundaryError
from geo.shapes.projected_shapes import Geometries, project_shapes

if TYPE_CHECKING:
    import geopandas as gpd

FARTHEST_OUTSIDE_M: Final = 2_000.0
"""A mairie may stand this far (m) outside its commune's shape: shapes are generalised to about 200 m, and some mairies
do stand over the border."""

DECIMALS: Final = 5
"""Coordinates are rounded to 1e-5 degree, about 1 m."""


class GuardedPoints(NamedTuple):
    """Believable points, and how many were not.

    Attributes
    ----------
    points
        `commune_code` (sorted), `longitude`, `latitude` (degrees, EPSG:4326, 5 decimals; NaN when nothing is known) and
        `point_origin`: "mairie" (the source's point), "surface" (a point on the commune's shape), "contenant" (a point
        on the shape of the commune that still contains it); missing when the point is unknown.
    counts
        `n_communes`, `n_mairie`, `n_absent` (no point in the source), `n_out_of_globe`, `n_far` (more than
        `FARTHEST_OUTSIDE_M` outside), `n_far_10_km`, `n_container`, `n_unknown`.
    """

    points: pd.DataFrame
    counts: dict[str, int]


def guard_points(
    mairies: pd.DataFrame, shapes: gpd.GeoDataFrame, containers: tuple[tuple[str, str], ...] = ()
) -> GuardedPoints:
    """Choose the point of each commune: its mairie when present and at most 2 km outside the shape, else its surface.

    Parameters
    ----------
    mairies
        `commune_code` (each once), `longitude`, `latitude` (degrees, EPSG:4326, NaN when absent): one row a commune.
    shapes
        `commune_code` and `geometry` (EPSG:4326, full). A commune may have none: its mairie cannot be checked, and is
        not believed.
    containers
        For a commune without a shape, the commune whose shape contains it.

    Returns
    -------
    GuardedPoints
        One row for each commune of `mairies`; distances are measured in the legal projection (m).

    Raises
    ------
    BoundaryError
        When a commune comes twice.
    InvalidCodeError
        When a code is not that of a commune.
    """
    if mairies["commune_code"].duplicated().any() or shapes["commune_code"].duplicated().any():
        msg = "Points des mairies : attendu une ligne par commune, trouvé des doublons."
        raise BoundaryError(msg)
    table = mairies[["commune_code", "longitude", "latitude"]].sort_values("commune_code", ignore_index=True)
    codes = table["commune_code"]
    departements = departements_of(codes)
    shape_of = pd.Series(shapes.geometry.to_numpy(), index=shapes["commune_code"].to_numpy(dtype=object))
    own = shape_of.reindex(codes).to_numpy(dtype=object, na_value=None)
    contained = shape_of.reindex(codes.map(dict(containers))).to_numpy(dtype=object, na_value=None)

    longitude, latitude = table["longitude"].to_numpy(np.float64), table["latitude"].to_numpy(np.float64)
    absent = ~(np.isfinite(longitude) & np.isfinite(latitude))
    out_of_globe = ~absent & ((np.abs(longitude) > 180) | (np.abs(latitude) > 90))  # noqa: PLR2004 - the globe's ends
    usable = ~absent & ~out_of_globe
    longitude, latitude = np.where(usable, longitude, np.nan), np.where(usable, latitude, np.nan)
    outside_m = _distance_outside_m(longitude, latitude, own, departements)

    believed = outside_m <= FARTHEST_OUTSIDE_M  # False where NaN
    on_surface = ~believed & ~shapely.is_missing(own)
    on_container = ~believed & ~on_surface & ~shapely.is_missing(contained)
    fallback = shapely.point_on_surface(np.where(on_surface, own, np.where(on_container, contained, None)))
    points = pd.DataFrame(
        {
            "commune_code": codes,
            "longitude": np.where(believed, longitude, shapely.get_x(fallback)).round(DECIMALS),
            "latitude": np.where(believed, latitude, shapely.get_y(fallback)).round(DECIMALS),
            "point_origin": _origins(mairie=believed, surface=on_surface, contenant=on_container),
        }
    )
    counts = {
        "n_communes": len(points),
        "n_mairie": int(believed.sum()),
        "n_absent": int(absent.sum()),
        "n_out_of_globe": int(out_of_globe.sum()),
        "n_far": int((outside_m > FARTHEST_OUTSIDE_M).sum()),
        "n_far_10_km": int((outside_m > 10_000).sum()),  # noqa: PLR2004 - the 10 km of its name
        "n_container": int(on_container.sum()),
        "n_unknown": int((~believed & ~on_surface & ~on_container).sum()),
    }
    return GuardedPoints(points, counts)


def distance_outside_m(points: pd.DataFrame, shapes: gpd.GeoDataFrame) -> pd.Series[float]:
    """Measure how far (m) each point stands outside the shape of the commune that it claims.

    Parameters
    ----------
    points
        `commune_code`, `longitude`, `latitude` (degrees, EPSG:4326); any index.
    shapes
        `commune_code` (each once) and `geometry` (EPSG:4326, full).

    Returns
    -------
    pandas.Series
        "distance_outside_m" on the index of `points`, in the legal projection: 0 inside; NaN where the point or the
        shape is unknown.

    Raises
    ------
    CoordinateError
        When a coordinate is outside the globe.
    InvalidCodeError
        When a code is not that of a commune.
    """
    codes = points["commune_code"]
    shape_of = pd.Series(shapes.geometry.to_numpy(), index=shapes["commune_code"].to_numpy(dtype=object))
    claimed = shape_of.reindex(codes.to_numpy(dtype=object)).to_numpy(dtype=object, na_value=None)
    longitude, latitude = points["longitude"].to_numpy(np.float64), points["latitude"].to_numpy(np.float64)
    distance = _distance_outside_m(longitude, latitude, claimed, departements_of(codes))
    return pd.Series(distance, index=points.index, name="distance_outside_m")


def _origins(**chosen: npt.NDArray[np.bool_]) -> pd.Series[str]:
    origins = pd.Series(pd.NA, index=range(len(next(iter(chosen.values())))), dtype="str")
    for origin, here in chosen.items():
        origins[here] = origin
    return origins


def _distance_outside_m(
    longitude: FloatArray, latitude: FloatArray, shapes: Geometries, departements: pd.Series[str]
) -> FloatArray:
    projected = project(longitude, latitude, departements)
    known = np.isfinite(projected.x_m)
    spots = np.full(len(known), None, dtype=object)
    spots[known] = shapely.points(projected.x_m[known], projected.y_m[known])
    # a wrong point may lie where the projection has no value: infinitely far
    unreachable = np.isinf(projected.x_m)
    metres = np.asarray(shapely.distance(spots, project_shapes(shapes, departements)))
    return np.where(unreachable & ~shapely.is_missing(shapes), np.inf, metres)
