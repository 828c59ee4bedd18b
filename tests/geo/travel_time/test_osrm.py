"""Travel times of an OSRM server: what is asked, what is understood, what is refused; a real one where there is one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.connection import FetchError
from data.fetch import fetch_bytes
from geo.travel_time.errors import RouteServiceError, TravelTimeValueError
from geo.travel_time.osrm import OsrmSettings, osrm_travel_times, read_table, table_url
from geo.travel_time.roads.minutes import road_travel_times
from geo.travel_time.roads.network import geocentric_m, joinable_nodes, link_minutes
from geo.travel_time.roads.reading import read_roads
from geo.travel_time.roads.speeds import read_road_settings
from tests.geo.table_server import TableServer, table_server

FETCH = partial(fetch_bytes, also_accept=(400,), timeout_s=5.0, wait=lambda _: None)


@pytest.fixture
def server() -> Iterator[TableServer]:
    with table_server() as running:
        yield running


def grid(n: int) -> pd.DataFrame:
    """Lay n places on a line, a thousandth of a degree (100 m of the flat world, 10 s) apart."""
    return pd.DataFrame(
        {"commune_code": [f"P{k:03}" for k in range(n)], "longitude": np.arange(n) / 1000, "latitude": 0.0}
    )


def test_minutes_by_hand(server: TableServer):
    times = osrm_travel_times(grid(13), FETCH, OsrmSettings(server.url), vintage="2026-10")
    # 12 steps of 10 s: 2.0 minutes; 1 step: 0.1666… → 0.1
    assert times.minutes_from("P000")["P012"] == 2.0
    assert times.minutes_from("P005")["P006"] == 0.1
    assert times.n_pairs == 13 * 13
    assert (times.provider, times.vintage, times.parameters["n_unsnapped"]) == ("osrm", "2026-10", 0)


def test_requests_stay_within_what_the_server_allows_and_change_nothing(server: TableServer):
    whole = osrm_travel_times(grid(40), FETCH, OsrmSettings(server.url), vintage="x")
    assert len(server.paths) == 1
    server.paths.clear()
    server.max_coordinates = 7
    in_parts = osrm_travel_times(grid(40), FETCH, OsrmSettings(server.url, max_coordinates=7), vintage="x")
    assert len(server.paths) > 40
    assert in_parts.n_pairs == whole.n_pairs
    assert (in_parts.tenths == whole.tenths).all()
    with pytest.raises(RouteServiceError, match="TooBig : Too many table coordinates"):
        osrm_travel_times(grid(40), FETCH, OsrmSettings(server.url), vintage="x")


def test_what_no_car_can_reach_is_not_asked(server: TableServer):
    far = grid(4)
    far.loc[3, "longitude"] = 20.0  # 2 200 km away
    settings = OsrmSettings(server.url, max_coordinates=6)
    times = osrm_travel_times(far, FETCH, settings, vintage="x")
    assert times.minutes_from("P003") == {"P003": 0.0}
    assert not any("20.000000" in path and "0.001000" in path for path in server.paths)


def test_no_road_is_no_pair(server: TableServer):
    server.unreachable = {(0.002, 0.0)}
    times = osrm_travel_times(grid(4), FETCH, OsrmSettings(server.url), vintage="x")
    assert times.minutes_from("P002") == {"P002": 0.0}
    assert list(times.minutes_from("P000")) == ["P000", "P001", "P003"]


def test_a_place_far_from_any_road_or_without_a_point_is_counted(server: TableServer):
    server.far_from_road = {(0.001, 0.0)}
    at = grid(4)
    at.loc[3, "latitude"] = np.nan
    times = osrm_travel_times(at, FETCH, OsrmSettings(server.url), vintage="x")
    assert times.parameters["n_unsnapped"] == 2
    assert times.minutes_from("P001") == {"P001": 0.0}
    assert times.minutes_from("P003") == {"P003": 0.0}
    assert list(times.minutes_from("P000")) == ["P000", "P002"]


def test_no_place_at_all_asks_nothing(server: TableServer):
    assert osrm_travel_times(grid(0), FETCH, OsrmSettings(server.url), vintage="x").n_pairs == 0
    assert not server.paths


@pytest.mark.parametrize(
    ("faults", "error", "message"),
    [
        (["NoTable"], RouteServiceError, "NoTable : no route found"),
        (["truncated"], RouteServiceError, "JSON entière"),
        (["503"] * 4, FetchError, "statut 503"),
        (["404"], FetchError, "statut 404"),
    ],
)
def test_faults_of_the_server_are_named(server: TableServer, faults: list[str], error: type[Exception], message: str):
    server.faults = faults
    with pytest.raises(error, match=message):
        osrm_travel_times(grid(3), FETCH, OsrmSettings(server.url), vintage="x")


def test_a_busy_server_is_asked_again(server: TableServer):
    server.faults = ["429", "503", "broken off"]
    assert osrm_travel_times(grid(3), FETCH, OsrmSettings(server.url), vintage="x").n_pairs == 9


def test_a_survey_that_broke_goes_on_where_it_was(server: TableServer, tmp_path: Path):
    settings = OsrmSettings(server.url, max_coordinates=8)
    survey = partial(osrm_travel_times, grid(20), FETCH, settings, vintage="x")
    whole = survey()
    server.paths.clear()
    server.faults = [*[""] * 7, "404"]  # each neighbourhood takes five requests
    with pytest.raises(FetchError):
        survey(folder=tmp_path)
    n_first = len(server.paths)
    said = []
    again = survey(folder=tmp_path, progress=lambda share, sentence: said.append((share, sentence)))
    assert again.content_hash == whole.content_hash
    n_asked = len(server.paths) - n_first
    server.paths.clear()
    survey()
    assert n_asked < len(server.paths)  # the part done was not asked again
    assert said[-1] == (1.0, f"Trajets demandés à OSRM : {len(said)} voisinages sur {len(said)}.")
    server.paths.clear()
    assert survey(folder=tmp_path).n_pairs == whole.n_pairs
    assert not server.paths  # kept


def answer(**change: object) -> bytes:
    return json.dumps({"code": "Ok", "durations": [[0, 60.0]]} | change).encode()


def test_an_answer_without_waypoints_is_believed():
    table = read_table(answer(), 1, 2)
    assert table.minutes.tolist() == [[0.0, 1.0]]
    assert np.isnan(table.origins_m).all()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b"3",
        answer(code="InvalidQuery", message="?"),
        answer(durations=None),
        answer(durations=[]),
        answer(durations=[[0]]),
        answer(durations=[3]),
        answer(durations=[[0, -1]]),
        answer(durations=[[0, "60"]]),
        answer(durations=[[0, True]]),
        b'{"code": "Ok", "durations": [[0, NaN]]}',
        b'{"code": "Ok", "durations": [[0, Infinity]]}',
    ],
)
def test_any_other_answer_is_refused(body: bytes):
    with pytest.raises(RouteServiceError, match="attendu"):
        read_table(body, 1, 2)


def test_the_address_names_origins_and_destinations():
    url = table_url(OsrmSettings("http://h:5/"), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0]]))
    assert url.endswith(
        "/table/v1/driving/1.000000,2.000000;3.000000,4.000000;5.000000,6.000000?sources=0;1&destinations=2"
    )


def test_settings_are_checked_and_hide_the_password(server: TableServer):
    with pytest.raises(RouteServiceError, match="http"):
        OsrmSettings("file:///x")
    with pytest.raises(RouteServiceError, match="deux lieux"):
        OsrmSettings("http://h", max_coordinates=1)
    with pytest.raises(TravelTimeValueError, match="latitude"):
        osrm_travel_times(grid(2).drop(columns="latitude"), FETCH, OsrmSettings("http://h"), vintage="x")
    times = osrm_travel_times(
        grid(2),
        lambda url: FETCH(url.replace("u:secret@", "")),
        OsrmSettings(server.url.replace("//", "//u:secret@")),
        vintage="x",
    )
    assert "secret" not in json.dumps(times.header())


# --- a real server --------------------------------------------------------------------------------------------------


def osrm_folder() -> Path:
    """Find OSRM: a folder with bin/osrm-routed and share/profiles (or share/osrm/profiles), or skip."""
    named = os.environ.get("MAILLAGE_OSRM")
    found = shutil.which("osrm-routed")
    folder = Path(named) if named else Path(found).resolve().parents[1] if found else None
    if folder is None or not (folder / "bin" / "osrm-routed").exists():
        pytest.skip("no OSRM here: put osrm-routed on the path, or name its folder in MAILLAGE_OSRM")
    return folder


@pytest.mark.mirror
def test_a_real_server_and_our_roads_agree(mirror: Path, tmp_path: Path):
    folder = osrm_folder()
    extract = mirror / "osm_liechtenstein_2013" / "liechtenstein-2013-08-03.osm.pbf"
    shutil.copy(extract, tmp_path / "l.osm.pbf")
    profile = next(folder.glob("share/**/car.lua"))
    for step in (
        ["osrm-extract", "-p", profile, "l.osm.pbf"],
        ["osrm-partition", "l.osrm"],
        ["osrm-customize", "l.osrm"],
    ):
        subprocess.run([folder / "bin" / step[0], *step[1:]], cwd=tmp_path, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [folder / "bin" / "osrm-routed", "--algorithm", "mld", "--ip", "127.0.0.1", "--port", str(port), "l.osrm"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            settings = read_road_settings()
            roads = read_roads(extract, settings)
            links = link_minutes(roads, geocentric_m(roads.longitude, roads.latitude))
            nodes = joinable_nodes(links, roads.n_nodes, settings.smallest_network_nodes)
            chosen = np.random.default_rng(1).choice(nodes, 120, replace=False)
            at = pd.DataFrame(
                {
                    "commune_code": [f"P{k}" for k in range(len(chosen))],
                    "longitude": roads.longitude[chosen],
                    "latitude": roads.latitude[chosen],
                }
            )
            asked = osrm_travel_times(at, FETCH, OsrmSettings(f"http://127.0.0.1:{port}"), vintage="2013")
        finally:
            process.terminate()
    ours = road_travel_times(extract, at)
    a, b = (times.with_data(times.tenths.astype(np.float64)).toarray() / 10 for times in (asked, ours))
    both = (a > 0) & (b > 0)
    assert both.sum() > 0.95 * a.size
    # measured once: correlation 0.9996, sums equal by calibration, 0.18 min apart on average on trips of 15
    assert np.corrcoef(a[both], b[both])[0, 1] > 0.999
    assert b[both].sum() == pytest.approx(a[both].sum(), rel=0.01)
    assert np.abs(a[both] - b[both]).mean() < 0.5


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("osrm-routed did not start within 10 s")
