"""The follow-up of a programme against loops over rows, and against sums made by hand on the toy country."""

from __future__ import annotations

import doctest
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coverage.programme.measures
from coverage.indicators.apl_summary import apl_by_commune
from coverage.programme.measures import (
    ALL,
    WITH,
    WITHOUT,
    apl_change_by_group,
    msp_presence,
    reach_by_group,
)
from tests.toy import toy_country

TOY = toy_country()
CODES = list(TOY.communes["commune_code"])
PEOPLE = dict(zip(CODES, TOY.communes["population"], strict=True))
APL = {year: apl_by_commune(TOY.apl, year) for year in (2022, 2023)}
GROUPS = st.dictionaries(st.sampled_from(CODES), st.sampled_from(["avec", "sans", "depuis"]))


def series_of(groups: dict[str, str]) -> pd.Series:
    return pd.Series(groups, dtype="str")


def test_examples_run():
    outcome = doctest.testmod(coverage.programme.measures)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_a_commune_has_an_msp_or_none_or_nobody_knows():
    said = msp_presence(pd.Series({"31001": 2.0, "31002": 0.0, "32003": math.nan}))
    assert said[["31001", "31002"]].tolist() == [WITH, WITHOUT]
    assert said.isna().tolist() == [False, False, True]


def test_the_change_of_a_group_by_hand():
    groups = series_of({"31001": WITH, "31004": WITH, "31002": WITHOUT, "97601": WITHOUT})
    table = apl_change_by_group(APL[2022], APL[2023], groups)
    # 65 or less: (19 000 · 3.5 + 2 000 · 2.0) / 21 000, then (19 200 · 3.3 + 2 050 · 1.8) / 21 250.
    assert table.loc[WITH, "apl_before"] == pytest.approx(70_500 / 21_000)
    assert table.loc[WITH, "apl_after"] == pytest.approx(67_050 / 21_250)
    assert table.loc[WITH, "change"] == pytest.approx(67_050 / 21_250 - 70_500 / 21_000)
    assert table.loc[WITHOUT, "n_communes"] == 1  # Mayotte has no APL
    assert table.loc[WITH, "share_population_under_2_5_after"] == pytest.approx(1_950 / 21_850)
    assert table.index.tolist() == [WITH, WITHOUT, ALL]


def test_an_empty_group_is_unknown_not_zero():
    table = apl_change_by_group(APL[2022], APL[2023], series_of({"97601": WITH}))
    assert table.loc[WITH, "n_communes"] == 0
    assert table.loc[[WITH, ALL], ["apl_before", "apl_after", "change"]].isna().all().all()


@settings(max_examples=60, deadline=None)
@given(GROUPS, st.sampled_from(["apl", "apl_65"]))
def test_the_change_is_that_of_a_walk_through_the_units(groups, series):
    table = apl_change_by_group(APL[2022], APL[2023], series_of(groups), series=series)
    known = {code for code in groups if all(code in set(TOY.apl.loc[TOY.apl["vintage"] == year, "commune_code"])
                                            for year in APL)}  # fmt: skip
    for group in {*groups.values(), ALL}:
        members = {code for code in known if group in (ALL, groups[code])}
        assert table.loc[group, "n_communes"] == len(members)
        for year, when in ((2022, "before"), (2023, "after")):
            units = [row for row in TOY.apl.itertuples() if row.vintage == year and row.commune_code in members]
            weight = sum(row.population_standardised for row in units)
            mean = (
                sum(getattr(row, series) * row.population_standardised for row in units) / weight if units else math.nan
            )
            assert table.loc[group, f"apl_{when}"] == pytest.approx(mean, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(GROUPS, st.lists(st.sampled_from([0.0, 9.9, 10.0, 19.0, 45.0, math.inf, math.nan]), min_size=12, max_size=12))
def test_the_reach_is_that_of_a_walk_through_the_communes(groups, values):
    minutes = pd.Series(values, index=CODES)
    table = reach_by_group(minutes, series_of(groups), TOY.communes)
    for group in set(groups.values()):
        members = [code for code in groups if groups[code] == group]
        total = sum(PEOPLE[code] for code in members)
        unknown = any(math.isnan(minutes[code]) and PEOPLE[code] for code in members) or total == 0
        for limit in (10, 15, 20):
            inside = sum(PEOPLE[code] for code in members if minutes[code] < limit)
            expected = math.nan if unknown else inside / total
            assert table.loc[group, f"share_within_{limit}_min"] == pytest.approx(expected, nan_ok=True)
    if groups:
        shares = table.loc[ALL, ["share_within_10_min", "share_within_15_min", "share_within_20_min"]].dropna()
        assert shares.is_monotonic_increasing


def test_the_whole_is_made_of_its_parts():
    groups = series_of({code: "avec" if rank % 2 else "sans" for rank, code in enumerate(CODES)})
    table = reach_by_group(pd.Series(5.0, index=CODES), groups, TOY.communes)
    assert table.loc[ALL, "population"] == table.loc[["avec", "sans"], "population"].sum() == sum(PEOPLE.values())
    assert table.loc[ALL, "share_within_10_min"] == 1.0


def test_nobody_in_any_group_is_a_whole_of_nobody():
    table = reach_by_group(pd.Series(5.0, index=CODES), series_of({}), TOY.communes)
    assert table.index.tolist() == [ALL]
    assert table.loc[ALL, "population"] == 0
    assert math.isnan(table.loc[ALL, "share_within_10_min"])
