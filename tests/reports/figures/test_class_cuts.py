"""Classes as they are cut, named, coloured and kept: counts in whole numbers, changes around zero, each by criteria."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.cards import INDICATORS
from coverage.indicators.criteria import judge, judge_all
from coverage.territories.gazetteer import FRANCE, Territory
from geo.map import LIGHT
from geo.map.distribution import FIRST_LETTER, NO_BAR
from geo.map.palettes import NEUTRAL
from reports.figures.class_cuts import class_palette, cut_classes, interval_labels, tell_method
from reports.figures.map_classes import draw_series

LOZERE, OCCITANIE, GERS = Territory("departement", "48"), Territory("region", "76"), Territory("departement", "32")
MSP = INDICATORS["n_msp"]
COUNTS = [name for name, card in INDICATORS.items() if card.is_count]


def labels_of(drawn):
    return [(entry.label, entry.count) for entry in drawn.legend.entries]


def held(label, number):
    """Tell whether a label, read as a reader does, holds a whole number."""
    ends = [int(part.replace("\u202f", "")) for part in re.findall(r"[\d\u202f]+", label)]
    return ends[0] <= number <= ends[-1]


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=80),
    st.sampled_from(["seuils", "quantiles", "jenks", "egales"]),
    st.integers(3, 7),
)
def test_each_whole_number_is_in_the_one_class_whose_label_holds_it(numbers, method, n_classes):
    classes = cut_classes(MSP, pd.Series(numbers, dtype=float), method, n_classes)
    labels = interval_labels(MSP, classes)
    for place, number in enumerate(numbers):
        assert [k for k, label in enumerate(labels) if held(label, number)] == [classes.index[place]]
    if 0 in numbers:
        assert labels[0] == "0"
        assert class_palette(MSP, classes)[0] == LIGHT.ground
    for label in labels:  # never « 9 986 à 9 986 »
        first, _, last = label.partition(" à ")
        assert first != last


def test_the_classes_of_case_11_share_no_bound(studio):
    draw = studio.facts.draw
    assert labels_of(draw("n_msp", "commune", LOZERE)) == [("0", 143), ("1", 9)]
    assert labels_of(draw("n_msp", "commune", OCCITANIE)) == [
        ("0", 4178),
        ("1", 252),
        ("2", 12),
        ("3 à 8", 2),
        ("9 à 15", 2),
    ]
    assert [label for label, _ in labels_of(draw("n_cpts_finess", "departement", OCCITANIE))] == [
        *("3", "4", "5", "6 à 9", "10 à 16"),
    ]


def test_a_count_is_the_sum_of_its_parts_and_a_rate_is_not(studio):
    """What maps draw as circles is what can be added up: the departments of France make France."""
    departements, country = studio.facts.level_table("departement"), studio.facts.level_table("france").loc["FR"]
    unlike = {"share_population_zone_known"}  # a share is never a count; nothing else is left out
    for name, card in INDICATORS.items():
        if name not in departements or card.kind == "categorical" or departements[name].isna().any() or name in unlike:
            continue
        added = departements[name].sum() == pytest.approx(country[name], rel=1e-6)
        assert added == card.is_count, name


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_never_a_choropleth(studio, name):
    level = "departement" if "departement" in INDICATORS[name].levels else "commune"
    drawn = studio.facts.draw(name, level, FRANCE)
    assert drawn.values.circles is not None
    assert drawn.legend.sizes
    assert drawn.legend.method.startswith("Surface des cercles")
    rates = studio.facts.draw("apl_65_2023", "departement", FRANCE)
    assert rates.values.circles is None
    assert not rates.legend.sizes


@pytest.mark.parametrize("name", ["apl_65_change", "apl_change", "population_growth_per_year", "fedi"])
def test_a_change_has_a_class_around_zero_and_no_white(studio, name):
    drawn = studio.facts.draw(name, "commune", OCCITANIE)
    labels = [entry.label for entry in drawn.legend.entries if entry.letter.isdigit()]
    (lower, upper) = labels[2].split(" à ")
    assert lower == f"\u2212{upper}"
    assert drawn.values.palette[2] == NEUTRAL
    assert labels[0].startswith("moins de")
    assert labels[-1].endswith("ou plus")
    assert "mêmes bornes de part et d’autre de 0" in drawn.legend.method


def test_the_method_is_named_as_it_was_used(studio):
    counted = studio.facts.draw("n_msp", "commune", OCCITANIE).legend
    assert "effectifs inégaux" in counted.method
    assert counted.bounds == ""  # whole classes share none
    shares = studio.facts.draw("share_75plus", "commune", OCCITANIE).legend
    assert shares.method == "Classes : quantiles (effectifs égaux)."
    assert shares.bounds == "Borne inférieure comprise, supérieure exclue."
    assert "seuils de référence" in studio.facts.draw("apl_65_2023", "commune", OCCITANIE).legend.method
    assert studio.facts.draw("zone", "commune", OCCITANIE).legend.method == ""
    classes = cut_classes(MSP, pd.Series([0.0, 5.0, 1.0, 1.0, 4.0, 7.0]), "quantiles", 6)
    assert "égaux" not in tell_method(MSP, classes, "quantiles", pooled=True)


@pytest.mark.parametrize("name", ["n_msp", "apl_65_change", "apl_65_2023", "population_per_msp", "share_75plus", "zone",
                                  "gp_fte_short_of_2_5_65"])  # fmt: skip
@pytest.mark.parametrize("method", ["seuils", "jenks"])
def test_the_criteria_of_a_class_keep_its_territories_and_no_other(studio, name, method):
    facts = studio.facts
    drawn = facts.draw(name, "commune", OCCITANIE, method)
    table, card = facts.level_table("commune"), facts.indicator(name).at("commune")
    letters = np.array(list(drawn.values.classes))
    none = letters == "z"
    for place, criteria in enumerate(drawn.criteria):
        verdicts = judge_all([judge(one, card, table[name], none) for one in criteria], len(table))
        assert ((verdicts == 1) & (letters != "x")).sum() == (letters == str(place)).sum(), criteria
        assert (verdicts[letters == str(place)] == 1).all()


@pytest.mark.parametrize("name", ["apl_65_2023", "population", "n_msp", "share_75plus", "apl_65_change"])
def test_bars_count_the_territories_of_the_scope_and_place_each_value(studio, name):
    drawn = studio.facts.draw(name, "commune", GERS)
    bars, letters = drawn.values.distribution.bars, drawn.values.distribution.letters
    values = studio.facts.level_table("commune")[name].to_numpy() * INDICATORS[name].display_factor
    classes, edges = drawn.values.classes, drawn.values.distribution.edges
    twin = [{} for _ in bars]
    for row, value in enumerate(values):
        if np.isnan(value):
            assert letters[row] == NO_BAR
            continue
        bar = min(max(sum(value >= edge for edge in edges) - 1, 0), len(bars) - 1)
        assert ord(letters[row]) - ord(FIRST_LETTER) == bar
        if classes[row] not in "xnz":
            twin[bar][int(classes[row])] = twin[bar].get(int(classes[row]), 0) + 1
    assert [dict(bar) for bar in bars] == twin


def test_neighbours_have_their_class_and_what_is_inside_has_none_around(studio):
    drawn = studio.facts.draw("apl_65_2023", "commune", LOZERE)
    whole = studio.facts.draw("apl_65_2023", "commune", FRANCE)  # fixed bounds: the same classes everywhere
    for inside, around, everywhere in zip(drawn.values.classes, drawn.values.around, whole.values.classes, strict=True):
        assert (inside == "x") != (around == "x")
        assert everywhere in {inside, around}
    assert whole.values.around == ""


def test_the_zones_have_the_colours_that_doctors_know(studio):
    drawn = studio.facts.draw("zone", "commune", OCCITANIE)
    colours = {entry.label: entry.colour for entry in drawn.legend.entries}
    assert colours["Zone d’intervention prioritaire"] == "#e69f00"  # orange
    assert colours["Zone d’action complémentaire"] == "#0072b2"  # blue
    assert len(INDICATORS["zone"].category_colours) == len(INDICATORS["zone"].categories)


def test_the_same_count_has_the_same_circle_at_two_dates():
    card = dataclasses.replace(INDICATORS["n_msp_dgos"], vintage="")
    dates = [pd.Series([0.0, 2.0, np.nan]), pd.Series([1.0, 16.0, 4.0])]
    pooled = pd.concat(dates)
    inside = np.ones(3, dtype=bool)
    first, last = (
        draw_series(card, values, "departement", "quantiles", 6, inside=inside, pooled=pooled) for values in dates
    )
    assert (first.values.circles.largest, first.values.circles.radius_px) == (16.0, last.values.circles.radius_px)
    assert first.legend.sizes == last.legend.sizes
    assert first.values.classes[2] == "n"
