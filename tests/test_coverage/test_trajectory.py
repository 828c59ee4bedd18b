"""The growth of the structures: by hand, against plain loops, and by properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.trajectory import openings_by_year, population_at, population_by_year, rank_by_date, trajectory


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


def series_of(rows):
    return pd.DataFrame(rows, columns=["commune_code", "year", "population"])


def test_populations_are_summed_at_each_level_and_a_missing_year_lies_between_its_neighbours():
    known = series_of([("01000", 2019, 100.0), ("01000", 2020, np.nan), ("01000", 2021, 120.0), ("01001", 2019, 50.0),
                       ("01001", 2020, 50.0), ("01001", 2021, 50.0)])  # fmt: skip
    table = population_by_year(communes([140, 50]), known, 2023)
    assert list(table.columns) == [2019, 2020, 2021, 2023]
    assert table.loc[("departement", "01")].tolist() == [150, 160, 170, 190]  # 2020: (100 + 120) / 2 + 50
    assert table.loc[("france", "FR")].tolist() == table.loc[("region", "84")].tolist()


def test_a_commune_without_a_series_keeps_its_population_of_today():
    known = series_of([("01000", 2019, 100.0)])
    table = population_by_year(communes([100, 300], ["01", "976"]), known, 2023)
    assert table.loc[("departement", "976")].tolist() == [300, 300]
    assert table.loc[("france", "FR")].tolist() == [400, 400]


def test_a_population_is_linear_between_two_first_of_january_and_flat_beyond():
    by_year = pd.DataFrame({2020: [100.0], 2022: [300.0]}, index=pd.MultiIndex.from_tuples([("france", "FR")]))
    dates = [
        pd.Timestamp("2019-06-30"),
        pd.Timestamp("2020-01-01"),
        pd.Timestamp("2021-01-01"),
        pd.Timestamp("2024-01-01"),
    ]
    assert population_at(by_year, dates).iloc[0].tolist() == [100, 100, 200, 300]


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
    series = series[series["structure_type"] == "msp"]
    before = series.copy()
    table = trajectory(series, population_by_year(snapshots("communes"), snapshots("population_series"), 2023))
    pd.testing.assert_frame_equal(series, before)
    last = table[(table["level"] == "france")].iloc[-1]
    assert last["n_structures"] == 2251  # published
    # 31 December 2022 is the eve of the population of 2023: 68 350 798 (67.4 million in 2021, Mayotte left out of it)
    assert last["population"] == pytest.approx(68_350_798, rel=0.001)
    departements = table[table["level"] == "departement"].groupby("date")[["n_structures", "population"]].sum()
    france = table[table["level"] == "france"].set_index("date")
    pd.testing.assert_series_equal(departements["population"], france["population"])
