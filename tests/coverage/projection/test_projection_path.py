"""The central path: a country of three ages computed by hand, a plain-Python twin, conservation and monotonicity."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.projection import PRESETS, Baseline, Scenario, ScenarioError, assumption_table, project
from coverage.projection.assumptions import assumptions
from coverage.terms.natures import NATURES

FLAT = {"ageing_growth": 0.0, "hours_under_50": 1.0, "hours_65_plus": 1.0}


def three_age_country(**changes) -> Baseline:
    """One department A of 200 GPs of 62, 63 and 64 or more, in region R; 20 enter a year, all at 62.

    Year 1: exits 100 × 0.1 + 60 × 0.2 + 40 × 0.5 = 42; 90, 48, 20 stay, so 20 + 90 + 68 = 178 after entries.
    Year 2: exits 20 × 0.1 + 90 × 0.2 + 68 × 0.5 = 54; 18, 72, 34 stay, so 20 + 18 + 106 = 144 after entries.
    """
    values = {
        "departements": pd.DataFrame({"departement_code": ["A"], "region_code": ["R"]}),
        "base_year": 2025,
        "ages": np.array([62.0, 63.0, 64.0]),
        "stock": np.array([[100.0, 60.0, 40.0]]),
        "exit_rates": np.array([0.1, 0.2, 0.5]),
        "entries": np.array([20.0]),
        "entry_ages": np.array([1.0, 0.0, 0.0]),
        "population": np.array([100_000.0]),
        "population_growth": np.array([0.01]),
        "need_per_inhabitant": np.array([0.8]),
        "share_75plus": np.array([0.1]),
        "ageing_effect": 0.8,
        "mobility": np.array([0.0]),
        "apl_units": pd.DataFrame(
            {"departement": [0, 0], "apl": [1.5, 4.0], "population_standardised": [54_000.0, 46_000.0]}
        ),
        "stock_known": np.array([200.0]),
    }
    return Baseline(**(values | changes))


def random_country(seed: int, n: int = 4, n_ages: int = 12) -> Baseline:
    """Return n departments in two regions, exits rising with age, with some mobility."""
    rng = np.random.default_rng(seed)
    shares = rng.random(n_ages)
    stock = rng.uniform(0, 50, (n, n_ages))
    return three_age_country(
        departements=pd.DataFrame(
            {"departement_code": [f"D{i}" for i in range(n)], "region_code": [f"R{i % 2}" for i in range(n)]}
        ),
        ages=np.arange(45, 45 + 2 * n_ages, 2, dtype=float),
        stock=stock,
        exit_rates=np.sort(rng.uniform(0, 0.6, n_ages)),
        entries=rng.uniform(0, 30, n),
        entry_ages=shares / shares.sum(),
        population=rng.uniform(1e4, 1e6, n),
        population_growth=rng.uniform(-0.01, 0.02, n),
        need_per_inhabitant=rng.uniform(0.8, 1.1, n),
        share_75plus=rng.uniform(0.02, 0.16, n),
        ageing_gap=rng.uniform(-0.02, 0.03, n),
        mobility=rng.uniform(-0.02, 0.02, n),
        apl_units=pd.DataFrame(
            {
                "departement": np.arange(n),
                "apl": rng.uniform(1, 5, n),
                "population_standardised": rng.uniform(1e3, 1e5, n),
            }
        ),
        stock_known=stock.sum(axis=1),
    )


def row_of(yearly: pd.DataFrame, level: str, code: str, year: int) -> pd.Series:
    """Return one territory in one year."""
    found = yearly[(yearly["level"] == level) & (yearly["territory_code"] == code) & (yearly["year"] == year)]
    assert len(found) == 1
    return found.iloc[0]


def test_three_ages_by_hand():
    yearly = project(three_age_country(), Scenario(horizon_years=2, **FLAT)).yearly
    first, second = row_of(yearly, "departement", "A", 2026), row_of(yearly, "departement", "A", 2027)
    assert first["stock"] == pytest.approx(178)
    assert second["stock"] == pytest.approx(144)
    assert (first["departures"], second["departures"]) == (pytest.approx(42), pytest.approx(96))
    assert second["entries"] == pytest.approx(40)
    # 200 GPs for a population that grows by 2.01 %: 4.02 more.
    assert second["extra_need_population"] == pytest.approx(4.02)
    assert second["extra_need_ageing"] == 0
    assert second["need_to_find"] == pytest.approx(100.02)
    assert second["left_to_convince"] == pytest.approx(60.02)
    assert second["gp_per_100k"] == pytest.approx(144 / 1.0201)


def test_ageing_by_hand():
    # 10 % of 75+ become 11.025 %: the need per inhabitant, 0.8, rises by 0.8 × 0.01025 = 0.0082, that is 1.025 %.
    yearly = project(three_age_country(), Scenario(horizon_years=2, ageing_growth=0.05)).yearly
    assert row_of(yearly, "france", "FR", 2027)["extra_need_ageing"] == pytest.approx(200 * 1.0201 * 0.01025)


def test_activity_by_age_weighs_the_fte():
    country = three_age_country(ages=np.array([40.0, 60.0, 70.0]))
    yearly = project(country, Scenario(horizon_years=1, hours_under_50=0.5, hours_50_64=1.0, hours_65_plus=0.25)).yearly
    assert row_of(yearly, "france", "FR", 2025)["fte"] == pytest.approx(100 * 0.5 + 60 + 40 * 0.25)
    assert row_of(yearly, "france", "FR", 2026)["fte"] == pytest.approx(20 * 0.5 + 90 + 68 * 0.25)


def test_mobility_is_a_share_of_those_who_stayed():
    yearly = project(three_age_country(mobility=np.array([0.1])), Scenario(horizon_years=1)).yearly
    assert row_of(yearly, "departement", "A", 2026)["mobility"] == pytest.approx(15.8)
    assert row_of(yearly, "departement", "A", 2026)["stock"] == pytest.approx(178 + 15.8)


def test_catch_up_to_a_density_and_to_an_apl():
    by_density = project(three_age_country(), Scenario(target="densite", target_density_per_100k=230.0)).yearly
    assert row_of(by_density, "france", "FR", 2035)["catch_up"] == pytest.approx(30)
    enough = project(three_age_country(), Scenario(target="densite", target_density_per_100k=150.0)).yearly
    assert row_of(enough, "france", "FR", 2035)["catch_up"] == 0
    # 54 000 standardised inhabitants one act short of 2.5: ten GPs of 5 400 acts; the town above 2.5 gives nothing.
    by_apl = project(three_age_country(), Scenario(target="apl", target_apl=2.5)).yearly
    assert row_of(by_apl, "france", "FR", 2035)["catch_up"] == pytest.approx(10)


def test_later_retirement_by_one_year_reads_the_curve_one_year_younger():
    # Exits at 62, 63, 64 become those of 62 (nothing younger is known), 62 and 63: 10 + 6 + 8.
    yearly = project(three_age_country(), Scenario(horizon_years=1, retirement_shift_years=1.0)).yearly
    assert row_of(yearly, "france", "FR", 2026)["departures"] == pytest.approx(24)


def twin(country: Baseline, scenario: Scenario, d: int) -> dict[str, float]:
    """Project one department with loops and dictionaries only."""
    n_ages = len(country.ages)
    stock = [country.stock[d, a] * scenario.stock_factor for a in range(n_ages)]
    rates = []
    for a in range(n_ages):
        place = min(max(a - scenario.retirement_shift_years, 0), n_ages - 1)
        low = int(place)
        high = min(low + 1, n_ages - 1)
        rate = country.exit_rates[low] + (place - low) * (country.exit_rates[high] - country.exit_rates[low])
        rates.append(min(rate * scenario.exit_factor, 1.0))
    start = sum(stock)
    departures = entries = moves = 0.0
    for year in range(scenario.horizon_years):
        arriving = country.entries[d] * scenario.stock_factor * scenario.entries_multiplier(country.base_year + year)
        following = [arriving * share for share in country.entry_ages]
        for a in range(n_ages):
            leave = stock[a] * rates[a]
            stay = stock[a] - leave
            departures += leave
            moves += stay * country.mobility[d]
            following[min(a + 1, n_ages - 1)] += stay * (1 + country.mobility[d])
        entries += arriving
        stock = following
    years = scenario.horizon_years
    hours = [
        scenario.hours_under_50 if age < 50 else scenario.hours_50_64 if age < 65 else scenario.hours_65_plus
        for age in country.ages
    ]
    fte_then = sum(n * country.stock[d, a] * scenario.stock_factor for a, n in enumerate(hours))
    fte_now = sum(n * stock[a] for a, n in enumerate(hours))
    activity = sum(stock) - fte_now * start / fte_then
    people = (1 + country.population_growth[d]) ** years
    pace = scenario.ageing_growth + country.ageing_gap[d]
    older = country.share_75plus[d] * ((1 + pace) ** years - 1)
    per_head = 1 + country.ageing_effect * older / country.need_per_inhabitant[d]
    need = departures + start * (people * per_head - 1) + activity
    return {
        "stock": sum(stock),
        "departures": departures,
        "entries": entries,
        "mobility": moves,
        "extra_need_activity": activity,
        "need_to_find": need,
        "left_to_convince": need - entries - moves,
    }


scenarios = st.builds(
    Scenario,
    horizon_years=st.integers(1, 20),
    stock_factor=st.floats(0.5, 2),
    retirement_shift_years=st.floats(-5, 5),
    exit_factor=st.floats(0.5, 2),
    entries_factor=st.floats(0, 3),
    entries_late_factor=st.floats(0, 3),
    ageing_growth=st.floats(0, 0.06),
    hours_under_50=st.floats(0.3, 1.5),
    hours_65_plus=st.floats(0.1, 1.5),
)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), scenario=scenarios)
def test_equals_the_plain_loop_twin(seed, scenario):
    country = random_country(seed)
    yearly = project(country, scenario).yearly
    for d in range(4):
        row = row_of(yearly, "departement", f"D{d}", country.base_year + scenario.horizon_years)
        for name, value in twin(country, scenario, d).items():
            assert row[name] == pytest.approx(value, rel=1e-9, abs=1e-8), name


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), scenario=scenarios)
def test_stock_is_conserved_every_year_and_sums_up(seed, scenario):
    yearly = project(random_country(seed), scenario).yearly.set_index(["level", "territory_code", "year"])
    change = yearly["stock"] - yearly.groupby(level=[0, 1])["stock"].transform("first")
    flows = yearly["entries"] + yearly["mobility"] - yearly["departures"]
    assert np.abs(change - flows).max() <= 1e-9 * (1 + yearly["stock"].max())
    # What is left to convince is also what the stock lacks to keep today's full-time GPs per standardised inhabitant.
    lacking = yearly[["extra_need_population", "extra_need_ageing", "extra_need_activity", "catch_up"]].sum(axis=1)
    lacking -= change
    assert np.abs(yearly["left_to_convince"] - lacking).max() <= 1e-8 * (1 + yearly["stock"].max())
    for name in ("stock", "departures", "entries", "need_to_find", "fte", "population"):
        by_level = yearly[name].groupby(level=["level", "year"]).sum()
        assert np.allclose(by_level.loc["departement"], by_level.loc["france"], rtol=1e-9)
        assert np.allclose(by_level.loc["region"], by_level.loc["france"], rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), earlier=st.floats(-5, 5), later=st.floats(0, 5))
def test_later_retirement_never_raises_departures(seed, earlier, later):
    # Without mobility: those who move in would otherwise be more numerous, and leave in their turn.
    country = replace(random_country(seed), mobility=np.zeros(4))
    before = project(country, Scenario(retirement_shift_years=earlier)).yearly["departures"]
    after = project(country, Scenario(retirement_shift_years=min(earlier + later, 5.0))).yearly["departures"]
    assert (after <= before + 1e-8).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), few=st.floats(0, 3), more=st.floats(0, 3))
def test_more_entries_never_raise_what_is_left_to_convince(seed, few, more):
    country = random_country(seed)
    before = project(country, Scenario(entries_factor=few)).yearly["left_to_convince"]
    after = project(country, Scenario(entries_factor=min(few + more, 3.0))).yearly["left_to_convince"]
    assert (after <= before + 1e-8).all()


def test_settling_share_moves_entrants_without_making_any():
    country = random_country(3)
    plain = project(country, Scenario()).yearly
    pulled = project(country, Scenario(settling_factor=1.3, settling_level="departement", settling_code="D1")).yearly
    before, after = (row_of(table, "departement", "D1", 2035)["entries"] for table in (plain, pulled))
    assert after == pytest.approx(1.3 * before)
    other = [row_of(table, "departement", "D2", 2035)["entries"] for table in (plain, pulled)]
    assert other[1] < other[0]
    assert row_of(pulled, "france", "FR", 2035)["entries"] == pytest.approx(
        row_of(plain, "france", "FR", 2035)["entries"]
    )


@pytest.mark.parametrize("code", ["ZZ", ""])
def test_settling_in_an_unknown_territory_is_refused(code):
    with pytest.raises(ScenarioError, match="attendu le code d’un territoire"):
        project(random_country(1), Scenario(settling_level="region", settling_code=code, settling_factor=1.1))


def test_settling_of_more_than_all_the_entrants_is_refused():
    with pytest.raises(ScenarioError, match="plus que tous"):
        project(three_age_country(), Scenario(settling_level="region", settling_code="R", settling_factor=2.0))


def test_an_unknown_department_is_never_zero_and_the_sums_say_that_it_is_left_out():
    country = random_country(5)
    stock = country.stock.copy()
    stock[2] = np.nan  # its ages are unknown, its count is not
    yearly = project(replace(country, stock=stock, unknown={"D2": "n.d. : âges"}), Scenario()).yearly
    now, then = (row_of(yearly, "departement", "D2", year) for year in (2025, 2035))
    assert now["stock"] == pytest.approx(country.stock_known[2])
    assert now["gp_per_100k"] == pytest.approx(1e5 * country.stock_known[2] / country.population[2])
    assert then[["stock", "fte", "departures", "need_to_find", "left_to_convince", "gp_per_100k"]].isna().all()
    assert row_of(yearly, "region", "R0", 2035)[["n_departements", "n_unknown"]].tolist() == [1, 1]
    assert row_of(yearly, "france", "FR", 2035)[["n_departements", "n_unknown"]].tolist() == [3, 1]
    alone = project(country, Scenario()).yearly
    kept = sum(row_of(alone, "departement", code, 2035)["stock"] for code in ("D0", "D1", "D3"))
    assert row_of(yearly, "france", "FR", 2035)["stock"] == pytest.approx(kept)


def test_a_region_of_which_nothing_is_known_is_unknown():
    country = three_age_country(population_growth=np.array([np.nan]))
    yearly = project(country, Scenario(target="apl", stock_factor=1.5)).yearly
    assert row_of(yearly, "departement", "A", 2025)["stock"] == 300  # today's count is known all the same
    assert yearly.loc[yearly["level"] != "departement", ["stock", "need_to_find", "catch_up"]].isna().all(axis=None)


def test_ages_sum_to_the_stock_at_both_ends():
    projection = project(random_country(2), Scenario(horizon_years=7))
    by_age = projection.ages.groupby(["level", "territory_code", "year"])["n_gp"].sum()
    yearly = projection.yearly.set_index(["level", "territory_code", "year"])["stock"]
    assert sorted(by_age.index.unique("year")) == [2025, 2032]
    assert np.allclose(by_age, yearly.loc[by_age.index])


def test_the_baseline_is_never_changed():
    country = random_country(4)
    before = {name: np.copy(getattr(country, name)) for name in ("stock", "entries", "population", "exit_rates")}
    project(country, PRESETS["attractivite_renforcee"])
    for name, value in before.items():
        assert np.array_equal(getattr(country, name), value)


def test_a_baseline_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="exit_rates"):
        three_age_country(exit_rates=np.array([0.1, 0.2]))


def test_every_assumption_is_dated_sourced_and_listed():
    for name, item in assumptions().items():
        assert item.unit, name
        assert item.label, name
        assert item.source, name
        assert item.certainty in NATURES
    natures = {name: item.certainty for name, item in assumptions().items() if name.startswith("published_")}
    assert natures == {
        "published_ars_occitanie_stock": "supposé",
        "published_ars_occitanie_need": "annonce",
        "published_ars_occitanie_left": "annonce",
        "published_drees_stock_2021": "mesuré",
        "published_drees_stock_2028": "projection d’un tiers",
        "published_drees_stock_2050": "projection d’un tiers",
    }
    listed = assumption_table(three_age_country(), Scenario(hours_65_plus=0.5))
    years = listed.set_index("name").loc["gp_stock_years"]
    assert (years["value"], years["interval"]) == ("3", "3 à 4")
    assert set(assumptions()) <= set(listed["name"])
    assert listed["name"].is_unique
    changed = listed.set_index("name").loc["hours_65_plus"]
    assert (changed["value"], changed["default"]) == ("0.5", "0.8")
    assert set(Scenario().to_dict()) <= set(listed["name"])
