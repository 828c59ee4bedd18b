"""The door to the network, against a server on this machine that plays faults."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from data import connection
from data.connection import FetchError
from data.fetch import fetch_bytes
from tests.data.raw_server import RawServer, raw_answers
from tests.geo.table_server import TableServer, table_server

WHOLE = b'{"code": "Ok"}'


@pytest.fixture
def server() -> Iterator[TableServer]:
    with table_server() as running:
        yield running


def test_the_body_comes_whole(server: TableServer):
    assert fetch_bytes(server.url + "/x") == WHOLE


@pytest.mark.parametrize("fault", ["429", "503", "500", "408", "drop", "broken off"])
def test_a_passing_fault_is_tried_again(server: TableServer, fault: str):
    server.faults = [fault, fault]
    waited: list[float] = []
    assert fetch_bytes(server.url + "/x", wait=waited.append) == WHOLE
    assert waited == [0.5, 1.0]  # twice as long each time
    assert len(server.paths) == 3


def test_the_wait_that_the_server_asks_for_is_kept(server: TableServer):
    server.faults = ["429 7"]
    waited: list[float] = []
    assert fetch_bytes(server.url + "/x", wait=waited.append) == WHOLE
    assert waited == [7.0]


def test_a_server_that_asks_for_an_hour_is_not_waited_for(server: TableServer):
    server.faults = ["503 3600"]
    with pytest.raises(FetchError, match=r"statut 503.*3600 s"):
        fetch_bytes(server.url + "/x", wait=pytest.fail)


@pytest.mark.parametrize("status", ["400", "401", "404", "410"])
def test_a_refusal_is_not_tried_again(server: TableServer, status: str):
    server.faults = [status]
    with pytest.raises(FetchError, match=f"statut {status}"):
        fetch_bytes(server.url + "/x", wait=pytest.fail)


def test_the_body_of_an_accepted_refusal_is_given(server: TableServer):
    server.faults = ["NoTable"]
    assert b"NoTable" in fetch_bytes(server.url + "/x", also_accept=(400,))


def test_the_last_fault_is_told_and_keys_are_not(server: TableServer):
    server.faults = ["503"] * 4
    with pytest.raises(FetchError) as caught:
        fetch_bytes(server.url + "/x?key=hidden", wait=lambda _: None)
    assert "statut 503" in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert isinstance(caught.value, OSError)


def test_a_slow_server_is_left(server: TableServer):
    server.faults = ["slow"]
    with pytest.raises(FetchError, match="ne vient pas à temps"):
        fetch_bytes(server.url + "/x", timeout_s=0.1, attempts=1)


def test_nobody_there_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="connexion refusée"):
        fetch_bytes(f"http://127.0.0.1:{port}/x", attempts=2, wait=lambda _: None)


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(FetchError, match="sans identifiant") as caught:
        fetch_bytes("http://user:word@127.0.0.1/x")
    assert "word" not in str(caught.value)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "127.0.0.1/x", "http:///x", ""])
def test_other_protocols_are_refused(url: str):
    with pytest.raises(FetchError, match="http:// ou https://"):
        fetch_bytes(url)


def test_a_redirection_to_another_protocol_is_refused(server: TableServer):
    server.faults = ["redirect"]
    with pytest.raises(FetchError, match="redirection"):
        fetch_bytes(server.url + "/x")


def test_too_long_an_answer_is_refused(server: TableServer):
    with pytest.raises(FetchError, match="au plus 5 octets"):
        fetch_bytes(server.url + "/x", largest_bytes=5)


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    with raw_answers() as running:
        yield running


@pytest.mark.parametrize("kind", ["headers a byte at a time", "1xx for ever"])
def test_headers_that_never_end_are_given_up(raw_server: RawServer, kind: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "LONGEST_HEADERS_S", 0.3)
    raw_server.answers = [kind]
    with pytest.raises(FetchError, match=r"une réponse coupée avant sa fin|une connexion coupée"):
        fetch_bytes(raw_server.url, attempts=1)


def test_a_body_slower_than_any_line_is_given_up(raw_server: RawServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "PACE_AFTER_S", 0.3)
    raw_server.answers = ["a byte at a time"]
    with pytest.raises(FetchError, match="ne vient pas à temps"):
        fetch_bytes(raw_server.url, attempts=1)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("not http", "pas celle d’un serveur web"),
        ("a thousand headers", "pas celle d’un serveur web"),
        ("an endless header", "pas celle d’un serveur web"),
        ("cut before its end", "coupée avant sa fin"),
        ("headers cut", "coupée avant sa fin"),
        ("nothing", "une connexion coupée"),
        ("a loop", "statut 302, une redirection sans fin"),
        ("words of its own", r"statut 503\."),
    ],
)
def test_a_fault_is_told_in_french_without_the_words_of_the_server(raw_server: RawServer, kind: str, words: str):
    raw_server.answers = [kind] * 30
    with pytest.raises(FetchError, match=words) as caught:
        fetch_bytes(raw_server.url, attempts=1)
    assert not {"evil", "bytes", "Found", "error", "Got"} & set(str(caught.value).split())
