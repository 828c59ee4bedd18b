"""Proportional circles: areas follow the numbers, and the legend names round ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.map import circles_for, legend_numbers
from geo.map.circles import LARGEST_PX

NUMBERS = st.lists(st.floats(0.01, 1e6) | st.sampled_from([0.0, math.nan]), min_size=1, max_size=30)


@given(NUMBERS, st.booleans())
def test_areas_are_in_proportion_to_the_numbers(numbers, whole):
    known = [number for number in numbers if number > 0]
    circles = circles_for(numbers, largest=max(known, default=0.0), whole=whole)
    if not known:
        assert circles is None
        return
    radii = circles.radii_px(numbers)
    assert max(radius for radius in radii if not math.isnan(radius)) == pytest.approx(circles.radius_px)
    for number, radius in zip(numbers, radii, strict=True):
        if math.isnan(number):
            assert math.isnan(radius)
        else:  # twin: the area of one unit, times the number
            unit = math.pi * circles.radius_px**2 / max(known)
            assert math.pi * radius**2 == pytest.approx(unit * number)


def test_what_the_browser_reads_tells_zero_and_unknown_from_a_circle():
    circles = circles_for([4.0, 1.0, 0.0, math.nan, -1.0], largest=4.0, whole=False)
    assert circles.roots() == "10000,5000,,,5000"  # half the radius: a quarter of the area, whatever the sign


def test_a_neighbour_may_be_larger_than_the_largest_of_the_scope():
    assert circles_for([1.0, 4.0], largest=1.0, whole=False).roots() == "10000,20000"


def test_one_thing_is_no_large_disc():
    assert circles_for([1.0], largest=1.0, whole=True).radius_px == 7.0
    assert circles_for([500.0], largest=500.0, whole=True).radius_px == LARGEST_PX


@given(st.floats(0.001, 1e9), st.booleans())
def test_the_legend_names_round_numbers_that_are_on_the_map(largest, whole):
    largest = float(max(1, round(largest))) if whole else largest
    radius_px = circles_for([largest], largest=largest, whole=whole).radius_px
    numbers = legend_numbers(largest, radius_px, whole=whole)
    assert 1 <= len(numbers) <= 3
    assert numbers == sorted(set(numbers), reverse=True)
    assert numbers[0] <= largest
    assert numbers[0] > largest / 2.5 - 1e-9  # the next round number would be above the largest
    for number in numbers:
        power = math.floor(math.log10(number) + 1e-9)
        assert round(number / 10.0**power, 9) in {1, 2, 5}
        assert not whole or number == int(number)


def test_the_legend_is_of_small_counts_too():
    assert legend_numbers(3, 12.1, whole=True) == [2.0, 1.0]
    assert np.allclose(legend_numbers(0.37, 28, whole=False), [0.2, 0.1, 0.01])
