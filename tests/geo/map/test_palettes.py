"""Palettes: ordered by luminance where the classes are ordered, apart for colour-blind readers where they are not."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from geo.map.palettes import (
    NEUTRAL,
    OKABE_ITO,
    categorical,
    diverging_around,
    luminance,
    mixed,
    readable_on_dark,
    sequential,
    small_marks,
)
from geo.map.themes import DARK, LIGHT

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
    half = n_classes // 2
    colours = diverging_around(half, half, name, astride=n_classes % 2 == 1)
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


@pytest.mark.parametrize("palette", [sequential, categorical])
@pytest.mark.parametrize("n_classes", [0, 1, 8])
def test_a_number_of_classes_out_of_range_is_refused(palette, n_classes):
    with pytest.raises(ValueError, match="from 2 to 7"):
        palette(n_classes)


def test_luminance_of_black_white_and_middle_grey():
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#808080") == pytest.approx(0.2159, abs=1e-4)  # ((128/255 + 0.055) / 1.055) ** 2.4


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "palette",
    [
        *(sequential(n, name) for n in SIZES for name in ("YlGnBu", "PuBuGn", "YlOrBr")),
        *(diverging_around(below, above) for below in range(1, 4) for above in range(1, 4)),
        diverging_around(2, 2, astride=True),
        *(small_marks(n) for n in range(1, 8)),
        categorical(7),
    ],
    ids=" ".join,
)
def test_on_a_dark_page_every_class_is_seen_and_their_order_is_kept(palette):
    shown = readable_on_dark(palette)
    assert len(set(shown)) == len(palette)
    assert min(contrast(colour, DARK.background) for colour in shown) >= 3
    order, order_shown = (np.argsort([luminance(colour) for colour in colours]) for colours in (palette, shown))
    assert order.tolist() == order_shown.tolist()


def test_the_class_astride_the_reference_is_seen_on_a_page_and_on_the_sea():
    assert contrast(NEUTRAL, "#ffffff") > 1.3
    assert contrast(NEUTRAL, LIGHT.background) > 1.15
    assert NEUTRAL in diverging_around(0, 4, astride=True)


@pytest.mark.parametrize("n_classes", range(1, 8))
def test_circles_have_no_colour_too_pale_for_a_small_one(n_classes):
    for name in ("YlGnBu", "PuBuGn", "YlOrBr"):
        colours = small_marks(n_classes, name)
        assert len(set(colours)) == n_classes
        assert all(luminance(low) > luminance(high) for low, high in pairwise(colours))
        ground = lab(linear(LIGHT.ground))
        assert min(np.linalg.norm(lab(linear(colour)) - ground) for colour in colours) > 9.2  # as for the categories


def test_a_mixture_of_two_colours():
    assert mixed("#ff0000", "#0000ff", 0.5) == "#800080"
    assert mixed("#123456", "#ffffff", 0) == "#123456"
