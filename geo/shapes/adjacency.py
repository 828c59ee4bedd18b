"""Which communes touch: the pairs that share a stretch of border, read off a coverage whose borders fit exactly."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.errors import AssetError

Geometries = npt.NDArray[np.object_]
NEIGHBOURS_FILE: Final = "neighbours.npz"


@dataclass(frozen=True, eq=False)
class Adjacency:
    """Which communes touch which.

    Attributes
    ----------
    codes
        Codes of the communes that have a shape, shape (n,), sorted.
    pairs
        Rows of `codes` that share a stretch of border, shape (m, 2), the smaller first, each pair once; a point alone
        is no border.
    """

    codes: npt.NDArray[np.str_]
    pairs: npt.NDArray[np.int64]


def adjacent_pairs(shapes: Geometries) -> npt.NDArray[np.int64]:
    """Return the pairs of polygons that share an edge.

    Parameters
    ----------
    shapes
        Polygons or multipolygons of a coverage, shape (n,): what they share, they share vertex by vertex
        (`geo.shapes.boundaries.clean_coverage`).

    Returns
    -------
    ndarray of int64, shape (m, 2)
        Positions in `shapes`, the smaller first, sorted, each pair once.
    """
    import shapely  # noqa: PLC0415 - the server, which only reads the file, goes without

    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return np.empty((0, 2), dtype=np.int64)
    _, vertex = np.unique(points.view(np.complex128), return_inverse=True)
    vertex = vertex.ravel()
    owner = shape_of_part[part_of_ring][ring_of_point]
    is_edge = ring_of_point[1:] == ring_of_point[:-1]
    start, end, owner = vertex[:-1][is_edge], vertex[1:][is_edge], owner[1:][is_edge]
    edge = np.minimum(start, end).astype(np.int64) * (vertex.max() + 1) + np.maximum(start, end)
    order = np.lexsort((owner, edge))  # the two sides of a border follow each other
    edge, owner = edge[order], owner[order]
    shared = (edge[1:] == edge[:-1]) & (owner[1:] != owner[:-1])
    return np.unique(np.column_stack([owner[:-1][shared], owner[1:][shared]]), axis=0).astype(np.int64)


def encode_adjacency(adjacency: Adjacency) -> bytes:
    """Return the file of an adjacency; the same bytes for the same one."""
    content = io.BytesIO()
    np.savez_compressed(content, codes=adjacency.codes.astype("S5"), pairs=adjacency.pairs.astype(np.uint32))
    return content.getvalue()


def read_adjacency(path: Path) -> Adjacency:
    """Read what `encode_adjacency` wrote.

    Raises
    ------
    AssetError
        The file is absent, or holds something else.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            codes, pairs = kept["codes"].astype(np.str_), kept["pairs"].astype(np.int64)
        _require_pairs(codes, pairs)
    except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        msg = (
            f"Limites entre communes absentes ou abîmées : {path.name}. Attendu : les paires de communes qui se "
            f"touchent. Trouvé : {error}. Prévenez votre administrateur."
        )
        raise AssetError(msg) from error
    return Adjacency(codes, pairs)


def _require_pairs(codes: npt.NDArray[Any], pairs: npt.NDArray[Any]) -> None:
    if codes.ndim != 1 or pairs.ndim != 2 or pairs.shape[1] != 2 or (pairs >= len(codes)).any():  # noqa: PLR2004 - pairs
        msg = "un autre tableau"
        raise ValueError(msg)
