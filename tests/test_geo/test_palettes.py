"""Palettes: ordered by luminance where the classes are ordered, apart for colour-blind readers where they are not."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from geo.palettes import OKABE_ITO, categorical, diverging, luminance, sequential

SIZES = range(2, 8)

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)


def linear(colour):
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(rgb, 0, 1)
    f = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("n_classes", SIZES)
@pytest.mark.parametrize("name", ["YlGnBu", "PuBuGn", "YlOrBr"])
def test_sequential_goes_from_light_to_dark(name, n_classes):
    colours = sequential(n_classes, name)
    assert len(set(colours)) == n_classes
    assert all(luminance(low) > luminance(high) for low, high in pairwise(colours))
    assert sequential(n_classes, name, reverse=True) == colours[::-1]


@pytest.mark.parametrize("n_classes", SIZES)
@pytest.mark.parametrize("name", ["PuOr", "BrBG"])
def test_diverging_is_lightest_in_the_middle(name, n_classes):
    colours = diverging(n_classes, name)
    half = n_classes // 2
    light = [luminance(colour) for colour in colours]
    assert len(set(colours)) == n_classes
    assert light[:half] == sorted(light[:half])
    assert light[-half:] == sorted(light[-half:], reverse=True)
    if n_classes % 2:
        assert light[half] == max(light)


@pytest.mark.parametrize("eye", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["usual", "deuteranopia", "protanopia"])
def test_categorical_colours_stay_apart(eye):
    seen = [lab(eye @ linear(colour)) for colour in categorical(7)]
    # A difference of 2.3 is just noticeable; four times that is told apart on a legend.
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 9.2


def test_categorical_colours_do_not_change_when_classes_are_added():
    assert [categorical(n) for n in SIZES] == [list(OKABE_ITO[:n]) for n in SIZES]


@pytest.mark.parametrize("palette", [sequential, diverging, categorical])
@pytest.mark.parametrize("n_classes", [0, 1, 8])
def test_a_number_of_classes_out_of_range_is_refused(palette, n_classes):
    with pytest.raises(ValueError, match="from 2 to 7"):
        palette(n_classes)


def test_luminance_of_black_white_and_middle_grey():
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#808080") == pytest.approx(0.2159, abs=1e-4)  # ((128/255 + 0.055) / 1.055) ** 2.4
