"""The point of a project: coordinates read whatever their order and projection, and believed only in their commune."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely

from data import store
from data.readers.site_points import Pair, find_points
from geo.crs import degrees_transformer
from geo.shapes.mairie_points import DECIMALS, distance_outside_m

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

FARTHEST_M: Final = 5_000.0
"""A point farther than this (m) outside its commune is not believed: that of the commune is taken."""

_LAMBERT_93: Final = 2154


class Points(NamedTuple):
    """Points of projects, on the index asked for.

    Attributes
    ----------
    longitude, latitude
        Degrees, EPSG:4326; NaN where the numbers name no point that can be believed.
    remarks
        What was repaired or refused, in French; empty elsewhere.
    """

    longitude: pd.Series[float]
    latitude: pd.Series[float]
    remarks: pd.Series[str]


@dataclass(frozen=True)
class CommuneShapes:
    """The shapes of the communes, read at the first coordinates only.

    Attributes
    ----------
    read
        Gives the full shapes: commune_code, geometry (EPSG:4326).
    """

    read: Callable[[], gpd.GeoDataFrame]

    @cached_property
    def shapes(self) -> gpd.GeoDataFrame:
        """Full shapes of the communes (EPSG:4326)."""
        return self.read()

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes.geometry.to_numpy())

    def points_in(self, commune_codes: pd.Series[str], x: pd.Series[float], y: pd.Series[float]) -> Points:
        """Read the coordinates of projects whose commune is known.

        Degrees, swapped degrees and metres of the legal projection (Lambert-93 in metropolitan France) are told apart
        by the reading that falls in the territory.

        Parameters
        ----------
        commune_codes
            Current commune of each project, any index.
        x, y
            What the file gives as longitude and latitude; NaN unknown.
        """
        index = commune_codes.index
        remarks = pd.Series("", index=index, dtype="str")
        given = x.notna() & y.notna()
        if not given.any():
            nothing = pd.Series(np.nan, index=index)
            return Points(nothing, nothing.copy(), remarks)
        found = find_points(commune_codes, [Pair(x, y, pd.Series(0, index=index))])
        longitude, latitude = found["longitude"].round(DECIMALS), found["latitude"].round(DECIMALS)
        placed = longitude.notna()
        outside = distance_outside_m(pd.DataFrame({"commune_code": commune_codes[placed], "longitude":
            longitude[placed], "latitude": latitude[placed]}), self.shapes).reindex(index)  # fmt: skip
        far = outside > FARTHEST_M
        remarks[given & ~placed] = "Coordonnées hors de ce territoire : le point de la commune est retenu."
        remarks[placed & ~_same(x, longitude)] = "Coordonnées en mètres converties en degrés."
        remarks[placed & _same(x, latitude) & _same(y, longitude)] = "Longitude et latitude étaient inversées."
        remarks[far] = [
            f"Point à {metres / 1000:.0f} km hors de la commune : le point de la commune est retenu."
            for metres in outside[far]
        ]
        return Points(longitude.mask(far), latitude.mask(far), remarks)

    def communes_at(self, x: pd.Series[float], y: pd.Series[float]) -> pd.Series[str]:
        """Find the commune that holds each point; NA where none does.

        Parameters
        ----------
        x, y
            Longitude and latitude in degrees, swapped, or in Lambert-93; the first reading that falls in a commune.
        """
        codes = pd.Series(np.nan, index=x.index, dtype="str")
        to_degrees = degrees_transformer(_LAMBERT_93)
        shape_codes = self.shapes["commune_code"].to_numpy()
        for first, second, is_metric in ((x, y, False), (y, x, False), (x, y, True), (y, x, True)):
            todo = codes.isna() & first.notna() & second.notna()
            if not todo.any():
                break
            longitude, latitude = first[todo].to_numpy(np.float64), second[todo].to_numpy(np.float64)
            if is_metric:
                longitude, latitude = to_degrees.transform(longitude, latitude)
            usable = np.isfinite(longitude) & np.isfinite(latitude)
            rows = codes.index[todo.to_numpy()][usable]
            spots = shapely.points(longitude[usable], latitude[usable])
            at, shape = self._tree.query(spots, predicate="within")
            codes[rows[at]] = shape_codes[shape]
        return codes


def read_shapes() -> gpd.GeoDataFrame:
    """Read the full shapes of the communes in use (EPSG:4326)."""
    import geopandas as gpd  # noqa: PLC0415 - for who has coordinates only

    return gpd.read_parquet(store.snapshot_path("commune_geometry"))


def _same(given: pd.Series[float], found: pd.Series[float]) -> pd.Series[bool]:
    return (given - found).abs() < 2 * 10.0**-DECIMALS
