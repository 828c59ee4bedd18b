"""A server on 127.0.0.1 that answers with any bytes, one answer a request: what no HTTP library would write."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

PATIENCE_S = 10.0
"""Seconds after which an answer without end stops, should nobody have left."""


class RawServer:
    """`answers` are given one after the other, by name (of `ANSWERS`) or as bytes; then the connection is closed."""

    def __init__(self) -> None:
        self.answers: list[str | bytes] = []
        self.n_asked = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"

    def serve(self) -> None:
        """Answer until the socket is closed."""
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                self.n_asked += 1
                threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _answer(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError):
            caller.recv(65_536)
            answer = self.answers.pop(0) if self.answers else b""
            if isinstance(answer, str):
                ANSWERS[answer](caller)
            else:
                caller.sendall(answer)


@contextlib.contextmanager
def raw_answers() -> Iterator[RawServer]:
    """Serve for the time of a test."""
    server = RawServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def _bytes(contents: bytes) -> Callable[[socket.socket], None]:
    return lambda caller: caller.sendall(contents)


def _for_ever(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Answer a start, then a piece fifty times a second until the caller has left."""

    def answer(caller: socket.socket) -> None:
        caller.sendall(start)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            caller.sendall(piece)
            time.sleep(0.02)

    return answer


_OK = b"HTTP/1.1 200 OK\r\n"
ANSWERS: dict[str, Callable[[socket.socket], None]] = {
    "nothing": _bytes(b""),
    "not http": _bytes(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "a status that is no number": _bytes(b"HTTP/1.1 abc OK\r\n\r\n"),
    "a status of four digits": _bytes(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "a thousand headers": _bytes(_OK + b"".join(b"X-%d: y\r\n" % n for n in range(1_000)) + b"\r\n"),
    "an endless header": _bytes(_OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n"),
    "an endless first line": _bytes(b"HTTP/1.1 200 " + b"K" * 200_000 + b"\r\n\r\n"),
    "headers cut": _bytes(_OK + b"Content-Le"),
    "headers without names": _bytes(_OK + b": x\r\n\x00\xff: y\r\nContent-Length: 5\r\n\r\nab"),
    "headers a byte at a time": _for_ever(_OK + b"X: ", b"y"),
    "1xx for ever": _for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a byte at a time": _for_ever(_OK + b"Content-Length: 100000000\r\n\r\n", b"y"),
    "cut before its end": _bytes(_OK + b"Content-Length: 50\r\n\r\nab"),
    "chunks cut": _bytes(_OK + b"Transfer-Encoding: chunked\r\n\r\n50\r\nab"),
    "a chunk of no size": _bytes(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab"),
    "a chunk of an endless size": _bytes(_OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100_000 + b"\r\nab"),
    "a loop": _bytes(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"),
    "a redirection to nowhere": _bytes(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    "words of its own": _bytes(b"HTTP/1.1 503 ![x](http://evil.example)\r\nContent-Length: 0\r\n\r\n"),
}
"""Answers by name."""
