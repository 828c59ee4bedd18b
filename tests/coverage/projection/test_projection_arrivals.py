"""Arrivals of GPs: their level, what the result hangs on, what separates two scenarios, and the unit of the need."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coverage.projection import (
    PRESETS,
    Scenario,
    arrivals_margin,
    build_baseline,
    drees_levels,
    drees_path,
    project,
    published_path,
    steps_between,
)
from coverage.projection.assumptions import assumed, assumptions
from coverage.projection.baseline import gp_growth, gp_growth_interval
from coverage.projection.cohorts import AGES, age_one_year, level_of_entries
from reports.projection.start import START_TABLES
from tests.coverage.projection.test_projection_path import random_country, row_of, three_age_country


@pytest.fixture(scope="module")
def snapshot_baseline(snapshots):
    return build_baseline(**{name: snapshots(name) for name in START_TABLES})


def test_the_growth_of_gps_is_that_of_the_two_published_counts():
    # 52 291 in 2021, 51 775 at the end of 2024: -0.33 % a year over three years, -0.25 % over four.
    assert gp_growth() == pytest.approx(-0.0033, abs=5e-5)
    assert sorted(gp_growth_interval()) == pytest.approx([-0.0033, -0.0025], abs=5e-5)
    assert assumptions()["gp_stock_years"].interval == (3, 4)


def test_the_second_count_is_that_of_the_table_of_the_cnam(snapshots):
    rows = snapshots("professionals").query("vintage == 2024")
    without_mep = rows[rows["profession"].str.contains("MEP") & rows["profession"].str.contains("hors")]
    assert without_mep["n_professionals"].sum() == assumed("gp_stock_2024") == 51_775


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), growth=st.floats(-0.02, 0.02), years=st.integers(1, 12))
def test_the_level_of_arrivals_makes_the_stock_grow_as_asked(seed, growth, years):
    rng = np.random.default_rng(seed)
    stock, shares = rng.uniform(0, 50, len(AGES)), rng.random(len(AGES))
    rates, shares = np.sort(rng.uniform(0.0, 0.3, len(AGES))), shares / shares.sum()
    level = level_of_entries(stock, rates, 40.0, shares, growth=growth, years=years)
    assume(level > 0)
    reached = stock
    for _ in range(years):  # the slow way: year by year with the level found
        reached = age_one_year(reached, rates) + 40.0 * level * shares
    assert reached.sum() == pytest.approx(stock.sum() * (1 + growth) ** years)


def test_without_entrants_no_level_is_known():
    assert np.isnan(level_of_entries(np.ones(len(AGES)), np.full(len(AGES), 0.1), 0.0, np.ones(1), growth=0, years=3))


def test_the_trend_of_the_snapshot_is_the_decline_observed_and_all_doctors_is_a_variant(snapshot_baseline):
    stock = project(snapshot_baseline, Scenario()).yearly.query("level == 'france'").set_index("year")["stock"]
    assert (stock.iloc[-1] / stock.iloc[0]) ** (1 / 10) - 1 == pytest.approx(gp_growth(), abs=1e-9)
    assert stock.iloc[-1] < stock.iloc[0]
    others = project(snapshot_baseline, PRESETS["tous_medecins"]).yearly.query("level == 'france'").set_index("year")
    # The trend before arrivals were those of GPs: liberal GPs rise by 0.59 % a year, 55 514 to 58 905.
    assert (others["stock"].iloc[-1] / stock.iloc[0]) ** (1 / 10) - 1 == pytest.approx(0.0059, abs=1e-4)
    listed = {item.name: item for item in snapshot_baseline.estimates}
    level = listed["gp_entries_level"]
    assert level.value == pytest.approx(0.72, abs=0.005)
    assert level.value == pytest.approx(1 / snapshot_baseline.all_doctors_level)
    low, high = level.interval
    assert low <= level.value <= high
    assert high == pytest.approx(0.744, abs=0.005)
    assert level.certainty == "estimé"


def test_hours_under_fifty_change_what_is_left_to_convince(snapshot_baseline):
    usual, fewer = (
        row_of(project(snapshot_baseline, Scenario(hours_under_50=hours)).yearly, "region", "76", 2035)
        for hours in (0.9, 0.7)
    )
    assert fewer["left_to_convince"] > usual["left_to_convince"] + 50
    assert fewer["departures"] == usual["departures"]


def test_the_need_in_full_time_gps_by_hand():
    # 40, 60, 70 years: 100, 60, 40 GPs, 0.5, 1.0 and 0.25 FTE: 120 for 200 GPs, 0.6 a head. A year later 20, 90, 68:
    # 178 GPs make 117 FTE, worth 195 of today's. 17 GPs too many in the count of heads: 178 - 195.
    country = three_age_country(ages=np.array([40.0, 60.0, 70.0]))
    yearly = project(country, Scenario(horizon_years=1, hours_under_50=0.5, hours_50_64=1.0, hours_65_plus=0.25)).yearly
    row = row_of(yearly, "france", "FR", 2026)
    assert row["extra_need_activity"] == pytest.approx(178 - 195)
    assert row["left_to_convince"] == pytest.approx(
        42 - 17 + row["extra_need_population"] + row["extra_need_ageing"] - 20
    )


scenarios = st.builds(
    Scenario,
    horizon_years=st.integers(1, 15),
    entries_factor=st.floats(0.2, 1.4),
    entries_late_factor=st.floats(0.5, 2),
    hours_under_50=st.floats(0.5, 1.0),
    exit_factor=st.floats(0.6, 1.5),
)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), scenario=scenarios)
def test_the_margin_brings_the_result_to_nil_and_its_opposite_doubles_it(seed, scenario):
    country = random_country(seed)
    year = country.base_year + scenario.horizon_years
    margins = arrivals_margin(country, scenario)
    for row in margins[margins["territory_code"].isin(["D2", "R1", "FR"])].itertuples(index=False):
        if abs(row.margin) >= 1:  # beyond, arrivals would have to be negative
            continue

        def left_with(change, row=row):
            moved = scenario.with_changes(entries_factor=scenario.entries_factor * (1 + change))
            return row_of(project(country, moved).yearly, row.level, row.territory_code, year)["left_to_convince"]

        scale = 1 + abs(row.left_to_convince)
        assert left_with(0) == pytest.approx(row.left_to_convince)
        assert abs(left_with(row.margin)) < 1e-8 * scale
        assert left_with(-row.margin) == pytest.approx(2 * row.left_to_convince, abs=1e-8 * scale)


def test_without_arrivals_or_without_data_no_margin_is_known():
    country = random_country(5)
    growth = country.population_growth.copy()
    growth[1] = np.nan
    margins = arrivals_margin(replace(country, population_growth=growth), Scenario()).set_index("territory_code")
    assert np.isnan(margins.loc["D1", "margin"])
    assert np.isfinite(margins.loc["FR", "margin"])
    assert arrivals_margin(country, Scenario(entries_factor=0.0))["margin"].isna().all()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_steps_between_two_scenarios_sum_to_their_difference(seed):
    country = replace(random_country(seed), all_doctors_level=1.4)
    first, last = Scenario(), PRESETS["ars_occitanie"]
    steps = steps_between(country, first, last, "region", "R1")
    assert list(steps) == ["stock_factor", "arrivals_of", "population_variant"]
    one, other = (row_of(project(country, s).yearly, "region", "R1", 2035)["left_to_convince"] for s in (first, last))
    assert sum(steps.values()) == pytest.approx(other - one)
    assert steps_between(country, last, last, "region", "R1") == {}


def test_the_published_path_passes_by_the_published_points():
    assert published_path(2021, [2021, 2028, 2050]) == pytest.approx(
        [100, 100 * 92_427 / 100_621, 100 * 129_152 / 100_621]
    )
    # From 2025 on: a fall of 1.2 % a year to 2028, then a rise of 1.5 %.
    from_2025 = published_path(2025, [2025, 2028, 2050, 2060])
    assert from_2025[:3] == pytest.approx([100, 96.43, 134.74], abs=0.01)
    assert np.isnan(from_2025[3])
    assert assumed("published_drees_stock_2028") == 92_427


def test_the_preset_close_to_drees_has_the_levels_fitted_from_the_year_shown(snapshot_baseline):
    early, late = drees_levels(snapshot_baseline)
    assert PRESETS["drees"].entries_factor == pytest.approx(early, abs=0.01)
    assert PRESETS["drees"].entries_late_factor == pytest.approx(late, abs=0.03)
    index = drees_path(snapshot_baseline)
    assert index.iloc[0] == 100
    assert index.idxmin() in (2027, 2028, 2029)
    # The old fit fell by 1.1 % and rose by 10 % to 2035.
    assert index.min() < 97
    assert index.loc[2035] < 108
