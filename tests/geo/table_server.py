"""A server on 127.0.0.1 that speaks the table service of OSRM and plays the faults of a real one."""

from __future__ import annotations

import json
import math
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEED_M_PER_S = 10.0
METRES_PER_DEGREE = 100_000.0  # a flat world, so that durations are computed by hand


class TableServer(ThreadingHTTPServer):
    """Durations are straight metres at 10 m/s; `faults` are played first, one a request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.faults: list[str] = []
        self.paths: list[str] = []
        self.unreachable: set[tuple[float, float]] = set()
        self.far_from_road: set[tuple[float, float]] = set()
        self.max_coordinates = 100

    def handle_error(self, *_: object) -> None:
        """Stay quiet when a client that was made to wait has left."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def table_server() -> Iterator[TableServer]:
    """Serve for the time of a test."""
    server = TableServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: TableServer

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        fault = self.server.faults.pop(0) if self.server.faults else ""
        body = json.dumps(self._table()).encode()
        if fault == "slow":
            time.sleep(0.5)
            fault = ""
        if fault == "drop":
            self.connection.close()
            return
        if fault == "redirect":
            self._answer(302, b"", {"Location": "ftp://127.0.0.1/x"})
        elif fault == "truncated":
            self._answer(200, body[: len(body) // 2])
        elif fault == "broken off":
            self._answer(200, body[: len(body) // 2], {"Content-Length": str(len(body))})
        elif fault.startswith("NoTable"):
            self._answer(400, json.dumps({"code": "NoTable", "message": "no route found"}).encode())
        elif fault:
            status, _, retry_after = fault.partition(" ")
            self._answer(int(status), b"busy", {"Retry-After": retry_after} if retry_after else {})
        elif "code" in json.loads(body) and json.loads(body)["code"] != "Ok":
            self._answer(400, body)
        else:
            self._answer(200, body)

    def _table(self) -> dict[str, object]:
        address = urlsplit(self.path)
        text = address.path.rpartition("/")[2]
        if ";" not in text and "," not in text:
            return {"code": "Ok"}
        points = [tuple(map(float, point.split(","))) for point in text.split(";")]
        if len(points) > self.server.max_coordinates:
            return {"code": "TooBig", "message": "Too many table coordinates"}
        asked = parse_qs(address.query)
        ends = [[points[int(k)] for k in asked[name][0].split(";")] for name in ("sources", "destinations")]
        return {
            "code": "Ok",
            "durations": [[self._seconds(a, b) for b in ends[1]] for a in ends[0]],
            "sources": [self._waypoint(point) for point in ends[0]],
            "destinations": [self._waypoint(point) for point in ends[1]],
        }

    def _seconds(self, a: tuple[float, float], b: tuple[float, float]) -> float | None:
        if a != b and {a, b} & self.server.unreachable:
            return None
        return math.dist(a, b) * METRES_PER_DEGREE / SPEED_M_PER_S

    def _waypoint(self, point: tuple[float, float]) -> dict[str, object]:
        return {"location": point, "distance": 9000.0 if point in self.server.far_from_road else 3.0}

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
