"""How an address is opened, and what goes wrong on the way in French: `data.fetch` stands on it.

A server may answer a byte at a time for ever. Each byte comes before any time-out: so the headers have a time in all,
and the body a slowest pace.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, Final

from data.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_HEADERS_S: Final = 60.0
"""Seconds in all that the first line and the headers of an answer may take."""

SLOWEST_BYTES_PER_S, PACE_AFTER_S = 100.0, 120.0
"""Mean pace under which a body is given up, once it has had so many seconds."""


class FetchError(DataError, OSError):
    """An address could not be read: not http or https, refused, too slow, cut off, too large."""

    problem = "Lecture en ligne impossible"


def open_address(request: urllib.request.Request, timeout_s: float) -> Any:
    """Open an address; `timeout_s` is that of each wait for a byte."""
    return _OPENER.open(request, timeout=timeout_s)


def blocks(answer: Any, n_bytes: int) -> Iterator[bytes]:
    """Give the body of an answer as it comes, a block of at most so many bytes at a time.

    Raises
    ------
    TimeoutError
        It comes slower than any line.
    """
    begun, n_read = time.monotonic(), 0
    while block := answer.read1(n_bytes):
        yield block
        n_read += len(block)
        took_s = time.monotonic() - begun
        if took_s > PACE_AFTER_S and n_read < SLOWEST_BYTES_PER_S * took_s:
            raise TimeoutError


def shown_address(url: str) -> str:
    """Return an address without user, password or query, which may hold a key."""
    address = urllib.parse.urlsplit(url)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"


def words_of(error: Exception) -> str:
    """Say in French what went wrong between a server and us, without a word that the server has written."""
    cause = getattr(error, "reason", None)
    fault = cause if isinstance(cause, Exception) else error
    if isinstance(error, urllib.error.HTTPError):
        # urllib follows a redirection, or says that it could not under the status of the redirection.
        is_lost = error.code in {301, 302, 303, 307, 308}
        return f"statut {error.code}" + (", une redirection sans fin ou sans adresse" if is_lost else "")
    for kinds, words in _WORDS:
        if isinstance(fault, kinds):
            return words
    return f"une ligne qui ne passe pas ({type(fault).__name__})"


_WORDS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...]] = (
    (TimeoutError, "une réponse qui ne vient pas à temps"),
    (ConnectionRefusedError, "une connexion refusée"),
    (http.client.IncompleteRead, "une réponse coupée avant sa fin"),
    (http.client.RemoteDisconnected, "une connexion coupée"),
    (http.client.HTTPException, "une réponse qui n’est pas celle d’un serveur web"),
    ((ConnectionError, EOFError), "une connexion coupée"),
    (socket.gaierror, "un nom de serveur inconnu"),
    (ssl.SSLError, "une connexion sécurisée impossible (certificat refusé ?)"),
    (ValueError, "un en-tête ou une redirection incorrects"),
)


class _Answer(http.client.HTTPResponse):
    """An answer whose headers come whole and in time: a hundred lines may come a byte at a time, 1xx for ever."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._line = sock

    def begin(self) -> None:
        timer = threading.Timer(LONGEST_HEADERS_S, self._cut)
        timer.daemon = True
        timer.start()
        answer: Any = self  # whose stream is put back below
        whole = answer.fp
        lines = answer.fp = _Lines(whole)
        try:
            super().begin()
        finally:
            timer.cancel()
            answer.fp = whole if answer.fp is lines else None
        if not lines.last:  # the end of the connection passes for that of the headers
            raise http.client.IncompleteRead(b"")

    def _cut(self) -> None:
        with contextlib.suppress(OSError):  # already cut
            self._line.shutdown(socket.SHUT_RDWR)


class _Lines:
    """The lines of an answer, the last one kept: empty where the connection has ended."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.last = stream, b""
        self.close = stream.close

    def readline(self, limit: int = -1) -> bytes:
        """Read a line."""
        self.last = self._stream.readline(limit)
        return self.last


class _Connection(http.client.HTTPConnection):
    response_class = _Answer


class _SecureConnection(http.client.HTTPSConnection):
    response_class = _Answer


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, req)


class _SameProtocol(urllib.request.HTTPRedirectHandler):
    """Follow redirections to http and https only: urllib would also follow one to ftp."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - the signature is urllib's
        if urllib.parse.urlsplit(newurl).scheme not in ("http", "https"):
            raise FetchError(shown_address(req.full_url), expected="une redirection en http ou https", found=newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER: Final = urllib.request.build_opener(_Http, _Https, _SameProtocol)
