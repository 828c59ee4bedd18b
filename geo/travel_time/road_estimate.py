"""Minutes by road to the nearest of many places, or to all those around, estimated without a road network.

The same model and the same dated assumptions as the matrix of `geo.travel_time.estimate`, so that two screens never
give two times for one trip. It answers other questions: from each commune, or each cell of 200 m, to the nearest site
exactly where it is, and to all the places within some minutes.
To be shown as « estimation »: estuaries, closed passes and ferries are ignored; territories and islands without a
bridge never mix.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from geo.crs import FRAME_STEP_M
from geo.errors import CoordinateError
from geo.travel_time.estimate import EstimateParameters, pace_min_per_km, read_estimate_parameters, road_frame

PLACE_COLUMNS: Final = ("commune_code", "departement_code", "longitude", "latitude", "density_per_km2")

FloatArray = npt.NDArray[np.float64]

_KM_PER_DEGREE: Final = 110.0
"""Of latitude, at the least; of longitude at the equator, more."""
_MARGIN: Final = 1.02
"""Legal projections stretch lengths by less than this."""


class MinutesWithin(NamedTuple):
    """Pairs of places within some minutes: positions of origin and destination in their tables, float64 minutes."""

    origins: npt.NDArray[np.intp]
    destinations: npt.NDArray[np.intp]
    minutes: FloatArray


def minutes_to_nearest(
    origins: pd.DataFrame, destinations: pd.DataFrame, parameters: EstimateParameters | None = None
) -> FloatArray:
    """Estimate the minutes by road from each origin to the destination reached soonest.

    minutes = detour · crow-fly km · (pace of the origin + pace of the destination) / 2 + terminal minutes; the terminal
    minutes are not counted inside one commune. The soonest destination is not always the nearest one: a site in the
    heart of a town may be slower to reach than a farther one in the country. The answer is exact under the model.

    Parameters
    ----------
    origins, destinations
        Tables with `PLACE_COLUMNS`: longitude and latitude in degrees (EPSG:4326), density in inhabitants per km² of
        the commune. A destination with an unknown coordinate is left out.
    parameters
        The file's by default.

    Returns
    -------
    numpy.ndarray
        Minutes, 0 or more, in the order of `origins`; inf where no road leads to one, on an island or in a
        territory without any (a known fact), NaN where the origin has no known point.

    Raises
    ------
    CoordinateError
        When a column is absent or a coordinate is outside the globe.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["commune_code", "departement_code", "longitude", "latitude", "density_per_km2"]
    >>> town = pd.DataFrame([["31001", "31", 1.44, 43.60, 2000.0]], columns=columns)
    >>> minutes_to_nearest(town, town)
    array([0.])
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    from_xy, from_pace = _placed(origins, "origines", settings)
    to_xy, to_pace = _placed(destinations, "destinations", settings)
    located = np.isfinite(from_xy).all(axis=1)
    minutes = np.where(located, np.inf, np.nan)
    asked, offered = np.flatnonzero(located), np.flatnonzero(np.isfinite(to_xy).all(axis=1))
    if not len(asked) or not len(offered):
        return minutes
    # Among destinations of one pace the soonest is the nearest: one search a pace is exact, and there are few paces.
    for pace in np.unique(to_pace[offered]):
        alike = offered[to_pace[offered] == pace]
        distance_m, _ = scipy.spatial.cKDTree(to_xy[alike]).query(from_xy[asked])
        driven = _driven_min(distance_m, from_pace[asked], pace, settings)
        there = np.where(distance_m < FRAME_STEP_M / 2, driven + settings.terminal_min, np.inf)
        minutes[asked] = np.minimum(minutes[asked], there)
    return np.fmin(minutes, _inside_commune(origins, destinations, from_xy, to_xy, (from_pace, to_pace), settings))


def minutes_within(
    origins: pd.DataFrame, destinations: pd.DataFrame, limit_min: float, parameters: EstimateParameters | None = None
) -> MinutesWithin:
    """Estimate the minutes by road from each origin to every destination less than so many minutes away.

    The model of `minutes_to_nearest`, whose answer is the least minutes of each origin here.

    Parameters
    ----------
    origins, destinations, parameters
        As in `minutes_to_nearest`; a place with an unknown coordinate is in no pair.
    limit_min
        Minutes, exclusive.

    Returns
    -------
    MinutesWithin
        In no order. About 60 bytes a pair while it is made: give the origins by blocks.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["commune_code", "departement_code", "longitude", "latitude", "density_per_km2"]
    >>> rows = [["31001", "31", 1.44, 43.60, 2000.0], ["31002", "31", 1.50, 43.60, 90.0]]
    >>> places = pd.DataFrame(rows, columns=columns)
    >>> minutes_within(places, places[:1], 20.0).minutes.round(1).tolist()
    [0.0, 12.8]
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    from_xy, from_pace = _placed(origins, "origines", settings)
    to_xy, to_pace = _placed(destinations, "destinations", settings)
    asked, offered = (np.flatnonzero(np.isfinite(xy).all(axis=1)) for xy in (from_xy, to_xy))
    if not len(asked) or not len(offered):
        return MinutesWithin(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
    radius_m = 1000 * _radius_km(from_pace[asked], to_pace[offered], limit_min, settings)
    here, there = scipy.spatial.cKDTree(from_xy[asked]), scipy.spatial.cKDTree(to_xy[offered])
    found = here.sparse_distance_matrix(there, radius_m, output_type="ndarray")
    origin, destination = asked[found["i"]], offered[found["j"]]
    codes, _ = pd.factorize(pd.concat([origins["commune_code"], destinations["commune_code"]]))
    apart = codes[origin] != codes[len(origins) + destination]
    minutes = _driven_min(found["v"], from_pace[origin], to_pace[destination], settings) + settings.terminal_min * apart
    near = minutes < limit_min
    return MinutesWithin(origin[near], destination[near], minutes[near])


def may_be_within(
    origins: pd.DataFrame, destinations: pd.DataFrame, limit_min: float, parameters: EstimateParameters | None = None
) -> npt.NDArray[np.bool_]:
    """Say which destinations may be less than so many minutes from one of the origins: their halo, a box around them.

    Never False for one that is; True for some that are not. What lets a part of the country be worked on alone.

    Parameters
    ----------
    origins, destinations, limit_min, parameters
        As in `minutes_within`.
    """
    settings = read_estimate_parameters() if parameters is None else parameters
    if not len(origins) or not len(destinations):
        return np.zeros(len(destinations), dtype=bool)
    from_pace, to_pace = (_pace(places, settings) for places in (origins, destinations))
    north_deg = _MARGIN * _radius_km(from_pace, to_pace, limit_min, settings) / _KM_PER_DEGREE
    latitude, longitude = origins["latitude"], origins["longitude"]
    highest = min(float(latitude.abs().max()) + north_deg, 89.0)
    east_deg = north_deg / np.cos(np.radians(highest))
    inside: npt.NDArray[np.bool_] = (
        destinations["latitude"].between(latitude.min() - north_deg, latitude.max() + north_deg)
        & destinations["longitude"].between(longitude.min() - east_deg, longitude.max() + east_deg)
    ).to_numpy(np.bool_)
    return inside


def _radius_km(from_pace: FloatArray, to_pace: FloatArray, limit_min: float, settings: EstimateParameters) -> float:
    """Return the crow-fly km beyond which no trip takes so few minutes: the fastest ends, inside one commune."""
    return float(limit_min / settings.detour / ((from_pace.min() + to_pace.min()) / 2))


def _placed(places: pd.DataFrame, what: str, settings: EstimateParameters) -> tuple[FloatArray, FloatArray]:
    absent = [column for column in PLACE_COLUMNS if column not in places.columns]
    if absent:
        raise CoordinateError(
            f"Table des {what} : attendu les colonnes {', '.join(PLACE_COLUMNS)}, absentes : {', '.join(absent)}."
        )
    return road_frame(places, settings), _pace(places, settings)


def _pace(places: pd.DataFrame, settings: EstimateParameters) -> FloatArray:
    return pace_min_per_km(places["density_per_km2"].to_numpy(np.float64), places["departement_code"], settings)


def _driven_min(
    distance_m: FloatArray, from_pace: FloatArray, to_pace: FloatArray | np.float64, settings: EstimateParameters
) -> FloatArray:
    minutes: FloatArray = settings.detour * distance_m / 1000 * (from_pace + to_pace) / 2
    return minutes


def _inside_commune(
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    from_xy: FloatArray,
    to_xy: FloatArray,
    paces: tuple[FloatArray, FloatArray],
    settings: EstimateParameters,
) -> FloatArray:
    """Return the minutes to the nearest destination of the origin's own commune, NaN where it has none."""
    pairs = pd.DataFrame({"commune_code": origins["commune_code"].to_numpy(), "origin": np.arange(len(origins))}).merge(
        pd.DataFrame({"commune_code": destinations["commune_code"].to_numpy(), "to": np.arange(len(destinations))}),
        on="commune_code",
    )
    origin, to = pairs["origin"].to_numpy(np.intp), pairs["to"].to_numpy(np.intp)
    distance_m = np.hypot(*(from_xy[origin] - to_xy[to]).T)
    driven = _driven_min(distance_m, paces[0][origin], paces[1][to], settings)
    minutes = np.full(len(origins), np.nan)
    np.fmin.at(minutes, origin, driven)
    return minutes
