"""Ages of doctors: single years from five-year classes, the exit curve and the entries that the RPPS cohorts imply.

The RPPS tables of the mirror count all doctors, not GPs alone: what is estimated here is the behaviour of all doctors.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

Floats = npt.NDArray[np.float64]

YOUNGEST_AGE = 25
OPEN_AGE = 85
AGES: Floats = np.arange(YOUNGEST_AGE, OPEN_AGE + 1, dtype=np.float64)
"""Single years of age; the last one holds everybody of that age or more."""
OPEN_CLASS_AGE = 65
CLASS_YEARS = 5
FOLLOW_YEARS = 5
"""A five-year class is seen again, as the next class, five years later."""
LAST_ENTRY_CLASS = 45
"""Oldest class that doctors still join: beyond it the net flows are under 1 % of the class and are read as exits."""


@dataclass(frozen=True)
class ExitCurve:
    """Yearly probability of leaving practice by age.

    A logistic: ``plateau / (1 + exp(-(age - midpoint_age) / width_years))``.

    Attributes
    ----------
    plateau
        Probability that the oldest approach, a year, 0-1.
    midpoint_age
        Age where half of the plateau is reached, in years.
    width_years
        How gradual the rise is, in years.
    worst_gap
        Largest relative gap between a class seen five years later and what the curve predicts.
    """

    plateau: float
    midpoint_age: float
    width_years: float
    worst_gap: float = float("nan")

    def rates(self, ages: Floats = AGES) -> Floats:
        """Return the yearly exit probability at each age, 0-1."""
        rates: Floats = self.plateau / (1 + np.exp(-(ages - self.midpoint_age) / self.width_years))
        return rates


@dataclass(frozen=True)
class Entries:
    """What the cohorts say of arrivals.

    Attributes
    ----------
    rate
        Entries of a year over the doctors present, 0-1, mean of the years observed.
    age_shares
        Share of the entrants by single age, sums to 1, on ``AGES``.
    by_year
        Entries of each year observed, doctors, indexed by year.
    """

    rate: float
    age_shares: Floats
    by_year: "pd.Series[float]"


def classes_by_year(rpps_age: pd.DataFrame) -> pd.DataFrame:
    """Return the doctors by year (index) and lower bound of the five-year class (columns), in persons.

    Raises
    ------
    ValueError
        When a class is missing for a year or a count is unknown: a hole would be read as a wave of departures.
    """
    table = rpps_age.pivot_table(
        index="year", columns="age_min", values="n_doctors", aggfunc="sum", dropna=False, min_count=1
    )
    table.columns = [max(int(age), YOUNGEST_AGE) for age in table.columns]
    if table.empty or table.isna().to_numpy().any():
        rows, columns = np.nonzero(table.isna().to_numpy())
        holes = [f"{table.index[i]} à {table.columns[j]} ans" for i, j in zip(rows[:3], columns[:3], strict=True)]
        found = ", ".join(holes) or "table vide"
        raise ValueError(
            f"RPPS par âge : attendu un effectif pour chaque classe et chaque année, trouvé un vide ({found})."
        )
    return table.astype("float64")


def spread_classes(counts: Floats, lower_ages: Floats, exit_rates: Floats) -> Floats:
    """Return the doctors by single age, from their counts by class.

    Inside the closed classes the cumulated count is interpolated by a monotone cubic (PCHIP), so every class keeps its
    count and no age is negative. The open class is spread as the exit curve itself would leave a steady inflow.

    Parameters
    ----------
    counts
        Doctors by class on the last axis, youngest first, the last class open.
    lower_ages
        Lower bound of each class, in years; the first is ``YOUNGEST_AGE``.
    exit_rates
        Yearly exit probability on ``AGES``.

    Returns
    -------
    Floats
        Doctors on ``AGES``; sums to ``counts.sum()``.
    """
    singles = _closed_singles(counts, lower_ages)
    open_share = _open_shares(exit_rates[int(lower_ages[-1]) - YOUNGEST_AGE :])
    spread: Floats = np.concatenate([singles, counts[..., -1:] * open_share], axis=-1)
    return spread


def _closed_singles(counts: Floats, lower_ages: Floats) -> Floats:
    """Return the doctors by single age below the open class."""
    start = np.zeros((*counts.shape[:-1], 1))
    cumulated = np.concatenate([start, np.cumsum(counts[..., :-1], axis=-1)], axis=-1)
    until = scipy.interpolate.PchipInterpolator(lower_ages, cumulated, axis=-1)
    singles: Floats = np.diff(until(np.arange(YOUNGEST_AGE, int(lower_ages[-1]) + 1)), axis=-1)
    return singles


def _open_shares(rates: Floats) -> Floats:
    """Return the share of each age of the open class, from its exit rates: what a steady inflow would leave."""
    survivors = np.concatenate([[1.0], np.cumprod(1 - rates[:-1])])
    survivors[-1] /= max(float(rates[-1]), 1e-3)  # the last age keeps its own survivors, year after year
    shares: Floats = survivors / survivors.sum()
    return shares


def age_one_year(stock: Floats, exit_rates: Floats) -> Floats:
    """Return the doctors one year older, without entries: those of age a who stayed, at a + 1 (last axis is age)."""
    stayed = stock * (1 - exit_rates)
    older = np.zeros_like(stayed)
    older[..., 1:] = stayed[..., :-1]
    older[..., -1] += stayed[..., -1]
    return older


def fit_exit_curve(rpps_age: pd.DataFrame, follow_years: int = FOLLOW_YEARS) -> ExitCurve:
    """Fit the yearly exit probability by age on the cohorts that the RPPS shows twice, ``follow_years`` apart.

    From every year with a table that many years later, doctors of 50 or more are aged by the curve and compared, class
    by class (55-59, 60-64, 65 and over), with what was counted; least squares on the relative gaps. Entries after 50
    are read as nil.

    How well it is known: the class of 65 and over is open, so a higher plateau with a later midpoint fits almost as
    well. Plateaus of 0.13 to 0.25 leave the same gaps within 0.4 points and move the departures of ten years by -3 to
    +5 % on the pyramid as it is, by -4 to +7 % on the pyramids tilted to the part of the older doctors of each
    department, which are those projected: the band samples that.

    Source: DREES, RPPS, all doctors, 1 January 2012 to 2020.

    Raises
    ------
    ValueError
        When the table has a hole, other classes than five years up to 65, or no two years that far apart.
    """
    table = classes_by_year(rpps_age)
    lower_ages = table.columns.to_numpy(dtype=np.float64)
    years = [year for year in table.index if year + follow_years in table.index]
    if not years:
        distance = {4: "quatre", 5: "cinq"}.get(follow_years, str(follow_years))
        raise ValueError(
            f"RPPS par âge : attendu deux années distantes de {distance} ans, trouvé "
            + ", ".join(map(str, table.index))
        )
    if (np.diff(lower_ages) != CLASS_YEARS).any() or lower_ages[-1] != OPEN_CLASS_AGE:
        found = ", ".join(f"{age:g}" for age in lower_ages)
        raise ValueError(f"RPPS par âge : attendu des classes de cinq ans jusqu’à 65 ans ou plus, trouvé {found}.")
    before = table.loc[years].to_numpy()
    after = table.loc[[year + follow_years for year in years], [55, 60, OPEN_CLASS_AGE]].to_numpy()
    singles, oldest = _closed_singles(before, lower_ages), before[:, -1:]
    ends = np.array([55, 60, OPEN_CLASS_AGE]) - YOUNGEST_AGE

    def gaps(parameters: Floats) -> Floats:
        rates = ExitCurve(*parameters).rates()
        stock = np.concatenate([singles, oldest * _open_shares(rates[OPEN_CLASS_AGE - YOUNGEST_AGE :])], axis=1)
        for _ in range(follow_years):
            stock = age_one_year(stock, rates)
        relative: Floats = (np.add.reduceat(stock, ends, axis=1) / after - 1).ravel()
        return relative

    fit = scipy.optimize.least_squares(gaps, x0=[0.2, 65.0, 2.0], bounds=([0.01, 55.0, 0.3], [0.9, 80.0, 10.0]))
    plateau, midpoint_age, width_years = (float(value) for value in fit.x)
    return ExitCurve(plateau, midpoint_age, width_years, worst_gap=float(np.abs(fit.fun).max()))


def estimate_entries(rpps_age: pd.DataFrame, curve: ExitCurve, follow_years: int = FOLLOW_YEARS) -> Entries:
    """Estimate the entries a year, and their ages, that the RPPS stock implies once the exits are known.

    Entries of a year = stock of the next year - stock + exits of the curve. Ages: what each class gained in
    ``follow_years`` over those who were to be of its ages, half in that class and half in the one below. Net flows: a
    doctor who comes back after years abroad is an entry.

    Source: DREES, RPPS, all doctors, 1 January 2012 to 2020.
    """
    table = classes_by_year(rpps_age)
    lower_ages = table.columns.to_numpy(dtype=np.float64)
    rates = curve.rates()
    stock = table.sum(axis=1)
    exits = pd.Series(
        [float(spread_classes(row.to_numpy(), lower_ages, rates) @ rates) for _, row in table.iterrows()],
        index=table.index,
    )
    next_stock = pd.Series({year: stock.get(year + 1, np.nan) for year in table.index})
    by_year = (next_stock - stock + exits).dropna()

    gained = np.zeros(len(lower_ages))
    bounds = [int(age) - YOUNGEST_AGE for age in lower_ages]
    for year in [y for y in table.index if y + follow_years in table.index]:
        singles = spread_classes(table.loc[year].to_numpy(), lower_ages, rates)
        older = np.concatenate([np.zeros(follow_years), singles])
        after = table.loc[year + follow_years].to_numpy()
        gained[0] += after[0] - older[: bounds[1]].sum()
        for i in range(1, len(lower_ages)):
            if lower_ages[i] <= LAST_ENTRY_CLASS:
                gain = max(after[i] - older[bounds[i] : bounds[i + 1]].sum(), 0.0)
                gained[i - 1] += gain / 2
                gained[i] += gain / 2
    shares = np.zeros(len(AGES))
    for age, gain in zip(lower_ages, gained, strict=True):
        start = int(age) - YOUNGEST_AGE
        shares[start : start + CLASS_YEARS] = gain
    return Entries(rate=float((by_year / stock).dropna().mean()), age_shares=shares / shares.sum(), by_year=by_year)


def level_of_entries(
    stock: Floats, exit_rates: Floats, entries: float, entry_ages: Floats, *, growth: float, years: int
) -> float:
    """Return what multiplies constant entries so that the stock follows a mean yearly growth over some years.

    Formula: ``(N × (1 + growth) ** years - stayed) / arrived``, stayed those of today still there, arrived those of the
    entries still there: the stock is linear in the level of the entries.

    Parameters
    ----------
    stock
        Doctors on ``AGES``.
    exit_rates
        Yearly exit probability on ``AGES``.
    entries, entry_ages
        Doctors who enter a year, and their shares by age.
    growth
        Relative, a year.
    years
        1 or more.

    Returns
    -------
    float
        0 or more; NaN where nobody enters. 0 where even without entries the stock would grow more than that.
    """
    stayed, arrived = stock, np.zeros_like(stock)
    for _ in range(years):
        stayed = age_one_year(stayed, exit_rates)
        arrived = age_one_year(arrived, exit_rates) + entries * entry_ages
    if not arrived.sum() > 0:
        return float("nan")
    return max(float((stock.sum() * (1 + growth) ** years - stayed.sum()) / arrived.sum()), 0.0)


def national_pyramid(rpps_age: pd.DataFrame, curve: ExitCurve, entries: Entries, base_year: int) -> Floats:
    """Return the share of doctors by single age on 1 January of ``base_year``, carried forward from the last RPPS year.

    Returns
    -------
    Floats
        Shares on ``AGES``, sum to 1.

    Raises
    ------
    ValueError
        When ``base_year`` is before the last RPPS year.
    """
    table = classes_by_year(rpps_age)
    last_year = int(table.index.max())
    if base_year < last_year:
        raise ValueError(f"Pyramide des âges : attendu une année de départ de {last_year} ou plus, trouvé {base_year}.")
    rates = curve.rates()
    stock = spread_classes(table.loc[last_year].to_numpy(), table.columns.to_numpy(dtype=np.float64), rates)
    for _ in range(base_year - last_year):
        stock = age_one_year(stock, rates) + entries.rate * stock.sum() * entries.age_shares
    shares: Floats = stock / stock.sum()
    return shares


def tilt_ages(shares: Floats, target_share: Floats, from_age: float, activity: Floats | None = None) -> Floats:
    """Return the age structures nearest to ``shares`` whose part at ``from_age`` or more is ``target_share``.

    Each is ``shares × exp(θ × age)``, scaled to 1: among all the structures with that part, a smooth and monotone
    change of the common one.

    Parameters
    ----------
    shares
        Common structure on ``AGES``, sums to 1.
    target_share
        Wanted part by territory, 0-1; NaN where unknown.
    from_age
        Lower age of the part, in years.
    activity
        Weight of a doctor by age in the part (FTE); 1 by default.

    Returns
    -------
    Floats
        Territory × age; NaN on the rows whose target is NaN.
    """
    weight = np.ones_like(shares) if activity is None else activity
    old = from_age <= AGES
    centred = AGES - AGES.mean()
    low, high = np.full(len(target_share), -0.5), np.full(len(target_share), 0.5)
    for _ in range(60):  # bisection: 1 / 2**60 of the interval, far below the counts
        theta = (low + high) / 2
        tilted = shares * np.exp(theta[:, None] * centred)
        part = (tilted * weight)[:, old].sum(axis=1) / (tilted * weight).sum(axis=1)
        high, low = np.where(part > target_share, theta, high), np.where(part > target_share, low, theta)
    tilted = shares * np.exp(((low + high) / 2)[:, None] * centred)
    structure: Floats = np.where(np.isnan(target_share)[:, None], np.nan, tilted / tilted.sum(axis=1, keepdims=True))
    return structure
