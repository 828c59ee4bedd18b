import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.territories.membership import are_among

CODES = st.lists(st.one_of(st.none(), st.sampled_from(["01001", "2A004", "97105", ""])))


@pytest.mark.parametrize("kind", [pd.Series, pd.Index])
@given(codes=CODES, wanted=CODES)
def test_it_tells_what_isin_tells_but_of_absent_codes(kind, codes, wanted):
    codes, wanted = kind(codes, dtype="str"), kind(wanted, dtype="str")
    expected = [bool(code in set(wanted.dropna())) if isinstance(code, str) else False for code in codes]
    assert are_among(codes, wanted).tolist() == expected
