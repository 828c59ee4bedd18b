"""The central path: doctors aged year by year, and what is departed, arrived, needed and left to convince."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.projection.assumptions import Assumption, assumed, assumptions, edition
from coverage.projection.baseline import Baseline, activity_by_age
from coverage.projection.cohorts import age_one_year
from coverage.projection.levers import PARAMETERS
from coverage.projection.scenario import Scenario, ScenarioError

Floats = npt.NDArray[np.float64]

MEASURES = (
    "stock",
    "fte",
    "population",
    "gp_per_100k",
    "departures",
    "entries",
    "mobility",
    "extra_need_population",
    "extra_need_ageing",
    "extra_need_activity",
    "catch_up",
    "need_to_find",
    "left_to_convince",
)
"""Columns of the yearly table; flows and needs are cumulated since the start, in GPs, needs in GPs of today's mean
activity."""

EXTRA_NEEDS = ("extra_need_population", "extra_need_ageing", "extra_need_activity")
"""What is needed besides the replacement of departures: more people, older people, GPs who work less."""


@dataclass(frozen=True)
class Projection:
    """What one scenario brings.

    Attributes
    ----------
    yearly
        level, territory_code, year, then ``MEASURES``, then n_departements (projected) and n_unknown (left out of the
        sums). Stock, FTE, population and gp_per_100k are those of 1 January of the year; flows and needs are cumulated
        since the base year. NaN where unknown.
    ages
        level, territory_code, year (start and horizon), age, n_gp, the last age open.
    unknown
        Why a department is not projected, by code.
    """

    yearly: pd.DataFrame
    ages: pd.DataFrame
    unknown: dict[str, str]


def shift_rates(exit_rates: Floats, shift_years: Floats, factor: Floats) -> Floats:
    """Return the exit probabilities by draw and age: the curve read that much younger, times the factor.

    Between two ages the curve is linear; before the first age it is that of the first.
    """
    position = np.clip(np.arange(len(exit_rates)) - np.asarray(shift_years)[:, None], 0, len(exit_rates) - 1)
    below = np.floor(position).astype(np.intp)
    above = np.minimum(below + 1, len(exit_rates) - 1)
    rates: Floats = exit_rates[below] + (position - below) * (exit_rates[above] - exit_rates[below])
    return np.clip(rates * np.asarray(factor)[:, None], 0, 1)


def activity_need(stock: Floats, fte: Floats) -> Floats:
    """Return the GPs of today's mean activity that are wanting because those to come work otherwise (negative: more).

    Formula: ``N(t) - FTE(t) / (FTE(0) / N(0))``: N(t) GPs are worth so many of today's. 0 where every age works alike.

    Parameters
    ----------
    stock, fte
        GPs and their full-time equivalents, department × year and anything more; year 0 first on the second axis.
    """
    needed: Floats = stock - fte * np.divide(
        stock[:, :1], fte[:, :1], out=np.ones_like(stock[:, :1]), where=fte[:, :1] > 0
    )
    return needed


def entries_at_start(baseline: Baseline, scenario: Scenario) -> Floats:
    """Return the entries a year by department before any ramp, with the share that settles in the chosen territory.

    The territory's share of the national entrants is multiplied; the others are scaled so that the national total is
    the same.

    Raises
    ------
    ScenarioError
        When the territory is unknown or would take more than all the entrants.
    """
    level = baseline.all_doctors_level if scenario.arrivals_of == "tous_medecins" else 1.0
    entries = baseline.entries * level * scenario.stock_factor
    if scenario.settling_level == "france":
        return entries
    here = (baseline.departements[f"{scenario.settling_level}_code"] == scenario.settling_code).to_numpy()
    total, inside = float(np.nansum(entries)), float(np.nansum(entries[here]))
    if not here.any() or inside == 0:
        raise ScenarioError(
            f"Installation : attendu le code d’un territoire projeté, trouvé « {scenario.settling_code} »."
        )
    wanted = inside * scenario.settling_factor
    if wanted > total or total == inside:
        raise ScenarioError("Installation : le territoire attirerait plus que tous les nouveaux médecins du pays.")
    shared: Floats = entries * np.where(here, scenario.settling_factor, (total - wanted) / (total - inside))
    return shared


def entries_ramp(baseline: Baseline, scenario: Scenario) -> Floats:
    """Return the multiplier of the entries of each projected year."""
    return np.array([scenario.entries_multiplier(baseline.base_year + t) for t in range(scenario.horizon_years)])


def population_growth(baseline: Baseline, scenario: Scenario) -> Floats:
    """Return the relative yearly growth of the population by department, in the variant of the scenario."""
    step = {"basse": -1, "centrale": 0, "haute": 1}[scenario.population_variant] * assumed("population_variant_step")
    return baseline.population_growth + step


def ageing_growth(baseline: Baseline, scenario: Scenario) -> Floats:
    """Return the relative yearly growth of the share of 75+ by department: the country's pace and its gap to it."""
    return np.broadcast_to(scenario.ageing_growth + baseline.ageing_gap, len(baseline.departements))


def catch_up(baseline: Baseline, scenario: Scenario) -> Floats:
    """Return the GPs that would lift each department to the target today, never negative; 0 where no target is asked.

    "densite": ``max(0, target × population / 100 000 - GPs)``. "apl": ``Σ P̃ × max(0, target - APL) / 5 400`` over the
    communes, in full-time GPs: the least that would do if each act reached only those who lack it.
    """
    n = len(baseline.departements)
    if scenario.target == "densite":
        wanted = scenario.target_density_per_100k * baseline.population / 1e5
        return np.maximum(wanted - baseline.stock.sum(axis=1) * scenario.stock_factor, 0.0)
    if scenario.target == "apl":
        units = baseline.apl_units
        lack = units["population_standardised"] * (scenario.target_apl - units["apl"]).clip(lower=0)
        acts = np.bincount(units["departement"].astype(np.intp), weights=lack, minlength=n)
        return np.where(baseline.known, acts / assumed("acts_per_fte"), np.nan)
    return np.where(baseline.known, 0.0, np.nan)


def project(baseline: Baseline, scenario: Scenario) -> Projection:
    """Project the GPs of each department year by year, and sum them to regions and France.

    ``stayed(t, a) = N(t, a) × (1 - h(a))``; ``N(t+1, a+1) = stayed(t, a) × (1 + mobility) + entries(t) × age share``.
    Need: today's full-time GPs per standardised inhabitant are kept, ``need to find = departures + extra need (people,
    ageing, activity) + catch-up``, counted in GPs of today's mean activity,
    ``left to convince = need to find - entries - net mobility``: positive is a shortfall, negative a surplus. A surplus
    of one department offsets the shortfall of another in the sums.

    Returns
    -------
    Projection
        Regions and France leave out the departments that are unknown, and count them in n_unknown; NaN when nothing is
        known.

    Raises
    ------
    ScenarioError
        When the territory of ``settling_code`` is not in the baseline.
    """
    years = scenario.horizon_years
    stock = baseline.stock * scenario.stock_factor
    rates = shift_rates(
        baseline.exit_rates, np.array([scenario.retirement_shift_years]), np.array([scenario.exit_factor])
    )[0]
    activity = activity_by_age(baseline.ages, scenario.hours_under_50, scenario.hours_50_64, scenario.hours_65_plus)
    entrants, ramp = entries_at_start(baseline, scenario), entries_ramp(baseline, scenario)
    start = stock.sum(axis=1)

    n = len(start)
    flows = {name: np.zeros((n, years + 1)) for name in ("departures", "entries", "mobility")}
    total, fte = np.empty((n, years + 1)), np.empty((n, years + 1))
    total[:, 0], fte[:, 0] = start, stock @ activity
    current = stock
    for t in range(years):
        stayed = age_one_year(current, rates)
        moved = stayed * baseline.mobility[:, None]
        arrived = (entrants * ramp[t])[:, None] * baseline.entry_ages
        flows["departures"][:, t + 1] = flows["departures"][:, t] + current @ rates
        flows["mobility"][:, t + 1] = flows["mobility"][:, t] + moved.sum(axis=1)
        flows["entries"][:, t + 1] = flows["entries"][:, t] + entrants * ramp[t]
        current = stayed + moved + arrived
        total[:, t + 1], fte[:, t + 1] = current.sum(axis=1), current @ activity

    elapsed = np.arange(years + 1)
    population_index = (1 + population_growth(baseline, scenario))[:, None] ** elapsed
    older = baseline.share_75plus[:, None] * ((1 + ageing_growth(baseline, scenario))[:, None] ** elapsed - 1)
    ageing_index = 1 + baseline.ageing_effect * older / baseline.need_per_inhabitant[:, None]
    values = {
        "stock": total,
        "fte": fte,
        "population": baseline.population[:, None] * population_index,
        **flows,
        "extra_need_population": start[:, None] * (population_index - 1),
        "extra_need_ageing": start[:, None] * population_index * (ageing_index - 1),
        "extra_need_activity": activity_need(total, fte),
        "catch_up": np.broadcast_to(catch_up(baseline, scenario)[:, None], total.shape),
    }
    return Projection(
        yearly=_yearly_table(baseline, scenario, values),
        ages=_age_table(baseline, {baseline.base_year: stock, baseline.base_year + years: current}),
        unknown=dict(baseline.unknown),
    )


def territories(baseline: Baseline) -> tuple[pd.DataFrame, Floats]:
    """Return the territories and the 0/1 matrix that sums departments into them.

    The table has level, territory_code, n_departements (known), n_unknown.
    """
    codes = baseline.departements["departement_code"].to_numpy(dtype=object)
    regions = baseline.departements["region_code"].to_numpy(dtype=object)
    names = np.unique(regions)
    own, of_region = np.eye(len(codes)), (regions == names[:, None]).astype(np.float64)
    belongs = np.vstack([own, of_region, np.ones((1, len(codes)))])
    table = pd.DataFrame(
        {
            "level": ["departement"] * len(codes) + ["region"] * len(names) + ["france"],
            "territory_code": [*codes, *names, "FR"],
            "n_departements": (belongs @ baseline.known).astype(np.int64),
            "n_unknown": (belongs @ ~baseline.known).astype(np.int64),
        }
    )
    return table, belongs


def _sum_known(baseline: Baseline, belongs: Floats, values: Floats) -> Floats:
    """Sum the known departments into the territories; NaN where none is known."""
    known = baseline.known
    sums: Floats = belongs[:, known] @ values[known]
    sums[belongs @ known == 0] = np.nan
    return sums


def _yearly_table(baseline: Baseline, scenario: Scenario, values: dict[str, Floats]) -> pd.DataFrame:
    """Build the tidy yearly table of all territories from the department × year arrays."""
    table, belongs = territories(baseline)
    n_years = values["stock"].shape[1]
    sums = {name: _sum_known(baseline, belongs, array) for name, array in values.items()}
    # Today's count is known even where its ages are not: a department's first year says so.
    alone, unknown = np.arange(len(baseline.departements)), ~baseline.known
    sums["stock"][alone[unknown], 0] = baseline.stock_known[unknown] * scenario.stock_factor
    sums["population"][alone[unknown], 0] = baseline.population[unknown]
    sums["gp_per_100k"] = 1e5 * sums["stock"] / sums["population"]
    parts = ("departures", *EXTRA_NEEDS, "catch_up")
    sums["need_to_find"] = np.sum([sums[name] for name in parts], axis=0)
    sums["left_to_convince"] = sums["need_to_find"] - sums["entries"] - sums["mobility"]
    yearly = table.loc[table.index.repeat(n_years)].reset_index(drop=True)
    yearly.insert(2, "year", np.tile(baseline.base_year + np.arange(n_years), len(table)))
    for position, name in enumerate(MEASURES):
        yearly.insert(3 + position, name, sums[name].ravel())
    return yearly


def _age_table(baseline: Baseline, stocks: dict[int, Floats]) -> pd.DataFrame:
    """Build the tidy table of GPs by territory, year and age."""
    table, belongs = territories(baseline)
    n_ages = len(baseline.ages)
    frames = []
    for year, stock in stocks.items():
        frame = table.loc[table.index.repeat(n_ages), ["level", "territory_code"]].reset_index(drop=True)
        frame["year"] = year
        frame["age"] = np.tile(baseline.ages, len(table))
        frame["n_gp"] = _sum_known(baseline, belongs, stock).ravel()
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _written(value: object) -> str:
    """Write a value of the table of assumptions, a number with six significant digits and a true minus."""
    return (f"{value:.6g}" if isinstance(value, float) else str(value)).replace("-", "−")


def assumption_table(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """Return all that the projection assumes: the scenario, the dated defaults and what the tables gave.

    Returns
    -------
    pandas.DataFrame
        name, label, value (text), default (text, for the scenario), interval (text, empty where the source gives one
        value), unit, source, date (text), certainty.
    """
    default = Scenario().to_dict()

    def row(item: Assumption) -> tuple[str, ...]:
        values = item.value if isinstance(item.value, tuple) else (item.value,)
        text = " ; ".join(_written(value) for value in values)
        interval = " à ".join(_written(value) for value in item.interval or ())
        return (
            item.name,
            item.label,
            text,
            text,
            interval,
            item.unit,
            item.source,
            item.date.isoformat(),
            item.certainty,
        )

    chosen = [
        (
            name,
            PARAMETERS[name].label,
            _written(value),
            _written(default[name]),
            "",
            PARAMETERS[name].unit,
            "Réglage du scénario",
            edition().isoformat(),
            "supposé",
        )
        for name, value in scenario.to_dict().items()
        if name not in assumptions() or value != default[name]
    ]
    changed = {line[0] for line in chosen}
    listed = [row(item) for name, item in assumptions().items() if name not in changed]
    columns = ["name", "label", "value", "default", "interval", "unit", "source", "date", "certainty"]
    return pd.DataFrame([*chosen, *(row(item) for item in baseline.estimates), *listed], columns=columns)
