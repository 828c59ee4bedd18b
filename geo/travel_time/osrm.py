"""Travel times from an OSRM server: requests to its `table` service and what it answers, without the network itself.

The caller gives the door to the network (`fetch`), so that this module can be tried on any answer.
Source: OSRM HTTP API, table service, version 1.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from geo.travel_time.chunks import Pairs, Progress, compute_in_chunks, forget_chunks
from geo.travel_time.errors import RouteServiceError, TravelTimeValueError
from geo.travel_time.matrix import TravelTimes, travel_times_from_pairs
from geo.travel_time.roads.network import geocentric_m
from geo.travel_time.storage import cached_travel_times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

Fetch = Callable[[str], bytes]
"""Reads what is at an address, body of a status 400 included; raises its own error when it cannot."""
PLACE_COLUMNS: Final = ("commune_code", "longitude", "latitude")
FORMAT: Final = "maillage-osrm-1"
_FEWEST_COORDINATES: Final = 2


@dataclass(frozen=True)
class OsrmSettings:
    """How an OSRM server is asked.

    Parameters
    ----------
    url : address of the server, as "http://127.0.0.1:5000".
    profile : profile of the server.
    max_coordinates : places in one request, origins and destinations together; the server's own limit is 100 unless
        it was started with another.
    snap_limit_m : metres from a place to its road beyond which the place is off the network.
    fastest_km_per_h : crow-fly speed that no trip exceeds: pairs farther than it reaches are not asked.

    Raises
    ------
    RouteServiceError
        The address is not http or https, or a number is out of range.
    """

    url: str
    profile: str = "driving"
    max_coordinates: int = 100
    snap_limit_m: float = 2000.0
    fastest_km_per_h: float = 130.0

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise RouteServiceError(f"OSRM : attendu une adresse http:// ou https://, trouvé {self.url!r}.")
        if self.max_coordinates < _FEWEST_COORDINATES or not self.fastest_km_per_h > 0:
            raise RouteServiceError("OSRM : attendu au moins deux lieux par requête et une vitesse positive.")


@dataclass(frozen=True, eq=False)
class DurationTable:
    """What the server answered to one request.

    Attributes
    ----------
    minutes
        Origins × destinations; inf where the server finds no road.
    origins_m, destinations_m
        Metres from each place to the road that the server put it on; NaN where it does not say.
    """

    minutes: npt.NDArray[np.float64]
    origins_m: npt.NDArray[np.float64]
    destinations_m: npt.NDArray[np.float64]


def table_url(settings: OsrmSettings, origins: npt.NDArray[np.float64], destinations: npt.NDArray[np.float64]) -> str:
    """Return the address that asks for the durations from each origin to each destination.

    Parameters
    ----------
    settings : the server.
    origins, destinations : longitude and latitude (EPSG:4326), one row a place.

    Examples
    --------
    >>> table_url(OsrmSettings("http://127.0.0.1:5000/"), np.array([[9.5, 47.1]]), np.array([[9.6, 47.2]]))
    'http://127.0.0.1:5000/table/v1/driving/9.500000,47.100000;9.600000,47.200000?sources=0&destinations=1'
    """
    points = ";".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in np.vstack([origins, destinations]))
    first = len(origins)
    sources = ";".join(map(str, range(first)))
    targets = ";".join(map(str, range(first, first + len(destinations))))
    base = settings.url.rstrip("/")
    return f"{base}/table/v1/{settings.profile}/{points}?sources={sources}&destinations={targets}"


def read_table(body: bytes, n_origins: int, n_destinations: int) -> DurationTable:
    """Read the answer of the `table` service, and refuse anything else.

    Raises
    ------
    RouteServiceError
        The answer is not whole JSON, says an error, or its durations are not origins × destinations of seconds.
    """
    try:
        answer = json.loads(body)
    except ValueError as error:
        start = body[:60].decode("utf-8", "replace")
        raise RouteServiceError(f"OSRM : attendu une réponse JSON entière, trouvé {start!r}.") from error
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        found = answer if not isinstance(answer, dict) else f"{answer.get('code')} : {answer.get('message', '')}"
        raise RouteServiceError(f"OSRM : attendu la réponse « Ok », trouvé « {str(found)[:200]} ».")
    rows = answer.get("durations")
    shape = f"{n_origins} × {n_destinations} durées"
    if not isinstance(rows, list) or len(rows) != n_origins:
        raise RouteServiceError(f"OSRM : attendu {shape}, trouvé {_length(rows)} lignes.")
    seconds = np.empty((n_origins, n_destinations))
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != n_destinations:
            raise RouteServiceError(f"OSRM, ligne {i} : attendu {shape}, trouvé {_length(row)}.")
        seconds[i] = [_seconds(value, i) for value in row]
    return DurationTable(
        seconds / 60,
        _snapped_m(answer.get("sources"), n_origins),
        _snapped_m(answer.get("destinations"), n_destinations),
    )


def osrm_travel_times(
    places: pd.DataFrame,
    fetch: Fetch,
    settings: OsrmSettings,
    *,
    vintage: str,
    limit_min: float = 60.0,
    folder: Path | None = None,
    progress: Progress = lambda _share, _sentence: None,
) -> TravelTimes:
    """Ask an OSRM server for the minutes between all places, up to the limit.

    Places are taken by neighbourhoods; from each, only the destinations that the fastest car could reach are asked.
    A place that the server puts on a road farther than the limit of snapping reaches only itself, and is counted
    (`n_unsnapped`).

    Parameters
    ----------
    places : columns commune_code, longitude and latitude (EPSG:4326); one row a place.
    fetch : the door to the network.
    settings : the server.
    vintage : what the user says of the date of the server's data.
    limit_min : minutes beyond which pairs are not kept.
    folder : where the matrix is kept, and its parts until it is whole; None keeps nothing. What the server answers is
        not among the inputs that name the file, only its address and `vintage`.
    progress : called after each neighbourhood; may raise to stop, the parts done are found again by the next call.

    Returns
    -------
    TravelTimes with provider "osrm", in the order of `places`.

    Raises
    ------
    RouteServiceError
        The server refused or answered something else than durations.
    TravelTimeValueError
        A column is missing or a code comes twice.
    """
    missing = [column for column in PLACE_COLUMNS if column not in places.columns]
    if missing:
        raise TravelTimeValueError(f"lieux : attendu les colonnes {', '.join(PLACE_COLUMNS)}, absentes {missing}")
    points = places[["longitude", "latitude"]].to_numpy(np.float64, na_value=np.nan)
    survey = _Survey(points, fetch, settings, limit_min)

    def compute(parts: Path | None) -> TravelTimes:
        n_chunks = len(survey.neighbourhoods)

        def report(done: int) -> None:
            progress(done / n_chunks, f"Trajets demandés à OSRM : {done} voisinages sur {n_chunks}.")

        found = compute_in_chunks(n_chunks, _Survey.chunk, survey, folder=parts, report=report)
        other = found.origins != found.destinations
        on_road = np.unique(found.origins[~other])
        alone = np.arange(len(places))
        return travel_times_from_pairs(
            list(places["commune_code"]),
            np.concatenate([found.origins[other], alone]),
            np.concatenate([found.destinations[other], alone]),
            np.concatenate([found.minutes[other], np.zeros(len(alone))]),
            limit_min=limit_min,
            provider="osrm",
            vintage=vintage,
            parameters=survey.described() | {"n_unsnapped": len(places) - len(on_road)},
        )

    if folder is None:
        return compute(None)
    inputs = (
        "\n".join(
            [FORMAT, json.dumps(survey.described(), sort_keys=True), vintage, repr(limit_min), *places["commune_code"]]
        ).encode()
        + points.tobytes()
    )
    parts = folder / f"osrm_{hashlib.sha256(inputs).hexdigest()[:24]}"
    times = cached_travel_times(folder, inputs, lambda: compute(parts))
    forget_chunks(parts)
    return times


class _Survey:
    """The requests that cover all pairs in reach, neighbourhood by neighbourhood."""

    def __init__(self, points: npt.NDArray[np.float64], fetch: Fetch, settings: OsrmSettings, limit_min: float) -> None:
        self.points, self.fetch, self.settings, self.limit_min = points, fetch, settings, limit_min
        self.known = np.flatnonzero(np.isfinite(points).all(axis=1))
        self.frame_m = geocentric_m(points[self.known, 0], points[self.known, 1])
        half = max(settings.max_coordinates // 2, 1)
        if len(self.known):
            self.tree = scipy.spatial.cKDTree(self.frame_m)
            order = self.tree.indices  # the order of the tree's leaves is an order in space
            self.neighbourhoods = [order[start : start + half] for start in range(0, len(order), half)]
        else:
            self.neighbourhoods = []

    def described(self) -> dict[str, Any]:
        """Say how the server is asked, as JSON values; without user or password of its address."""
        scheme, _, rest = self.settings.url.partition("://")
        return {**vars(self.settings), "url": f"{scheme}://{rest.rpartition('@')[2]}"}

    def chunk(self, k: int) -> Pairs:
        """Ask for all trips from neighbourhood k; a place put on a road gives the pair to itself, at 0."""
        origins = self.neighbourhoods[k]
        reach_m = 1000 * self.settings.fastest_km_per_h * self.limit_min / 60
        centre = self.frame_m[origins].mean(axis=0)
        radius_m = np.linalg.norm(self.frame_m[origins] - centre, axis=1).max()
        around = np.setdiff1d(self.tree.query_ball_point(centre, radius_m + reach_m), origins)
        room = max(self.settings.max_coordinates - len(origins), 1)
        blocks = [origins, *(around[start : start + room] for start in range(0, len(around), room))]
        found = [self._block(origins, block) for block in blocks if len(block)]
        return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _block(self, origins: Sequence[int], destinations: Sequence[int]) -> Pairs:
        rows, columns = self.known[origins], self.known[destinations]
        body = self.fetch(table_url(self.settings, self.points[rows], self.points[columns]))
        table = read_table(body, len(rows), len(columns))
        far = self.settings.snap_limit_m
        minutes = np.where(rows[:, None] == columns, 0.0, table.minutes)
        minutes[table.origins_m > far] = np.inf  # False for NaN: a server that does not say is believed
        minutes[:, table.destinations_m > far] = np.inf
        i, j = np.nonzero(minutes <= self.limit_min)
        return Pairs(rows[i], columns[j], minutes[i, j])


def _seconds(value: object, row: int) -> float:
    if value is None:  # no road
        return math.inf
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise RouteServiceError(f"OSRM, ligne {row} : attendu des secondes positives ou null, trouvé {value!r}.")
    return float(value)


def _snapped_m(waypoints: object, n_places: int) -> npt.NDArray[np.float64]:
    metres = np.full(n_places, np.nan)
    if isinstance(waypoints, list) and len(waypoints) == n_places:
        for i, waypoint in enumerate(waypoints):
            distance = waypoint.get("distance") if isinstance(waypoint, dict) else None
            if isinstance(distance, int | float):
                metres[i] = distance
    return metres


def _length(value: object) -> object:
    return len(value) if isinstance(value, list) else type(value).__name__
