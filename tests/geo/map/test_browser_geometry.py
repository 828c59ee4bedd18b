import math
import struct

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import EncodingError
from geo.map.geometry import DETAIL_QUANTUM, OVERVIEW_QUANTUM, as_polygons, decode, encode, from_quanta, to_quanta
from tests.geo.squares import square, wavy_coverage

QUANTA = (1 << 12, OVERVIEW_QUANTUM, DETAIL_QUANTUM)

coordinates = st.tuples(st.floats(-179, 179), st.floats(-84, 84))
triangles = st.tuples(coordinates, coordinates, coordinates).map(shapely.Polygon).filter(lambda shape: shape.area > 0)
shapes = triangles | st.lists(triangles, min_size=1, max_size=3).map(shapely.MultiPolygon)


def slow_quantum(longitude, latitude, quantum):
    """Web Mercator of one point, by the textbook formula ln(tan(π/4 + φ/2))."""
    x = (longitude + 180) / 360 * quantum
    y = (1 - math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / math.pi) / 2 * quantum
    return x, y


def as_array(*geometries):
    return np.array(geometries, dtype=object)


@given(coordinates, st.sampled_from(QUANTA))
def test_quanta_are_those_of_the_textbook(point, quantum):
    x, y = to_quanta(np.array([point[0]]), np.array([point[1]]), quantum)
    slow_x, slow_y = slow_quantum(*point, quantum)
    assert abs(x[0] - slow_x) <= 0.5 + 1e-6
    assert abs(y[0] - slow_y) <= 0.5 + 1e-6


@given(coordinates, st.sampled_from(QUANTA))
def test_degrees_come_back_to_half_a_quantum(point, quantum):
    x, y = to_quanta(np.array([point[0]]), np.array([point[1]]), quantum)
    slow_x, slow_y = slow_quantum(*(float(degrees[0]) for degrees in from_quanta(x, y, quantum)), quantum)
    assert abs(slow_x - x[0]) <= 1e-3
    assert abs(slow_y - y[0]) <= 1e-3


@given(st.lists(shapes, min_size=1, max_size=5), st.data())
def test_some_features_are_those_of_the_whole_file(geometries, data):
    content = encode(range(len(geometries)), as_array(*geometries))
    whole = decode(content)
    only = data.draw(st.sets(st.integers(-1, len(geometries))))
    found = decode(content, only)
    assert found.ids.tolist() == [one for one in whole.ids.tolist() if one in only]
    for one, rings in zip(found.ids, found.rings, strict=True):
        assert [ring.tolist() for ring in rings] == [ring.tolist() for ring in whole.rings[one]]


def test_a_shape_comes_back_with_its_holes_and_its_parts():
    holed = shapely.difference(square(0, 0, width=4, height=4), square(1, 1, width=1, height=1))
    island = square(6, 0, width=1, height=1)
    shape = shapely.union(holed, island)
    decoded = decode(encode([7], as_array(shape), DETAIL_QUANTUM))
    found = as_polygons(decoded.rings[0], decoded.quantum)
    assert shapely.symmetric_difference(found, shape).area < 5e-3 * shape.area  # squares a few hundred quanta wide
    assert len(found.geoms) == 2
    assert sorted(len(part.interiors) for part in found.geoms) == [0, 1]


@given(st.lists(shapes, max_size=5), st.sampled_from(QUANTA))
def test_decoding_gives_the_rings_back_to_half_a_quantum(geometries, quantum):
    decoded = decode(encode(range(len(geometries)), as_array(*geometries), quantum))
    assert decoded.ids.tolist() == list(range(len(geometries)))
    assert decoded.quantum == quantum
    for geometry, rings in zip(geometries, decoded.rings, strict=True):
        expected = []
        for part in shapely.get_parts(geometry):
            corners = [slow_quantum(*point, quantum) for point in shapely.orient_polygons(part).exterior.coords]
            if len({(round(x), round(y)) for x, y in corners}) >= 3:
                expected.append(corners)
        if len(rings) != len(expected):
            # a corner within rounding of half a quantum may make or unmake a ring of three vertices
            continue
        for ring, corners in zip(rings, expected, strict=True):
            vertices = shapely.points(ring)
            assert shapely.distance(shapely.points(corners[:-1]), shapely.MultiPoint(vertices)).max() <= 0.71
            # vertices put along a long step stay on it
            assert shapely.distance(vertices, shapely.LinearRing(corners)).max() <= 1.42


@given(st.lists(shapes, min_size=1, max_size=4))
def test_steps_always_fit(geometries):
    # at the finest quantum, a triangle across the world has steps of 4 million quanta
    rings = [
        ring
        for feature in decode(encode(range(len(geometries)), as_array(*geometries), DETAIL_QUANTUM)).rings
        for ring in feature
    ]
    assert all(np.abs(np.diff(ring[:-1], axis=0)).max() <= 32767 for ring in rings)


def test_neighbours_share_their_border_to_the_quantum():
    communes = wavy_coverage(3, 3)
    decoded = decode(encode(range(len(communes)), communes.geometry.to_numpy(), DETAIL_QUANTUM))
    polygons = np.array([shapely.Polygon(rings[0]) for rings in decoded.rings])
    assert shapely.coverage_is_valid(polygons)


def test_an_enclave_turns_the_other_way():
    outer = square(0, 0, width=3, height=3)
    for shell in (outer, outer.reverse()):
        holed = shapely.Polygon(shell.exterior.coords, [square(1, 1).exterior.coords])
        (rings,) = decode(encode([0], as_array(holed))).rings
        assert len(rings) == 2
        # y goes south in quanta, which turns both rings over alike
        assert shapely.is_ccw(shapely.LinearRing(rings[0])) != shapely.is_ccw(shapely.LinearRing(rings[1]))


def test_the_layout_is_the_one_that_the_browser_reads():
    content = encode([5], as_array(shapely.Polygon([(0, 0), (0.01, 0), (0.01, -0.01)])), OVERVIEW_QUANTUM)
    # 0.01 degree is 29.1 quanta of 360/2**20; the middle of the world is at 2**19
    assert struct.unpack_from("<5I", content) == (1, 1, 3, OVERVIEW_QUANTUM, 5)
    start = struct.unpack_from("<2i", content, 20)
    steps = struct.unpack_from("<6h", content, 28)
    assert struct.unpack_from("<2H", content, 40) == (1, 3)
    assert len(content) == 44
    assert start in {(2**19, 2**19), (2**19 + 29, 2**19), (2**19 + 29, 2**19 + 29)}
    assert steps[:2] == (0, 0)
    assert sorted(np.abs(steps[2:]).tolist()) in ([0, 0, 29, 29], [0, 29, 29, 29])


def test_repeated_vertices_go_and_a_shape_smaller_than_a_quantum_keeps_its_line():
    tiny = shapely.Polygon([(2, 46), (2.00001, 46), (2.00001, 46.00001)])
    dense = shapely.segmentize(square(0, 0), 1e-5)
    decoded = decode(encode([0, 1], as_array(tiny, dense)))
    assert decoded.rings[0] == []
    assert len(decoded.rings[1]) == 1
    assert (np.abs(np.diff(decoded.rings[1][0], axis=0)).sum(axis=1) > 0).all()


def test_nothing_is_a_file_too():
    assert decode(encode([], as_array())).rings == []


def test_the_same_input_gives_the_same_bytes():
    communes = wavy_coverage(2, 2).geometry.to_numpy()
    assert encode(range(4), communes) == encode(range(4), communes)


def test_a_ring_too_long_is_named():
    angle = np.linspace(0, 2 * np.pi, 70_001)[:-1]
    circle = shapely.Polygon(np.column_stack([60 * np.cos(angle), 60 * np.sin(angle)]))
    with pytest.raises(EncodingError, match="sommets par anneau : attendu 65535 au plus, trouvé 70"):
        encode([0], as_array(circle), 1 << 24)


@pytest.mark.parametrize(
    ("ids", "geometries", "quantum", "message"),
    [
        ([0, 1], as_array(square(0, 0)), 1 << 20, "trouvé 2 et 1"),
        ([-1], as_array(square(0, 0)), 1 << 20, "hors bornes"),
        ([1 << 32], as_array(square(0, 0)), 1 << 20, "hors bornes"),
        ([0], as_array(square(0, 0)), 0, "quantum"),
        ([0], as_array(None), 1 << 20, "absente"),
        ([0], as_array(shapely.Polygon()), 1 << 20, "vide"),
        ([0], as_array(shapely.Point(2, 46)), 1 << 20, "autre genre"),
        ([0], as_array(shapely.box(0, 80, 1, 86)), 1 << 20, "Mercator"),
        ([0], as_array(shapely.box(650_000, 0, 650_001, 1)), 1 << 20, "Mercator"),
    ],
)
def test_what_does_not_fit_is_named(ids, geometries, quantum, message):
    with pytest.raises(EncodingError, match=message):
        encode(ids, geometries, quantum)


@given(st.binary(max_size=80))
def test_bytes_that_are_no_file_are_refused(content):
    try:
        decoded = decode(content)
    except EncodingError:
        return
    assert len(decoded.ids) == len(decoded.rings)


def test_a_truncated_file_is_refused():
    content = encode([0], as_array(square(0, 0)))
    for length in range(len(content)):
        with pytest.raises(EncodingError, match="octets"):
            decode(content[:length])
