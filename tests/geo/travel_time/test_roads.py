"""Minutes on OpenStreetMap roads, by hand on tiny maps: reading, one-way streets, snapping, faults of files, resume."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geo.travel_time.errors import RoadFileError, TravelTimeValueError
from geo.travel_time.roads.minutes import ORIGINS_PER_CHUNK, road_travel_times
from geo.travel_time.roads.reading import read_roads
from geo.travel_time.roads.speeds import (
    read_road_settings,
)

PLAIN = replace(read_road_settings(), duration_factor=1.0, smallest_network_nodes=1, limit_factor=1.0)
# One thousandth of a degree of longitude on the equator: 6 378 137 m × π / 180 000.
STEP_M = 111.31949


def osm_file(folder: Path, nodes: dict[int, tuple[float, float]], ways: list[dict[str, object]], name: str = "a.osm"):
    """Write a map; a way is {"nodes": [...], tag: value, ...}, a node (thousandths of a degree) or with tags."""
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for node, (x, y, *tags) in nodes.items():
        inner = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in (tags[0].items() if tags else ()))
        lines.append(f'<node id="{node}" version="1" lon="{x / 1000}" lat="{y / 1000}">{inner}</node>')
    for k, way in enumerate(ways):
        inner = "".join(f'<nd ref="{node}"/>' for node in way["nodes"])
        inner += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in way.items() if key != "nodes")
        lines.append(f'<way id="{k + 1}" version="1">{inner}</way>')
    path = folder / name
    path.write_text("\n".join([*lines, "</osm>"]))
    return path


def places(**at: tuple[float, float]) -> pd.DataFrame:
    """Lay places, in thousandths of a degree."""
    return pd.DataFrame(
        {
            "commune_code": list(at),
            "longitude": [x / 1000 for x, _ in at.values()],
            "latitude": [y / 1000 for _, y in at.values()],
        }
    )


# --- tiny maps, by hand ---------------------------------------------------------------------------------------------


def test_minutes_of_a_street_by_hand(tmp_path: Path):
    # 1 -- 2 -- 3 along the equator, 10 steps each: 1 113.19 m at 60 km/h (1 km a minute), then 30 km/h (2 min a km)
    path = osm_file(
        tmp_path,
        {1: (0, 0), 2: (10, 0), 3: (20, 0)},
        [
            {"nodes": [1, 2], "highway": "primary", "maxspeed": 60},
            {"nodes": [2, 3], "highway": "primary", "maxspeed": 30},
        ],
    )
    times = road_travel_times(path, places(A=(0, 0), B=(10, 0), C=(20, 0)), PLAIN)
    # 1.1132 → 1.1; 2.2264 → 2.2; 3.3396 → 3.3 (tenths rounded down)
    assert times.minutes_from("A") == {"A": 0.0, "B": 1.1, "C": 3.3}
    assert times.minutes_from("C") == {"A": 3.3, "B": 2.2, "C": 0.0}
    assert (times.provider, times.vintage) == ("osm", "date inconnue")


def test_a_one_way_street_is_gone_round(tmp_path: Path):
    # a square of 10 steps a side at 60 km/h, one-way 1 → 2 → 3 → 4 → 1: 1.1 min one way, three sides (3.3) back
    nodes = {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (0, 10)}
    ring = {"nodes": [1, 2, 3, 4, 1], "highway": "primary", "maxspeed": 60}
    at = places(A=(0, 0), B=(10, 0))
    one_way = road_travel_times(osm_file(tmp_path, nodes, [ring | {"oneway": "yes"}]), at, PLAIN)
    assert (one_way.minutes_from("A")["B"], one_way.minutes_from("B")["A"]) == (1.1, 3.3)
    other_way = road_travel_times(osm_file(tmp_path, nodes, [ring | {"oneway": "-1"}]), at, PLAIN)
    assert (other_way.minutes_from("A")["B"], other_way.minutes_from("B")["A"]) == (3.3, 1.1)
    both = road_travel_times(osm_file(tmp_path, nodes, [ring]), at, PLAIN)
    assert (both.minutes_from("A")["B"], both.minutes_from("B")["A"]) == (1.1, 1.1)


def test_the_fastest_road_wins_over_the_shortest(tmp_path: Path):
    # straight at 10 km/h: 1.113 km, 6.7 min; round by (5, 10): 2 × sqrt(5² + 10²) = 22.36 steps, 2.489 km at 60 km/h
    path = osm_file(
        tmp_path,
        {1: (0, 0), 2: (10, 0), 3: (5, 10)},
        [
            {"nodes": [1, 2], "highway": "primary", "maxspeed": 10},
            {"nodes": [1, 3, 2], "highway": "primary", "maxspeed": 60},
        ],
    )
    assert road_travel_times(path, places(A=(0, 0), B=(10, 0)), PLAIN).minutes_from("A")["B"] == 2.4


def test_the_walk_to_the_road_counts_at_both_ends(tmp_path: Path):
    # 10 steps of road at 60 km/h: 1.113 min; each end 1 step off it (110.57 m of latitude at 20 km/h: 0.332 min)
    path = osm_file(tmp_path, {1: (0, 0), 2: (10, 0)}, [{"nodes": [1, 2], "highway": "primary", "maxspeed": 60}])
    times = road_travel_times(path, places(A=(0, 1), B=(10, 1)), PLAIN)
    assert times.minutes_from("A") == {"A": 0.0, "B": 1.7}


def test_a_place_off_the_network_reaches_only_itself_and_is_counted(tmp_path: Path):
    path = osm_file(tmp_path, {1: (0, 0), 2: (10, 0)}, [{"nodes": [1, 2], "highway": "primary"}])
    lost = places(A=(0, 0), B=(10, 0), C=(10, 50), D=(float("nan"), 0))  # C: 5.5 km north of the road
    times = road_travel_times(path, lost, PLAIN)
    assert times.minutes_from("C") == {"C": 0.0}
    assert times.minutes_from("D") == {"D": 0.0}
    assert "C" not in times.minutes_from("A")
    assert times.parameters["n_unsnapped"] == 2


def test_a_bollard_cuts_the_street_and_a_ferry_is_no_road(tmp_path: Path):
    nodes = {1: (0, 0), 2: (4, 0), 3: (5, 0, {"barrier": "bollard"}), 4: (6, 0), 5: (10, 0)}
    street = {"nodes": [1, 2, 3, 4, 5], "highway": "residential"}
    ferry = {"nodes": [1, 5], "route": "ferry", "highway": "primary"}
    path = osm_file(tmp_path, nodes, [street, ferry])
    times = road_travel_times(path, places(A=(0, 0), B=(10, 0)), PLAIN)
    assert times.minutes_from("A") == {"A": 0.0}
    assert (times.parameters["n_ferries"], times.parameters["n_barriers"]) == (1, 1)
    opened = nodes | {3: (5, 0)}
    assert "B" in road_travel_times(
        osm_file(tmp_path, opened, [street]), places(A=(0, 0), B=(10, 0)), PLAIN
    ).minutes_from("A")


def test_a_node_missing_at_the_edge_of_an_extract_ends_the_road(tmp_path: Path):
    path = osm_file(
        tmp_path,
        {1: (0, 0), 2: (10, 0)},
        [{"nodes": [1, 2, 99], "highway": "primary"}, {"nodes": [99, 98], "highway": "primary"}],
    )
    roads = read_roads(path, PLAIN)
    assert roads.n_nodes == 2
    assert roads.counts["n_missing_nodes"] == 3


def test_a_car_park_closed_on_itself_catches_no_place(tmp_path: Path):
    # the street (3 nodes) is farther from the town hall than the car park (2 nodes), which leads nowhere
    path = osm_file(
        tmp_path,
        {1: (0, 0), 2: (10, 0), 3: (20, 0), 4: (0, 2), 5: (1, 2)},
        [{"nodes": [1, 2, 3], "highway": "primary"}, {"nodes": [4, 5], "highway": "service"}],
    )
    at = places(A=(0, 2), B=(20, 0))
    assert "B" not in road_travel_times(path, at, PLAIN).minutes_from("A")
    assert "B" in road_travel_times(path, at, replace(PLAIN, smallest_network_nodes=3)).minutes_from("A")
    # where nothing is large enough, the largest network stands in
    assert "B" in road_travel_times(path, at, replace(PLAIN, smallest_network_nodes=500)).minutes_from("A")


def test_two_places_on_one_node_and_one_place_alone(tmp_path: Path):
    path = osm_file(tmp_path, {1: (0, 0), 2: (10, 0)}, [{"nodes": [1, 2], "highway": "primary"}])
    times = road_travel_times(path, places(A=(0, 0), B=(0, 0)), PLAIN)
    assert times.minutes_from("A") == {"A": 0.0, "B": 0.0}
    assert road_travel_times(path, places(A=(0, 0)), PLAIN).n_pairs == 1
    assert road_travel_times(path, places(), PLAIN).n_pairs == 0


def test_beyond_the_limit_nothing_is_kept(tmp_path: Path):
    nodes = {k: (10 * k, 0) for k in range(1, 8)}
    path = osm_file(tmp_path, nodes, [{"nodes": list(nodes), "highway": "primary", "maxspeed": 60}])
    at = places(**{f"P{k}": (10 * k, 0) for k in range(1, 8)})
    times = road_travel_times(path, at, PLAIN, limit_min=3.0)
    assert list(times.minutes_from("P1")) == ["P1", "P2", "P3"]  # 1.113 min a step


def test_the_calibration_multiplies_the_road_and_not_the_walk(tmp_path: Path):
    path = osm_file(tmp_path, {1: (0, 0), 2: (10, 0)}, [{"nodes": [1, 2], "highway": "primary", "maxspeed": 60}])
    twice = road_travel_times(path, places(A=(0, 1), B=(10, 0)), replace(PLAIN, duration_factor=2.0))
    assert twice.minutes_from("A")["B"] == 2.5  # 2 × 1.113 + 0.332


# --- faults of files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("absent.osm.pbf", None, "aucun fichier"),
        ("vide.osm.pbf", b"", "fichier vide"),
        ("autre.osm.pbf", b"PK\x03\x04" * 50, "tronqué ou d’un autre format"),
        ("texte.txt", b"bonjour", "tronqué ou d’un autre format"),
        ("coupe.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1" lon="1"/>', "tronqué"),
        ("sans.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "trouvé aucune"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, name: str, content: bytes | None, message: str):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RoadFileError, match=message) as caught:
        road_travel_times(path, places(A=(0, 0)), PLAIN)
    assert name in str(caught.value)
    assert isinstance(caught.value, OSError)
    if content is None:
        with pytest.raises(RoadFileError, match="absent"):
            road_travel_times(path, places(A=(0, 0)), PLAIN, folder=tmp_path / "kept")


def test_a_map_without_any_road_for_cars_is_named(tmp_path: Path):
    path = osm_file(tmp_path, {1: (0, 0), 2: (1, 0)}, [{"nodes": [1, 2], "highway": "footway"}])
    with pytest.raises(RoadFileError, match="ouvertes aux voitures"):
        read_roads(path, PLAIN)


def test_a_missing_column_is_named(tmp_path: Path):
    with pytest.raises(TravelTimeValueError, match="latitude"):
        road_travel_times(tmp_path / "a.osm", places(A=(0, 0)).drop(columns="latitude"), PLAIN)


# --- parts kept on disk ---------------------------------------------------------------------------------------------


class Stopped(Exception):
    pass


def long_street(folder: Path) -> tuple[Path, pd.DataFrame]:
    n = 2 * ORIGINS_PER_CHUNK + 5
    nodes = {k + 1: (k, 0) for k in range(n)}
    path = osm_file(folder, nodes, [{"nodes": list(nodes), "highway": "primary", "maxspeed": 60}])
    return path, places(**{f"P{k}": (k, 0) for k in range(n)})


def test_a_stopped_computation_goes_on_where_it_was(tmp_path: Path):
    path, at = long_street(tmp_path)
    whole = road_travel_times(path, at, PLAIN)
    kept = tmp_path / "kept"

    def stop_after_one(share: float, _sentence: str) -> None:
        if share > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        road_travel_times(path, at, PLAIN, folder=kept, progress=stop_after_one)
    (parts,) = kept.glob("roads_*")
    (part,) = parts.iterdir()  # one part done, whole, and no remains of another
    first_written = part.stat().st_mtime_ns
    said = []
    again = road_travel_times(
        path,
        at,
        PLAIN,
        folder=kept,
        progress=lambda share, sentence: said.append((share, sentence, part.stat().st_mtime_ns)),
    )
    assert again.content_hash == whole.content_hash
    assert {written for *_, written in said} == {first_written}  # the part was read, not made again
    assert said[-1][:2] == (1.0, "Trajets par la route : 261 lieux sur 261.")
    assert [path.suffix for path in kept.iterdir()] == [".npz"]  # the whole is kept, the parts are gone
    said.clear()
    assert road_travel_times(path, at, PLAIN, folder=kept, progress=lambda *_: said.append(())).n_pairs == whole.n_pairs
    assert not said  # found on disk


def test_a_damaged_part_is_made_again(tmp_path: Path):
    path, at = long_street(tmp_path)
    kept = tmp_path / "kept"
    with pytest.raises(Stopped):
        road_travel_times(path, at, PLAIN, folder=kept, progress=stop_halfway)
    (part,) = next(kept.glob("roads_*")).iterdir()
    part.write_bytes(part.read_bytes()[:-40])
    assert (
        road_travel_times(path, at, PLAIN, folder=kept).content_hash == road_travel_times(path, at, PLAIN).content_hash
    )


def stop_halfway(share: float, _sentence: str) -> None:
    if share > 0.3:
        raise Stopped


@pytest.mark.parametrize("what", ["speeds", "limit", "places", "file"])
def test_other_inputs_never_reuse_what_is_kept(tmp_path: Path, what: str):
    path, at = long_street(tmp_path)
    kept = tmp_path / "kept"
    road_travel_times(path, at, PLAIN, folder=kept)
    settings, limit = PLAIN, 60.0
    if what == "speeds":
        settings = replace(PLAIN, duration_factor=1.5)
    if what == "limit":
        limit = 30.0
    if what == "places":
        at = at.iloc[::-1]
    if what == "file":
        path.write_text(path.read_text().replace('v="60"', 'v="61"'))
    times = road_travel_times(path, at, settings, limit_min=limit, folder=kept)
    assert times.content_hash == road_travel_times(path, at, settings, limit_min=limit).content_hash
    assert len(list(kept.glob("*.npz"))) == 2
