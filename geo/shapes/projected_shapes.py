"""Shapes in metres and back: vertex by vertex, so that what was shared stays shared."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import TERRITORIES, degrees_transformer, metres_transformer, territory_numbers

Geometries = npt.NDArray[np.object_]


def project_shapes(shapes: Geometries, departement_codes: "pd.Series[str]") -> Geometries:
    """Project shapes from EPSG:4326 to metres, each in the legal projection of its department.

    Two shapes of one territory that share a vertex share it still: equal degrees give equal metres.

    Parameters
    ----------
    shapes
        Any geometries in EPSG:4326; a missing one stays missing.
    departement_codes
        Department of each shape.

    Returns
    -------
    numpy.ndarray
        As many geometries, in metres. Those of two territories do not compare.

    Raises
    ------
    InvalidCodeError
        When a department code is none of the 101.
    """
    return _by_territory(shapes, departement_codes, metres_transformer)


def unproject_shapes(shapes: Geometries, departement_codes: "pd.Series[str]") -> Geometries:
    """Bring shapes in metres back to EPSG:4326: the inverse of `project_shapes`, to about 1e-9 degree.

    Parameters
    ----------
    shapes
        Geometries in the legal projection of their department; a missing one stays missing.
    departement_codes
        Department of each shape.

    Returns
    -------
    numpy.ndarray
        As many geometries, in degrees. What two shapes of one territory shared, they share still.

    Raises
    ------
    InvalidCodeError
        When a department code is none of the 101.
    """
    return _by_territory(shapes, departement_codes, degrees_transformer)


def _by_territory(shapes: Geometries, departement_codes: "pd.Series[str]", transformer_of: Any) -> Geometries:
    moved = np.array(shapes, dtype=object)
    territory = territory_numbers(departement_codes)
    for number in np.unique(territory[territory >= 0]):
        here = territory == number
        transformer = transformer_of(TERRITORIES[number].epsg)
        # `interleaved=False` hands x and y over as two arrays, as pyproj takes them
        moved[here] = shapely.transform(moved[here], transformer.transform, interleaved=False)
    return moved
