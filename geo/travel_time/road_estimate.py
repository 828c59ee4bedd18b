"""Minutes by road to the nearest of many places, estimated without a road network.

The same model and the same dated assumptions as the matrix of `geo.travel_time.estimate`, so that two screens never
give two times for one trip. It answers another question: from each commune to the nearest site, exactly where it is.
To be shown as « estimation »: estuaries, closed passes and ferries are ignored; territories and islands without a
bridge never mix.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from geo.crs import FRAME_STEP_M
from geo.errors import CoordinateError
from geo.travel_time.estimate import EstimateParameters, pace_min_per_km, read_estimate_parameters, road_frame

PLACE_COLUMNS: Final = ("commune_code", "departement_code", "longitude", "latitude", "density_per_km2")

FloatArray = npt.NDArray[np.float64]


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
        distance_m, _ = cKDTree(to_xy[alike]).query(from_xy[asked])
        driven = _driven_min(distance_m, from_pace[asked], pace, settings)
        there = np.where(distance_m < FRAME_STEP_M / 2, driven + settings.terminal_min, np.inf)
        minutes[asked] = np.minimum(minutes[asked], there)
    return np.fmin(minutes, _inside_commune(origins, destinations, from_xy, to_xy, (from_pace, to_pace), settings))


def _placed(places: pd.DataFrame, what: str, settings: EstimateParameters) -> tuple[FloatArray, FloatArray]:
    absent = [column for column in PLACE_COLUMNS if column not in places.columns]
    if absent:
        raise CoordinateError(
            f"Table des {what} : attendu les colonnes {', '.join(PLACE_COLUMNS)}, absentes : {', '.join(absent)}."
        )
    departements = places["departement_code"]
    density = places["density_per_km2"].to_numpy(np.float64)
    return road_frame(places, settings), pace_min_per_km(density, departements, settings)


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
