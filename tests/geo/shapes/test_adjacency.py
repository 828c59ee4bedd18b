"""Communes touch where they share a stretch of border: read off the vertices, and measured by Shapely."""

from itertools import combinations

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from geo.errors import AssetError
from geo.shapes.adjacency import Adjacency, adjacent_pairs, encode_adjacency, read_adjacency


def slow_pairs(shapes):
    """Measure what each two shapes share."""
    shared = (
        (one, other)
        for one, other in combinations(range(len(shapes)), 2)
        if shapely.intersection(shapes[one].boundary, shapes[other].boundary).length > 0
    )
    return sorted(shared)


def grid(n_columns, n_rows):
    """Return unit squares, row by row: each touches four others by a side, four by a corner."""
    return np.array([box(x, y, x + 1, y + 1) for y in range(n_rows) for x in range(n_columns)], dtype=object)


def as_list(shapes):
    return list(map(tuple, adjacent_pairs(np.array(shapes, dtype=object)).tolist()))


def test_a_corner_is_no_border():
    assert as_list(grid(2, 2)) == [(0, 1), (0, 2), (1, 3), (2, 3)]


def test_an_island_touches_nothing_and_an_enclave_only_what_holds_it():
    hole = [(1, 1), (1, 2), (2, 2), (2, 1)]
    around, enclave, island = Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [hole]), Polygon(hole), box(9, 9, 10, 10)
    assert as_list([around, enclave, island]) == [(0, 1)]


def test_every_part_of_a_commune_counts():
    assert as_list([MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)]), box(6, 0, 7, 1), box(1, 0, 2, 1)]) == [
        (0, 1),
        (0, 2),
    ]


def test_no_shape_has_no_pair():
    assert adjacent_pairs(np.array([], dtype=object)).shape == (0, 2)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_as_shapely_on_random_coverages(seed):
    rng = np.random.default_rng(seed)
    cells = grid(6, 5)
    groups = rng.integers(0, 9, len(cells))
    shapes = [shapely.coverage_union_all(cells[groups == group]) for group in np.unique(groups)]
    shapes = [shapely.union(shape, shape) for shape in shapes]
    # a union leaves out the vertices of straight borders: a coverage has them on both sides
    every_point = shapely.MultiPoint(np.unique(shapely.get_coordinates(cells), axis=0))
    shapes = [shapely.snap(shapely.segmentize(shape, 1.0), every_point, 1e-9) for shape in shapes]
    assert as_list(shapes) == slow_pairs(shapes)


def test_the_file_is_read_back_and_written_twice_alike(tmp_path):
    adjacency = Adjacency(np.array(["01001", "2A004", "97101"]), np.array([[0, 1]]))
    content = encode_adjacency(adjacency)
    assert content == encode_adjacency(adjacency)
    path = tmp_path / "neighbours.npz"
    path.write_bytes(content)
    again = read_adjacency(path)
    assert again.codes.tolist() == ["01001", "2A004", "97101"]
    assert again.pairs.tolist() == [[0, 1]]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", b"rien"])
def test_a_file_absent_or_damaged_is_named(tmp_path, content):
    path = tmp_path / "neighbours.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AssetError, match=r"neighbours\.npz"):
        read_adjacency(path)


def test_pairs_of_communes_that_are_not_there_are_refused(tmp_path):
    path = tmp_path / "neighbours.npz"
    path.write_bytes(encode_adjacency(Adjacency(np.array(["01001"]), np.array([[0, 7]]))))
    with pytest.raises(AssetError, match="Limites entre communes"):
        read_adjacency(path)
