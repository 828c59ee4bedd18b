from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.small_numbers import NOT_SHOWN, hide_small, is_small, print_count


@given(st.integers(0, 1000))
def test_one_to_four_are_never_shown(count):
    shown = print_count(count)
    hidden = 1 <= count <= 4
    assert (shown == NOT_SHOWN) == hidden
    assert is_small(pd.Series([float(count)])).item() == hidden
    assert hide_small(pd.Series([float(count)])).isna().item() == hidden
    if not hidden:
        assert shown == str(count)


def test_suppressed_by_the_source_is_neither_zero_nor_missing():
    assert print_count(float("nan"), suppressed=True) == "NS"
    assert print_count(float("nan")) is None
    assert print_count(0) == "0"
