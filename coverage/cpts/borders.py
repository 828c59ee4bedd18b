"""Which communes share a border: what makes white zones hold together, and two CPTS neighbours."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

GRID_PER_DEGREE: Final = 2**18
"""The shapes stand on a grid of 2⁻¹⁸ degree (`geo.shapes.boundaries`): on it, coordinates are whole numbers."""

Pairs = npt.NDArray[np.intp]
Whole = npt.NDArray[np.int64]


def shared_borders(shapes: npt.NDArray[np.object_]) -> Pairs:
    """Find the pairs of shapes that share a piece of border, a point in common not being one.

    In a valid coverage neighbours share their border vertex by vertex: two shapes are neighbours when one edge is in
    both. All of France takes about a second.

    Parameters
    ----------
    shapes
        Polygons of a coverage (EPSG:4326, degrees, on the grid of the snapshot); None or empty has no neighbour.

    Returns
    -------
    numpy.ndarray
        Positions of the two shapes of each pair, the smaller first, sorted, each pair once; shape (n, 2).

    Examples
    --------
    >>> squares = np.array([shapely.box(x, y, x + 1, y + 1) for x, y in [(0, 0), (1, 0), (2, 1)]])
    >>> shared_borders(squares).tolist()  # the third touches the second at a corner only
    [[0, 1]]
    """
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(points * GRID_PER_DEGREE).astype(np.int64)
    place = (grid[:, 0] << 32) + grid[:, 1]
    is_edge = ring[1:] == ring[:-1]
    owner = part_owner[ring_owner][ring][1:][is_edge]
    start, end = _sorted(place[:-1][is_edge], place[1:][is_edge])
    order = np.lexsort((end, start))
    start, end, owner = start[order], end[order], owner[order]
    twice = (start[1:] == start[:-1]) & (end[1:] == end[:-1]) & (owner[1:] != owner[:-1])
    first, second = _sorted(owner[:-1][twice].astype(np.int64), owner[1:][twice].astype(np.int64))
    return np.unique(np.column_stack([first, second]), axis=0).astype(np.intp).reshape(-1, 2)


def _sorted(one: Whole, other: Whole) -> tuple[Whole, Whole]:
    return np.minimum(one, other), np.maximum(one, other)
