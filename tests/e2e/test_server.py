"""What the server refuses: foreign origins, large uploads, orders for all, far readers who say that they are local."""

import contextlib
import re
import socket
import statistics
import threading
import time
import urllib.request
import uuid
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.bench.bench_readers import Usage
from tests.e2e.browser import HOST, ROOT, serve

LIMIT_MS = 100
PREPARATION = "Préparation des cartes"
"""What a page says while it computes again what the server had kept for all."""
KEPT_S = 0.8
"""Seconds of processor of a page when nothing is computed again: 0.1 as a rule, 1.5 once the caches are emptied."""
MB = 2**20


class Listener:
    """A proxy that notes who asks it anything and answers nothing."""

    def __init__(self):
        self.asked = 0
        self._socket = socket.create_server((HOST, 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                self.asked += 1
                caller.close()

    def close(self):
        self._socket.close()


@pytest.fixture(scope="module")
def outside():
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def far_server(tmp_path_factory, outside):
    """Serve the app for readers elsewhere, a server that would reach the outside by our listener alone."""
    folder = tmp_path_factory.mktemp("server")
    proxy = f"http://{HOST}:{outside.port}"
    environment = {
        "MAILLAGE_DATA": str(folder),
        "MAILLAGE_LOCAL": "",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy),
    }
    with serve(ROOT / "app.py", log=folder / "server.log", environment=environment) as address:
        yield address


def stream(address, host=None, **headers):
    where = urlsplit(address)
    return connect(
        f"ws://{host or where.netloc}/_stcore/stream",
        sock=socket.create_connection((where.hostname, where.port)),
        additional_headers=headers,
        subprotocols=["streamlit"],
        proxy=None,
        max_size=None,
    )


def told_until(websocket, kind, limit_s=60):
    """Read what the server says until a message of a kind."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        message = ForwardMsg()
        message.ParseFromString(websocket.recv(timeout=limit_s))
        if message.WhichOneof("type") == kind:
            return message
    raise AssertionError(kind)


def said_until_the_end(websocket, limit_s=60):
    """Return every word of a page until its end."""
    said = []
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        message = ForwardMsg()
        message.ParseFromString(websocket.recv(timeout=limit_s))
        said.append(str(message.delta))
        if message.WhichOneof("type") == "script_finished":
            break
    return " ".join(said)


def session_of(websocket):
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    websocket.send(ask.SerializeToString())
    return told_until(websocket, "new_session").new_session.initialize.session_id


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1.evil.example", "http://[::1", "null"])
def test_a_foreign_origin_is_refused_at_once_and_nobody_outside_is_asked(far_server, outside, origin):
    took_ms = []
    for _ in range(5):
        begun = time.perf_counter()
        with pytest.raises(InvalidStatus) as refusal, stream(far_server, Origin=origin):
            pass
        took_ms.append(1000 * (time.perf_counter() - begun))
        assert refusal.value.response.status_code == 403
    assert statistics.median(took_ms) < LIMIT_MS
    assert outside.asked == 0


def test_its_own_origin_is_let_in(far_server):
    with stream(far_server, Origin=far_server) as websocket:
        assert session_of(websocket)


def put(address, session, size, xsrf):
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'.encode()
    body = head + b"x" * size + f"\r\n--{edge}--\r\n".encode()
    try:
        connection.request(
            "PUT",
            f"/_stcore/upload_file/{session}/{uuid.uuid4()}",
            body,
            {
                "Content-Type": f"multipart/form-data; boundary={edge}",
                "Cookie": f"_streamlit_xsrf={xsrf}",
                "X-Xsrftoken": xsrf,
            },
        )
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return 413  # refused before the end: the server has closed the connection
    finally:
        connection.close()


def resident_mb(address):
    """Return the memory of the server at an address."""
    port = f"--server.port={urlsplit(address).port}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if port in (process / "cmdline").read_bytes().split(b"\0"):
                return int(re.search(r"VmRSS:\s+(\d+) kB", (process / "status").read_text())[1]) / 1024
    return pytest.skip("no /proc: the memory of another process is not read here")


def test_uploads_that_no_page_takes_are_refused_and_the_others_do_not_pile_up(far_server):
    with urllib.request.urlopen(f"{far_server}/_stcore/health") as answer:  # noqa: S310 - our own http address
        xsrf = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    with stream(far_server, Origin=far_server) as websocket:
        session = session_of(websocket)
        told_until(websocket, "script_finished")
        assert put(far_server, session, 30 * MB, xsrf) == 413
        before = resident_mb(far_server)
        assert [put(far_server, session, 19 * MB, xsrf) for _ in range(20)] == [204] * 20
        assert resident_mb(far_server) - before < 200


def test_no_reader_can_empty_the_caches_of_all(far_server):
    with stream(far_server, Origin=far_server) as websocket:
        session_of(websocket)
        told_until(websocket, "script_finished")
        order = BackMsg()
        order.clear_cache = True
        websocket.send(order.SerializeToString())
        usage = Usage(urlsplit(far_server).port)
        before_s = usage.processor_s()
        session_of(websocket)
        assert PREPARATION not in said_until_the_end(websocket)
        assert usage.processor_s() - before_s < KEPT_S


def test_what_is_not_for_readers_is_closed_and_every_answer_carries_its_headers(far_server):
    connection = HTTPConnection(urlsplit(far_server).netloc, timeout=10)
    for path, status in {"/_stcore/metrics": 404, "/_stcore/health": 200, "/": 200, "/app/static/none": 404}.items():
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    connection.close()


def words_of(address, page, headers, limit_s=60):
    """Return every word of a page, as a client with headers of its own is told."""
    with stream(address, **headers) as websocket:
        for _ in range(2):  # the first run may only declare the navigation
            ask = BackMsg()
            ask.rerun_script.page_name = page
            websocket.send(ask.SerializeToString())
            said = said_until_the_end(websocket, limit_s)
        return said


@pytest.mark.parametrize(
    "headers", [{"host": "localhost", "Origin": "http://localhost"}, {}, {"host": "127.0.0.1:8501"}]
)
def test_no_header_makes_a_far_reader_local(far_server, headers):
    update = words_of(far_server, "donnees", headers)
    assert "sync_start" not in update
    assert "réservée à l’administrateur" in update
    assert "sur cet ordinateur" not in words_of(far_server, "projets", headers)


def test_a_far_reader_sees_no_update_in_a_browser(open_page, far_server):
    page = open_page(f"{far_server}/donnees")
    expect(page.get_by_text("réservée à l’administrateur")).to_be_visible(timeout=60_000)
    # the tools of the table of sources bear the same words, as soon as they are named
    expect(page.get_by_role("button", name="Plein écran : Sources que l’on peut mettre à jour")).to_have_count(1)
    expect(page.locator(".st-key-sync_start")).to_have_count(0)
    expect(page.get_by_role("button", name="Mettre à jour", exact=True)).to_have_count(0)


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/carte", "./"),
        ("/carte?territoire=region-76", "./?territoire=region-76"),
        ("/territoires", "./?page_inconnue=territoires"),
        ("/territoires/", "../?page_inconnue=territoires"),
        ("/a/b?x=1", "../?x=1&page_inconnue=a%2Fb"),
        ("/%3Cimg%20src=x%3E", "./?page_inconnue=%3Cimg+src%3Dx%3E"),
        ("/territoire", None),
        ("/", None),
        ("/_stcore/health", None),
        ("/suivi_projets/_stcore/health", None),
        ("/suivi_projets/_stcore/host-config", None),
        ("/favicon.png", None),
    ],
)
def test_an_address_that_names_no_page_leads_to_the_map(far_server, asked, location):
    where = urlsplit(far_server)
    connection = HTTPConnection(where.hostname, where.port, timeout=30)
    connection.request("GET", asked, headers={"Accept": "text/html,*/*;q=0.8"})
    answer = connection.getresponse()
    assert answer.getheader("Location") == location
    assert answer.status == (303 if location else 404 if asked.startswith("/suivi_projets/") else 200)
    connection.close()


def test_a_page_opened_by_its_address_is_shown(far_server, open_page):
    page = open_page(f"{far_server}/suivi_projets")
    expect(page.get_by_role("link", name="Classement")).to_be_visible(timeout=90_000)  # the browser found the server
    expect(page).to_have_url(f"{far_server}/suivi_projets")


def test_an_unknown_page_is_said_in_french_above_the_map(far_server, open_page):
    page = open_page(f"{far_server}/territoires")
    expect(page.get_by_text("L’adresse demande la page « territoires », qui n’existe pas")).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.goto(f"{far_server}/carte?territoire=region-76")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/\?territoire=region-76$"))
    expect(page.get_by_text("qui n’existe pas")).to_have_count(0)


def test_the_page_says_that_it_is_in_french_and_its_folded_menu_too(far_server, open_page):
    page = open_page(f"{far_server}/classement", width=800)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("button", name="Autres pages")).to_be_visible()
