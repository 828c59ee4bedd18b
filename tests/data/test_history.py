"""Codes carried to the current communes: nothing lost in silence, nobody counted twice."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from data.history import OUT_OF_SCOPE, UNKNOWN_CODE, carry_codes, sum_counts

CURRENT = ["01001", "01002", "12218"]
HISTORY = pd.DataFrame(
    {"old_code": ["01900", "12076", "12077"], "commune_code": ["01001", "12218", "12218"]}, dtype="str"
)
CODES = [*CURRENT, *HISTORY["old_code"], "97701", "98735", "01999"]


def table_of(rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["commune_code", "n"])
    return table.astype({"commune_code": "str", "n": "float64"})


rows = st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 1000)), max_size=20)


def test_current_stays_former_moves_the_rest_is_said():
    table = table_of([("12076", 3), ("12218", 4), ("97701", 5), ("01999", 6)]).assign(
        name=["Conques", "C-R", "S-B", "X"]
    )
    carried, not_carried = carry_codes(table, HISTORY, CURRENT)
    assert carried["commune_code"].to_list() == ["12218", "12218"]
    assert carried.index.to_list() == [0, 1]
    assert not_carried.to_dict("list") == {
        "code": ["01999", "97701"],
        "name": ["X", "S-B"],
        "reason": [UNKNOWN_CODE, OUT_OF_SCOPE],
    }


def test_an_arrondissement_is_carried_like_any_former_code():
    history = pd.DataFrame({"old_code": ["75101"], "commune_code": ["75056"]})
    carried, not_carried = carry_codes(table_of([("75101", 1)]), history, ["75056"])
    assert carried["commune_code"].to_list() == ["75056"]
    assert not_carried.empty


def test_what_is_held_by_a_commune_that_the_list_lacks_is_said():
    carried, not_carried = carry_codes(table_of([("12076", 3), ("01900", 2)]), HISTORY, ["01001"])
    assert carried["commune_code"].to_list() == ["01001"]
    assert not_carried[["code", "reason"]].to_numpy().tolist() == [["12076", UNKNOWN_CODE]]


def test_the_tables_given_are_not_changed():
    table, history = table_of([("12076", 3), ("97701", 5)]), HISTORY.copy()
    before = table.copy()
    carry_codes(table, history, CURRENT)
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(history, HISTORY)


def test_sums_skip_the_year_a_commune_did_not_exist_but_never_make_up_a_zero():
    table = table_of([("01001", 5), ("01001", float("nan")), ("01002", float("nan"))])
    sums = sum_counts(table, ["commune_code"], ["n"]).set_index("commune_code")["n"]
    assert sums["01001"] == 5
    assert pd.isna(sums["01002"])


@given(rows)
def test_every_count_is_carried_or_left_never_both(rows):
    table = table_of(rows)
    carried, not_carried = carry_codes(table, HISTORY, CURRENT)
    left = table[table["commune_code"].isin(not_carried["code"])]
    assert carried["n"].sum() + left["n"].sum() == table["n"].sum()
    assert len(carried) + len(left) == len(table)
    assert set(carried["commune_code"]) <= set(CURRENT)


@given(rows)
def test_carrying_twice_changes_nothing_more(rows):
    once = carry_codes(table_of(rows), HISTORY, CURRENT).table
    again = carry_codes(once, HISTORY, CURRENT)
    pd.testing.assert_frame_equal(again.table, once)
    assert again.not_carried.empty


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_sum(rows, random):
    def sums(table: pd.DataFrame) -> pd.DataFrame:
        return sum_counts(carry_codes(table, HISTORY, CURRENT).table, ["commune_code"], ["n"])

    shuffled = list(rows)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(sums(table_of(shuffled)), sums(table_of(rows)))


@given(rows)
def test_the_slow_twin_agrees(rows):
    holders = dict(zip(HISTORY["old_code"], HISTORY["commune_code"], strict=True))
    expected: dict[str, float] = {}
    for code, n in rows:
        holder = code if code in CURRENT else holders.get(code)
        if holder is not None:
            expected[holder] = expected.get(holder, 0.0) + n
    carried = carry_codes(table_of(rows), HISTORY, CURRENT).table
    sums = sum_counts(carried, ["commune_code"], ["n"])
    assert dict(zip(sums["commune_code"], sums["n"], strict=True)) == expected
