"""Minutes between places on the roads of an OpenStreetMap file: shortest paths, in parts that survive a stop."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner

from geo.travel_time.chunks import Pairs, Progress, compute_in_chunks, forget_chunks
from geo.travel_time.errors import RoadFileError, TravelTimeValueError
from geo.travel_time.matrix import TravelTimes, travel_times_from_pairs
from geo.travel_time.roads.network import (
    as_graph,
    geocentric_m,
    join_places,
    joinable_nodes,
    link_minutes,
    simplify,
)
from geo.travel_time.roads.reading import read_roads
from geo.travel_time.roads.speeds import RoadSettings, read_road_settings
from geo.travel_time.storage import cached_travel_times
from geo.workers import ALONE, Workers

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd
    from scipy import sparse

PLACE_COLUMNS: Final = ("commune_code", "longitude", "latitude")
FORMAT: Final = "maillage-roads-1"  # to be changed when the same inputs would give other minutes
ORIGINS_PER_CHUNK: Final = 128
_DISTANCES_AT_ONCE: Final = 16_000_000  # 128 MB: scipy fills one row of all the nodes an origin


def road_travel_times(
    path: Path,
    places: pd.DataFrame,
    settings: RoadSettings | None = None,
    *,
    limit_min: float = 60.0,
    folder: Path | None = None,
    progress: Progress = lambda _share, _sentence: None,
    workers: Workers = ALONE,
) -> TravelTimes:
    """Compute the minutes by road between all places, up to the limit, on the roads of an OpenStreetMap file.

    minutes(i, j) = approach of i + `duration_factor` × shortest path + approach of j; 0 from a place to itself. A place
    farther than the limit of snapping from any road reaches only itself, and is counted in the parameters of the
    result (`n_unsnapped`), with the ferries ignored (`n_ferries`) and the nodes missing from the file.

    Source: OpenStreetMap contributors (ODbL); speeds of `road_speeds.toml`; Dijkstra's algorithm (1959).

    Parameters
    ----------
    path : .osm.pbf or .osm file.
    places : columns commune_code, longitude and latitude (EPSG:4326); one row a place.
    settings : the file's by default.
    limit_min : minutes beyond which pairs are not kept.
    folder : where the matrix is kept, and its parts until it is whole, under the hash of all the inputs; None keeps
        nothing.
    progress : called after each part; may raise to stop, the parts done are found again by the next call.
    workers : who searches the shortest paths, a part at a time; the minutes do not depend on it.

    Returns
    -------
    TravelTimes with provider "osm", in the order of `places`; its vintage is the date of the data.

    Raises
    ------
    RoadFileError
        The file cannot be read or has no road.
    TravelTimeValueError
        A column is missing or a code comes twice.
    """
    assumed = read_road_settings() if settings is None else settings
    missing = [column for column in PLACE_COLUMNS if column not in places.columns]
    if missing:
        raise TravelTimeValueError(f"lieux : attendu les colonnes {', '.join(PLACE_COLUMNS)}, absentes {missing}")
    if folder is None:
        return _compute(path, places, assumed, limit_min, None, progress, workers)
    inputs = _inputs(path, places, assumed, limit_min)
    parts = folder / f"roads_{hashlib.sha256(inputs).hexdigest()[:24]}"
    times = cached_travel_times(
        folder, inputs, lambda: _compute(path, places, assumed, limit_min, parts, progress, workers)
    )
    forget_chunks(parts)
    return times


def _inputs(path: Path, places: pd.DataFrame, settings: RoadSettings, limit_min: float) -> bytes:
    """Give all that decides of the result, as bytes."""
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RoadFileError(f"{path.name} : attendu un fichier de routes lisible, trouvé {error.strerror}.") from error
    texts = [
        FORMAT,
        content,
        json.dumps(settings.as_json(), sort_keys=True),
        repr(float(limit_min)),
        str(ORIGINS_PER_CHUNK),
    ]
    coordinates = places[["longitude", "latitude"]].to_numpy(np.float64, na_value=np.nan)
    return "\n".join([*texts, *places["commune_code"]]).encode() + coordinates.tobytes()


def _compute(
    path: Path,
    places: pd.DataFrame,
    settings: RoadSettings,
    limit_min: float,
    parts: Path | None,
    progress: Progress,
    workers: Workers,
) -> TravelTimes:
    progress(0.0, "Lecture des routes.")
    roads = read_roads(path, settings)
    frame_m = geocentric_m(roads.longitude, roads.latitude)
    links = link_minutes(roads, frame_m)
    nodes = joinable_nodes(links, roads.n_nodes, settings.smallest_network_nodes)
    places_m = geocentric_m(places["longitude"].to_numpy(np.float64), places["latitude"].to_numpy(np.float64))
    joined, metres = join_places(places_m, frame_m, nodes, settings.snap_limit_m)
    on_road = np.flatnonzero(joined >= 0)
    kept = np.zeros(roads.n_nodes, dtype=bool)
    kept[joined[on_road]] = True
    links = simplify(links, kept)
    left = np.union1d(np.unique(np.concatenate([links.u, links.v])), np.flatnonzero(kept))
    smaller = links._replace(u=np.searchsorted(left, links.u), v=np.searchsorted(left, links.v))
    search = _Search(
        graph=as_graph(smaller, len(left)),
        at=np.searchsorted(left, joined[on_road]),
        approach_min=metres[on_road] * 0.06 / settings.approach_km_per_h,
        factor=settings.duration_factor,
        limit_min=limit_min,
    )
    n_chunks = -(-len(on_road) // ORIGINS_PER_CHUNK)

    def report(done: int) -> None:
        n_done = min(done * ORIGINS_PER_CHUNK, len(on_road))
        progress(done / n_chunks, f"Trajets par la route : {n_done} lieux sur {len(on_road)}.")

    found = compute_in_chunks(n_chunks, _Search.chunk, search, folder=parts, report=report, workers=workers)
    alone = np.setdiff1d(np.arange(len(places)), on_road)
    return travel_times_from_pairs(
        list(places["commune_code"]),
        np.concatenate([on_road[found.origins], alone]),
        np.concatenate([on_road[found.destinations], alone]),
        np.concatenate([found.minutes, np.zeros(len(alone))]),
        limit_min=limit_min,
        provider="osm",
        vintage=roads.vintage or "date inconnue",
        parameters=settings.as_json() | roads.counts | {"file": path.name, "n_unsnapped": len(alone)},
    )


class _Search:
    """Shortest paths from the places, a chunk of origins at a time."""

    def __init__(
        self,
        *,
        graph: sparse.csr_array,
        at: npt.NDArray[np.int64],
        approach_min: npt.NDArray[np.float64],
        factor: float,
        limit_min: float,
    ) -> None:
        self.graph, self.at, self.approach_min = graph, at, approach_min
        self.factor, self.limit_min = factor, limit_min

    def chunk(self, k: int) -> Pairs:
        """Return the pairs within the limit from the origins of chunk k."""
        span = np.arange(k * ORIGINS_PER_CHUNK, min((k + 1) * ORIGINS_PER_CHUNK, len(self.at)))
        per_search = max(1, _DISTANCES_AT_ONCE // self.graph.shape[0])
        found = [self._from(span[start : start + per_search]) for start in range(0, len(span), per_search)]
        return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _from(self, origins: npt.NDArray[np.int64]) -> Pairs:
        sources, row = np.unique(self.at[origins], return_inverse=True)
        road_min = scipy.sparse.csgraph.dijkstra(self.graph, indices=sources, limit=self.limit_min / self.factor)
        minutes = self.factor * road_min[:, self.at][row] + self.approach_min[origins, None] + self.approach_min
        minutes[np.arange(len(origins)), origins] = 0.0
        near = np.nonzero(minutes <= self.limit_min)
        return Pairs(origins[near[0]], near[1].astype(np.int64), minutes[near])
