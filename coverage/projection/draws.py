"""One chunk of draws: exits, entries, chance and population drawn, and each measure by territory, year and draw.

Exits are drawn for the whole country, so a doctor's chance to be still there after t years is, in each draw, the same
function of age everywhere: the stock of a department is its age pyramid times that kernel. One small matrix product
replaces the year-by-year ageing of every department, and the recursion of ``path`` is its twin: without uncertainty
both agree to rounding. Arrays are department × year × draw, draws last, so that every product is one contiguous matrix.
"""

from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from coverage.projection import path
from coverage.projection.assumptions import assumed
from coverage.projection.baseline import Baseline, activity_by_age
from coverage.projection.scenario import Scenario

Floats = npt.NDArray[np.float64]

CHUNK_DRAWS: Final = 100
"""Draws computed together: the arrays of 100 draws stay in the processor's cache."""

SINGLE_THREAD_PRODUCTS: Final = 2**18
"""Largest product, rows × inner × columns, that OpenBLAS runs in the calling thread."""


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """Standard deviations of what is drawn; defaults in ``assumptions.toml``.

    Attributes
    ----------
    retirement_shift_years, log_exits, log_entries, population_growth, log_ageing
        Common to the country, one value a draw.
    log_entries_departement, population_growth_departement
        One value a draw and department, independent.
    chance
        Whether each department's departures and arrivals also vary as counts of independent persons do.

    Raises
    ------
    ValueError
        When a standard deviation is negative or not a number.
    """

    retirement_shift_years: float = field(default_factory=lambda: assumed("sd_retirement_shift_years"))
    log_exits: float = field(default_factory=lambda: assumed("sd_log_exits"))
    log_entries: float = field(default_factory=lambda: assumed("sd_log_entries"))
    log_entries_departement: float = field(default_factory=lambda: assumed("sd_log_entries_departement"))
    population_growth: float = field(default_factory=lambda: assumed("sd_population_growth"))
    population_growth_departement: float = field(default_factory=lambda: assumed("sd_population_growth_departement"))
    log_ageing: float = field(default_factory=lambda: assumed("sd_log_ageing"))
    chance: bool = True

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not float(value) >= 0:
                raise ValueError(f"Incertitude, {item.name} : attendu un nombre positif ou nul, trouvé {value}.")


NO_UNCERTAINTY: Final = Uncertainty(
    retirement_shift_years=0,
    log_exits=0,
    log_entries=0,
    log_entries_departement=0,
    population_growth=0,
    population_growth_departement=0,
    log_ageing=0,
    chance=False,
)
"""Every draw is the central path."""


@dataclass(frozen=True)
class Start:
    """What every chunk shares: the known departments, as arrays."""

    stock: Floats
    rates: Floats
    activity: Floats
    entry_ages: Floats
    entries: Floats
    ramp: Floats
    mobility: Floats
    population: Floats
    growth: Floats
    need_per_inhabitant: Floats
    share_75plus: Floats
    ageing_growth: Floats
    ageing_effect: float
    catch_up: Floats
    scenario: Scenario
    uncertainty: Uncertainty


def start_of(baseline: Baseline, scenario: Scenario, uncertainty: Uncertainty) -> Start:
    """Gather the arrays of the departments whose inputs are all known."""
    known = baseline.known
    return Start(
        stock=baseline.stock[known] * scenario.stock_factor,
        rates=baseline.exit_rates,
        activity=activity_by_age(baseline.ages, scenario.hours_under_50, scenario.hours_50_64, scenario.hours_65_plus),
        entry_ages=baseline.entry_ages,
        entries=path.entries_at_start(baseline, scenario)[known],
        ramp=path.entries_ramp(baseline, scenario),
        mobility=baseline.mobility[known],
        population=baseline.population[known],
        growth=path.population_growth(baseline, scenario)[known],
        need_per_inhabitant=baseline.need_per_inhabitant[known],
        share_75plus=baseline.share_75plus[known],
        ageing_growth=path.ageing_growth(baseline, scenario)[known],
        ageing_effect=baseline.ageing_effect,
        catch_up=path.catch_up(baseline, scenario)[known],
        scenario=scenario,
        uncertainty=uncertainty,
    )


def survival_kernel(rates: Floats, n_years: int) -> Floats:
    """Return the probability that a doctor of each age is still there after 0 … n_years years.

    Parameters
    ----------
    rates
        Yearly exit probability, age × draw; the last age keeps its own rate.
    n_years
        Years followed.

    Returns
    -------
    Floats
        Age × (n_years + 1) × draw, from 1 down.
    """
    n_ages, n_draws = rates.shape
    kernel = np.empty((n_ages, n_years + 1, n_draws))
    kernel[:, 0] = 1
    stays = 1 - rates
    ages = np.arange(n_ages)
    for t in range(n_years):
        np.multiply(kernel[:, t], stays[np.minimum(ages + t, n_ages - 1)], out=kernel[:, t + 1])
    return kernel


def multiply_unthreaded(left: Floats, right: Floats) -> Floats:
    """Return ``left @ right``, by blocks of columns that OpenBLAS does not share between threads.

    Its threads wait for one another actively: with several viewers on two cores they cost three times the work itself.
    """
    width = max(SINGLE_THREAD_PRODUCTS // left.size, 1)
    product = np.empty((left.shape[0], right.shape[1]))
    for first in range(0, right.shape[1], width):
        product[:, first : first + width] = left @ right[:, first : first + width]
    return product


def _stock_path(start: Start, kernel: Floats, entrants: Floats) -> Floats:
    """Return the stock (FTE when the kernel carries the activity) by department, year and draw.

    ``kernel`` is age × year × draw, ``entrants`` department × draw (those of a year, before the ramp).
    """
    n_ages, n_years, n_draws = kernel.shape
    starts = np.vstack([start.stock, start.entry_ages])
    product = multiply_unthreaded(starts, kernel.reshape(n_ages, -1)).reshape(-1, n_years, n_draws)
    total, of_entrants = product[:-1], product[-1]
    # Those who arrive at the end of year s are counted from s + 1 on, with t - 1 - s years elapsed.
    arrivals = np.zeros((n_years, n_years))
    for t in range(1, n_years):
        arrivals[t, :t] = start.ramp[t - 1 :: -1][:t]
    if start.mobility.any():
        stayed_rate = (1 + start.mobility)[:, None] ** np.arange(n_years)
        total *= stayed_rate[:, :, None]
        present = (arrivals * stayed_rate[:, None, :]) @ of_entrants
    else:
        present = (arrivals @ of_entrants)[None]
    total += present * entrants[:, None, :]
    return total


def draw_chunk(start: Start, rng: np.random.Generator) -> dict[str, Floats]:
    """Draw ``CHUNK_DRAWS`` futures and return each measure by department, year and draw.

    In the units of ``path.project``; ``extra_need`` is that of people, ageing and activity together.
    """
    sd, n = start.uncertainty, len(start.stock)
    common = rng.standard_normal((5, CHUNK_DRAWS))
    entries_noise, growth_noise, exits_chance, entries_chance = rng.standard_normal((4, n, CHUNK_DRAWS))
    rates = path.shift_rates(
        start.rates,
        start.scenario.retirement_shift_years + sd.retirement_shift_years * common[0],
        start.scenario.exit_factor * np.exp(sd.log_exits * common[1]),
    ).T
    horizon = start.scenario.horizon_years
    elapsed = np.arange(horizon + 1)
    kernel = survival_kernel(rates, horizon)

    # Entries: level of the country × level of the department (lognormals of mean 1) × chance of a count.
    level = sd.log_entries * common[2] - sd.log_entries**2 / 2
    own = sd.log_entries_departement * entries_noise - sd.log_entries_departement**2 / 2
    entrants = start.entries[:, None] * np.exp(level + own)
    if sd.chance:
        expected = np.maximum(entrants * start.ramp.sum(), 1e-9)
        entrants *= np.maximum(1 + entries_chance / np.sqrt(expected), 0)
    stock = _stock_path(start, kernel, entrants)
    initial = start.stock.sum(axis=1)[:, None, None]
    entries = entrants[:, None, :] * np.concatenate([[0.0], np.cumsum(start.ramp)])[:, None]
    arrived = entries + _net_moves(start, stock, entrants) if start.mobility.any() else entries
    present = initial + arrived
    departures = present - stock
    mean_stock = stock
    if sd.chance:
        departures = _with_chance(present, departures, exits_chance)
        stock = present - departures
    values = {"stock": stock, "departures": departures, "entries": entries}
    reached = np.minimum(np.arange(len(start.activity))[:, None] + elapsed, len(start.activity) - 1)
    fte = _stock_path(start, kernel * start.activity[reached][:, :, None], entrants)
    if sd.chance:  # who leaves by chance has the department's mean activity
        fte *= np.divide(stock, mean_stock, out=np.ones_like(stock), where=mean_stock > 0)
    values["fte"] = fte

    growth = start.growth[:, None] + sd.population_growth * common[3] + sd.population_growth_departement * growth_noise
    index = _yearly_powers(1 + growth, horizon)
    effect = start.ageing_effect * np.exp(sd.log_ageing * common[4] - sd.log_ageing**2 / 2)
    older = start.share_75plus[:, None] * ((1 + start.ageing_growth)[:, None] ** elapsed - 1)
    need_index = older[:, :, None] * (effect / start.need_per_inhabitant[:, None])[:, None, :]
    need_index += 1
    need_index *= index
    need_index -= 1
    values["population"] = start.population[:, None, None] * index
    values["extra_need"] = np.multiply(need_index, initial, out=need_index)
    values["extra_need"] += path.activity_need(stock, fte)
    values["need_to_find"] = departures + values["extra_need"] + start.catch_up[:, None, None]
    values["left_to_convince"] = values["need_to_find"] - arrived
    return values


def _yearly_powers(factor: Floats, n_years: int) -> Floats:
    """Return 1, factor, factor² … by department, year and draw."""
    powers = np.empty((factor.shape[0], n_years + 1, factor.shape[1]))
    powers[:, 0] = 1
    for t in range(n_years):
        np.multiply(powers[:, t], factor, out=powers[:, t + 1])
    return powers


def _net_moves(start: Start, stock: Floats, entrants: Floats) -> Floats:
    """Return the cumulated net moves: the rate times those who stayed, ``(stock(t+1) - entries(t)) / (1 + rate)``."""
    moves = np.zeros_like(stock)
    rate = start.mobility[:, None, None]
    stayed = (stock[:, 1:] - entrants[:, None, :] * start.ramp[:, None]) / (1 + rate)
    moves[:, 1:] = np.cumsum(rate * stayed, axis=1)
    return moves


def _with_chance(present: Floats, departures: Floats, noise: Floats) -> Floats:
    """Return departures that vary as a binomial count does, persistently over the years of a draw.

    With X departures expected among ``present`` persons, the relative deviation is ``sqrt((1 - X / present) / X)`` at
    the horizon; departures stay within 0 and ``present``.
    """
    last = np.maximum(departures[:, -1], 1e-9)
    share = last / np.maximum(present[:, -1], 1e-9)
    deviation = noise * np.sqrt(np.clip(1 - share, 0, 1) / last)
    drawn: Floats = departures * np.maximum(1 + deviation, 0)[:, None, :]
    return np.minimum(drawn, present, out=drawn)
