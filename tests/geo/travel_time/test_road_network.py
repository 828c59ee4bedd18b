"""The network of roads: what may be taken out of it, where places join it, and a whole small country."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csgraph

from geo.travel_time.errors import RoadFileError
from geo.travel_time.roads.minutes import road_travel_times
from geo.travel_time.roads.network import (
    Links,
    as_graph,
    geocentric_m,
    join_places,
    joinable_nodes,
    link_minutes,
    simplify,
)
from geo.travel_time.roads.reading import read_roads
from geo.travel_time.roads.speeds import read_road_settings
from tests.geo.travel_time.test_roads import PLAIN, STEP_M


@st.composite
def networks(draw: st.DrawFn) -> tuple[Links, np.ndarray]:
    n = draw(st.integers(2, 12))
    pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=25))
    pairs = sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})
    minutes = st.integers(1, 50).map(float)
    one = [(draw(minutes), draw(st.sampled_from(["both", "there", "back"]))) for _ in pairs]
    links = Links(
        np.array([a for a, _ in pairs], dtype=np.int64),
        np.array([b for _, b in pairs], dtype=np.int64),
        np.array([m if way != "back" else np.inf for m, way in one]),
        np.array([m + 1 if way != "there" else np.inf for m, way in one]),
    )
    kept = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    return links, kept


@given(networks())
def test_taking_nodes_out_changes_no_minutes_between_those_kept(network: tuple[Links, np.ndarray]):
    links, kept = network
    before = csgraph.dijkstra(as_graph(links, len(kept)))[np.ix_(kept, kept)]
    smaller = simplify(links, kept)
    after = csgraph.dijkstra(as_graph(smaller, len(kept)))[np.ix_(kept, kept)]
    np.testing.assert_allclose(after, before)
    degree = np.bincount(np.concatenate([smaller.u, smaller.v]), minlength=len(kept))
    assert (degree[~kept] != 1).all()  # no dead end is left
    assert (degree[~kept] != 2).all()  # and no bend


def test_a_long_winding_road_becomes_one_link():
    n = 5000
    links = Links(np.arange(n - 1), np.arange(1, n), np.full(n - 1, 0.5), np.full(n - 1, 0.25))
    kept = np.zeros(n, dtype=bool)
    kept[[0, -1]] = True
    smaller = simplify(links, kept)
    assert (smaller.u.tolist(), smaller.v.tolist()) == ([0], [n - 1])
    assert smaller.there_min[0] == pytest.approx(0.5 * (n - 1))
    assert smaller.back_min[0] == pytest.approx(0.25 * (n - 1))


def test_geocentric_distances_are_metres_and_unknown_stays_unknown():
    frame = geocentric_m([0.0, 0.001, np.nan], [0.0, 0.0, 1.0])
    assert np.linalg.norm(frame[1] - frame[0]) == pytest.approx(STEP_M, abs=1e-3)
    assert np.isnan(frame[2]).all()


def test_a_place_joins_the_nearest_of_the_allowed_nodes():
    frame = geocentric_m([0.0, 0.001, 0.01], [0.0, 0.0, 0.0])
    joined, metres = join_places(frame[[1]], frame, np.array([0, 2]), 500.0)
    assert joined.tolist() == [0]
    assert metres[0] == pytest.approx(STEP_M, abs=1e-3)


# --- a whole small country ------------------------------------------------------------------------------------------

LIECHTENSTEIN = Path("osm_liechtenstein_2013", "liechtenstein-2013-08-03.osm.pbf")


@pytest.mark.mirror
def test_a_whole_country_and_its_shortcuts(mirror: Path):
    settings = read_road_settings()
    roads = read_roads(mirror / LIECHTENSTEIN, settings)
    assert roads.vintage == "2013-08-03"
    frame = geocentric_m(roads.longitude, roads.latitude)
    links = link_minutes(roads, frame)
    nodes = joinable_nodes(links, roads.n_nodes, settings.smallest_network_nodes)
    assert len(nodes) > 0.95 * roads.n_nodes  # one country, one network
    chosen = np.random.default_rng(1).choice(nodes, 60, replace=False)
    kept = np.zeros(roads.n_nodes, dtype=bool)
    kept[chosen] = True
    smaller = simplify(links, kept)
    assert len(smaller.u) < len(links.u) / 5
    full = csgraph.dijkstra(as_graph(links, roads.n_nodes), indices=chosen)[:, chosen]
    short = csgraph.dijkstra(as_graph(smaller, roads.n_nodes), indices=chosen)[:, chosen]
    np.testing.assert_allclose(short, full)
    # Vaduz to Schaan is 2.8 km as the crow flies: 2.1 min at 80 km/h without a bend, 8.8 at 25 km/h with 1.3 of detour
    towns = pd.DataFrame(
        {"commune_code": ["Vaduz", "Schaan"], "longitude": [9.5209, 9.5095], "latitude": [47.1410, 47.1650]}
    )
    minutes = road_travel_times(mirror / LIECHTENSTEIN, towns).minutes_from("Vaduz")["Schaan"]
    assert 2.1 <= minutes <= 8.8


@pytest.mark.mirror
def test_a_truncated_country_is_refused_wherever_it_is_cut(mirror: Path, tmp_path: Path):
    whole = (mirror / LIECHTENSTEIN).read_bytes()
    path = tmp_path / "coupe.osm.pbf"
    for share in (0.00002, 0.01, 0.3, 0.6, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(RoadFileError, match=r"coupe\.osm\.pbf"):
            read_roads(path, PLAIN)
