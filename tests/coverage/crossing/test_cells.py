"""Two indicators crossed, against one place at a time."""

import math
from itertools import combinations

import numpy as np
import pytest

from coverage.crossing.cells import cross, holds, most_even_bounds, tally

NAN = float("nan")


def test_each_place_has_the_cell_of_its_two_classes_and_none_where_one_is_unknown():
    columns = np.array([0, 1, 2, 0, NAN, 2])
    rows = np.array([0, 0, 0, 2, 1, NAN])
    cells = cross(columns, rows, 3)
    for found, column, row in zip(cells, columns, rows, strict=True):
        if math.isnan(column) or math.isnan(row):
            assert math.isnan(found)
        else:
            assert divmod(int(found), 3) == (row, column)


def test_the_tally_counts_places_and_people_one_by_one():
    random = np.random.default_rng(1)
    cells = np.where(random.random(500) < 0.1, NAN, random.integers(0, 9, 500))
    people = np.where(random.random(500) < 0.1, NAN, random.integers(0, 1000, 500))
    counts, lives = tally(cells, 9, people)
    for cell in range(9):
        here = [number for found, number in zip(cells, people, strict=True) if found == cell]
        assert counts[cell] == len(here)
        assert lives[cell] == sum(number for number in here if not math.isnan(number))
    assert sum(counts) == np.count_nonzero(~np.isnan(cells))


def test_a_cell_without_a_place_is_counted_as_nobody():
    assert tally(np.array([NAN, 4.0]), 9, np.array([5.0, NAN])) == ((0, 0, 0, 0, 1, 0, 0, 0, 0), (0.0,) * 9)


@pytest.mark.parametrize("seed", range(5))
def test_the_two_bounds_kept_are_those_of_the_most_even_classes(seed):
    values = np.random.default_rng(seed).gamma(2.0, 2.0, 300)
    values[::17] = NAN
    bounds = (1.5, 2.5, 3.5, 4.5, 9.0)

    def largest(pair):
        low, high = pair
        known = [value for value in values if not math.isnan(value)]
        return max(
            sum(value < low for value in known),
            sum(low <= value < high for value in known),
            sum(value >= high for value in known),
        )

    assert largest(most_even_bounds(values, bounds)) == min(map(largest, combinations(bounds, 2)))


def test_two_bounds_or_fewer_are_kept_as_they_are():
    assert most_even_bounds(np.array([NAN]), (2.5,)) == (2.5,)
    assert most_even_bounds(np.array([1.0]), (1.0, 2.0)) == (1.0, 2.0)


def crossings(contour, x, y):
    """Count the sides that a ray towards the east crosses."""
    sides = zip(contour, [*contour[1:], contour[0]], strict=True)
    return sum(
        (y >= y0) != (y >= y1) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in sides if y0 != y1
    )


def test_a_contour_holds_the_points_from_which_a_ray_crosses_it_an_odd_number_of_times():
    random = np.random.default_rng(2)
    contour = [tuple(corner) for corner in random.random((12, 2))]
    x, y = random.random(400), random.random(400)
    x[3] = NAN
    found = holds(contour, x, y)
    assert not found[3]
    assert [bool(inside) for inside in np.delete(found, 3)] == [
        crossings(contour, *point) % 2 == 1 for point in np.delete(np.column_stack([x, y]), 3, axis=0)
    ]
    assert 0 < found.sum() < 399


def test_a_rectangle_holds_its_sides_whichever_corners_are_given():
    x, y = np.array([0.0, 1.0, 2.0, 3.0, NAN]), np.array([5.0, 5.0, 6.0, 5.0, 5.0])
    for corners in ([(1, 5), (2, 6)], [(2, 6), (1, 5)]):
        assert holds(corners, x, y).tolist() == [False, True, True, False, False]
