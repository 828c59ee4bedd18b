"""Binary geometry for the browser's canvas: web-Mercator integers, one start a ring, then small steps.

Layout (little endian), read by `geo/map/browser/geometry.js`:

==================  =====================================================================================
uint32              n_features, n_rings, n_points, quantum
uint32              id of each feature
int32               x, y of the first vertex of each ring
int16               dx, dy from the vertex before, for each vertex (0, 0 for the first of a ring)
uint16              number of rings of each feature
uint16              number of vertices of each ring (the closing one is not repeated)
==================  =====================================================================================

x and y count quanta: the world is `quantum` wide and high, x to the east from 180° W, y to the south from 85.05° N.
Outer rings turn one way and inner rings the other, so that a canvas fills a commune without its enclaves.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import FloatArray, IntArray
from geo.errors import EncodingError

OVERVIEW_QUANTUM: Final = 1 << 20
"""For a whole country on screen: 26 m at 46° N, a pixel of zoom 12."""

DETAIL_QUANTUM: Final = 1 << 22
"""For zoom 9 and more: 7 m at 46° N, a pixel of zoom 14."""

MERCATOR_LATITUDE: Final = 85.051128
"""Latitude (degrees) where web Mercator's square world ends."""

_LARGEST_STEP: Final = 32767
_LARGEST_COUNT: Final = 65535
_LARGEST_QUANTUM: Final = 1 << 30
_FEWEST_VERTICES: Final = 3

Geometries = npt.NDArray[np.object_]


class DecodedShapes(NamedTuple):
    """What a binary file says.

    Attributes
    ----------
    ids
        Id of each feature.
    rings
        For each feature, its rings: arrays of x, y in quanta, the first vertex repeated at the end.
    quantum
        Width of the world in quanta.
    """

    ids: IntArray
    rings: list[list[IntArray]]
    quantum: int


def to_quanta(longitude: FloatArray, latitude: FloatArray, quantum: int) -> tuple[IntArray, IntArray]:
    """Turn degrees (EPSG:4326) into whole quanta of web Mercator, rounded to the nearest.

    x = (longitude + 180) / 360 · quantum; y = (1/2 - ln((1 + sin φ) / (1 - sin φ)) / 4π) · quantum.

    Parameters
    ----------
    longitude, latitude
        Degrees; latitudes within ±`MERCATOR_LATITUDE`.
    quantum
        Width of the world in quanta.

    Returns
    -------
    tuple of numpy.ndarray of int64
        x to the east, y to the south.
    """
    sine = np.sin(np.radians(latitude))
    x = np.round((longitude + 180) / 360 * quantum)
    y = np.round((0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * quantum)
    return x.astype(np.int64), y.astype(np.int64)


def from_quanta(x: npt.ArrayLike, y: npt.ArrayLike, quantum: int) -> tuple[FloatArray, FloatArray]:
    """Turn quanta back into degrees (EPSG:4326): the inverse of `to_quanta`, to half a quantum.

    Parameters
    ----------
    x, y
        Quanta, to the east and to the south.
    quantum
        Width of the world in quanta.

    Returns
    -------
    tuple of numpy.ndarray of float64
        Longitude and latitude.
    """
    east, south = np.asarray(x, dtype=np.float64) / quantum, np.asarray(y, dtype=np.float64) / quantum
    return 360 * east - 180, np.degrees(np.arcsin(np.tanh(np.pi * (1 - 2 * south))))


def encode(ids: npt.ArrayLike, geometries: Geometries, quantum: int = OVERVIEW_QUANTUM) -> bytes:
    """Pack polygons (EPSG:4326) for the browser.

    Vertices that fall on the one before are dropped, and rings that keep fewer than three (a feature may keep none: it
    is still listed). A step too long for int16 is split by vertices put along it.

    Parameters
    ----------
    ids
        Id of each feature, 0 to 2³²-1: its row number in its level's list of codes.
    geometries
        Polygons and multipolygons in degrees, none missing or empty.
    quantum
        Width of the world in quanta: `OVERVIEW_QUANTUM` or `DETAIL_QUANTUM`.

    Returns
    -------
    bytes
        The file; the same for the same input.

    Raises
    ------
    EncodingError
        When lengths differ, an id is out of range, a geometry is missing or is no polygon, a latitude is outside web
        Mercator, or a feature has more than 65 535 rings or a ring more than 65 535 vertices.
    """
    identifiers = np.asarray(ids, dtype=np.int64)
    _check_input(identifiers, geometries, quantum)
    polygons, feature_of_polygon = shapely.get_parts(shapely.orient_polygons(geometries), return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    degrees, ring = shapely.get_coordinates(rings, return_index=True)
    if np.abs(degrees[:, 1]).max(initial=0) > MERCATOR_LATITUDE or np.abs(degrees[:, 0]).max(initial=0) > 180:  # noqa: PLR2004 - the world's edge
        msg = "Géométrie pour le navigateur : attendu des degrés dans l’étendue de Mercator, trouvé hors bornes."
        raise EncodingError(msg)
    x, y = to_quanta(degrees[:, 0], degrees[:, 1], quantum)
    x, y, ring = _drop_repeats(x, y, ring)
    x, y, ring = _split_long_steps(x, y, ring)

    length = np.bincount(ring, minlength=len(rings))
    kept_rings = np.flatnonzero(length)
    length = length[kept_rings]
    start = np.cumsum(length) - length
    dx, dy = np.diff(x, prepend=0), np.diff(y, prepend=0)
    dx[start] = dy[start] = 0
    feature_of_ring = feature_of_polygon[polygon_of_ring[kept_rings]]
    rings_per_feature = np.bincount(feature_of_ring, minlength=len(identifiers))
    for what, counts in (("anneaux par territoire", rings_per_feature), ("sommets par anneau", length)):
        if counts.max(initial=0) > _LARGEST_COUNT:
            msg = f"Géométrie pour le navigateur, {what} : attendu {_LARGEST_COUNT} au plus, trouvé {counts.max()}."
            raise EncodingError(msg)
    return b"".join(
        [
            np.array([len(identifiers), len(kept_rings), len(x), quantum], "<u4").tobytes(),
            identifiers.astype("<u4").tobytes(),
            np.column_stack([x[start], y[start]]).astype("<i4").tobytes(),
            np.column_stack([dx, dy]).astype("<i2").tobytes(),
            rings_per_feature.astype("<u2").tobytes(),
            length.astype("<u2").tobytes(),
        ]
    )


def decode(content: bytes, only: Collection[int] | None = None) -> DecodedShapes:
    """Read a binary file back: the twin of `encode` and of the browser's reader.

    Parameters
    ----------
    content
        Bytes that `encode` made.
    only
        Ids of the features to give, in the order of the file; None for all.

    Returns
    -------
    DecodedShapes
        Ids and rings in quanta.

    Raises
    ------
    EncodingError
        When the length or the counts are not those of the layout.
    """
    header_size = 16
    if len(content) < header_size:
        msg = f"Géométrie pour le navigateur : attendu au moins {header_size} octets, trouvé {len(content)}."
        raise EncodingError(msg)
    n_features, n_rings, n_points, quantum = (int(count) for count in np.frombuffer(content, "<u4", 4))
    fields = (
        ("<u4", n_features),
        ("<i4", 2 * n_rings),
        ("<i2", 2 * n_points),
        ("<u2", n_features),
        ("<u2", n_rings),
    )
    expected = header_size + sum(np.dtype(kind).itemsize * count for kind, count in fields)
    if len(content) != expected:
        msg = f"Géométrie pour le navigateur : attendu {expected} octets d’après l’en-tête, trouvé {len(content)}."
        raise EncodingError(msg)
    arrays = []
    offset = header_size
    for kind, count in fields:
        arrays.append(np.frombuffer(content, kind, count, offset).astype(np.int64))
        offset += np.dtype(kind).itemsize * count
    ids, starts, steps, rings_per_feature, length = arrays
    if rings_per_feature.sum() != n_rings or length.sum() != n_points:
        msg = "Géométrie pour le navigateur : les nombres d’anneaux et de sommets ne sont pas ceux de l’en-tête."
        raise EncodingError(msg)
    first, steps = starts.reshape(-1, 2), steps.reshape(-1, 2)
    end, last = np.cumsum(length), np.cumsum(rings_per_feature)

    def close(ring: int) -> IntArray:
        piece = steps[end[ring] - length[ring] : end[ring]]
        return np.vstack([first[ring] + np.cumsum(piece, axis=0), first[ring]])

    given = np.arange(n_features) if only is None else np.flatnonzero(np.isin(ids, list(only)))
    rings = [[close(ring) for ring in range(last[rank] - rings_per_feature[rank], last[rank])] for rank in given]
    return DecodedShapes(ids[given], rings, quantum)


def as_polygons(rings: list[IntArray], quantum: int) -> shapely.Geometry:
    """Build the shape of a feature (EPSG:4326) from its rings of `decode`: each outer ring, then its holes."""
    degrees = [np.column_stack(from_quanta(ring[:, 0], ring[:, 1], quantum)) for ring in rings]
    parts: list[tuple[FloatArray, list[FloatArray]]] = []
    for ring in degrees:
        if not parts or shapely.is_ccw(shapely.linearrings(ring)):
            parts.append((ring, []))
        else:
            parts[-1][1].append(ring)
    return shapely.multipolygons([shapely.Polygon(outer, holes) for outer, holes in parts])


def _check_input(ids: IntArray, geometries: Geometries, quantum: int) -> None:
    if len(ids) != len(geometries):
        msg = f"Géométrie pour le navigateur : attendu un numéro par forme, trouvé {len(ids)} et {len(geometries)}."
        raise EncodingError(msg)
    if len(ids) and not (ids.min() >= 0 and ids.max() < 1 << 32):
        msg = "Géométrie pour le navigateur : attendu des numéros de 0 à 2³²-1, trouvé hors bornes."
        raise EncodingError(msg)
    if not 1 <= quantum <= _LARGEST_QUANTUM:
        msg = f"Géométrie pour le navigateur : attendu un quantum de 1 à {_LARGEST_QUANTUM}, trouvé {quantum}."
        raise EncodingError(msg)
    polygonal = np.isin(
        shapely.get_type_id(geometries), [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]
    )
    if not polygonal.all() or shapely.is_empty(geometries).any():
        msg = (
            "Géométrie pour le navigateur : attendu des polygones, trouvé une forme absente, vide ou d’un autre genre."
        )
        raise EncodingError(msg)


def _drop_repeats(x: IntArray, y: IntArray, ring: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Drop each vertex equal to the one before it, the closing vertex, and rings left with fewer than three."""
    # A ring comes closed: its last vertex is its first. Dropping every vertex equal to its follower drops the repeats
    # and, since the last one is dropped too, leaves each ring open.
    last = np.append(ring[1:] != ring[:-1], True)
    keep = ~last & ((np.roll(x, -1) != x) | (np.roll(y, -1) != y))
    x, y, ring = x[keep], y[keep], ring[keep]
    drawn = np.bincount(ring)[ring] >= _FEWEST_VERTICES if len(ring) else np.zeros(0, dtype=bool)
    return x[drawn], y[drawn], ring[drawn]


def _split_long_steps(x: IntArray, y: IntArray, ring: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Put vertices along the steps that int16 cannot hold; the step that closes a ring is not written."""
    dx, dy = np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1])
    first = np.diff(ring, prepend=-1) != 0
    dx[first] = dy[first] = 0
    n_steps = np.maximum(1, -(-np.maximum(np.abs(dx), np.abs(dy)) // _LARGEST_STEP))
    vertex = np.repeat(np.arange(len(x)), n_steps)
    remaining = np.cumsum(n_steps)[vertex] - 1 - np.arange(len(vertex))  # steps still to make before the vertex itself
    back_x = np.round(dx[vertex] * remaining / n_steps[vertex]).astype(np.int64)
    back_y = np.round(dy[vertex] * remaining / n_steps[vertex]).astype(np.int64)
    return x[vertex] - back_x, y[vertex] - back_y, ring[vertex]
