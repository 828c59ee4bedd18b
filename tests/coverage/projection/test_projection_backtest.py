"""The back-test: nothing of the years to predict is read, the errors are those of a slow twin, the band covers."""

import numpy as np
import pandas as pd
import pytest

from coverage.projection import Uncertainty, run_backtest, widened
from coverage.projection.backtest import (
    CHOSEN_SD_LOG_ENTRIES,
    CHOSEN_SD_LOG_ENTRIES_DEPARTEMENT,
    past_baseline,
)
from tests.coverage.projection.test_projection_baseline import made_up_rpps

TABLES = ("rpps_age", "rpps_departements", "departements")


def made_up_country(growth_after=0.0):
    """Return two departments of a made-up profession that keeps its behaviour; `growth_after` 2016 is a surprise."""
    ages = made_up_rpps()
    totals = ages.groupby("year")["n_doctors"].sum()
    rows = [
        (year, code, share * total * (1 + growth_after) ** max(year - 2016, 0))
        for year, total in totals.items()
        for code, share in (("A", 0.6), ("B", 0.4))
    ]
    counts = pd.DataFrame(rows, columns=["year", "departement_code", "n_doctors"])
    return ages, counts, pd.DataFrame({"departement_code": ["A", "B"], "region_code": ["R", "S"]})


def test_a_profession_that_keeps_its_behaviour_is_predicted():
    # Its entries follow its growth, where the model holds them constant: that alone makes 0.4 % in four years.
    test = run_backtest(*made_up_country())
    assert test.national_error == pytest.approx(0, abs=0.005)
    assert test.mean_absolute_error < 0.005
    assert test.coverage == 1


def test_a_surprise_after_the_years_fitted_is_an_error_and_moves_no_prediction():
    calm, surprise = (run_backtest(*made_up_country(growth)) for growth in (0.0, 0.05))
    assert np.allclose(calm.table["predicted"], surprise.table["predicted"])
    assert surprise.national_error == pytest.approx((1 + calm.national_error) / 1.05**4 - 1)
    assert surprise.entries_error > 0.5
    assert surprise.coverage == 0


def test_a_department_counted_only_later_is_left_out_and_a_missing_year_is_refused():
    ages, counts, departements = made_up_country()
    without = counts[(counts["departement_code"] != "B") | (counts["year"] != 2020)]
    assert list(run_backtest(ages, without, departements).table["departement_code"]) == ["A"]
    with pytest.raises(ValueError, match="2020"):
        run_backtest(ages, counts[counts["year"] < 2020], departements)
    with pytest.raises(ValueError, match="quatre ans"):
        run_backtest(ages[ages["year"] != 2012], counts, departements)


def test_the_snapshot_is_predicted_as_a_plain_loop_does(snapshots):
    tables = [snapshots(name) for name in TABLES]
    start, test = past_baseline(*tables), run_backtest(*tables, n_draws=1)
    assert len(test.table) == 101
    for row in (0, 31, 75):
        stock = list(start.stock[row])
        for _ in range(4):
            following = [start.entries[row] * share for share in start.entry_ages]
            for age, count in enumerate(stock):
                following[min(age + 1, len(stock) - 1)] += count * (1 - start.exit_rates[age])
            stock = following
        assert test.table["predicted"].iloc[row] == pytest.approx(sum(stock))
    counted = tables[1].query("year == 2020").set_index("departement_code")["n_doctors"]
    assert test.table["observed"].sum() == counted.sum() == 227_298  # DREES, RPPS, 1 January 2020


def test_on_the_snapshot_the_dated_band_covers_and_the_chosen_one_did_not(snapshots):
    tables = [snapshots(name) for name in TABLES]
    before = run_backtest(
        *tables,
        uncertainty=Uncertainty(
            log_entries=CHOSEN_SD_LOG_ENTRIES, log_entries_departement=CHOSEN_SD_LOG_ENTRIES_DEPARTEMENT
        ),
    )
    after = run_backtest(*tables)
    assert before.coverage == pytest.approx(0.42, abs=0.03)
    assert 0.78 <= after.coverage <= 0.84
    assert after.national_error == pytest.approx(-0.016, abs=0.002)
    assert after.mean_absolute_error == pytest.approx(0.041, abs=0.002)
    # The dated dispersions are those that the back-test gives, not chosen ones.
    found = widened(*tables)
    assert Uncertainty().log_entries == pytest.approx(found.log_entries, abs=0.011)
    assert Uncertainty().log_entries_departement == pytest.approx(found.log_entries_departement, abs=0.011)
