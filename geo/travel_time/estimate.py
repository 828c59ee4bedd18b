"""Travel times estimated without a road network: crow-fly × detour / speed, by density and relief class of both ends.

An estimate, to be labelled as such on screen: it ignores estuaries, closed passes and ferries. Territories never mix
(a commune of Corsica is in reach of no commune of the continent), nor do islands without a bridge: see `road_frame`.
"""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from geo.crs import FRAME_STEP_M, planar_frame
from geo.documents import DocumentError, read_toml
from geo.travel_time.errors import TravelTimeParameterError, TravelTimeValueError
from geo.travel_time.matrix import TravelTimes, destination_dtype, floor_to_tenths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

PARAMETERS_FILE: Final = Path(__file__).with_name("parameters.toml")
PLACE_COLUMNS: Final = ("commune_code", "departement_code", "longitude", "latitude", "population", "area_km2")
_ORIGINS_PER_AREA: Final = 512
_ORIGINS_PER_BLOCK: Final = 24  # measured on France: fewer and the calls cost, more and too many pairs are dropped


@dataclass(frozen=True)
class EstimateParameters:
    """What the estimate assumes; see `parameters.toml` for the meaning and the origin of each value.

    Parameters
    ----------
    edition : date of the assumptions, as text.
    limit_min : minutes beyond which pairs are not kept.
    detour : road metres per crow-fly metre, at least 1.
    terminal_min : minutes added to every trip between two places.
    density_from_per_km2 : lower bounds of the density classes, increasing from 0.
    road_km_per_h : road speed of each density class.
    relief_factor : durations are multiplied by it at an end in relief, at least 1.
    relief_departements : departments in relief.
    islands : communes of each island that no road joins to the rest of its territory.

    Raises
    ------
    TravelTimeParameterError
        A value is out of its range.
    """

    edition: str
    limit_min: float
    detour: float
    terminal_min: float
    density_from_per_km2: tuple[float, ...]
    road_km_per_h: tuple[float, ...]
    relief_factor: float
    relief_departements: tuple[str, ...]
    islands: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        classes = self.density_from_per_km2
        checks = {
            "limit_min : attendu > 0": self.limit_min > 0,
            "detour : attendu au moins 1": self.detour >= 1,
            "terminal_min : attendu au moins 0": self.terminal_min >= 0,
            "relief_factor : attendu au moins 1": self.relief_factor >= 1,
            "vitesses : attendu une par classe de densité": len(classes) == len(self.road_km_per_h) > 0,
            "vitesses : attendu > 0": min(self.road_km_per_h, default=0.0) > 0,
            "classes de densité : attendu des bornes croissantes depuis 0": (
                bool(classes) and classes[0] == 0 and all(a < b for a, b in itertools.pairwise(classes))
            ),
        }
        for expected, holds in checks.items():
            if not holds:
                raise TravelTimeParameterError(f"Paramètres de l’estimation, {expected}, trouvé {self}.")


def read_estimate_parameters(path: Path = PARAMETERS_FILE) -> EstimateParameters:
    """Read the dated assumptions of the estimate.

    Raises
    ------
    TravelTimeParameterError
        The file is not TOML, or a value is missing or out of range.
    """
    try:
        table = read_toml(path)["estimation"]
        return EstimateParameters(
            edition=str(table["edition"]),
            limit_min=float(table["limit_min"]),
            detour=float(table["detour"]),
            terminal_min=float(table["terminal_min"]),
            density_from_per_km2=tuple(float(row["density_from_per_km2"]) for row in table["speeds"]),
            road_km_per_h=tuple(float(row["road_km_per_h"]) for row in table["speeds"]),
            relief_factor=float(table["relief"]["duration_factor"]),
            relief_departements=tuple(table["relief"]["departement_codes"]),
            islands=tuple(tuple(island["commune_codes"]) for island in table["islands"]),
        )
    except TravelTimeParameterError:
        raise
    except DocumentError as error:
        raise TravelTimeParameterError(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise TravelTimeParameterError(f"{path.name} : attendu les clés de [estimation], trouvé {error!r}.") from error


def pace_min_per_km(
    density_per_km2: npt.ArrayLike, departement_code: Iterable[str], parameters: EstimateParameters | None = None
) -> npt.NDArray[np.float64]:
    """Return the minutes that one kilometre of road takes around a place.

    pace = 60 / speed of the density class, x the relief factor in the departments in relief.

    Source: assumptions of `geo/travel_time/parameters.toml`.

    Parameters
    ----------
    density_per_km2
        Inhabitants per km² of the commune of the place; NaN counts as the least dense class.
    departement_code
        Its department.
    parameters
        The file's by default.

    Returns
    -------
    numpy.ndarray
        Minutes per kilometre, above 0, never NaN.

    Examples
    --------
    >>> pace_min_per_km([50.0], ["73"]).round(4).tolist()  # 60 / 55 km/h, × 1.25: relief
    [1.3636]
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    density = np.nan_to_num(np.asarray(density_per_km2, dtype=np.float64), nan=0.0)
    class_of = np.searchsorted(settings.density_from_per_km2, density, side="right") - 1
    pace = 60.0 / np.asarray(settings.road_km_per_h, dtype=np.float64)[class_of]
    in_relief = pd.Series(departement_code).isin(settings.relief_departements).to_numpy()
    return np.where(in_relief, pace * settings.relief_factor, pace)


def road_frame(places: pd.DataFrame, parameters: EstimateParameters | None = None) -> npt.NDArray[np.float64]:
    """Lay the places in one plane where two points that no road can join are farther apart than any on Earth.

    The frame of `geo.crs.planar_frame`, each island without a bridge moved `geo.crs.FRAME_STEP_M` further north.

    Parameters
    ----------
    places
        Columns commune_code, departement_code, longitude, latitude (EPSG:4326).
    parameters
        The file's by default.

    Returns
    -------
    numpy.ndarray of shape (n, 2)
        x and y (m); NaN where a coordinate or the department is unknown.

    Examples
    --------
    >>> columns = ["commune_code", "departement_code", "longitude", "latitude"]
    >>> island, coast = ["56087", "56", -2.85, 47.60], ["56008", "56", -2.87, 47.62]  # Île-aux-Moines and Baden
    >>> x, y = np.abs(np.diff(road_frame(pd.DataFrame([island, coast], columns=columns)), axis=0)[0])
    >>> bool(x < 5_000), bool(y > 1e8)
    (True, True)
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    number_of = {code: number for number, codes in enumerate(settings.islands, start=1) for code in codes}
    frame_m = planar_frame(
        places["longitude"].to_numpy(np.float64), places["latitude"].to_numpy(np.float64), places["departement_code"]
    )
    frame_m[:, 1] += FRAME_STEP_M * places["commune_code"].map(number_of).fillna(0).to_numpy(np.float64)
    return frame_m


def estimate_travel_times(places: pd.DataFrame, parameters: EstimateParameters | None = None) -> TravelTimes:
    """Estimate the minutes by road between all places of the same territory, up to the limit.

    minutes(i, j) = detour × crow-fly km × (pace_i + pace_j) / 2 + terminal, with pace = 60 / speed(density class) ×
    relief factor; 0 from a place to itself. Symmetric.

    Source: assumptions of `parameters.toml`, after the shape of INSEE's road-distance studies (crow-fly × detour).

    Parameters
    ----------
    places : columns commune_code, departement_code, longitude and latitude (EPSG:4326), population, area_km2; one row
        a place. A place without area counts as the least dense class; one without a point reaches only itself.
    parameters : the file's by default.

    Returns
    -------
    TravelTimes with provider "estimation", in the order of `places`.

    Raises
    ------
    TravelTimeValueError
        A column is missing or a code comes twice.
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    frame_m, pace = _frame_and_pace(places, settings)
    n_places = len(places)
    counts = np.ones(n_places, dtype=np.int64)  # a place always reaches itself
    blocks = list(_blocks(frame_m, pace, settings))
    for block in blocks:
        counts[block.origins] = np.diff(block.starts)
    pointers = np.concatenate([[0], np.cumsum(counts)])
    destinations = np.empty(pointers[-1], dtype=destination_dtype(n_places))
    tenths = np.zeros(pointers[-1], dtype=np.uint16)
    destinations[pointers[:-1]] = np.arange(n_places)  # overwritten by the blocks wherever the point is known
    while blocks:  # a block is let go once its rows are in their place
        block = blocks.pop()
        reached = block.candidates[block.local]
        begins, ends = pointers[block.origins].tolist(), pointers[block.origins + 1].tolist()
        for begin, end, (first, last) in zip(begins, ends, itertools.pairwise(block.starts.tolist()), strict=True):
            destinations[begin:end] = reached[first:last]
            tenths[begin:end] = block.tenths[first:last]
    return TravelTimes(
        place_codes=tuple(places["commune_code"].tolist()),
        pointers=pointers,
        destinations=destinations,
        tenths=tenths,
        limit_min=settings.limit_min,
        provider="estimation",
        vintage=settings.edition,
        parameters=asdict(settings),
    )


def estimate_minutes_to_point(
    places: pd.DataFrame,
    point: tuple[float, float],
    departement_code: str,
    density_per_km2: float,
    parameters: EstimateParameters | None = None,
    *,
    commune_code: str = "",
) -> pd.Series:
    """Estimate the minutes by road from each place to a clicked point; same formula as `estimate_travel_times`.

    Parameters
    ----------
    places : as in `estimate_travel_times`.
    point : longitude and latitude of the point, EPSG:4326.
    departement_code : department of the point: it names its territory and its relief.
    density_per_km2 : inhabitants per km² where the point lies (its commune's).
    parameters : the file's by default.
    commune_code : commune of the point, by which it lies on an island without a bridge; on none when "".

    Returns
    -------
    Float minutes (whole tenths, rounded down), index commune_code; NaN beyond the limit, where no road leads, or
    where the place has no point.
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    frame_m, pace = _frame_and_pace(places, settings)
    here = pd.DataFrame(
        {
            "commune_code": [commune_code],
            "departement_code": [departement_code],
            "longitude": [point[0]],
            "latitude": [point[1]],
            "population": [density_per_km2],
            "area_km2": [1.0],
        }
    )
    point_m, point_pace = _frame_and_pace(here, settings)
    crow_km = np.hypot(*(frame_m - point_m).T) / 1000
    minutes = settings.detour * crow_km * (pace + point_pace) / 2 + settings.terminal_min
    near = minutes <= settings.limit_min  # False for NaN
    result = np.full(len(places), np.nan)
    result[near] = floor_to_tenths(minutes[near]) / 10
    return pd.Series(result, index=pd.Index(places["commune_code"], name="commune_code"), name="travel_time_min")


def _frame_and_pace(
    places: pd.DataFrame, settings: EstimateParameters
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Give x and y in the frame where territories never mix (m), and the minutes a road kilometre takes there."""
    missing = [column for column in PLACE_COLUMNS if column not in places.columns]
    if missing:
        raise TravelTimeValueError(f"lieux : attendu les colonnes {', '.join(PLACE_COLUMNS)}, absentes {missing}")
    departements = places["departement_code"]
    density = places["population"].astype(np.float64) / places["area_km2"].astype(np.float64)
    return road_frame(places, settings), pace_min_per_km(density.to_numpy(), departements, settings)


class _Points(NamedTuple):
    """Places in the frame (m), with half of the minutes that a kilometre of road takes there."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    half_pace: npt.NDArray[np.float64]

    def at(self, positions: npt.NDArray[np.int64]) -> _Points:
        return _Points(self.x[positions], self.y[positions], self.half_pace[positions])


class _Block(NamedTuple):
    """The pairs within the limit from a few origins: those of origin k are at `starts[k]:starts[k + 1]`."""

    origins: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    candidates: npt.NDArray[np.integer]
    local: npt.NDArray[np.integer]  # destinations as positions in `candidates`: two bytes a pair in any country
    tenths: npt.NDArray[np.uint16]


def _blocks(
    frame_m: npt.NDArray[np.float64], pace: npt.NDArray[np.float64], settings: EstimateParameters
) -> Iterator[_Block]:
    """Give the pairs from a few neighbours at a time, each computed to all that is near them, then cut at the limit.

    More than half of what is computed is dropped, and it takes half the time of a search of each pair in a tree.
    """
    known = np.flatnonzero(np.isfinite(frame_m).all(axis=1))
    if not len(known):
        return
    small = destination_dtype(len(pace))
    points = _Points(frame_m[:, 0].copy(), frame_m[:, 1].copy(), pace / 2)
    in_space = known[scipy.spatial.cKDTree(frame_m[known]).indices]  # the leaves of a tree follow one another in space
    for start in range(0, len(in_space), _ORIGINS_PER_AREA):
        area = in_space[start : start + _ORIGINS_PER_AREA]
        around = known[_in_reach(points.at(area), points.at(known), settings)]
        around_points = points.at(around)
        for first in range(0, len(area), _ORIGINS_PER_BLOCK):
            origins = area[first : first + _ORIGINS_PER_BLOCK]
            near = _in_reach(points.at(origins), around_points, settings)
            yield _block(origins, around[near].astype(small), points.at(origins), around_points.at(near), settings)


def _in_reach(origins: _Points, candidates: _Points, settings: EstimateParameters) -> npt.NDArray[np.int64]:
    """Return the positions of all the candidates that one of the origins may reach, and of few others."""
    driven_min = max(settings.limit_min - settings.terminal_min, 0.0)
    # A hair farther than the formula reaches: its own rounding decides, pair by pair.
    reach_m = (1 + 1e-9) * 1000 * driven_min / settings.detour / (origins.half_pace.min() + candidates.half_pace)
    beside = [  # metres out of the box around the origins
        np.maximum(np.maximum(own.min() - other, other - own.max()), 0.0)
        for own, other in ((origins.x, candidates.x), (origins.y, candidates.y))
    ]
    return np.flatnonzero(beside[0] ** 2 + beside[1] ** 2 <= reach_m**2)


def _block(
    origins: npt.NDArray[np.int64],
    candidates: npt.NDArray[np.integer],
    start: _Points,
    end: _Points,
    settings: EstimateParameters,
) -> _Block:
    """Compute every origin to every candidate, in place: the arrays are what the time goes to."""
    minutes, other = np.subtract.outer(start.x, end.x), np.subtract.outer(start.y, end.y)
    minutes *= minutes
    other *= other
    minutes += other
    np.sqrt(minutes, out=minutes)
    minutes *= settings.detour
    minutes /= 1000
    minutes *= np.add.outer(start.half_pace, end.half_pace, out=other)
    minutes += settings.terminal_min
    minutes[np.arange(len(origins)), np.searchsorted(candidates, origins)] = 0.0
    near = np.flatnonzero(minutes <= settings.limit_min)
    numbers = np.arange(len(candidates)).astype(destination_dtype(len(candidates)))
    starts = np.searchsorted(near, np.arange(len(origins) + 1) * len(candidates))
    return _Block(
        origins, starts, candidates, np.tile(numbers, len(origins))[near], floor_to_tenths(minutes.ravel()[near])
    )
