"""What a server spends on its readers, and how long they wait in a rush: python -m tests.bench.bench_readers.

With `--replicas 2`, the rush alone, at the layout of several: nginx, so many servers, PostgreSQL (deploy/local.py).

The readers speak Streamlit's own protocol, without a browser, and fetch the map's files as a browser does.
An opening is a page and its files; a change is another indicator chosen in the list of the map, every six seconds on
average.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from coverage.indicators.cards import INDICATORS
from deploy.local import run_layout
from pages.app.static_files import geometry_version
from tests.e2e.browser import ROOT, serve

FILES = ("index.json", "commune.bin", "names_commune.tsv", "departement.bin", "names_departement.tsv")
CHOSEN = ("apl_65_2023", "share_75plus", "n_msp", "nearest_msp_min", "msp_per_100k")
PAGES = ("", "territoire", "classement", "projection", "simulateur", "programme", "sources")
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
RUSHES = (10, 20, 40, 60)
RUSH_S = 6.0
CHANGES = 3
REPEATS = 6
PATIENCE_S = 120.0
VERSION = geometry_version()


class Reader:
    """One reader: a connection of his own to the server."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._browser = requests.Session()
        self._socket: ClientConnection | None = None
        self._list_id = ""
        self._fragment_id = ""
        self._page_hash = ""
        self._indicators: list[str] = []

    def open(self, page: str = "", *, files: bool = True) -> float:
        """Open a page and fetch the files of its map; return the seconds to the last of both."""
        start = time.perf_counter()
        self._fetch("_stcore/health")  # as a browser does; among replicas, its cookie leads all the rest to one
        stream = self._address.replace("http", "ws") + "/_stcore/stream"
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._browser.cookies)
        self._socket = connect(
            stream, max_size=None, open_timeout=PATIENCE_S, legacy=True, additional_headers={"Cookie": cookies}
        )
        self.run(page)
        if files:
            for name in FILES:  # by the address that the page gives: what is kept for good goes by its version
                self._fetch(f"app/static/geometry/{name}?v={VERSION}")
        return time.perf_counter() - start

    def _fetch(self, path: str) -> None:
        asked = {"Accept-Encoding": "gzip"}
        self._browser.get(f"{self._address}/{path}", headers=asked, timeout=PATIENCE_S).raise_for_status()

    def run(self, page: str = "", query: str = "") -> float:
        """Ask for a page and wait for its last message; return the seconds."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        return self._ask(asked)

    def choose(self, indicator_id: str) -> float:
        """Choose another indicator in the list of the map and wait for the last message; return the seconds."""
        name = INDICATORS[indicator_id].short_label
        asked = BackMsg()
        asked.rerun_script.fragment_id = self._fragment_id
        asked.rerun_script.page_script_hash = self._page_hash
        clicked = asked.rerun_script.widget_states.widgets.add()
        clicked.id = f"$$STREAMLIT_INTERNAL_KEY_{self._list_id}__events"
        clicked.json_trigger_value = json.dumps([{"event": "chosen", "value": [[self._indicators.index(name), name]]}])
        return self._ask(asked)

    def _ask(self, asked: BackMsg) -> float:
        assert self._socket is not None
        start = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        message = ForwardMsg()
        while True:
            message.ParseFromString(self._socket.recv(timeout=PATIENCE_S))  # type: ignore[arg-type]  # binary frames
            if message.script_finished in DONE and message.WhichOneof("type") == "script_finished":
                return time.perf_counter() - start
            self._page_hash = message.navigation.page_script_hash or self._page_hash
            if "-field_indicateur" in (drawn := message.delta.new_element.bidi_component).id:
                self._list_id, self._fragment_id = drawn.id, message.delta.fragment_id
                self._indicators = [name for _, name, *_ in json.loads(drawn.json)["options"]]

    def close(self) -> None:
        """Leave the server."""
        self._browser.close()
        if self._socket is not None:
            self._socket.close()


class Usage:
    """Processor and memory of the servers that listen on some ports."""

    def __init__(self, *ports: int) -> None:
        self._folders = [Path("/proc", _process_on(port)) for port in ports]

    def processor_s(self) -> float:
        """Return the seconds of processor spent since the start."""
        spent = 0
        for folder in self._folders:
            fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
            spent += int(fields[11]) + int(fields[12])
        return spent / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Return the resident memory."""
        lines = [line for folder in self._folders for line in (folder / "status").read_text("ascii").splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _process_on(port: int) -> str:
    found = subprocess.run(["pgrep", "-f", f"server.port={port}"], capture_output=True, text=True, check=True)
    return found.stdout.split()[0]


def describe(seconds: list[float]) -> str:
    """Return the median and the 95th percentile in words."""
    return "p50 {:.2f} p95 {:.2f} s".format(*np.percentile(seconds, [50, 95]))


def rush(address: str, readers: int) -> tuple[list[float], list[float]]:
    """Let readers arrive within a few seconds, then change indicator; return the seconds of openings and of changes."""
    openings: list[float] = []
    changes: list[float] = []

    def visit(number: int) -> None:
        choice = np.random.default_rng(number)
        time.sleep(choice.uniform(0, RUSH_S))
        reader = Reader(address)
        try:
            openings.append(reader.open())
            for _ in range(CHANGES):
                time.sleep(choice.uniform(0, 2 * RUSH_S))
                changes.append(reader.choose(str(choice.choice(CHOSEN))))
        finally:
            reader.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return openings, changes


def measure_pages(address: str, usage: Usage) -> None:
    """Print what each page costs the server, one reader at a time."""
    print("page            first s   next s (min-max)        processor s   MB after")
    for page in PAGES:
        first_reader = Reader(address)
        first = first_reader.open(page, files=False)
        first_reader.close()
        times, before = [], usage.processor_s()
        for _ in range(REPEATS):
            reader = Reader(address)
            times.append(reader.open(page, files=False))
            reader.close()
        spent = (usage.processor_s() - before) / REPEATS
        print(
            f"{page or 'carte':14}{first:9.2f}{statistics.median(times):9.2f} ({min(times):.2f}-{max(times):.2f})"
            f"{spent:20.3f}{usage.resident_mb():11.0f}",
            flush=True,
        )


def measure_changes(address: str, usage: Usage) -> None:
    """Print what a change of indicator and a file cost the server."""
    reader = Reader(address)
    reader.open(files=False)
    before, asked = usage.processor_s(), [*CHOSEN] * 4
    times = [reader.choose(new) for _, new in pairwise(asked)]
    spent = (usage.processor_s() - before) / len(times)
    print(f"change of indicator   {statistics.median(times):.3f} s, {spent:.3f} s of processor")
    reader.close()
    before = usage.processor_s()
    visitors = [Reader(address) for _ in range(REPEATS)]
    for visitor in visitors:
        visitor.open("sources")
        visitor.close()
    print(f"page of text and the files of a map   {(usage.processor_s() - before) / REPEATS:.3f} s of processor")


def measure_rush(address: str, usage: Usage, readers: int) -> None:
    """Print how long so many readers wait, and what each action costs."""
    before = usage.processor_s()
    openings, changes = rush(address, readers)
    spent = (usage.processor_s() - before) / (len(openings) + len(changes))
    done = f"{len(openings)} opened, {len(changes)} changes"
    print(
        f"{readers:3} readers ({done}): opening {describe(openings)}, change {describe(changes)}, "
        f"{spent:.3f} s of processor an action, {usage.resident_mb():.0f} MB",
        flush=True,
    )


def measure_one_server() -> None:
    """Print every measure of one server."""
    log = Path(tempfile.mkdtemp()) / "server.log"
    start = time.perf_counter()
    with serve(ROOT / "app.py", log=log) as address:
        usage = Usage(int(address.rpartition(":")[2]))
        print(f"server ready {time.perf_counter() - start:.2f} s, {usage.resident_mb():.0f} MB")
        measure_pages(address, usage)
        measure_changes(address, usage)
        for readers in RUSHES:
            measure_rush(address, usage, readers)


def measure_replicas(n_replicas: int, rushes: Sequence[int]) -> None:
    """Print how long readers wait behind nginx, one reader having warmed each server."""
    with (
        tempfile.TemporaryDirectory(prefix="maillage-") as folder,
        run_layout(Path(folder), n_replicas=n_replicas) as layout,
    ):
        usage = Usage(*(replica.port for replica in layout.replicas))
        for replica in layout.replicas:
            first = Reader(layout.direct(replica))
            first.open()
            first.close()
        print(f"{n_replicas} replicas ready, {usage.resident_mb():.0f} MB, load {os.getloadavg()[0]:.1f}")
        for readers in rushes:
            measure_rush(layout.address, usage, readers)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was asked for: one server, or several."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.bench_readers")
    asked.add_argument("--replicas", type=int, default=0, help="servers behind nginx; 0: one server alone")
    asked.add_argument("--readers", type=int, nargs="+", default=[100], help="readers of each rush at the replicas")
    options = asked.parse_args(arguments)
    if options.replicas:
        measure_replicas(options.replicas, options.readers)
    else:
        measure_one_server()


if __name__ == "__main__":
    main()
