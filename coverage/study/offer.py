"""What stands around a candidate commune: structures within reach, and the MSP that already serve its catchment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from coverage.access.reach import BOUNDS_MIN, CATCHMENT_MIN
from coverage.terms.extents import PART
from geo.travel_time.matrix import TENTHS_PER_MINUTE

if TYPE_CHECKING:
    import numpy.typing as npt

    from coverage.access.reach import Reach
    from geo.travel_time.matrix import TravelTimes

LISTED_TYPES: Final = ("msp", "centre_sante", "hopital", "pharmacie", "cpts")
"""Types of structures in the order of the study."""
AROUND_COLUMNS: Final = (
    "finess_code", "structure_type", "name", "address", "commune_code", "commune_name", "departement_code", "longitude",
    "latitude", "opened_on", "point_flag", "category_basis", "as_of", "minutes",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Competition:
    """What the existing MSP already serve of the catchment of a candidate.

    Plain overlap of two 15-minute areas, without sharing people out between MSP: the shares of several MSP do not add
    up. Everyone is counted at the point of the commune, and so is every MSP.

    Attributes
    ----------
    by_msp
        RangeIndex, most shared first; finess_code, name, commune_code, commune_name, minutes (from the candidate, NaN
        beyond the limit of the travel times), population_shared (inhabitants of the catchment who are also less than 15
        minutes from it), share_shared (0-1, of the catchment). MSP that share nobody are absent.
    population
        Inhabitants of the catchment.
    population_served
        Of them, those less than 15 minutes from at least one existing MSP.
    population_nearest
        Of them, those whom the candidate would be strictly nearer than any existing MSP; a tie is the existing one's.
    is_complete
        Whether the structures are known wherever an MSP could serve the catchment. When not, population_served may be
        too low and population_nearest too high. With nothing known there, both are NaN.
    """

    by_msp: pd.DataFrame
    population: float
    population_served: float
    population_nearest: float
    is_complete: bool


def structures_around(
    structures: pd.DataFrame, communes: pd.DataFrame, reach: Reach, bound_min: float = BOUNDS_MIN[-1]
) -> pd.DataFrame:
    """List the structures less than so many minutes from a candidate commune.

    The minutes are those of the travel times in use between the points of the communes: 0 in the candidate itself.

    Parameters
    ----------
    structures
        Table of structures: columns of `AROUND_COLUMNS` but commune_name and minutes.
    communes
        Table of communes: commune_code, name.
    reach
        Minutes around the candidate.
    bound_min
        Minutes, exclusive.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, columns `AROUND_COLUMNS`, by type in the order of `LISTED_TYPES`, then by minutes and name.
    """
    minutes = pd.Series(reach.minutes_from, index=reach.codes)
    table = structures[structures["structure_type"].isin(LISTED_TYPES)]
    away = table["commune_code"].map(minutes)
    table = table.assign(
        minutes=away,
        commune_name=table["commune_code"].map(communes.set_index("commune_code")["name"]),
        rank=table["structure_type"].map({kind: rank for rank, kind in enumerate(LISTED_TYPES)}),
    )[(away < bound_min).to_numpy()]
    return table.sort_values(["rank", "minutes", "name"], ignore_index=True)[list(AROUND_COLUMNS)]


def projects_around(
    projects: pd.DataFrame, communes: pd.DataFrame, reach: Reach, bound_min: float = BOUNDS_MIN[-1]
) -> pd.DataFrame:
    """List a planner's own projects less than so many minutes from a candidate commune, those given up left out.

    Parameters
    ----------
    projects
        Table of projects: name, structure_type, stage, commune_code, abandoned.
    communes, reach, bound_min
        As in `structures_around`.

    Returns
    -------
    pandas.DataFrame
        RangeIndex, nearest first; name, structure_type, stage (NA unknown), commune_name, minutes.
    """
    away = projects["commune_code"].map(pd.Series(reach.minutes_from, index=reach.codes))
    near = (away < bound_min).to_numpy(np.bool_) & ~projects["abandoned"].to_numpy(np.bool_)
    names = communes.set_index("commune_code")["name"]
    table = projects.assign(commune_name=projects["commune_code"].map(names), minutes=away)[near]
    columns = ["name", "structure_type", "stage", "commune_name", "minutes"]
    return table.sort_values(["minutes", "name"], ignore_index=True)[columns]


def cpts_of(commune_code: str, perimeters: pd.DataFrame) -> tuple[str, ...]:
    """Name the CPTS whose perimeter holds a commune, sorted; a commune may be in two.

    Parameters
    ----------
    commune_code
        The commune.
    perimeters
        Table `cpts_perimeters`.

    Returns
    -------
    tuple of str
        Names; followed by « (en partie) » where the CPTS has an arrondissement, or a part that is not known.
    """
    here = perimeters[perimeters["commune_code"] == commune_code].dropna(subset=["name"])
    in_part = (here["unit_code"] != commune_code) | (here["extent"] == PART)
    return tuple(sorted(set(here["name"] + in_part.map({True: " (en partie)", False: ""}))))


def professionals_around(counts: pd.DataFrame, reach: Reach) -> pd.DataFrame:
    """Add up the professionals of the zones around a candidate.

    Parameters
    ----------
    counts
        A column a profession, index commune_code; persons, NaN unknown. A commune that is absent is unknown.
    reach
        Minutes around the candidate.

    Returns
    -------
    pandas.DataFrame
        A row a profession, a column a zone (its bound, minutes); NaN as soon as one commune of the zone is unknown. To
        be printed by `coverage.indicators.small_numbers.print_count`: fewer than five are not shown.
    """
    aligned = counts.reindex(reach.codes)
    sums = {bound: aligned[reach.within(bound)].sum(axis=0, skipna=False) for bound in BOUNDS_MIN}
    return pd.DataFrame(sums).astype(np.float64)


def is_covered(covered: pd.Series, inside: npt.NDArray[np.bool_]) -> bool:
    """Say whether the table of structures is complete in all the communes of a zone.

    Parameters
    ----------
    covered
        By commune (`coverage.indicators.structures.covered_communes`).
    inside
        Which communes, in the same order.
    """
    return bool(covered.to_numpy(np.bool_)[inside].all())


def compete(
    reach: Reach,
    structures: pd.DataFrame,
    communes: pd.DataFrame,
    covered: pd.Series,
    times: TravelTimes,
    bound_min: float = CATCHMENT_MIN,
) -> Competition:
    """Measure how far the catchment of a candidate is already served by existing MSP.

    share_shared(m) = Σ P_i [t_ic < 15 and t_im < 15] / Σ P_i [t_ic < 15], i over the communes, c the candidate.

    Parameters
    ----------
    reach
        Minutes around the candidate.
    structures
        Table of structures: finess_code, structure_type, name, commune_code.
    communes
        Table of communes: commune_code, name, population.
    covered
        Whether the table of structures is complete in each commune (`coverage.indicators.structures.covered_communes`).
    times
        Minutes between communes, those of `reach`.
    bound_min
        Minutes of both areas, exclusive.
    """
    inside = reach.within(bound_min)
    catchment = reach.codes[inside]
    people = np.nan_to_num(communes["population"].to_numpy(np.float64)[inside])
    msp = structures.loc[structures["structure_type"] == "msp", ["finess_code", "name", "commune_code"]]
    homes = pd.Index(sorted(set(msp["commune_code"])), dtype="str")
    minutes, served_from = _minutes_between(catchment, homes, times, bound_min)
    known = pd.Series(covered.to_numpy(np.bool_), index=reach.codes)
    reached = known.reindex(served_from).fillna(value=False)
    total = float(people.sum())
    shared = (minutes < bound_min).T @ people
    shared_from = dict(zip(homes, shared, strict=True))
    table = msp.assign(
        commune_name=msp["commune_code"].map(communes.set_index("commune_code")["name"]),
        minutes=msp["commune_code"].map(pd.Series(reach.minutes_from, index=reach.codes)),
        population_shared=[shared_from[code] for code in msp["commune_code"]],
    )
    table["share_shared"] = table["population_shared"] / total if total > 0 else np.nan
    table = table[table["population_shared"] > 0]
    nothing_known = not reached.any()
    soonest = minutes.min(axis=1, initial=np.inf)
    return Competition(
        by_msp=table.sort_values(["population_shared", "name"], ascending=[False, True], ignore_index=True),
        population=total,
        population_served=np.nan if nothing_known else float(people[soonest < bound_min].sum()),
        population_nearest=np.nan if nothing_known else float(people[reach.minutes_to[inside] < soonest].sum()),
        is_complete=bool(reached.all()),
    )


def _minutes_between(
    origins: pd.Index, homes: pd.Index, times: TravelTimes, bound_min: float
) -> tuple[npt.NDArray[np.float64], list[str]]:
    """Give the minutes from each origin to each home (inf beyond the limit), and every place that an origin is near."""
    column_of = np.full(times.n_places, -1, dtype=np.intp)
    named = [(column, times.positions[code]) for column, code in enumerate(homes) if code in times.positions]
    for column, position in named:
        column_of[position] = column
    minutes = np.full((len(origins), len(homes)), np.inf)
    near = np.zeros(times.n_places, dtype=np.bool_)
    for row, code in enumerate(origins):
        position = times.positions[code]
        span = slice(int(times.pointers[position]), int(times.pointers[position + 1]))
        to, away = times.destinations[span], times.tenths[span] / TENTHS_PER_MINUTE
        near[to[away < bound_min]] = True
        at = column_of[to]
        minutes[row, at[at >= 0]] = away[at >= 0]
    return minutes, [times.place_codes[int(position)] for position in np.flatnonzero(near)]
