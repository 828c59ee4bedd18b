"""Read the roads for cars from an OpenStreetMap file (.osm.pbf, or .osm in XML), in one pass over it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import osmium

from geo.travel_time.errors import RoadFileError
from geo.travel_time.roads.speeds import read_limit_km_per_h, stops_cars, way_speeds_km_per_h

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from geo.travel_time.roads.speeds import RoadSettings

_DEGREE: Final = 1e-7  # OpenStreetMap keeps whole ten-millionths of a degree
_FEWEST_NODES: Final = 2
_NO_DATE: Final = 1970  # year that osmium gives to what carries no date


@dataclass(frozen=True, eq=False)
class Roads:
    """Roads for cars as pieces, each a row of nodes travelled at one speed in each direction.

    Attributes
    ----------
    longitude, latitude
        Degrees (EPSG:4326), one a node.
    pieces
        Positions of the nodes, piece after piece.
    pointers
        Piece k holds `pieces[pointers[k]:pointers[k + 1]]`.
    along_km_per_h, against_km_per_h
        Speed of each piece in the order of its nodes and against it; 0 where closed.
    vintage
        Date of the data, "AAAA-MM-JJ", empty when the file does not say.
    counts
        n_ways (kept), n_ferries (ignored), n_barriers (that stop cars), n_missing_nodes (named by a way but not in the
        file, as at the edge of an extract), n_unread_limits (speed limits not understood).
    """

    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    pieces: npt.NDArray[np.int64]
    pointers: npt.NDArray[np.int64]
    along_km_per_h: npt.NDArray[np.float64]
    against_km_per_h: npt.NDArray[np.float64]
    vintage: str
    counts: dict[str, int]

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.longitude)


class _Pieces:
    """Rows of nodes being read; a node that is missing or blocked ends a piece, and belongs to none."""

    def __init__(self) -> None:
        self.ids, self.x, self.y = array("q"), array("i"), array("i")
        self.pointers = array("q", [0])
        self.along, self.against = array("d"), array("d")
        self.blocked: set[int] = set()
        self.counts = dict.fromkeys(("n_ways", "n_ferries", "n_missing_nodes", "n_unread_limits"), 0)
        self.newest = ""

    def take(self, entity: Any, settings: RoadSettings) -> None:
        """Take a node with a barrier, or a way with a road or a route."""
        tags = entity.tags
        if entity.is_node():
            if stops_cars(tags, settings):
                self.blocked.add(entity.id)
        elif tags.get("route") == "ferry":
            self.counts["n_ferries"] += 1
        else:
            speeds = way_speeds_km_per_h(tags, settings)
            if speeds is not None:
                self._take_road(entity, speeds)
                limit = tags.get("maxspeed")
                self.counts["n_unread_limits"] += bool(limit) and read_limit_km_per_h(limit, settings) is None

    def _take_road(self, way: Any, speeds: tuple[float, float]) -> None:
        self.counts["n_ways"] += 1
        if way.timestamp.year > _NO_DATE:
            self.newest = max(self.newest, way.timestamp.date().isoformat())
        for node in way.nodes:
            missing = not node.location.valid()
            self.counts["n_missing_nodes"] += missing
            if missing or node.ref in self.blocked:
                self._end(speeds)
                continue
            self.ids.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)
        self._end(speeds)

    def _end(self, speeds: tuple[float, float]) -> None:
        start = self.pointers[-1]
        if len(self.ids) - start < _FEWEST_NODES:
            del self.ids[start:], self.x[start:], self.y[start:]
            return
        self.pointers.append(len(self.ids))
        self.along.append(speeds[0])
        self.against.append(speeds[1])


def read_roads(path: Path, settings: RoadSettings) -> Roads:
    """Read the roads that cars may use.

    Ferries are ignored, and counted. Ways with `route=ferry` carry no road; an island without bridge is out of reach.

    Parameters
    ----------
    path : .osm.pbf or .osm file; nodes come before ways, as in every extract.
    settings : which roads are for cars, and at what speed.

    Returns
    -------
    Roads, at least one.

    Raises
    ------
    RoadFileError
        The file is missing, truncated, of another format, or without a road for cars.
    """
    if not path.is_file():
        raise RoadFileError(f"{path.name} : attendu un fichier de routes .osm.pbf, trouvé aucun fichier.")
    if path.stat().st_size == 0:
        raise RoadFileError(f"{path.name} : attendu un fichier de routes .osm.pbf, trouvé un fichier vide.")
    rows = _Pieces()
    try:
        vintage = _date_of(path)
        for entity in _ways_and_barriers(path):
            rows.take(entity, settings)
    except (RuntimeError, ValueError, OSError) as error:  # all that osmium raises on damaged bytes
        raise RoadFileError(
            f"{path.name} : attendu un fichier .osm.pbf lisible, trouvé un fichier tronqué ou d’un autre format"
            f" ({error})."
        ) from error
    if len(rows.pointers) == 1:
        raise RoadFileError(f"{path.name} : attendu des routes ouvertes aux voitures, trouvé aucune.")
    _, first, pieces = np.unique(np.asarray(rows.ids), return_index=True, return_inverse=True)
    return Roads(
        longitude=np.asarray(rows.x)[first] * _DEGREE,
        latitude=np.asarray(rows.y)[first] * _DEGREE,
        pieces=pieces.astype(np.int64),
        pointers=np.asarray(rows.pointers, dtype=np.int64),
        along_km_per_h=np.asarray(rows.along),
        against_km_per_h=np.asarray(rows.against),
        vintage=vintage or rows.newest,
        counts=rows.counts | {"n_barriers": len(rows.blocked)},
    )


def _ways_and_barriers(path: Path) -> Any:
    """Return the nodes with a barrier, then the ways with a road or a ferry; all the rest stays in C++."""
    barriers, ways = osmium.filter.KeyFilter("barrier"), osmium.filter.KeyFilter("highway", "route")
    barriers.enable_for(osmium.osm.NODE)
    ways.enable_for(osmium.osm.WAY)
    entities = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
    return entities.with_locations().with_filter(barriers).with_filter(ways)


def _date_of(path: Path) -> str:
    """Return the day that the extract says it was made from, empty when it does not."""
    reader = osmium.io.Reader(str(path))
    try:
        return str(reader.header().get("osmosis_replication_timestamp"))[:10]
    finally:
        reader.close()
