"""Access by cell of 200 m, added up to communes: who is within some minutes, and the floating catchments.

A cell is too small to have travel times of its own, and two millions of them with every place around are too many for
one matrix. The country is worked on by department: its cells, and the places within reach of them (the halo), wherever
these are. The people in reach of a place come from several departments: they are added up before any is divided
(first pass), then each cell is served (second pass). The result is that of the whole country at once.

Minutes are those of `geo.travel_time.road_estimate`, from the centre of the cell: an estimate, to be labelled so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from coverage.access.catchment import NegativeQuantityError, supply_rates
from coverage.errors import UnknownCommuneError
from geo.crs import degrees_transformer
from geo.travel_time.road_estimate import PLACE_COLUMNS, may_be_within, minutes_to_nearest, minutes_within
from geo.workers import ALONE, Workers

if TYPE_CHECKING:
    import numpy.typing as npt

    from coverage.access.decay import Decay

    FloatArray = npt.NDArray[np.float64]

PEOPLE: Final = "population"
_CELLS_PER_BLOCK: Final = 10_000
"""Cells whose pairs stand in memory at once: a few million pairs in the densest departments."""

_Shared = TypeVar("_Shared")
_Result = TypeVar("_Result")


def place_cells(cells: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Give each cell its point on Earth, and the department and density of its commune, as travel times want them.

    Parameters
    ----------
    cells
        Table `population_cells`: commune_code, epsg, y_m, x_m (centre, m), population.
    communes
        Table of communes: commune_code, departement_code, population, area_km2.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, in the order of the cells: `PLACE_COLUMNS` (degrees, EPSG:4326; inhabitants per km² of the commune,
        NaN unknown) and population.

    Raises
    ------
    UnknownCommuneError
        A cell is in a commune that is not in the list: dropping it would lose its people.
    """
    known = communes.set_index("commune_code")
    place = known.index.get_indexer(cells["commune_code"])
    if (place < 0).any():
        lost = cells["commune_code"][place < 0].unique()
        raise UnknownCommuneError(
            f"Carreaux : attendu des communes de la liste, trouvé {', '.join(lost[:5])} ({len(lost)} en tout)."
        )
    degrees = np.full((len(cells), 2), np.nan)
    for epsg in cells["epsg"].unique():
        here = cells["epsg"].to_numpy() == epsg
        x_m, y_m = (cells[name].to_numpy(np.float64)[here] for name in ("x_m", "y_m"))
        degrees[here] = np.column_stack(degrees_transformer(int(epsg)).transform(x_m, y_m))
    return pd.DataFrame(
        {
            "commune_code": cells["commune_code"].array,
            "departement_code": known["departement_code"].array[place],
            "longitude": degrees[:, 0],
            "latitude": degrees[:, 1],
            "density_per_km2": (known["population"] / known["area_km2"]).to_numpy(np.float64)[place],
            PEOPLE: cells[PEOPLE].to_numpy(np.float64),
        }
    )


def people_within(
    cells: pd.DataFrame, destinations: pd.DataFrame, limits_min: Sequence[int], workers: Workers = ALONE
) -> pd.DataFrame:
    """Count the people of each commune whose cell is less than so many minutes from the nearest of some places.

    Parameters
    ----------
    cells
        Result of `place_cells`.
    destinations
        `PLACE_COLUMNS` of the places.
    limits_min
        Minutes, exclusive.
    workers
        Who does the departments.

    Returns
    -------
    pandas.DataFrame
        Index commune_code, the communes that have a cell, sorted; population (people of the cells, whose sum is that
        of the cells), and within_<limit>_min (people, 0 or more).

    Examples
    --------
    >>> rows = [["31001", "31", 1.44, 43.60, 90.0, 30.0], ["31001", "31", 1.84, 43.60, 90.0, 10.0]]
    >>> cells = pd.DataFrame(rows, columns=[*PLACE_COLUMNS, "population"])
    >>> people_within(cells, cells[:1], (10, 20)).loc["31001"].to_list()
    [40.0, 30.0, 30.0]
    """
    parts = list(_parts(cells, destinations, max(limits_min)))
    return pd.concat(_do_parts(workers, _people_of_part, tuple(limits_min), parts)).sort_index()


class CellAccess(NamedTuple):
    """What `access_by_cell` finds.

    Attributes
    ----------
    communes
        Index commune_code, the communes that have a cell, sorted; demand (people), served (Σ demand · access of the
        cells: what is added up above the commune too), access (served / demand, NaN where there is no demand).
    demand_in_reach
        Σ_i w_ij P_i of each supply, in their order.
    """

    communes: pd.DataFrame
    demand_in_reach: FloatArray


def access_by_cell(
    cells: pd.DataFrame, supplies: pd.DataFrame, decay: Decay, workers: Workers = ALONE, *, whole: bool = False
) -> CellAccess:
    """Compute the floating catchments from each cell, and their mean in each commune, weighted by its people.

    A_i = Σ_j w_ij S_j / Σ_k w_kj P_k for each cell i, with w of the decay; A of a commune = Σ P_i A_i / Σ P_i over its
    cells. Where every supply has people in reach, Σ P_i A_i = Σ S_j.

    Parameters
    ----------
    cells
        Result of `place_cells`, its population being the demand P_i (standardised for an APL), 0 or more.
    supplies
        `PLACE_COLUMNS` of the places, and supply (S_j, 0 or more, as acts a year).
    decay
        Weights by band of minutes.
    workers
        As in `people_within`.
    whole
        True to take the country in one piece instead of by department: the same result, on one processor.

    Raises
    ------
    NegativeQuantityError
        A demand or a supply is negative, infinite or unknown.
    """
    _require_quantities(cells[PEOPLE], "demande des carreaux")
    _require_quantities(supplies["supply"], "offre")
    parts = list(_parts(cells, supplies, decay.reach_min, whole=whole))
    demand = np.zeros(len(supplies))
    for part, in_reach in zip(parts, _do_parts(workers, _demand_of_part, decay, parts), strict=True):
        demand[part.kept] += in_reach
    rates = supply_rates(supplies["supply"].to_numpy(np.float64), demand)
    served = [part._replace(rates=rates[part.kept]) for part in parts]
    communes = pd.concat(_do_parts(workers, _access_of_part, decay, served)).sort_index()
    communes["access"] = communes["served"] / communes["demand"].where(communes["demand"] > 0)
    return CellAccess(communes, demand)


class _Part(NamedTuple):
    """The cells of a department, the places in their halo, and the positions of these among all."""

    cells: pd.DataFrame
    destinations: pd.DataFrame
    kept: npt.NDArray[np.intp]
    rates: FloatArray | None = None


def _parts(
    cells: pd.DataFrame, destinations: pd.DataFrame, limit_min: float, *, whole: bool = False
) -> Iterator[_Part]:
    places = destinations[list(PLACE_COLUMNS)]
    if whole:
        yield _Part(cells, places, np.arange(len(places)))
        return
    for _, inside in cells.groupby("departement_code", sort=True):
        kept = np.flatnonzero(may_be_within(inside, places, limit_min))
        yield _Part(inside, places.iloc[kept], kept)


def _people_of_part(limits_min: tuple[int, ...], part: _Part) -> pd.DataFrame:
    minutes = minutes_to_nearest(part.cells, part.destinations)
    people = part.cells[PEOPLE]
    within = {f"within_{limit}_min": people.where(minutes < limit, 0.0) for limit in limits_min}
    return pd.DataFrame({PEOPLE: people, **within}).groupby(part.cells["commune_code"]).sum()


def _weighed(
    part: _Part, decay: Decay
) -> Iterator[tuple[slice, npt.NDArray[np.intp], npt.NDArray[np.intp], FloatArray]]:
    """Give the pairs that count, block after block of cells: origins within the block, destinations, weights."""
    for start in range(0, len(part.cells), _CELLS_PER_BLOCK):
        block = slice(start, start + _CELLS_PER_BLOCK)
        cells = part.cells.iloc[block]
        near = np.flatnonzero(may_be_within(cells, part.destinations, decay.reach_min))
        pairs = minutes_within(cells, part.destinations.iloc[near], decay.reach_min)
        yield block, pairs.origins, near[pairs.destinations], decay.of_minutes(pairs.minutes)


def _demand_of_part(decay: Decay, part: _Part) -> FloatArray:
    people = part.cells[PEOPLE].to_numpy(np.float64)
    demand = np.zeros(len(part.destinations))
    for block, origins, destinations, weights in _weighed(part, decay):
        demand += np.bincount(destinations, weights * people[block][origins], minlength=len(demand))
    return demand


def _access_of_part(decay: Decay, part: _Part) -> pd.DataFrame:
    assert part.rates is not None  # noqa: S101 - given by the second pass
    access = np.zeros(len(part.cells))
    for block, origins, destinations, weights in _weighed(part, decay):
        access[block] = np.bincount(origins, weights * part.rates[destinations], minlength=len(access[block]))
    demand = part.cells[PEOPLE]
    return pd.DataFrame({"demand": demand, "served": demand * access}).groupby(part.cells["commune_code"]).sum()


def _do_parts(
    workers: Workers, work: Callable[[_Shared, _Part], _Result], shared: _Shared, parts: Sequence[_Part]
) -> list[_Result]:
    """Return what came of each part, in their order."""
    done: dict[int, _Result] = {}
    workers.run(work, shared, parts, done.__setitem__)
    return [done[position] for position in range(len(parts))]


def _require_quantities(values: pd.Series, what: str) -> None:
    given: Any = values.to_numpy(np.float64, na_value=np.nan)
    if not (np.isfinite(given) & (given >= 0)).all():
        found = given[~(np.isfinite(given) & (given >= 0))][0]
        raise NegativeQuantityError(f"{what} : attendu des valeurs finies et positives, trouvé {found}.")
