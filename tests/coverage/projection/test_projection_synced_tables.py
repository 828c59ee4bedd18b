"""Ages counted by the DREES and growth projected by INSEE, in the place of what is estimated without them."""

import math

import numpy as np
import pandas as pd
import pytest

from coverage.projection import build_baseline
from coverage.projection.synced_tables import latest_gp_ages, outlook_growth
from tests.coverage.projection.test_projection_baseline import made_up_rpps, tables


def outlook(*, scenario: str = "central", departements: tuple[str, ...] = ("31", "48")) -> pd.DataFrame:
    """Give 31 growing by 1 % a year and 48 losing 1 %, in two age classes, from 2018 to 2040."""
    rows = [
        (code, scenario, year, low, high, 0.5 * 100_000.0 * rate ** (year - 2018))
        for code, rate in zip(("31", "48"), (1.01, 0.99), strict=True)
        if code in departements
        for year in range(2018, 2041)
        for low, high in ((0.0, 75.0), (75.0, math.inf))
    ]
    columns = ["departement_code", "scenario", "year", "age_min", "age_max", "population"]
    return pd.DataFrame(rows, columns=columns)


def ages(mode: str = "liberal", year: int = 2025) -> pd.DataFrame:
    """Give 31 all young, 48 all old."""
    rows = [
        (code, year, mode, low, high, n)
        for code, young, old in (("31", 90.0, 10.0), ("48", 4.0, 16.0), ("976", 2.0, np.nan))
        for low, high, n in ((0.0, 50.0, young), (50.0, math.inf, old))
    ]
    return pd.DataFrame(rows, columns=["departement_code", "year", "practice_mode", "age_min", "age_max", "n_gp"])


def test_the_latest_year_of_liberal_gps():
    table = pd.concat([ages(year=2024), ages(), ages("tous")])
    before = table.copy()
    found = latest_gp_ages(table)
    assert list(found.columns) == ["departement_code", "year", "age_min", "n_practitioners"]
    assert found["year"].unique().tolist() == [2025]
    assert len(found) == 6
    pd.testing.assert_frame_equal(table, before)
    assert len(latest_gp_ages(ages("tous"))) == 6
    with pytest.raises(ValueError, match="attendu un mode parmi liberal, tous, trouvé salarie"):
        latest_gp_ages(ages("salarie"))


def test_growth_is_that_of_the_central_scenario_over_ten_years():
    both = pd.concat([outlook(), outlook(scenario="pop_haute").assign(population=1.0)])
    growth = outlook_growth(both, 2025)
    assert growth.to_dict() == pytest.approx({"31": 0.01, "48": -0.01})
    # the table ends in 2040: five years are left
    assert outlook_growth(both, 2035).to_dict() == pytest.approx({"31": 0.01, "48": -0.01})


@pytest.mark.parametrize(("table", "year"), [(outlook(), 2040), (outlook(scenario="pop_haute"), 2025)])
def test_no_growth_without_two_years_of_the_central_scenario(table, year):
    with pytest.raises(ValueError, match="attendu le scénario « central »"):
        outlook_growth(table, year)


def test_the_start_takes_what_was_synced_and_says_it():
    start = tables(made_up_rpps())
    usual = build_baseline(**start)
    synced = build_baseline(**start, gp_ages=latest_gp_ages(ages()), population_outlook=outlook(departements=("31",)))
    row = {code: number for number, code in enumerate(usual.departements["departement_code"])}
    assert synced.population_growth[row["31"]] == pytest.approx(0.01)
    # INSEE's table lacks 48: the trend stays
    assert synced.population_growth[row["48"]] == usual.population_growth[row["48"]]
    older = synced.ages >= 50
    share_old = synced.stock[:, older].sum(axis=1) / synced.stock.sum(axis=1)
    assert share_old[[row["31"], row["48"]]] == pytest.approx([0.1, 0.8])
    assert synced.stock.sum(axis=1)[row["31"]] == pytest.approx(100.0)  # levels stay those of the CNAM
    assert np.isnan(synced.stock[row["976"]]).all()  # a hidden class is not guessed
    said = {one.name: one.value for one in synced.estimates}
    assert said["gp_ages_year"] == 2025.0
    assert said["population_outlook"] == pytest.approx(0.01)
    assert {one.name for one in synced.estimates} - {one.name for one in usual.estimates} == {
        "gp_ages_year",
        "population_outlook",
    }
