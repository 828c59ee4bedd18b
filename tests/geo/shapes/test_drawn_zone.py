"""A zone drawn by hand: its corners as the browser writes them, and what stands inside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CoordinateError
from geo.shapes.drawn_zone import is_inside, read_zone

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
ACROSS = ((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0))


def test_corners_are_read_as_the_browser_writes_them():
    assert read_zone("3.5,44.51234;-1.0,44.5;3.6,-21.1") == ((3.5, 44.51234), (-1.0, 44.5), (3.6, -21.1))


@pytest.mark.parametrize(
    "text",
    ["", "1,2", "1,2;3,4", "1,2;3,4;5", "1,2;3,4;5,x", "1,2;3,4;5,6,7", "nan,2;3,4;5,6", "1,2;3,4;5,inf",
     "1,2;3,4;5,91", "181,2;3,4;5,6", ";".join(["1,2"] * 201), "1,2;3,4;" + "0" * 9_000 + "5,6"],
)  # fmt: skip
def test_what_is_no_zone_is_refused_in_a_short_sentence(text):
    with pytest.raises(CoordinateError, match="Zone dessinée : attendu de 3 à 200 coins") as refusal:
        read_zone(text)
    assert len(str(refusal.value)) < 200


def test_what_is_inside_on_the_border_and_without_a_place():
    longitudes, latitudes = [1, 2, 3, np.nan, -1], [1, 1, 1, 1, np.nan]
    assert is_inside(SQUARE, longitudes, latitudes).tolist() == [True, True, False, False, False]


def test_lines_that_cross_make_two_parts():
    assert is_inside(ACROSS, [0.5, 1.5, 1.0, 1.0], [1.0, 1.0, 0.2, 1.8]).tolist() == [True, True, False, False]


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=3, max_size=8), st.integers(0, 7))
def test_the_corner_that_comes_first_changes_nothing(corners, first):
    first %= len(corners)
    xs, ys = np.meshgrid(np.linspace(-3, 3, 9) + 0.01, np.linspace(-3, 3, 9) + 0.013)
    before = is_inside(corners, xs.ravel(), ys.ravel())
    assert before.tolist() == is_inside(corners[first:] + corners[:first], xs.ravel(), ys.ravel()).tolist()


def test_as_a_slow_count_of_crossings_says():
    rng = np.random.default_rng(5)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
    corners = [(float(r * np.cos(a)), float(r * np.sin(a))) for a, r in zip(angles, rng.uniform(1, 3, 9), strict=True)]
    points = rng.uniform(-3, 3, (400, 2))

    def crosses(x, y, start, end):
        (x0, y0), (x1, y1) = start, end
        return (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)

    sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
    expected = [sum(crosses(x, y, *side) for side in sides) % 2 == 1 for x, y in points]
    assert is_inside(corners, points[:, 0], points[:, 1]).tolist() == expected
