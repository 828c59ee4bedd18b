"""Criteria on indicators, against a slow twin that asks each territory each question in turn."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.cards import INDICATORS
from coverage.indicators.compute import compute
from coverage.indicators.criteria import (
    MAX_CRITERIA,
    Criterion,
    CriterionError,
    judge,
    judge_all,
    read_criteria,
    read_value,
    write_criteria,
)
from tests.toy import toy_country

APL, OLD, ZONE = INDICATORS["apl_65_2023"], INDICATORS["share_75plus"], INDICATORS["zone"]
PER_MSP = INDICATORS["population_per_msp"]


@cache
def toy_communes():
    return compute("commune", toy_country().tables())


def ask(criterion, indicator, value, *, none=False):
    """Answer True, False or None (unknown) for one territory, in plain Python."""
    if indicator.kind == "categorical":
        if value is None:
            return None
        return (value == criterion.value) == (criterion.operator == "est")
    if none:
        printed = math.inf
    elif value is None or math.isnan(value):
        return None
    else:
        printed = value * indicator.display_factor
    close = not math.isinf(printed) and abs(printed - criterion.value) < 1e-6
    return {
        "moins": printed < criterion.value and not close,
        "auplus": printed < criterion.value or close,
        "plus": printed > criterion.value and not close,
        "aumoins": printed > criterion.value or close,
    }[criterion.operator]


def ask_all(answers):
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def as_answers(verdicts):
    return [None if math.isnan(verdict) else bool(verdict) for verdict in verdicts]


CRITERIA = st.lists(
    st.builds(Criterion, st.just("apl_65_2023"), st.sampled_from(["moins", "auplus", "plus", "aumoins"]),
              st.integers(0, 60).map(lambda tenths: tenths / 10))
    | st.builds(Criterion, st.just("share_75plus"), st.sampled_from(["moins", "auplus", "plus", "aumoins"]),
                st.integers(0, 30).map(float))
    | st.builds(Criterion, st.just("population_per_msp"), st.sampled_from(["moins", "plus"]),
                st.integers(0, 9000).map(float))
    | st.builds(Criterion, st.just("zone"), st.sampled_from(["est", "sauf"]), st.sampled_from(["ZIP", "ZAC", "HZ"])),
    max_size=4,
)  # fmt: skip


@given(CRITERIA)
def test_the_toy_country_is_sifted_as_one_would_by_hand(criteria):
    table = toy_communes()
    none = (table["n_msp"] == 0).to_numpy()
    verdicts = [
        judge(
            one,
            INDICATORS[one.indicator_id],
            table[one.indicator_id],
            none if one.indicator_id == PER_MSP.id else None,
        )
        for one in criteria
    ]
    expected = []
    for row, lacks in zip(table.to_dict("records"), none, strict=True):
        answers = []
        for one in criteria:
            value = row[one.indicator_id]
            value = None if isinstance(value, float) and math.isnan(value) else value
            lacks_here = bool(lacks) and one.indicator_id == PER_MSP.id
            answers.append(ask(one, INDICATORS[one.indicator_id], value, none=lacks_here))
        expected.append(ask_all(answers))
    assert as_answers(judge_all(verdicts, len(table))) == expected


def test_a_share_is_compared_in_percent_without_the_noise_of_the_product():
    values = pd.Series([0.07, 0.070001])
    assert 100 * 0.07 > 7
    assert judge(Criterion("share_75plus", "plus", 7.0), OLD, values).tolist() == [0, 1]
    assert judge(Criterion("share_75plus", "auplus", 7.0), OLD, values).tolist() == [1, 0]


def test_the_unknown_is_never_taken_as_zero_and_no_road_is_beyond_any_bound():
    values = pd.Series([np.nan, np.inf, 3.0])
    met = judge(Criterion("nearest_msp_min", "moins", 15.0), INDICATORS["nearest_msp_min"], values)
    assert as_answers(met) == [None, False, True]


def test_without_criterion_all_are_kept():
    assert judge_all([], 3).tolist() == [1, 1, 1]


@given(CRITERIA)
def test_an_address_reads_back_to_the_same_criteria(criteria):
    kept = tuple(dict.fromkeys(criteria))
    if kept:
        assert read_criteria(write_criteria(kept), INDICATORS) == (kept, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "vide"),
        ("~~", "vide"),
        ("inconnu.moins.2", "n’existe pas"),
        ("apl_65_2023", "attendu un des mots"),
        ("apl_65_2023.entre.2", "attendu un des mots"),
        ("apl_65_2023.est.2", "attendu un des mots"),
        ("apl_65_2023.moins.", "attendu un nombre"),
        ("apl_65_2023.moins.nan", "attendu un nombre"),
        ("apl_65_2023.moins.inf", "attendu un nombre"),
        ("apl_65_2023.moins.1e300", "attendu un nombre"),
        ("apl_65_2023.moins.9" + "9" * 5000, "attendu un nombre"),
        ("zone.est.ZZZ", "attendu une des valeurs"),
        ("zone.moins.2", "attendu un des mots"),
    ],
)
def test_what_an_address_cannot_mean_is_said_and_the_rest_is_kept(text, said):
    criteria, faults = read_criteria(text, INDICATORS)
    assert criteria == ()
    assert len(faults) == 1
    assert said in faults[0]
    assert len(faults[0]) < 300
    if text.strip("~"):
        kept, faults = read_criteria(f"{text}~apl_65_2023.moins.2,5", INDICATORS)
        assert kept == (Criterion("apl_65_2023", "moins", 2.5),)
        assert len(faults) == 1


def test_too_many_criteria_are_cut_and_it_is_said():
    text = "~".join(f"apl_65_2023.moins.{bound}" for bound in range(MAX_CRITERIA + 3))
    criteria, faults = read_criteria(text, INDICATORS)
    assert len(criteria) == MAX_CRITERIA
    assert "au plus 8" in faults[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("2,5", 2.5), (" 12 % ", 12.0), ("1\u202f234,5", 1234.5), ("\u22120,5", -0.5), ("2.5", 2.5), ("0", 0.0)],
)
def test_a_bound_is_read_as_the_french_write_it(text, value):
    assert read_value(APL, text) == value


@pytest.mark.parametrize("text", ["", "deux", "1_0", "2,5,3", "--1"])
def test_a_bound_that_is_no_number_is_refused(text):
    with pytest.raises(CriterionError, match="attendu un nombre"):
        read_value(APL, text)
