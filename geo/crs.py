"""Projections: the legal one of each department, and one planar frame in which territories never touch.

Distances and areas are computed in metres in the projection that French law gives to each territory (décret n°
2000-1276 as amended, arrêté of 5 March 2019): Lambert-93 (EPSG:2154) in metropolitan France, UTM 20N (5490) in
Guadeloupe and Martinique, UTM 22N (2972) in Guyane, UTM 40S (2975) in La Réunion, UTM 38S (4471) in Mayotte.

Lambert-93 stretches lengths by -1 to +3 m per km inside metropolitan France: below the precision of any use made here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer

from geo.codes import METROPOLITAN_DEPARTEMENT_CODES, check_departement_codes
from geo.errors import CoordinateError

WGS84_EPSG: Final = 4326

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LandMass:
    """A stretch of land on which one can drive from anywhere to anywhere, with its legal projection.

    Attributes
    ----------
    number
        Rank in `TERRITORIES`, also its place in the planar frame.
    name
        French name.
    epsg
        EPSG code of the legal projection, in metres.
    departement_codes
        Its departments.
    """

    number: int
    name: str
    epsg: int
    departement_codes: tuple[str, ...]


_CORSICA: Final = ("2A", "2B")

TERRITORIES: Final = (
    LandMass(0, "France continentale", 2154, tuple(c for c in METROPOLITAN_DEPARTEMENT_CODES if c not in _CORSICA)),
    # Same projection as the continent, but no road leads there: a clinic in Nice is not the nearest one of Bastia.
    LandMass(1, "Corse", 2154, _CORSICA),
    LandMass(2, "Guadeloupe", 5490, ("971",)),
    LandMass(3, "Martinique", 5490, ("972",)),
    LandMass(4, "Guyane", 2972, ("973",)),
    LandMass(5, "La Réunion", 2975, ("974",)),
    LandMass(6, "Mayotte", 4471, ("976",)),
)

_TERRITORY_OF: Final = {code: territory for territory in TERRITORIES for code in territory.departement_codes}

FRAME_STEP_M: Final = 1e8
"""Shift in x (m) between two territories of the planar frame: a hundred times the size of the largest one."""


class Projected(NamedTuple):
    """Points in metres, each in the legal projection of its territory.

    Attributes
    ----------
    x_m, y_m
        Easting and northing (m); NaN where the longitude, the latitude or the department is unknown.
    territory
        Rank in `TERRITORIES`; -1 where the department is unknown.
    """

    x_m: FloatArray
    y_m: FloatArray
    territory: IntArray


def territory_of(departement_code: str) -> LandMass:
    """Return the territory of a department.

    Parameters
    ----------
    departement_code
        One of the 101 codes.

    Returns
    -------
    LandMass
        The one that holds the department.

    Raises
    ------
    InvalidCodeError
        When the code is none of the 101.

    Examples
    --------
    >>> territory_of("974").epsg, territory_of("31").name
    (2975, 'France continentale')
    """
    check_departement_codes([departement_code])
    return _TERRITORY_OF[departement_code]


def legal_epsg(departement_code: str) -> int:
    """Return the EPSG code of the legal projection of a department.

    Parameters
    ----------
    departement_code
        One of the 101 codes.

    Returns
    -------
    int
        2154, 5490, 2972, 2975 or 4471.

    Raises
    ------
    InvalidCodeError
        When the code is none of the 101.
    """
    return territory_of(departement_code).epsg


def territory_numbers(departement_codes: Iterable[Any]) -> IntArray:
    """Return the rank in `TERRITORIES` of each department code.

    Parameters
    ----------
    departement_codes
        Department codes; a missing value is allowed.

    Returns
    -------
    numpy.ndarray of int64
        Ranks, -1 where the code is missing.

    Raises
    ------
    InvalidCodeError
        When a code is present and is none of the 101.
    """
    codes = pd.Series(departement_codes if isinstance(departement_codes, pd.Series) else list(departement_codes))
    categories = pd.Categorical(codes)
    check_departement_codes(categories.categories)
    lookup = np.array([*(_TERRITORY_OF[code].number for code in categories.categories), -1], dtype=np.int64)
    numbers: IntArray = lookup[categories.codes]  # a missing value has the code -1, which is the last place
    return numbers


@cache
def metres_transformer(epsg: int) -> Any:
    """Return the transformer from longitude and latitude (degrees, EPSG:4326) to the metres of a legal projection."""
    return Transformer.from_crs(WGS84_EPSG, epsg, always_xy=True)


@cache
def degrees_transformer(epsg: int) -> Any:
    """Return the transformer from the metres of a legal projection to longitude and latitude (degrees, EPSG:4326)."""
    return Transformer.from_crs(epsg, WGS84_EPSG, always_xy=True)


def project(longitude: npt.ArrayLike, latitude: npt.ArrayLike, departement_code: Iterable[Any]) -> Projected:
    """Project points to metres, each in the legal projection of its department.

    Parameters
    ----------
    longitude, latitude
        Degrees, EPSG:4326, one value a point; NaN where unknown.
    departement_code
        Department code of each point, which alone decides of the projection; missing where unknown.

    Returns
    -------
    Projected
        `x_m`, `y_m` (m) and `territory`. Coordinates of two points compare only when their territories are equal.

    Raises
    ------
    CoordinateError
        When a longitude is outside [-180, 180], a latitude outside [-90, 90], or lengths differ.
    InvalidCodeError
        When a department code is none of the 101.

    Examples
    --------
    >>> x_m, y_m, territory = project([3.0], [46.5], ["03"])
    >>> int(x_m[0]), int(y_m[0]), int(territory[0])
    (700000, 6600000, 0)
    """
    lon = np.asarray(longitude, dtype=np.float64).reshape(-1)
    lat = np.asarray(latitude, dtype=np.float64).reshape(-1)
    territory = territory_numbers(departement_code)
    if not len(lon) == len(lat) == len(territory):
        msg = f"Coordonnées : attendu autant de valeurs partout, trouvé {len(lon)}, {len(lat)} et {len(territory)}."
        raise CoordinateError(msg)
    if (np.abs(lon) > 180).any() or (np.abs(lat) > 90).any():  # noqa: PLR2004 - the ends of the globe, not parameters
        msg = "Coordonnées : attendu des degrés (longitude de -180 à 180, latitude de -90 à 90), trouvé hors bornes."
        raise CoordinateError(msg)
    x_m = np.full(len(lon), np.nan)
    y_m = np.full(len(lon), np.nan)
    known = np.isfinite(lon) & np.isfinite(lat)
    for number in np.unique(territory[known & (territory >= 0)]):
        here = known & (territory == number)
        x_m[here], y_m[here] = metres_transformer(TERRITORIES[number].epsg).transform(lon[here], lat[here])
    return Projected(x_m, y_m, territory)


def planar_frame(longitude: npt.ArrayLike, latitude: npt.ArrayLike, departement_code: Iterable[Any]) -> FloatArray:
    """Lay all territories side by side in one plane, so that one index answers for the whole country.

    x = easting + `FRAME_STEP_M` · territory; y = northing. Within a territory distances are those of the legal
    projection (rounding in x stays below 1e-7 m); between territories they exceed any distance on Earth.

    Parameters
    ----------
    longitude, latitude
        Degrees, EPSG:4326; NaN where unknown.
    departement_code
        Department code of each point.

    Returns
    -------
    numpy.ndarray of shape (n, 2)
        x and y (m); NaN where a coordinate or the department is unknown.

    Raises
    ------
    CoordinateError, InvalidCodeError
        As `project`.
    """
    projected = project(longitude, latitude, departement_code)
    return np.column_stack([projected.x_m + FRAME_STEP_M * projected.territory, projected.y_m])
