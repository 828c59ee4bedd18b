"""Two indicators on one map, against one place at a time; colours that all readers tell apart."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from geo.map.palettes import readable_on_dark
from reports.figures.bivariate import STEVENS, cut_axis, draw_pair, pair_card, shorten, tell_both

APL, OLD = INDICATORS["apl_65_2023"], INDICATORS["share_75plus"]
PER_MSP = INDICATORS["population_per_msp"]
NAN = float("nan")
N = 120


@pytest.fixture
def country():
    random = np.random.default_rng(8)
    codes = [f"{number:05d}" for number in range(N)]
    apl = pd.Series(random.gamma(3.0, 1.0, N).round(2), index=codes)
    old = pd.Series(random.random(N) * 0.3, index=codes)
    apl.iloc[[3, 50]] = NAN
    old.iloc[[3, 70]] = NAN
    inside = np.arange(N) < 80
    return apl, old, inside, random.integers(1, 5000, N).astype(float)


def no(n=N):
    return np.zeros(n, dtype=bool)


def drawn_of(country, cut="france"):
    apl, old, inside, people = country
    x, y = cut_axis(APL, apl, cut, inside, no()), cut_axis(OLD, old, cut, inside, no())
    return x, y, draw_pair(x, y, "commune", inside=inside, people=people)


@pytest.mark.parametrize("cut", ["france", "territoire", "seuils"])
def test_each_place_is_in_the_cell_of_its_two_values(country, cut):
    apl, old, inside, people = country
    x, y, drawn = drawn_of(country, cut)
    factor = OLD.display_factor
    counts, lives = [0] * 9, [0.0] * 9
    for place, letter in enumerate(drawn.values.classes):
        values = apl.iloc[place], factor * old.iloc[place]
        if not inside[place]:
            assert letter == "x"
        elif np.isnan(values).any():
            assert letter == "n"
        else:
            column = sum(values[0] >= bound for bound in x.cuts)
            row = sum(values[1] >= bound - 1e-9 for bound in y.cuts)
            assert int(letter) == 3 * row + column
            counts[int(letter)] += 1
            lives[int(letter)] += people[place]
    assert [entry.count for entry in drawn.legend.entries[:9]] == counts
    assert drawn.legend.square.people == tuple(shorten(number) for number in lives)
    assert drawn.legend.entries[9].count == 3
    assert drawn.legend.entries[9].hatch
    assert set(drawn.values.around) >= {"x", "0"}


def test_thirds_are_of_the_country_or_of_the_territory(country):
    apl, _, inside, _ = country
    for cut, classed in (("france", apl), ("territoire", apl[inside])):
        axis = cut_axis(APL, apl, cut, inside, no())
        known = classed.dropna()
        sizes = [int((known < axis.cuts[0]).sum()), int((known >= axis.cuts[1]).sum())]
        assert sizes == pytest.approx([len(known) / 3] * 2, abs=2)
        assert axis.labels[0].startswith("moins de")
        assert axis.labels[2].endswith("ou plus")


def test_reference_bounds_are_those_of_the_card_and_a_card_without_any_is_cut_in_thirds(country):
    x, y, drawn = drawn_of(country, "seuils")
    assert set(x.cuts) < set(APL.thresholds)
    assert len(x.cuts) == 2
    assert x.told == "seuils de référence"
    assert y.told == "tiers des lieux de France"
    assert "seuils de référence ; " in drawn.legend.method


def test_nothing_to_divide_by_is_known_and_with_the_worst(country):
    _, old, inside, people = country
    per = pd.Series(np.linspace(1e3, 9e3, N), index=old.index)
    none = np.arange(N) % 5 == 0
    per[none] = NAN
    x, y = cut_axis(PER_MSP, per, "france", inside, none), cut_axis(OLD, old, "france", inside, no())
    drawn = draw_pair(x, y, "commune", inside=inside, people=people)
    assert (x.numbers[none] == 2).all()
    assert drawn.values.texts[0].startswith("aucune\t")
    assert "« aucune » est rangé avec les valeurs les plus hautes" in drawn.legend.note


def test_the_darkest_colour_is_that_of_the_least_favourable_values(country):
    _, old, inside, people = country
    spread = pd.Series(np.linspace(1e3, 9e3, N), index=old.index)
    x, y = (cut_axis(card, spread, "france", inside, no()) for card in (APL, PER_MSP))
    drawn = draw_pair(x, y, "commune", inside=inside, people=people)  # low access is worse, many people an MSP too
    assert list(drawn.values.palette[:3]) == [STEVENS[2], STEVENS[1], STEVENS[0]]
    assert drawn.values.palette[6] == STEVENS[8]
    assert "réunit les valeurs les moins favorables des deux" in drawn.legend.note
    x = cut_axis(replace(OLD, higher_is=None), spread, "france", inside, no())
    drawn = draw_pair(x, y, "commune", inside=inside, people=people)
    assert tuple(drawn.values.palette) == STEVENS
    assert f"de « {PER_MSP.short_label} » et les plus hautes de « {OLD.short_label} »." in drawn.legend.note
    assert "sombre" not in draw_pair(x, x, "commune", inside=inside, people=people).legend.note


def test_repeated_values_leave_fewer_classes_and_an_unknown_indicator_none(country):
    _, old, inside, people = country
    flat = cut_axis(APL, pd.Series(2.0, index=old.index), "france", inside, no())
    y = cut_axis(OLD, old, "france", inside, no())
    drawn = draw_pair(flat, y, "commune", inside=inside, people=people)
    assert list(drawn.values.palette) == [STEVENS[0], STEVENS[3], STEVENS[6]]
    assert set(drawn.values.classes) == {"0", "1", "2", "n", "x"}
    unknown = cut_axis(APL, pd.Series(NAN, index=old.index), "france", inside, no())
    drawn = draw_pair(unknown, y, "commune", inside=inside, people=people)
    assert set(drawn.values.classes) == {"n", "x"}
    assert [entry.hatch for entry in drawn.legend.entries] == [True]


def test_the_card_of_a_pair_names_both_with_their_sources_and_dates(country):
    x, y, _ = drawn_of(country)
    card = pair_card(x, y, "commune")
    assert card.label == f"{APL.label} et part des habitants de 75 ans ou plus"
    assert set(card.source_ids) == {*APL.source_ids, *OLD.source_ids}
    assert APL.vintage in card.vintage
    assert OLD.vintage in card.vintage


DEFICIENCIES = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}
"""Machado, Oliveira and Fernandes (2009), severity 1, on linear sRGB."""


def lightness_and_hue(colour, seen):
    channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(np.array(seen) @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("name", DEFICIENCIES)
@pytest.mark.parametrize("palette", [STEVENS, tuple(readable_on_dark(STEVENS))], ids=["light", "dark"])
def test_the_nine_colours_are_told_apart_without_red_or_green(name, palette):
    seen = [lightness_and_hue(colour, DEFICIENCIES[name]) for colour in palette]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 15


def test_people_are_written_short():
    assert [shorten(number) for number in (0.0, 999.0, 1000.0, 999_400.0, 999_600.0)] == [
        *("0", "999", "1\u00a0k", "999\u00a0k", "1,0\u00a0M")
    ]


@pytest.mark.parametrize("cut", ["france", "territoire", "seuils"])
def test_the_page_opens_with_what_the_darkest_cell_holds(country, cut):
    x, y, drawn = drawn_of(country, cut)
    people, inside = country[3], country[2]
    dark = next(entry for entry in drawn.legend.entries if entry.colour == STEVENS[8])
    places = [place for place, letter in enumerate(drawn.values.classes) if letter == dark.letter]
    known = sum(letter not in "nx" for letter in drawn.values.classes)
    said = tell_both(x, y, "commune", inside=inside, people=people).replace("\u202f", "").replace("\u00a0", " ")
    assert said == (
        f"{len(places)} communes sur {known} ({people[places].sum():.0f} habitants) cumulent les valeurs les moins "
        "favorables de « APL ≤ 65 ans 2023 » et les valeurs les plus hautes de « 75 ans ou plus »."
    )


def test_without_a_known_place_or_a_darkest_cell_nothing_is_said(country):
    _, old, inside, people = country
    x, y, _ = drawn_of(country)
    assert tell_both(x, y, "commune", inside=no(), people=people) == ""
    one = cut_axis(OLD, pd.Series(0.1, index=old.index), "france", inside, no())
    assert tell_both(x, one, "commune", inside=inside, people=people) == ""
    assert tell_both(x, cut_axis(OLD, old * NAN, "france", inside, no()), "commune", inside=inside, people=people) == ""
