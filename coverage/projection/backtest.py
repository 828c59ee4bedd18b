"""The model put to the test of a past that it has not seen: rates fitted on 2012-2016 predict the doctors of 2020.

On all doctors: neither their ages by department nor any series of GPs by department is in the tables of those years.
The ages of a department are therefore those of the country, which the projection itself corrects with the APL.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from coverage.projection import cohorts
from coverage.projection.baseline import Baseline, regional_attraction
from coverage.projection.draws import Uncertainty
from coverage.projection.monte_carlo import project_band
from coverage.projection.path import project
from coverage.projection.scenario import Scenario

FIT_YEARS: Final = (2012, 2016)
TARGET_YEAR: Final = 2020
COVERAGE: Final = 0.8
"""Share of the departments that the 10-90 % band should hold."""
CHOSEN_SD_LOG_ENTRIES: Final = 0.10
CHOSEN_SD_LOG_ENTRIES_DEPARTEMENT: Final = 0.15
"""Dispersions of the arrivals as they were chosen before any back-test: what the band held with them is reported."""
FINEST_SD: Final = 0.01


@dataclass(frozen=True, eq=False)
class BackTest:
    """What was predicted, and what came.

    Attributes
    ----------
    table
        departement_code, start (doctors of the last year fitted), predicted, observed, low, high (10-90 % band),
        error (predicted / observed - 1), inside (bool); one row a department known at both ends.
    fit_years, target_year
        Years that the rates were fitted on, year predicted.
    national_error
        Predicted over observed, all departments, minus 1: the bias.
    entries_error
        Arrivals that came over those predicted, the country, minus 1: all of the bias laid to them.
    """

    table: pd.DataFrame
    fit_years: tuple[int, int]
    target_year: int
    national_error: float
    entries_error: float

    @property
    def coverage(self) -> float:
        """Share of the departments inside the 10-90 % band, 0-1."""
        return float(self.table["inside"].mean())

    @property
    def mean_absolute_error(self) -> float:
        """Mean size of the error of a department, relative."""
        return float(self.table["error"].abs().mean())

    @property
    def unchanged_error(self) -> float:
        """Mean size of the error of a department if its count had been said to stay as it was, relative."""
        return float((self.table["start"] / self.table["observed"] - 1).abs().mean())


def past_baseline(rpps_age: pd.DataFrame, rpps_departements: pd.DataFrame, departements: pd.DataFrame) -> Baseline:
    """Return the start of the back-test: all doctors in the last year fitted, with the rates of ``FIT_YEARS`` alone.

    Nothing after that year is read. Population and need are held constant: only the stock is of interest.
    """
    first, last = FIT_YEARS
    ages_then = rpps_age[rpps_age["year"].between(first, last)]
    doctors_then = rpps_departements[rpps_departements["year"].between(first, last)]
    curve = cohorts.fit_exit_curve(ages_then, follow_years=last - first)
    arrivals = cohorts.estimate_entries(ages_then, curve, follow_years=last - first)
    totals = doctors_then.groupby("year")["n_doctors"].sum()
    growth = float((totals[last] / totals[first]) ** (1 / (last - first)) - 1)
    attraction = regional_attraction(doctors_then, departements, arrivals.rate - growth)
    table = departements[["departement_code", "region_code"]].sort_values("departement_code", ignore_index=True)
    counts = doctors_then[doctors_then["year"] == last].set_index("departement_code")["n_doctors"]
    stock = table["departement_code"].map(counts).to_numpy(dtype=np.float64)
    one = np.ones(len(table))
    return Baseline(
        departements=table,
        base_year=last,
        ages=cohorts.AGES,
        stock=stock[:, None] * cohorts.national_pyramid(ages_then, curve, arrivals, last),
        exit_rates=curve.rates(),
        entries=stock * arrivals.rate * table["region_code"].map(attraction).to_numpy(dtype=np.float64),
        entry_ages=arrivals.age_shares,
        population=one * 1e5,
        population_growth=one * 0,
        need_per_inhabitant=one,
        share_75plus=one * 0,
        ageing_effect=0.0,
        mobility=one * 0,
        apl_units=pd.DataFrame({"departement": [], "apl": [], "population_standardised": []}),
        stock_known=stock,
    )


def run_backtest(
    rpps_age: pd.DataFrame,
    rpps_departements: pd.DataFrame,
    departements: pd.DataFrame,
    uncertainty: Uncertainty | None = None,
    n_draws: int = 1000,
) -> BackTest:
    """Predict the doctors of ``TARGET_YEAR`` by department and hold them against those counted.

    Source: DREES, RPPS, all doctors, 1 January 2012 to 2020.

    Parameters
    ----------
    rpps_age, rpps_departements, departements
        Tables of the snapshot; not changed.
    uncertainty
        Dispersions of the band; the dated defaults when None.
    n_draws
        Draws of the band.

    Raises
    ------
    ValueError
        When the years fitted are not all there, or the year to predict is not.
    """
    start = past_baseline(rpps_age, rpps_departements, departements)
    counted = rpps_departements[rpps_departements["year"] == TARGET_YEAR].set_index("departement_code")["n_doctors"]
    if counted.empty:
        raise ValueError(f"RPPS par département : attendu l’année {TARGET_YEAR}, trouvé aucune ligne.")
    scenario = Scenario(horizon_years=TARGET_YEAR - start.base_year)
    predicted = _by_departement(project(start, scenario).yearly, "stock")
    without = _by_departement(project(start, scenario.with_changes(entries_factor=0.0)).yearly, "stock")
    band = project_band(
        start, scenario, uncertainty=uncertainty, n_draws=n_draws, measures=("stock",), levels=("departement",)
    )
    table = pd.DataFrame(
        {
            "start": pd.Series(start.stock_known, index=start.departements["departement_code"].to_numpy()),
            "predicted": predicted,
            "observed": counted.reindex(predicted.index),
            "low": _by_departement(band, "p10"),
            "high": _by_departement(band, "p90"),
        }
    ).dropna()
    table["error"] = table["predicted"] / table["observed"] - 1
    table["inside"] = table["observed"].between(table["low"], table["high"])
    sums, arrived = table[["predicted", "observed"]].sum(), (predicted - without).reindex(table.index).sum()
    return BackTest(
        table.rename_axis("departement_code").reset_index(),
        FIT_YEARS,
        TARGET_YEAR,
        national_error=float(sums["predicted"] / sums["observed"] - 1),
        entries_error=float((sums["observed"] - sums["predicted"]) / arrived),
    )


def widened(rpps_age: pd.DataFrame, rpps_departements: pd.DataFrame, departements: pd.DataFrame) -> Uncertainty:
    """Return the dispersions of the arrivals with which the band holds ``COVERAGE`` of the departments.

    Country: the error of the back-test, as a logarithm. Department: the smallest, by hundredths, that covers.
    """
    national = run_backtest(rpps_age, rpps_departements, departements, n_draws=1).entries_error
    common = replace(Uncertainty(), log_entries=round(abs(float(np.log1p(national))), 2))

    def covers(sd: float) -> bool:
        tried = replace(common, log_entries_departement=sd)
        return run_backtest(rpps_age, rpps_departements, departements, tried).coverage >= COVERAGE

    low, high = 0, round(1 / FINEST_SD)
    while low < high:  # bisection over hundredths: a wider band never covers fewer, up to the chance of the draws
        middle = (low + high) // 2
        low, high = (low, middle) if covers(middle * FINEST_SD) else (middle + 1, high)
    return replace(common, log_entries_departement=low * FINEST_SD)


def _by_departement(table: pd.DataFrame, column: str) -> "pd.Series[float]":
    rows = table[(table["level"] == "departement") & (table["year"] == TARGET_YEAR)]
    return rows.set_index("territory_code")[column]
