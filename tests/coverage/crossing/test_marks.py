"""Marks of a scatter, against one place at a time."""

import numpy as np
import pytest

from coverage.crossing.marks import COLUMNS, ROWS, gather

NAN = float("nan")


@pytest.fixture
def places():
    random = np.random.default_rng(9)
    x, y = random.gamma(2.0, 3.0, 4000), random.normal(0, 1, 4000)
    x[5] = y[6] = NAN
    return x, y, random.integers(0, 9, 4000)


def test_few_places_have_a_mark_each():
    marks = gather(np.array([1.0, NAN, 3.0]), np.array([2.0, 2.0, 4.0]), np.array([7, 0, 1]))
    assert marks.x.tolist() == [1.0, 3.0]
    assert marks.y.tolist() == [2.0, 4.0]
    assert marks.group.tolist() == [7, 1]
    assert marks.members.tolist() == [0, -1, 1]
    assert not marks.is_gathered


def test_places_that_share_a_mark_are_near_and_of_one_group(places):
    x, y, groups = places
    marks = gather(x, y, groups)
    assert marks.is_gathered
    assert len(marks.x) < 4000
    width = (np.nanmax(x) - np.nanmin(np.delete(x, 6))) / COLUMNS
    height = (np.nanmax(y) - np.nanmin(y)) / ROWS
    for place, mark in enumerate(marks.members):
        if place in {5, 6}:
            assert mark == -1
            continue
        assert abs(marks.x[mark] - x[place]) <= width / 2 + 1e-9
        assert abs(marks.y[mark] - y[place]) <= height / 2 + 1e-9
        assert marks.group[mark] == groups[place]
    assert marks.counts.tolist() == [int((marks.members == mark).sum()) for mark in range(len(marks.x))]
    together = list(zip(marks.x, marks.y, marks.group, strict=True))
    assert len(set(together)) == len(together)


def test_no_place_and_places_all_alike_are_drawn_too():
    nowhere = gather(np.array([NAN]), np.array([1.0]), np.array([0]))
    assert len(nowhere.x) == 0
    alike = gather(np.full(30, 2.0), np.full(30, 5.0), np.zeros(30, dtype=int), most=10)
    assert alike.counts.tolist() == [30]
