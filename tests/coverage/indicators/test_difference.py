"""What parts two maps, place by place: the measure they share, the table that says it, against a slow twin."""

import math

import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from coverage.indicators.difference import is_same_measure, set_apart

NAN = float("nan")
FIRST = pd.Series({"01": 2.0, "02": NAN, "03": 4.0, "04": 1.0, "05": 3.0, "06": 5.0})
SECOND = pd.Series({"02": 3.0, "01": 2.5, "03": 1.0, "04": 1.5, "05": 3.0, "07": 9.0, "06": math.inf})
PEOPLE = pd.Series({"01": 10.0, "02": 99.0, "03": 5.0, "04": 20.0, "05": NAN, "06": 1.0})


def slow(first, second, people):
    """Return code, both values and their difference, by walking through the codes."""
    rows = []
    for code in sorted({*first.index, *second.index}):
        a, b = first.get(code, NAN), second.get(code, NAN)
        gap = b - a
        rows.append((code, a, b, gap if math.isfinite(gap) else NAN, people.get(code, NAN)))
    unknown_last = [(math.isnan(gap), -abs(gap) if not math.isnan(gap) else 0) for *_, gap, _ in rows]
    crowd = [(math.isnan(n), -n if not math.isnan(n) else 0) for *_, n in rows]
    return [row for _, _, row in sorted(zip(unknown_last, crowd, rows, strict=True), key=lambda one: one[:2])]


def as_text(rows):
    return [tuple(str(cell) for cell in row) for row in rows]


def test_the_table_equals_the_slow_twin():
    table = set_apart(FIRST, SECOND, PEOPLE)
    assert as_text(table.itertuples()) == as_text(
        [(code, a, b, gap, n) for code, a, b, gap, n in slow(FIRST, SECOND, PEOPLE)]
    )


def test_the_largest_change_comes_first_whatever_its_sign_and_the_unknown_last():
    table = set_apart(FIRST, SECOND, PEOPLE)
    # 04 before 01: the same change, more people.
    assert list(table.index) == ["03", "04", "01", "05", "02", "06", "07"]
    assert table.loc["03", "difference"] == -3.0
    assert table.loc[["02", "06", "07"], "difference"].isna().all()


def test_nothing_to_set_apart_is_an_empty_table():
    empty = pd.Series(dtype=float)
    assert list(set_apart(empty, empty, PEOPLE).columns) == ["first", "second", "difference", "population"]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("apl_65_2022", "apl_65_2023", True),
        ("apl_65_2023", "apl_65_2023", True),
        ("apl_2022", "apl_65_2022", False),  # one more kind of GP
        ("apl_nurses_2022", "apl_midwives_2022", False),
        ("share_population_under_2_5_apl_65_2022", "share_population_under_2_5_apl_65_2023", True),
        ("share_population_under_2_5_apl_65_2022", "apl_65_2022", False),
        ("zone", "zone", False),  # categories have no difference
    ],
)
def test_a_measure_is_the_same_at_two_dates_and_no_other(first, second, same):
    assert is_same_measure(INDICATORS[first], INDICATORS[second]) is same
    assert is_same_measure(INDICATORS[second], INDICATORS[first]) is same
