"""Simplified shapes for drawing, never for computing: borders stay shared, so no sliver opens between communes.

`shapely.coverage_simplify` (Visvalingam-Whyatt on the edges of the whole coverage) removes the vertices whose triangle
with their two neighbours is smaller than tolerance². It works in the plane, so each territory is simplified in metres
in its legal projection: in degrees, one tolerance would be a third shorter east-west than north-south, and not the
same in Guyane as in Lille.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.codes import departements_of
from geo.crs import territory_numbers
from geo.errors import BoundaryError
from geo.shapes.projected_shapes import project_shapes, unproject_shapes

NATIONAL_TOLERANCE_M: Final = 1_000.0
"""For all communes on one screen: a pixel is about 1 km, 70 % of vertices go."""


def simplify_communes(communes: gpd.GeoDataFrame, tolerance_m: float) -> gpd.GeoDataFrame:
    """Simplify the shapes of communes to a tolerance in metres, neighbours keeping the same border.

    Parameters
    ----------
    communes
        A valid coverage: `commune_code` and `geometry` (EPSG:4326).
    tolerance_m
        Side (m) of the square as large as the smallest triangle kept; 0 changes nothing.

    Returns
    -------
    geopandas.GeoDataFrame
        `commune_code` and `geometry` (EPSG:4326), same rows in the same order; a valid coverage whose vertices are
        among those given (to 1e-9 degree). For drawing only.

    Raises
    ------
    BoundaryError
        When the tolerance is negative or not a number, or the given shapes are no valid coverage.
    InvalidCodeError
        When a code is not that of a commune.
    """
    if not (np.isfinite(tolerance_m) and tolerance_m >= 0):
        msg = f"Simplification : attendu une tolérance en mètres, 0 ou plus, trouvé {tolerance_m!r}."
        raise BoundaryError(msg)
    departements = departements_of(communes["commune_code"])
    shapes = communes.geometry.to_numpy()
    if not shapely.coverage_is_valid(shapes):
        msg = "Simplification : attendu une couverture valide, trouvé des communes dont les limites ne se touchent pas."
        raise BoundaryError(msg)
    projected = project_shapes(shapes, departements)
    territory = territory_numbers(departements)
    for number in np.unique(territory):
        here = territory == number
        projected[here] = shapely.coverage_simplify(projected[here], tolerance_m)
    simplified = gpd.GeoSeries(unproject_shapes(projected, departements), crs=4326)
    return gpd.GeoDataFrame({"commune_code": communes["commune_code"].to_numpy()}, geometry=simplified).astype(
        {"commune_code": "str"}
    )
