"""A difference as it is written: signed, in points where figures are shares, unknown where one is."""

import pandas as pd
import pytest

from coverage.indicators.cards import INDICATORS
from reports.figures.differences import difference_texts, format_difference

APL = INDICATORS["apl_65_2023"]
SHARE = INDICATORS["share_population_under_2_5_apl_65_2023"]
NAN = float("nan")


@pytest.mark.parametrize(
    ("card", "value", "written"),
    [
        (APL, 0.124, "+0,12\u00a0consultation par an et par habitant"),
        (APL, -2.5, "−2,50\u00a0consultations par an et par habitant"),
        (APL, 0.001, "0,00\u00a0consultation par an et par habitant"),
        (SHARE, 0.0123, "+1,2\u00a0point"),
        (SHARE, -0.123, "−12,3\u00a0points"),
        (SHARE, NAN, "n.d."),
    ],
)
def test_a_difference_has_its_sign_and_its_unit(card, value, written):
    assert format_difference(card, value) == written


def test_the_texts_of_a_map_are_those_of_each_place():
    gaps = pd.Series([0.124, NAN, -0.3, 0.1239, 0.0])
    assert difference_texts(APL, gaps) == [
        None if pd.isna(gap) else format_difference(APL, gap, unit=False) for gap in gaps
    ]
