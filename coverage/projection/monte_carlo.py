"""The band around the central path: quantiles of many draws, by territory and year."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.projection import path
from coverage.projection.baseline import Baseline
from coverage.projection.draws import CHUNK_DRAWS, Start, Uncertainty, draw_chunk, multiply_unthreaded, start_of
from coverage.projection.scenario import Scenario
from geo.workers import ALONE, Workers

BAND_MEASURES: Final = ("stock", "fte", "need_to_find", "left_to_convince")
SAMPLED_MEASURES: Final = (*BAND_MEASURES, "gp_per_100k", "departures", "entries", "extra_need", "population")
"""What a band can be asked for; each holds territories × years × draws × 4 bytes while it is computed."""
QUANTILES: Final = (0.1, 0.5, 0.9)
COLUMNS: Final = ("p10", "p50", "p90")
LEVELS: Final = ("departement", "region", "france")


def project_band(
    baseline: Baseline,
    scenario: Scenario,
    *,
    n_draws: int = 1000,
    seed: int = 0,
    uncertainty: Uncertainty | None = None,
    measures: tuple[str, ...] = BAND_MEASURES,
    levels: tuple[str, ...] = LEVELS,
    workers: Workers = ALONE,
) -> pd.DataFrame:
    """Return the 10-90 % band of the projection, by territory and year, from ``n_draws`` draws.

    The quantiles of a region are those of the sum of its departments in each draw, not a sum of quantiles. Each chunk
    of draws has its own child of the seed: the result depends on the seed and the number of draws, not on the order or
    place where chunks run.

    Parameters
    ----------
    baseline, scenario
        As for ``project``.
    n_draws
        Draws, 1 or more.
    seed
        Root of the random numbers.
    uncertainty
        Standard deviations; the dated defaults when None.
    measures
        Among ``SAMPLED_MEASURES``, in the units of ``project``; "extra_need" is that of people,
        ageing and activity together.
    levels
        Levels wanted.
    workers
        Who draws the chunks.

    Returns
    -------
    pandas.DataFrame
        level, territory_code, year, measure, p10, p50, p90, n_departements, n_unknown. NaN where nothing is known.

    Raises
    ------
    ValueError
        When a measure is unknown or ``n_draws`` is not positive.
    ScenarioError
        When the territory of ``settling_code`` is not in the baseline.
    """
    strangers = sorted(set(measures) - set(SAMPLED_MEASURES))
    if strangers or n_draws < 1:
        raise ValueError(
            f"Bande : attendu un tirage ou plus et des mesures parmi {', '.join(SAMPLED_MEASURES)} ; "
            f"trouvé {n_draws} et {strangers}."
        )
    table, belongs = path.territories(baseline)
    wanted = table["level"].isin(levels) & (table["n_departements"] > 0)
    # Departments come first and are copied; only regions and France are sums.
    own = belongs[wanted & (table["level"] == "departement")][:, baseline.known].argmax(axis=1)
    groups = belongs[wanted & (table["level"] != "departement")][:, baseline.known]
    start = start_of(baseline, scenario, uncertainty or Uncertainty())
    n_years = scenario.horizon_years + 1
    draws = {name: np.empty((len(own) + len(groups), n_years, n_draws), dtype=np.float32) for name in measures}
    children = np.random.SeedSequence(seed).spawn(-(-n_draws // CHUNK_DRAWS))

    def take(i: int, drawn: dict[str, npt.NDArray[np.float32]]) -> None:
        chunk = slice(i * CHUNK_DRAWS, min((i + 1) * CHUNK_DRAWS, n_draws))
        for name, values in drawn.items():  # a whole chunk is drawn even so: the first draws never depend on n_draws
            draws[name][:, :, chunk] = values[:, :, : chunk.stop - chunk.start]

    workers.run(_draw_measures, _Drawing(start, own, groups, measures), children, take)
    bands = [_band(table[wanted], name, array, baseline.base_year) for name, array in draws.items()]
    nothing = table["level"].isin(levels) & (table["n_departements"] == 0)
    if nothing.any():
        bands += [_frame(table[nothing], name, n_years, baseline.base_year) for name in measures]
    return pd.concat(bands, ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Drawing:
    """What every chunk shares: the start, the departments wanted as they are, the sums wanted, the measures."""

    start: Start
    own: npt.NDArray[np.intp]
    groups: npt.NDArray[np.float64]
    measures: tuple[str, ...]


def _draw_measures(drawing: _Drawing, child: np.random.SeedSequence) -> dict[str, npt.NDArray[np.float32]]:
    """Draw a chunk; return each measure by territory (departments, then sums), year and draw."""
    values = draw_chunk(drawing.start, np.random.default_rng(child))
    own, groups = drawing.own, drawing.groups
    drawn = {}
    for name in drawing.measures:
        numerator = values["stock" if name == "gp_per_100k" else name]
        ours = numerator if len(own) == len(numerator) else numerator[own]
        sums = _sums(groups, numerator)
        if name == "gp_per_100k":  # a ratio of sums, never a mean of ratios
            people = values["population"]
            ours = 1e5 * ours / people[own]
            sums = 1e5 * sums / _sums(groups, people)
        array = np.empty((len(ours) + len(sums), *ours.shape[1:]), dtype=np.float32)
        array[: len(ours)], array[len(ours) :] = ours, sums
        drawn[name] = array
    return drawn


def _sums(groups: npt.NDArray[np.float64], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Sum departments (first axis) into the groups."""
    if not len(groups):
        return np.empty((0, *values.shape[1:]))
    return multiply_unthreaded(groups, values.reshape(len(values), -1)).reshape(-1, *values.shape[1:])


def _frame(territories: pd.DataFrame, measure: str, n_years: int, base_year: int) -> pd.DataFrame:
    """Return one row a territory and year, quantiles NaN: never 0 where nothing is known."""
    frame = territories.loc[territories.index.repeat(n_years)].reset_index(drop=True)
    frame.insert(2, "year", np.tile(base_year + np.arange(n_years), len(territories)))
    frame.insert(3, "measure", measure)
    for position, column in enumerate(COLUMNS):
        frame.insert(4 + position, column, np.nan)
    return frame


def _band(territories: pd.DataFrame, measure: str, draws: npt.NDArray[np.float32], base_year: int) -> pd.DataFrame:
    """Return the quantiles of one measure, interpolated between order statistics as numpy does."""
    n_draws = draws.shape[2]
    positions = [q * (n_draws - 1) for q in QUANTILES]
    draws.sort(axis=2)  # in place: a copy would double the memory; numpy's vectorised sort beats its partition fivefold
    frame = _frame(territories, measure, draws.shape[1], base_year)
    for column, position in zip(COLUMNS, positions, strict=True):
        low = int(position)
        below = draws[:, :, low].astype(np.float64)
        above = draws[:, :, min(low + 1, n_draws - 1)].astype(np.float64)
        frame[column] = (below + (position - low) * (above - below)).ravel()
    return frame
