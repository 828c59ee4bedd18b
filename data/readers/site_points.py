"""Points of sites whose file mixes projections, swaps its two numbers or names the wrong one: the reading that fits."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from pyproj import Transformer

from data.readers.finess import in_territory
from geo.codes import DEPARTEMENT_CODES
from geo.crs import legal_epsg

WGS84: Final = 4326

PROJECTIONS: Final = MappingProxyType(
    {
        "LAMBERT_93": 2154,
        "UTM_N20": 5490,
        "UTM_N22": 2972,
        "UTM_S38": 4471,
        "UTM_S40": 2975,
        # By their EPSG code, as the files write it since 2022; the old ones of the Antilles and plain UTM included.
        **{f"EPSG:{code}": code for code in (2154, 5490, 2972, 2975, 4471, 4559, 32620, 32622, 32738, 32740, WGS84)},
    }
)
"""EPSG code of each projection that FINESS names; the collectivities' own (UTM 21N) are out of scope."""


class Pair(NamedTuple):
    """Two numbers that may be a point: longitude and latitude, or metres, in either order.

    Attributes
    ----------
    first, second
        float64, on the index of the sites; NaN is unknown.
    epsg
        EPSG code of the projection that the file names for them; 0 where it names none that we know.
    """

    first: "pd.Series[float]"
    second: "pd.Series[float]"
    epsg: "pd.Series[int]"


def find_points(commune_codes: "pd.Series[str]", pairs: Sequence[Pair]) -> pd.DataFrame:
    """Find the point (degrees) of each site: the first reading of its numbers that falls in its own territory.

    The readings, pair after pair: in the projection that the file names, in degrees, in the legal projection of the
    department; each one straight (x, y), then swapped. The ranges of these readings do not overlap, so that at most
    one fits: a point in metres is never taken for degrees, nor a latitude for a longitude.

    Parameters
    ----------
    commune_codes
        INSEE code that each site claims.
    pairs
        What the file holds, the one to be believed first.

    Returns
    -------
    pandas.DataFrame
        On the index of the codes: longitude, latitude (float64 degrees, EPSG:4326), both NaN where nothing fits;
        is_repaired, True where the fitting reading is not the one that the file names.
    """
    index = commune_codes.index
    points = pd.DataFrame(
        {"longitude": np.full(len(index), np.nan), "latitude": np.full(len(index), np.nan), "is_repaired": False},
        index=index,
    )
    legal = _legal_epsg(commune_codes)
    degrees = pd.Series(WGS84, index=index)
    for pair in pairs:
        for epsg in (pair.epsg, degrees, legal):
            for x, y, swapped in ((pair.first, pair.second, False), (pair.second, pair.first, True)):
                todo = points["longitude"].isna() & x.notna() & y.notna() & (epsg > 0)
                if not todo.any():
                    continue
                found = _in_degrees(x[todo], y[todo], epsg[todo])
                fits = in_territory(found["longitude"], found["latitude"], commune_codes[todo])
                found = found[fits]
                points.loc[found.index, ["longitude", "latitude"]] = found
                as_named = (pair.epsg[found.index] == epsg[found.index]) & (not swapped)
                points.loc[found.index, "is_repaired"] = (pair.epsg[found.index] > 0) & ~as_named
    return points


def _in_degrees(x: "pd.Series[float]", y: "pd.Series[float]", epsg: "pd.Series[int]") -> pd.DataFrame:
    """Turn points into degrees, each from its own projection; infinite where the projection has no such point."""
    found = pd.DataFrame({"longitude": x, "latitude": y})
    for code, rows in epsg.groupby(epsg).groups.items():
        if code != WGS84:
            to_degrees = Transformer.from_crs(int(code), WGS84, always_xy=True)
            longitude, latitude = to_degrees.transform(x[rows].to_numpy(), y[rows].to_numpy())
            found.loc[rows, "longitude"], found.loc[rows, "latitude"] = longitude, latitude
    return found


def _legal_epsg(commune_codes: "pd.Series[str]") -> "pd.Series[int]":
    """Give the EPSG code of the legal projection of each commune; 0 for the collectivities, which are out of scope."""
    is_overseas = commune_codes.str[:2] == "97"
    departements = commune_codes.str[:2].mask(is_overseas, commune_codes.str[:3])
    return departements.map({code: legal_epsg(code) for code in DEPARTEMENT_CODES}).fillna(0).astype("int64")
