"""The growth of the structures: by hand, against plain loops, and by properties."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.indicators.commune_facts import Tables, labelled_msp
from coverage.indicators.compute import compute
from coverage.trajectory.growth import openings_by_year, population_at, population_by_year, rank_by_date, trajectory


def communes(populations, departements=None):
    codes = [f"0100{n}" for n in range(len(populations))]
    departements = departements or ["01"] * len(codes)
    return pd.DataFrame(
        {
            "commune_code": codes,
            "departement_code": departements,
            "region_code": [{"01": "84", "976": "06"}[code] for code in departements],
            "population": [float(n) for n in populations],
        }
    )


def estimates(rows):
    table = pd.DataFrame(rows, columns=["departement_code", "year", "population", "provisional"])
    halves = [table.assign(age_min=age, population=table["population"] / 2) for age in (0.0, 75.0)]
    return pd.concat(halves, ignore_index=True)


def test_estimates_are_summed_at_each_level_and_end_on_the_population_of_today():
    known = estimates(
        [("01", 2019, 150.0, False), ("01", 2021, 170.0, False), ("01", 2022, 900.0, True), ("01", 2023, 900.0, True)]
    )
    table = population_by_year(communes([140, 50]), known, 2023)
    assert list(table.columns) == [2019, 2021, 2023]  # what INSEE calls provisional is not used
    assert table.loc[("departement", "01")].tolist() == [150, 170, 190]
    assert table.loc[("france", "FR")].tolist() == table.loc[("region", "84")].tolist() == [150, 170, 190]


def test_mayotte_ends_on_its_own_estimate_and_france_on_the_sum_of_the_list():
    known = estimates([("01", 2019, 90.0, False), ("976", 2019, 280.0, False)])
    bpe = pd.DataFrame({"departement_code": ["976"], "population_2025": [390.0]})
    table = population_by_year(communes([100, 300], ["01", "976"]), known, 2023, bpe)
    assert table.loc[("departement", "976")].tolist() == table.loc[("region", "06")].tolist() == [280, 390]
    assert table.loc[("france", "FR")].tolist() == [370, 400]


def test_a_year_that_is_not_known_lies_between_its_neighbours():
    rows = pd.MultiIndex.from_tuples([("region", "06"), ("region", "84")])
    by_year = pd.DataFrame({2020: [np.nan, 1.0], 2022: [300.0, 2.0], 2024: [500.0, 3.0]}, index=rows)
    found = population_at(by_year, [pd.Timestamp("2020-06-30"), pd.Timestamp("2022-12-31")])
    assert found.loc[("region", "06")].tolist() == [300, 400]


def test_a_population_is_linear_between_two_first_of_january_and_flat_beyond():
    by_year = pd.DataFrame({2020: [100.0], 2022: [300.0]}, index=pd.MultiIndex.from_tuples([("france", "FR")]))
    dates = [
        pd.Timestamp("2019-06-30"),
        pd.Timestamp("2019-12-31"),  # at the end of the day: the population of the next morning
        pd.Timestamp("2020-12-31"),
        pd.Timestamp("2021-12-31"),
        pd.Timestamp("2024-01-01"),
    ]
    assert population_at(by_year, dates).iloc[0].tolist() == [100, 100, 200, 300, 300]


def toy_trajectory(counts):
    by_year = pd.DataFrame({2020: [1e5, 2e5]}, index=pd.MultiIndex.from_tuples([("region", "84"), ("region", "06")],
                           names=["level", "territory_code"]))  # fmt: skip
    date = pd.Timestamp("2020-12-31")
    rows = [("region", code, date, float(n)) for code, n in zip(("84", "06"), counts, strict=True)]
    return trajectory(pd.DataFrame(rows, columns=["level", "territory_code", "date", "n_structures"]), by_year)


def test_rates_by_hand_and_no_division_by_zero():
    table = toy_trajectory([4, 0]).set_index("territory_code")
    assert table.loc["84", "per_100k"] == 4
    assert table.loc["84", "population_per_structure"] == 25_000
    assert table.loc["06", "per_100k"] == 0
    assert np.isnan(table.loc["06", "population_per_structure"])


@pytest.mark.parametrize(
    ("measure", "ranks"),
    [
        ("n_structures", {"84": 2, "06": 1}),  # 3 against 4
        ("per_100k", {"84": 1, "06": 2}),  # 3 against 2 per 100 000
        ("population_per_structure", {"84": 1, "06": 2}),  # few inhabitants a structure is better
    ],
)
def test_the_first_is_the_best_served(measure, ranks):
    table = rank_by_date(toy_trajectory([3, 4]), "region", measure)
    assert table.iloc[:, 0].to_dict() == ranks


@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_ranks_as_a_plain_count_of_those_who_do_better(counts):
    date = pd.Timestamp("2020-12-31")
    codes = [f"{n:02d}" for n in range(len(counts))]
    table = pd.DataFrame({"territory_code": codes, "n_structures": [float(n) for n in counts]})
    table = table.assign(level="departement", date=date)
    found = rank_by_date(table, "departement", "n_structures")[date]
    assert found.tolist() == [1 + sum(other > count for other in counts) for count in counts]


@given(st.lists(st.one_of(st.none(), st.integers(1990, 2025)), max_size=30))
def test_openings_as_a_plain_count(years):
    dates = pd.Series([pd.NaT if year is None else pd.Timestamp(year, 5, 1) for year in years], dtype="datetime64[us]")
    table = openings_by_year(pd.DataFrame({"opened_on": dates}))
    known = [year for year in years if year is not None]
    assert table["n_opened"].sum() == len(known)
    for year, row in table.iterrows():
        assert row["n_opened"] == known.count(year)
        assert row["n_cumulated"] == sum(other <= year for other in known)


def test_the_real_series_agrees_with_the_published_rates(snapshots):
    series = snapshots("msp_series")
    before = series.copy()
    table = labelled_msp(snapshots_of(snapshots))
    pd.testing.assert_frame_equal(series, before)
    last = table[(table["level"] == "france")].iloc[-1]
    assert last["n_structures"] == 2251  # published
    assert last["population"] == 68_350_798  # 31 December 2022 is the eve of the populations of 2023
    assert round(last["population_per_structure"]) == 30_365
    departements = table[table["level"] == "departement"].groupby("date")["population"].sum()
    france = table[table["level"] == "france"].set_index("date")["population"]
    settled = france.index < pd.Timestamp("2021-01-01")  # then Mayotte alone leaves the estimates
    pd.testing.assert_series_equal(departements[settled], france[settled])
    assert france.iloc[0] == pytest.approx(66_774_482 + 217_677 * 181 / 365)  # INSEE, end of 30 June 2017


@pytest.mark.parametrize("level", ["departement", "region", "france"])
def test_the_indicators_are_the_end_of_the_lines(snapshots, level):
    tables = snapshots_of(snapshots)
    table = labelled_msp(tables)
    last = table[(table["level"] == level) & (table["date"] == table["date"].max())].set_index("territory_code")
    indicators = compute(level, tables)
    for column, indicator in {"n_structures": "n_msp_dgos", "per_100k": "msp_dgos_per_100k",
                              "population_per_structure": "population_per_msp_dgos"}.items():  # fmt: skip
        pd.testing.assert_series_equal(indicators[indicator], last[column], check_names=False)


def test_labelled_msp_have_no_commune_and_add_up(toy_country):
    tables = toy_country.tables()
    table = labelled_msp(tables)
    assert set(table["level"]) == {"departement", "region", "france"}
    last = table[table["date"] == pd.Timestamp("2022-12-31")]
    assert last.groupby("level")["n_structures"].sum().tolist() == [10, 10, 10]
    assert compute("region", tables).loc["06", "n_msp_dgos"] == 0  # published as none
    assert compute("region", toy_country.tables()).loc["76", "n_msp_dgos"] == 6  # health centres are not among them
    without = replace(tables, msp_series=None)
    assert labelled_msp(without) is None
    assert compute("region", without)["n_msp_dgos"].isna().all()


def snapshots_of(snapshots):
    names = ("communes", "msp_series", "population_estimates", "bpe_departements")
    return Tables(**{name: snapshots(name) for name in names})
