"""Numbers as a French reader expects them."""

import datetime as dt
import math

from hypothesis import given
from hypothesis import strategies as st

from pages.parts.numbers import UNKNOWN, format_date, format_number, format_rank, format_share


def test_thousands_are_parted_by_a_narrow_space_and_decimals_by_a_comma():
    assert format_number(1234567.891, 2) == "1\u202f234\u202f567,89"
    assert format_number(2501, unit="MSP") == "2\u202f501\u00a0MSP"


def test_unknown_is_never_zero():
    assert format_number(math.nan) == format_number(None, 2, "km") == format_share(math.nan) == UNKNOWN


def test_a_rounded_zero_has_no_sign():
    assert format_number(-0.004, 1) == "0,0"


def test_shares_dates_and_ranks():
    assert format_share(0.1234) == "12,3\u00a0%"
    assert format_date(dt.date(2026, 4, 1)) == "1er avril 2026"
    assert format_rank(1, 18) == "1re sur 18"
    assert format_rank(2, 18) == "2e sur 18"


@given(st.floats(-1e12, 1e12), st.integers(0, 3))
def test_what_is_written_can_be_read_back(value, decimals):
    read = float(format_number(value, decimals).replace("\u202f", "").replace(",", "."))
    assert abs(read - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + abs(value) * 1e-12
