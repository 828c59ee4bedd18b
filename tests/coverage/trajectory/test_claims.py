"""Claims against measures: by hand, against a plain loop, and the published ones against the series of the DGOS."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.trajectory.claims import measure_claims, read_span
from data.sources.reperes import load_comparisons

DATES = pd.to_datetime(["2019-06-30", "2019-12-31", "2020-06-30", "2020-12-31", "2021-06-30"])


def course(counts, people=1e5, code="01", level="region"):
    n = np.asarray(counts, dtype=float)
    return pd.DataFrame(
        {
            "level": level,
            "territory_code": code,
            "date": DATES[: len(n)],
            "n_structures": n,
            "population_per_structure": people / np.where(n > 0, n, np.nan),
        }
    )


def claim(measure="count", *, date="", value=0.0, period="", code="01"):
    return pd.DataFrame([{"level": "region", "territory_code": code, "date": date, "value": value,
                          "measure": measure, "period": period}])  # fmt: skip


def measured(claims, table):
    return measure_claims(claims, table).iloc[0]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021-06", "2021-06-01", "2021-06-30"),
        ("2013/2020", "2013-01-01", "2020-12-31"),
        ("2021-06/2022-12", "2021-06-01", "2022-12-31"),
    ],
)
def test_the_days_of_a_date(text, start, end):
    assert read_span(text) == (pd.Timestamp(start), pd.Timestamp(end))
    assert read_span("") is None


def test_a_count_is_read_at_its_date():
    table = course([10, 20, 30, 40, 50])
    year = measured(claim(date="2020", value=15), table)
    assert (year["first"], year["last"], year["is_whole"]) == (30, 40, True)
    assert (year["reached_on"], year["reached"]) == (DATES[1], 20)
    month = measured(claim(date="2021-06", value=51), table)
    assert (month["first"], month["last"], month["first_on"]) == (50, 50, DATES[4])
    assert pd.isna(month["reached_on"])
    undated = measured(claim(value=1), table)
    assert (undated["first"], undated["last"]) == (10, 50)
    narrowed = measured(claim(value=1, period="2019-12/2020-06"), table)
    assert (narrowed["first"], narrowed["last"]) == (20, 30)


@pytest.mark.parametrize(("date", "read"), [("2025", 50), ("2010", 10), ("2020-09", 30)])
def test_the_nearest_half_year_is_read_where_the_series_has_none(date, read):
    row = measured(claim(date=date), course([10, 20, 30, 40, 50]))
    assert row["first"] == row["last"] == read
    assert row["is_whole"] == (date == "2020-09")


def test_a_multiple_runs_from_one_end_to_the_other_of_what_is_known():
    row = measured(claim("growth", date="2010/2020", value=36), course([10, 20, 30, 40, 50]))
    assert (row["growth"], row["first_on"], row["last_on"], row["is_whole"]) == (4, DATES[0], DATES[3], False)
    assert pd.isna(measured(claim("growth", date="2025"), course([10, 20]))["growth"])  # one date makes no multiple
    assert pd.isna(measured(claim("growth"), course([0, 20]))["growth"])


def test_a_rank_is_that_of_the_inhabitants_per_structure():
    table = pd.concat([course([10, 10, 40], code="01"), course([20, 20, 20], code="02"), course([0, 0, 0], code="03")])
    row = measured(claim("rank", value=1), table)
    assert (row["first"], row["last"], row["best"], row["n_ranked"]) == (2, 1, 1, 2)
    assert measured(claim("rank", value=1, code="02"), table)["best"] == 1
    assert pd.isna(measured(claim("rank", value=1, code="03"), table)["first"])


def test_a_territory_without_a_series_is_unknown():
    row = measured(claim(value=5, code="99"), course([10, 20]))
    assert row[["first", "last", "growth", "reached"]].isna().all()
    assert not row["is_whole"]


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
    st.integers(0, 60),
    st.sampled_from(["", "2019", "2020", "2020-06", "2019-12/2020-12"]),
)
def test_the_count_agrees_with_a_plain_loop(counts, value, date):
    table = course(counts)
    row = measured(claim(date=date, value=value), table)
    days = {"": ("2000", "2100"), "2019": ("2019-01-01", "2019-12-31"), "2020": ("2020-01-01", "2020-12-31"),
            "2020-06": ("2020-06-01", "2020-06-30"), "2019-12/2020-12": ("2019-12-01", "2020-12-31")}  # fmt: skip
    start, end = days[date]
    inside = [n for day, n in zip(DATES, counts, strict=False) if start <= str(day.date()) <= end]
    if inside:
        assert (row["first"], row["last"]) == (inside[0], inside[-1])
    else:
        assert row["first"] == row["last"]
    reaching = [n for n in counts if n >= value]
    assert (pd.isna(row["reached"]) and not reaching) or row["reached"] == reaching[0]


@pytest.fixture(scope="module")
def published(snapshots):
    # with the population of today, which puts the regions in the same order as that of each date
    series, communes = snapshots("msp_series"), snapshots("communes")
    people = {"FR": communes["population"].sum()} | communes.groupby("region_code")["population"].sum().to_dict()
    table = series[(series["structure_type"] == "msp") & (series["level"] != "departement")]
    per = table["territory_code"].map(people) / table["n_structures"].where(table["n_structures"] > 0)
    claims = load_comparisons()
    found = claims.join(measure_claims(claims, table.assign(population_per_structure=per)))
    return found.set_index("series")


def test_occitanie_is_not_the_first_of_the_regions(published):
    row = published.loc["msp_occitanie_rang"]
    assert (row["first"], row["last"], row["best"], row["n_ranked"]) == (4, 3, 3, 18)
    assert (f"{row['first_on']:%Y-%m}", f"{row['last_on']:%Y-%m}") == ("2021-06", "2022-12")


def test_the_total_of_248_lies_between_two_half_years(published):
    row = published.loc["msp_occitanie_total_valide"]
    assert (row["first"], row["last"], row["reached"]) == (226, 277, 260)
    assert f"{row['reached_on']:%Y-%m}" == "2022-06"


def test_36_times_is_28_tenths_since_2017(published):
    row = published.loc["msp_occitanie_multiplication"]
    assert (row["first"], row["last"], round(row["growth"], 1)) == (99, 277, 2.8)
    assert not row["is_whole"]


def test_1300_open_or_planned_is_less_than_those_open(published):
    row = published.loc["msp_et_projets_france"]
    assert (row["first"], row["last"], row["is_whole"]) == (1617, 1740, True)
    assert row["value"] < row["first"]
    assert f"{row['reached_on']:%Y-%m}" == "2018-12"


def test_hauts_de_france_has_185_of_its_188(published):
    row = published.loc["hdf_n_msp"]
    assert (row["value"], row["first"], row["last"]) == (188, 185, 185)
