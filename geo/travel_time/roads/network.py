"""The network of roads: minutes between nodes, where a place joins it, and a smaller network with the same minutes.

Distances are taken between geocentric coordinates (EPSG:4978): a metric frame that holds everywhere on Earth, so that
no zone has to be chosen. Between two nodes of a road the chord is the arc to a millionth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import scipy  # its parts come when first used: the first screen opens without them, half a second sooner
from pyproj import Transformer

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.travel_time.roads.reading import Roads

_SHORTEST_MIN: Final = 1e-6  # a zero would be no edge at all to scipy
_FEW: Final = 0.005  # share of the nodes under which another round of simplification is not worth its sort
_SEED: Final = 2026  # of the order in which nodes are taken out: it changes nothing in the minutes


class Links(NamedTuple):
    """Pairs of nodes joined by a road: u < v, each pair once.

    Attributes
    ----------
    u, v
        Positions of the nodes.
    there_min, back_min
        Minutes from u to v and from v to u; inf where that direction is closed.
    """

    u: npt.NDArray[np.int64]
    v: npt.NDArray[np.int64]
    there_min: npt.NDArray[np.float64]
    back_min: npt.NDArray[np.float64]


def geocentric_m(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the geocentric x, y, z in metres (EPSG:4978) of points in degrees (EPSG:4326), one row a point; NaN stays.

    Examples
    --------
    >>> geocentric_m([0.0], [0.0]).round().tolist()  # on the equator: the major half-axis of the Earth
    [[6378137.0, 0.0, 0.0]]
    """
    x, y = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    frame = np.full((len(x), 3), np.nan)
    to_frame = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    frame[known] = np.column_stack(to_frame.transform(x[known], y[known], np.zeros(known.sum())))
    return frame


def link_minutes(roads: Roads, frame_m: npt.NDArray[np.float64]) -> Links:
    """Return the minutes between neighbouring nodes: metres / speed of the piece, the shortest of parallel roads.

    Parameters
    ----------
    roads : pieces with their speeds.
    frame_m : `geocentric_m` of their nodes.
    """
    inside = np.ones(len(roads.pieces), dtype=bool)
    inside[roads.pointers[1:] - 1] = False  # the last node of a piece starts no segment
    a, b = roads.pieces[:-1][inside[:-1]], roads.pieces[1:][inside[:-1]]
    piece = np.repeat(np.arange(len(roads.along_km_per_h)), np.diff(roads.pointers) - 1)
    metres = np.linalg.norm(frame_m[a] - frame_m[b], axis=1)
    minutes = []
    for speed in (roads.along_km_per_h[piece], roads.against_km_per_h[piece]):
        pace = np.divide(0.06, speed, out=np.full_like(speed, np.inf), where=speed > 0)  # 1 km/h: 0.06 min a metre
        minutes.append(np.maximum(metres, _SHORTEST_MIN) * pace)
    return _merged(Links(a, b, minutes[0], minutes[1]))


def joinable_nodes(links: Links, n_nodes: int, smallest_network_nodes: int) -> npt.NDArray[np.int64]:
    """Return the nodes from which one can go away and come back: those of large enough networks.

    A network is a set of nodes each of which can be reached from each other. Where none is large enough (a file of a
    few streets), the largest is taken.
    """
    _, network = scipy.sparse.csgraph.connected_components(as_graph(links, n_nodes), connection="strong")
    size = np.bincount(network)
    return np.flatnonzero(size[network] >= min(smallest_network_nodes, size.max()))


def join_places(
    places_m: npt.NDArray[np.float64],
    frame_m: npt.NDArray[np.float64],
    nodes: npt.NDArray[np.int64],
    limit_m: float,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the nearest of some nodes to each place, and how far it is.

    Parameters
    ----------
    places_m, frame_m : `geocentric_m` of the places and of all the nodes.
    nodes : positions of the nodes that a place may join.
    limit_m : metres beyond which a place joins none.

    Returns
    -------
    Position of the node, -1 where there is none within the limit or the place has no point; metres to it, inf there.
    """
    joined, metres = np.full(len(places_m), -1, dtype=np.int64), np.full(len(places_m), np.inf)
    known = np.flatnonzero(np.isfinite(places_m).all(axis=1))
    if len(known) and len(nodes):
        distance_m, nearest = scipy.spatial.cKDTree(frame_m[nodes]).query(places_m[known])
        near = distance_m <= limit_m
        joined[known[near]], metres[known[near]] = nodes[nearest[near]], distance_m[near]
    return joined, metres


def simplify(links: Links, kept: npt.NDArray[np.bool_]) -> Links:
    """Take out nodes that no shortest path between kept nodes needs: dead ends, and bends between two neighbours.

    Minutes between kept nodes are the same to rounding. Each round drops the dead ends and bridges a set of bends of
    which no two are neighbours, drawn by chance: a chain of any length is gone in a few rounds.

    Parameters
    ----------
    links : of the whole network.
    kept : True for each node that must stay.
    """
    generator = np.random.default_rng(_SEED)
    n_nodes = len(kept)
    while True:
        node, other = np.concatenate([links.u, links.v]), np.concatenate([links.v, links.u])
        leave, arrive = (
            np.concatenate([links.there_min, links.back_min]),
            np.concatenate([links.back_min, links.there_min]),
        )
        degree = np.bincount(node, minlength=n_nodes)
        dead_end = (degree == 1) & ~kept
        bend = (degree == 2) & ~kept  # noqa: PLR2004 - two neighbours is what a bend is
        order = np.argsort(node, kind="stable")
        first = order[np.searchsorted(node[order], np.flatnonzero(bend))]
        second = order[np.searchsorted(node[order], np.flatnonzero(bend)) + 1]
        rank = np.where(bend, generator.random(n_nodes), -1.0)
        apart = ~dead_end[other[first]] & ~dead_end[other[second]]
        highest = rank[node[first]] > np.maximum(rank[other[first]], rank[other[second]])
        first, second = first[apart & highest], second[apart & highest]
        if len(first) + int(dead_end.sum()) <= _FEW * np.count_nonzero(degree):
            return links
        gone = dead_end.copy()
        gone[node[first]] = True
        stays = ~(gone[links.u] | gone[links.v])
        bridge = Links(other[first], other[second], arrive[first] + leave[second], arrive[second] + leave[first])
        links = _merged(Links(*(np.concatenate([old[stays], new]) for old, new in zip(links, bridge, strict=True))))


def as_graph(links: Links, n_nodes: int) -> scipy.sparse.csr_array:
    """Return the minutes from node to node as a scipy matrix; pairs without a road are absent."""
    there, back = np.isfinite(links.there_min), np.isfinite(links.back_min)
    rows = np.concatenate([links.u[there], links.v[back]]).astype(np.int32)
    columns = np.concatenate([links.v[there], links.u[back]]).astype(np.int32)
    minutes = np.concatenate([links.there_min[there], links.back_min[back]])
    return scipy.sparse.csr_array((minutes, (rows, columns)), shape=(n_nodes, n_nodes))


def _merged(links: Links) -> Links:
    """Order each pair, keep the shortest of those that join the same nodes, drop loops and pairs closed both ways."""
    turned = links.u > links.v
    u, v = np.where(turned, links.v, links.u), np.where(turned, links.u, links.v)
    there = np.where(turned, links.back_min, links.there_min)
    back = np.where(turned, links.there_min, links.back_min)
    useful = (u != v) & (np.isfinite(there) | np.isfinite(back))
    u, v, there, back = (values[useful] for values in (u, v, there, back))
    order = np.lexsort((v, u))
    u, v = u[order], v[order]
    starts = np.flatnonzero(np.r_[len(u) > 0, (u[1:] != u[:-1]) | (v[1:] != v[:-1])][: len(u)])
    if not len(starts):
        return Links(u, v, there, back)
    return Links(
        u[starts], v[starts], np.minimum.reduceat(there[order], starts), np.minimum.reduceat(back[order], starts)
    )
