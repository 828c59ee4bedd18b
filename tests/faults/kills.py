"""Kill −9 at random moments of a sync, of a save of projects, of a computation of travel times; look at what is left.

A job runs in a process of its own, forked from one that has read every module: what is killed is the work, not the
imports. A kill counts when it came before the end of the job.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data import store
from data.build.snapshot import build
from data.projects.database import open_database, projects_url
from data.projects.storage import change_projects, read_projects
from data.sync import versions
from data.sync.announced import BASE
from data.travel_times.making import choose_own_provider, compute_own_times
from data.travel_times.saved import load_own_times
from tests.data.file_server import FileServer, file_server
from tests.data.finess_files import feed_file
from tests.data.sync_country import FEED, SOURCE, country, shown, synced
from tests.data.tiny_mirror import write_mirror
from tests.geo.table_server import table_server
from tests.toy_projects import build_projects

LONGEST_S = 300.0
N_REGIONS = 4
OWNER = "local"
N_ROWS = 40
"""Projects of one save: enough for a kill to fall between two of them."""


@dataclass
class Tally:
    """What a kind of job left: `n_late` ended before their kill; `n_moved` kills came when what is new was in place."""

    name: str
    n_kills: int = 0
    n_late: int = 0
    n_moved: int = 0
    wrong: tuple[str, ...] = ()

    def add(self, wrong: str, *, is_moved: bool) -> None:
        """Count a kill, with what is wrong after it."""
        self.n_kills += 1
        self.n_moved += is_moved
        if wrong:
            self.wrong = (*self.wrong, wrong)

    def told(self) -> str:
        """Say it on a line."""
        return (
            f"{self.name}: {self.n_kills} kills -9 (and {self.n_late} after the end), {self.n_kills - self.n_moved} "
            f"with what was before in place, {self.n_moved} with what is new; {len(self.wrong)} wrong"
            + "".join(f"; {one}" for one in self.wrong[:5])
        )


def kill_syncs(n: int, rng: random.Random) -> Tally:
    """Kill syncs of a local server; the version before or after is shown whole, and the next sync succeeds."""
    tally = Tally("syncs")
    with server_of_sync() as server:
        feeds = [feed_file(*country(30 + k)) for k in range(2)]
        server.files[FEED] = feeds[0]
        took_s = _time_of(_sync)
        for turn in itertools.count(1):
            if tally.n_kills == n:
                return tally
            before, server.files[FEED] = shown(), feeds[turn % 2]
            server.faults = rng.choice(
                ([], [], ["slow"], [f"stall {len(feeds[0]) // 2}"], [f"cut {len(feeds[0]) // 3}"])
            )
            if not _is_killed(_sync, rng.uniform(0.0, took_s)):
                tally.n_late += 1
                continue
            seen, warned = shown(), store.warnings()
            server.faults = []
            outcome = synced()
            left = {path.name for path in versions.source_folder(SOURCE).iterdir()}
            left -= {"current.json", *versions.read_pointer(SOURCE)}
            wrong = [
                *warned,
                *([] if seen in (before, shown()) else [f"{len(seen)} sites shown"]),
                *([] if outcome.status in {"installed", "unchanged"} else [outcome.sentence]),
                *([] if len(shown()) == N_REGIONS * (30 + turn % 2) else ["the next sync shows another country"]),
                *sorted(left),
            ]
            tally.add(", ".join(wrong), is_moved=seen != before)
    return tally


def kill_saves(n: int, rng: random.Random) -> Tally:
    """Kill saves of projects; what was saved before is there, the save is whole or absent, the next one succeeds."""
    tally = Tally("saves of projects")
    url = projects_url()
    took_s = _time_of(_save, "first")
    engine = open_database(url)
    for turn in itertools.count(1):
        if tally.n_kills == n:
            break
        if turn % 50 == 0:
            change_projects(engine, OWNER, lambda table: table.iloc[:0], action="Vidé")
        before = list(read_projects(engine, OWNER)["name"])
        if not _is_killed(_save, rng.uniform(0.0, took_s), f"turn {turn}"):
            tally.n_late += 1
            continue
        seen = list(read_projects(engine, OWNER)["name"])
        with contextlib.closing(sqlite3.connect(str(url.database))) as base:
            integrity = base.execute("PRAGMA integrity_check").fetchone()[0]
        _save(f"next {turn}")
        is_whole = seen[: len(before)] == before and len(seen) in (len(before), len(before) + N_ROWS)
        wrong = [
            *([] if is_whole else [f"{len(before)} projects before, {len(seen)} after"]),
            *([] if integrity == "ok" else [str(integrity)]),
            *([] if len(read_projects(engine, OWNER)) == len(seen) + N_ROWS else ["the next save is not whole"]),
        ]
        tally.add(", ".join(wrong), is_moved=seen != before)
    engine.dispose()
    return tally


def kill_times(n: int, rng: random.Random) -> Tally:
    """Kill computations of travel times; the times before or after are in use whole, and the next run succeeds."""
    tally = Tally("computations of travel times")
    codes = tuple(store.load("communes")["commune_code"])

    def in_use() -> str:
        times = load_own_times(codes)  # raises when they are damaged
        return "none" if times is None else times.vintage

    with table_server() as server:
        took_s = _time_of(_compute, server.url, "first")
        for turn in itertools.count(1):
            if tally.n_kills == n:
                return tally
            before = in_use()
            if not _is_killed(_compute, rng.uniform(0.0, took_s), server.url, f"turn {turn}"):
                tally.n_late += 1
                continue
            seen = in_use()
            _compute(server.url, f"turn {turn}")
            wrong = [
                *([] if seen in (before, f"turn {turn}") else [f"times of {seen} in use"]),
                *([] if in_use() == f"turn {turn}" else ["the next run is not in use"]),
                *sorted(path.name for path in versions.data_folder().glob("travel_times?*") if path.suffix != ".npz"),
            ]
            tally.add(", ".join(wrong), is_moved=seen != before)
    return tally


def tiny_country(folder: Path) -> None:
    """Build the snapshot of the tiny country and make it, and a data folder, those of this process."""
    catalog = write_mirror(folder / "mirror")
    build(folder / "mirror", folder / "snapshots", catalog=catalog, complete=False, say=lambda _: None)
    os.environ["MAILLAGE_SNAPSHOTS"] = str(folder / "snapshots")
    os.environ["MAILLAGE_DATA"] = str(folder / "data")


def _sync() -> None:
    synced()


def _save(name: str) -> None:
    engine = open_database(projects_url())
    rows = build_projects(*({"name": f"{name} {k}"} for k in range(N_ROWS))).assign(project_id=pd.NA)
    rows["project_id"] = rows["project_id"].astype("str")
    change_projects(engine, OWNER, lambda table: pd.concat([table, rows], ignore_index=True), action="Import")
    engine.dispose()


def _compute(url: str, vintage: str) -> None:
    provider = choose_own_provider("osrm", url=url, vintage=vintage)
    compute_own_times(provider, store.load("communes"), None, lambda *_: None)


def _time_of(job: Callable[..., None], *arguments: str) -> float:
    """Run a job to its end; give the seconds that it took, the best of three."""
    took = []
    for _ in range(3):
        process, receiver = _start(job, arguments)
        begun = time.monotonic()
        if not receiver.poll(LONGEST_S) or receiver.recv() != "ended":
            raise RuntimeError(f"{job.__name__} does not end")
        took.append(time.monotonic() - begun)
        process.join()
    return min(took)


def _is_killed(job: Callable[..., None], after_s: float, *arguments: str) -> bool:
    """Start a job and kill it after a time; tell whether it was still at work."""
    process, receiver = _start(job, arguments)
    is_told = receiver.poll(after_s)
    process.kill()
    process.join()
    if is_told or receiver.poll():
        with contextlib.suppress(EOFError):
            if receiver.recv() != "ended":
                raise RuntimeError(f"{job.__name__} fails alone")
            return False
        if process.exitcode != -signal.SIGKILL:
            raise RuntimeError(f"{job.__name__} ends by itself with {process.exitcode}")
    return True


def _start(job: Callable[..., None], arguments: tuple[str, ...]) -> tuple[Any, Any]:
    """Start a job in a process of its own; return both once it has begun."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_told, args=(job, arguments, dict(os.environ), sender))
    process.start()
    sender.close()
    if not receiver.poll(LONGEST_S) or receiver.recv() != "begun":
        raise RuntimeError(f"{job.__name__} does not begin")
    return process, receiver


def _told(job: Callable[..., None], arguments: tuple[str, ...], environment: dict[str, str], sender: Any) -> None:
    os.environ.update(environment)
    sender.send("begun")
    job(*arguments)
    sender.send("ended")


@contextlib.contextmanager
def server_of_sync() -> Iterator[FileServer]:
    """Serve, to the syncs of this process and of its children, what the catalogue names."""
    before = os.environ.get(BASE, "")
    with file_server() as server:
        os.environ[BASE] = server.url
        try:
            yield server
        finally:
            os.environ[BASE] = before
