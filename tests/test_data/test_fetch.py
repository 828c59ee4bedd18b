"""The door to the network, against a server on this machine that plays faults."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from data.fetch import FetchError, fetch_bytes
from tests.test_geo.table_server import TableServer, table_server

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
    with pytest.raises(FetchError, match="timed out"):
        fetch_bytes(server.url + "/x", timeout_s=0.1, attempts=1)


def test_nobody_there_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="refused"):
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
