"""A server on 127.0.0.1 that gives files as data.gouv.fr does (redirection, ranges, hash) and plays its faults."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.data.raw_server import ANSWERS

DATED = "Mon, 04 May 2026 03:38:00 GMT"


class FileServer(ThreadingHTTPServer):
    """`files` by path; `faults` are played first, one a request for a file; `asked` keeps (path, Range)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.faults: list[str] = []
        self.asked: list[tuple[str, str | None]] = []
        self.has_etag = True
        self.has_date = True
        self.has_length = True
        self.published: dict[str, dict[str, object]] = {}  # answers of the portal on a file, by path

    def handle_error(self, *_: object) -> None:
        """Stay quiet when a client has left."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def ranges(self, path: str) -> list[str | None]:
        """Return the Range of every request for a path."""
        return [asked_range for asked, asked_range in self.asked if asked == path]


@contextmanager
def file_server() -> Iterator[FileServer]:
    """Serve for the time of a test."""
    server = FileServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range")))
        if self.path in self.server.published:
            self._answer(200, json.dumps(self.server.published[self.path]).encode(), {"Content-Type": "text/json"})
            return
        body = self.server.files.get(self.path)
        if body is None:
            self._answer(404, b"nothing here", {})
            return
        self._play(self._next_fault(), body)

    def _next_fault(self) -> str:
        """Take the next fault; one that begins by "only", and a path, is left for the requests of that path."""
        faults = self.server.faults
        if not faults or (faults[0].startswith("only ") and faults[0].split()[1] != self.path):
            return ""
        return faults.pop(0).removeprefix(f"only {self.path} ")

    def _play(self, fault: str, body: bytes) -> None:
        kind, _, detail = fault.partition(" ")
        if kind == "drop":
            self.connection.close()
        elif kind == "raw":
            ANSWERS[detail](self.connection)
            self.close_connection = True
        elif kind == "html":
            self._answer(200, b"<!DOCTYPE html><p>Maintenance", {"Content-Type": "text/html; charset=utf-8"})
        elif kind == "html-as-data":
            self._answer(200, b"<!DOCTYPE html><p>Maintenance", {})
        elif kind == "redirect":
            self._answer(302, b"", {"Location": detail})
        elif kind == "length":
            self._answer(200, body, {"Content-Length": detail})
        elif kind == "chunk":
            self._answer(200, f"{detail}\r\n".encode() + body, {"Transfer-Encoding": "chunked"}, told=False)
        elif kind.isdecimal():
            self._answer(int(kind), b"busy", {"Retry-After": detail} if detail else {})
        else:
            self._file(body, kind, int(detail or 0))

    def _file(self, body: bytes, kind: str, stop: int) -> None:
        headers = self._validators(body)
        asked = self.headers.get("Range")
        same = self.headers.get("If-Range") in headers.values()
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and same and kind != "no-range" else 0
        if start >= len(body) > 0:
            self._answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
            return
        if start:
            shown = start + 1 if kind == "wrong-range" else start
            headers["Content-Range"] = f"bytes {shown}-{len(body) - 1}/{len(body)}"
        rest = body[start:]
        if self.server.has_length:
            headers["Content-Length"] = str(len(rest))
        self.send_response(206 if start else 200)
        for name, value in ({"Content-Type": "application/octet-stream"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self._send(rest, kind, max(stop - start, 0))

    def _validators(self, body: bytes) -> dict[str, str]:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        dated = {"Last-Modified": DATED} if self.server.has_date else {}
        return dated | ({"ETag": etag} if self.server.has_etag else {})

    def _send(self, rest: bytes, kind: str, stop: int) -> None:
        if kind == "cut":  # as many bytes of the whole file, then the line breaks
            self.wfile.write(rest[:stop])
        elif kind == "slow":  # a tenth at a time
            for place in range(0, len(rest), max(len(rest) // 10, 1)):
                self.wfile.write(rest[place : place + max(len(rest) // 10, 1)])
                time.sleep(0.02)
        elif kind == "stall":  # some bytes, then nothing for a while
            self.wfile.write(rest[:stop])
            self.wfile.flush()
            time.sleep(1.0)
        else:
            self.wfile.write(rest)

    def _answer(self, status: int, body: bytes, headers: dict[str, str], *, told: bool = True) -> None:
        self.send_response(status)
        for name, value in (({"Content-Length": str(len(body))} if told else {}) | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
