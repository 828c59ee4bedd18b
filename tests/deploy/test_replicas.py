"""Two replicas behind a real nginx, with a real PostgreSQL: what a reader, an administrator and a prying eye see.

One layout for the whole module, whose last tests kill a replica.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from data import store
from data.projects.database import open_database
from data.projects.storage import change_projects, read_projects
from data.sources.registry import load_remotes
from data.sync import versions
from data.sync.lock import locked
from deploy.health import answers
from deploy.local import HOST, find_nginx, find_postgresql, free_port, run_layout
from tests.e2e.browser import ROOT, wait_until_still
from tests.e2e.map_on_page import MapOnPage
from tests.e2e.test_server import said_until_the_end
from tests.toy_projects import build_projects

pytestmark = pytest.mark.e2e

COOKIE = "maillage_replica"
OWNER = "partage"
SOURCE, MARK = "ars_zones", "SOURCE ESSAI REPLIQUES"
DAY = "20261101-0123456789ab"


@pytest.fixture(scope="module")
def layout():
    if find_nginx() is None or find_postgresql() is None:
        pytest.skip("nginx or PostgreSQL is not installed (Debian: apt-get install nginx-light postgresql)")
    # Not in the folder of pytest: PostgreSQL, which refuses root, must be able to enter it.
    with (
        tempfile.TemporaryDirectory(prefix="maillage-") as folder,
        run_layout(Path(folder), base_path="maillage", settings={"MAILLAGE_PROJECTS_SHARED": "1"}) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def lists(layout):
    """Give the lists in PostgreSQL, as another reader writes them."""
    url = sa.make_url(layout.environment["MAILLAGE_PROJECTS_URL"]).set(drivername="postgresql+psycopg")
    engine = open_database(url)
    yield engine
    engine.dispose()


def add_project(lists, name):
    row = build_projects({"name": name, "commune_code": "48061"}).assign(project_id="")
    change_projects(lists, OWNER, lambda current: pd.concat([current, row]), action="Ajout")


def ask(layout, path, *, direct=None, **headers):
    """Ask nginx, or a replica itself, for a path of the application."""
    where = urlsplit(layout.address if direct is None else layout.direct(direct))
    connection = HTTPConnection(where.netloc, timeout=60)
    connection.request("GET", where.path + path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def words_of(layout, page, replica):
    """Return every word of a page, as the reader of a replica is told by nginx."""
    where = urlsplit(layout.address)
    cookie = {"Cookie": f"{COOKIE}={replica}", "Origin": f"http://{where.netloc}"}
    stream = f"ws://{where.netloc}{where.path}/_stcore/stream"
    with connect(stream, additional_headers=cookie, subprotocols=["streamlit"], proxy=None, max_size=None) as websocket:
        assert websocket.response.headers.get("Set-Cookie", "") == ""  # this replica has answered, not another one
        for _ in range(2):  # the first run may only declare the navigation
            asked = BackMsg()
            asked.rerun_script.page_name = page
            websocket.send(asked.SerializeToString())
            said = said_until_the_end(websocket)
        return said


def roll_back(layout):
    """Return the source to its version before, in a process of its own as the command does."""
    words = [sys.executable, "-c", f"from data.sync.rollback import take_back; print(take_back({SOURCE!r}))"]
    environment = {**os.environ, **layout.environment}
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_nginx_answers_for_the_application_under_its_path(layout):
    health, body = ask(layout, "/_stcore/health")
    assert (health.status, body) == (200, b"ok")
    page, body = ask(layout, "/", Accept="text/html")
    assert page.status == 200
    assert b'<html lang="fr"' in body
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Content-Security-Policy": "frame-ancestors 'self'",
    }.items():
        assert page.headers.get_all(name) == [value]
    assert page.headers["Server"] == "nginx"
    assert page.headers["X-Maillage-Replica"] is None
    where = urlsplit(layout.address)
    connection = HTTPConnection(where.netloc, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().headers["Location"] == "/maillage/"
    connection.close()


def test_the_health_that_a_container_asks_for_is_that_of_its_server(layout, monkeypatch):
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", layout.base_path)
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(layout.replicas[0].port))
    assert answers()
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(free_port()))
    assert not answers()


def test_metrics_are_for_the_machines_inside(layout):
    outside, _ = ask(layout, "/_stcore/metrics")
    assert outside.status == 404
    for replica in layout.replicas:
        inside, body = ask(layout, "/_stcore/metrics", direct=replica)
        assert inside.status == 200
        assert b"# TYPE" in body
        proxied, _ = ask(layout, "/_stcore/metrics", direct=replica, **{"X-Forwarded-For": "192.0.2.1"})
        assert proxied.status == 404


def test_the_shapes_come_compressed_and_are_kept_by_nginx(layout):
    asked = {"Accept-Encoding": "gzip"}
    shapes, body = ask(layout, "/app/static/geometry/commune.bin", **asked)
    assert (shapes.status, shapes.headers["Content-Encoding"], body[:2]) == (200, "gzip", b"\x1f\x8b")
    _, body = ask(layout, "/", Accept="text/html")
    script = body.decode().split('src="./static/js/')[1].split('"')[0]
    answers = [ask(layout, f"/static/js/{script}", **asked)[0] for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert [answer.headers["Set-Cookie"] for answer in answers] == [None, None]
    kept = [path for path in (layout.folder / "nginx-cache").rglob("*") if path.is_file()]
    assert any(script.encode() in path.read_bytes()[:2000] for path in kept)


def test_a_file_that_is_gone_is_said_in_french(layout):
    answer, body = ask(layout, f"/media/{'0' * 56}.csv")
    assert answer.status == 404
    assert "Ce fichier n’est plus disponible" in body.decode()


def test_a_websocket_of_another_site_is_refused(layout):
    where = urlsplit(layout.address)
    stream = f"ws://{where.netloc}{where.path}/_stcore/stream"
    with pytest.raises(InvalidStatus) as refusal, connect(stream, origin="http://evil.example", proxy=None):
        pass
    assert refusal.value.response.status_code == 403


def put_aside(layout):
    """Lay in the data folder a version of a source that is not in use: embedded tables under another citation."""
    remote, manifest = load_remotes()[SOURCE], store.manifest(store.DEFAULT_FOLDER)
    home = layout.folder / "data" / "synced" / SOURCE / DAY
    home.mkdir(parents=True)
    for name in remote.tables:
        file = manifest["tables"][name]["file"]
        (home / file).write_bytes((store.DEFAULT_FOLDER / file).read_bytes())
    told = dict.fromkeys(("title", "producer", "url", "licence", "note", "vintage", "sha256", "citation"), MARK)
    document = {
        **told,
        "as_of": "2026-11-01",
        "installed_on": "2026-11-01T00:00:00+00:00",
        "format": store.FORMAT,
        "communes_sha256": manifest["tables"]["communes"]["sha256"],
        "replaces": list(remote.replaces),
        "tables": {name: manifest["tables"][name] for name in remote.tables},
    }
    (home / versions.MANIFEST).write_text(json.dumps(document), encoding="utf-8")
    versions.switch(SOURCE, versions.Pointer(None, DAY), layout.folder / "data")


def test_an_update_by_a_command_is_on_the_next_page_of_both_replicas_and_one_runs_at_a_time(layout):
    put_aside(layout)
    assert [MARK in words_of(layout, "sources", number) for number in (1, 2)] == [False, False]
    with locked(layout.folder / "data"):
        refused = roll_back(layout)
    assert refused.returncode == 1
    assert "Synchronisation déjà en cours" in refused.stderr
    assert roll_back(layout).returncode == 0  # from nothing: the version put aside is in use
    begun = time.perf_counter()
    assert [MARK in words_of(layout, "sources", number) for number in (1, 2)] == [True, True]
    print(f"both replicas asked and answered in {time.perf_counter() - begun:.1f} s")  # noqa: T201 - read with -s


def cookie_of(page):
    return next((each["value"] for each in page.context.cookies() if each["name"] == COOKIE), None)


def test_a_reader_sees_the_map_then_loses_its_replica_and_goes_on_with_its_projects(layout, lists, open_page):
    add_project(lists, "MSP de la Réplique")
    page = open_page(f"{layout.address}/?territoire=departement-48")
    MapOnPage(page).wait_until_drawn()
    kept = cookie_of(page)
    assert kept in {"1", "2"}
    page.goto(f"{layout.address}/projets")
    n_projects = page.get_by_test_id("stMetricValue").first
    expect(n_projects).to_have_text("1")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()  # every part of the page has come
    wait_until_still(page)
    assert cookie_of(page) == kept
    add_project(lists, "MSP écrite pendant la panne")
    gone = layout.replicas[int(kept) - 1]
    gone.process.kill()  # -9
    gone.process.wait()
    expect(n_projects).to_have_text("2")  # nobody has clicked: the page has found the other by itself
    assert cookie_of(page) == {"1": "2", "2": "1"}[kept]
    wait_until_still(page)
    page.get_by_text("Importer un fichier", exact=True).click()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    assert list(read_projects(lists, OWNER)["name"]) == ["MSP de la Réplique", "MSP écrite pendant la panne"]
    # Those who come now, and those of the dead one, are led to the other and stay there when the first is back.
    other = {"1": "2", "2": "1"}[kept]
    for cookie in ("", f"{COOKIE}={kept}", f"{COOKIE}=9", f"{COOKIE}=;drop"):
        answer, _ = ask(layout, "/_stcore/health", Cookie=cookie)
        assert answer.status == 200
        assert any(each.startswith(f"{COOKIE}={other};") for each in answer.headers.get_all("Set-Cookie"))
    answer, _ = ask(layout, "/_stcore/health", Cookie=f"{COOKIE}={other}")
    assert not any(each.startswith(COOKIE) for each in answer.headers.get_all("Set-Cookie") or [])


def test_when_no_replica_answers_the_page_says_it_in_french_and_nobody_s_address_is_in_the_logs(layout):
    for replica in layout.replicas:
        replica.process.kill()
        replica.process.wait()
    answer, body = ask(layout, "/territoire?q=un-mot-cherche", Accept="text/html")
    assert answer.status == 503
    assert "Maillage ne répond pas" in body.decode()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    logs = {path.name: path.read_text("utf-8", "replace") for path in layout.folder.glob("*.log")}
    requests = [json.loads(line) for line in logs["access.log"].splitlines()]
    # The page of another test may be looking for its server meanwhile: ours is the last that asked for this page.
    ours = [one for one in requests if one["path"] == "/maillage/territoire"][-1]
    assert ours["status"] == 503
    assert {"time", "method", "path", "status", "seconds", "replica"} <= set(ours)
    told = "".join(text for name, text in logs.items() if name != "postgresql.log")
    assert "un-mot-cherche" not in told
    assert "departement-48" not in told
    assert f"{HOST}:" not in logs["access.log"]
    for number in (1, 2):
        lines = [line for line in logs[f"replica-{number}.log"].splitlines() if line.startswith("{")]
        assert all({"time", "level", "logger", "message", "replica"} <= set(json.loads(line)) for line in lines)
        assert "GET /" not in logs[f"replica-{number}.log"]
