"""Every fault that a server can have, played against a sync: named in French, the next address tried, nothing lost.

A fault of the line or of the server meets each attempt on the first address: the second one must serve, and what was
said of the first be one of our sentences. Without a second address the sync fails by that sentence, and what was in
place stays. A fault of the file itself is refused by name. What the portal says of a file is never needed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import gzip
import io
import re
import resource
import shutil
import time
import zipfile
from collections.abc import Iterator

from data import connection
from data.sync import versions
from data.sync.run import Outcome, sync
from tests.data.file_server import FileServer
from tests.data.finess_files import feed_file
from tests.data.raw_server import ANSWERS
from tests.data.sync_country import ABOUT, FEED, FLAT, SOURCE, about, country, flat_country, shown
from tests.faults.kills import server_of_sync

ENGLISH = re.compile(
    r"\b(error|invalid|cannot|could|not|the|expect\w*|unexpected|missing|timed|refused|found|failed|got)\b",
    re.IGNORECASE,
)
"""Words of a library that a reader of French should not meet."""

SHORT_S = 0.3
N_REGIONS, N_SITES = 4, 30

SERVER = (
    *(str(status) for status in (400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 413, 418, 421, 425, 429)),
    *(str(status) for status in (451, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 530, 599, 999, 301, 304, 600)),
    *("503 \xb2", "503 -1", "429 99999999", "503 1e9", "503 Wed, 21 Oct 2015 07:28:00 GMT", "429 " + "9" * 5_000),
    *("length abc", "length 1e3", "length \xb2", "length " + "9" * 5_000, "length -5", "length +5", "length 0x10"),
    *("length 12, 12", "length 999999999", "length 7.0", "length"),
    *("chunk -10", "chunk zz", "chunk " + "f" * 100, "chunk"),
    *(
        "redirect http://[::1",
        f"redirect http://{'a' * 70}.exemple/",
        "redirect http://é..exemple/",
        "redirect /x y\tz",
    ),
    *(
        "redirect ftp://127.0.0.1/x",
        "redirect file:///etc/hostname",
        "redirect data:,x",
        "redirect javascript:alert(1)",
    ),
    *("redirect http://127.0.0.1:1/", "redirect http://127.0.0.1:99999/", "redirect http://127.0.0.1:-1/"),
    *(
        "redirect http://",
        "redirect http:///x",
        "redirect //",
        "redirect gopher://127.0.0.1/",
        "redirect " + "/x" * 9_000,
    ),
    *("redirect http://nom:mot@127.0.0.1:1/", "redirect http://127.0.0.1:1/?cle=secret", "redirect ?"),
    *("cut 0", "cut 1", "cut 100", "drop", "html"),
    *(f"raw {name}" for name in ANSWERS if name != "headers without names"),  # of which the body may be read
)
"""Faults of the server or of the line, as `tests.data.file_server` plays them."""


@dataclasses.dataclass
class Told:
    """What was played, and what was wrong."""

    n_faults: int = 0
    slowest: tuple[float, str] = (0.0, "")
    wrong: tuple[str, ...] = ()

    def add(self, name: str, wrong: list[str], took_s: float) -> None:
        """Count a fault."""
        self.n_faults += 1
        self.slowest = max(self.slowest, (took_s, name))
        self.wrong = (*self.wrong, *(f"{name[:60]}: {one}" for one in wrong))

    def told(self) -> str:
        """Say it on a line."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return (
            f"network: {self.n_faults} faults, the slowest ({self.slowest[1]}) in "
            f"{self.slowest[0]:.1f} s, {peak:.0f} MB at most; {len(self.wrong)} wrong"
            + "".join(f"\n  {one}" for one in self.wrong[:20])
        )


def files() -> dict[str, bytes]:
    """Return bodies that come whole, and are not what is wanted."""
    whole = feed_file(*country(N_SITES))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as into:
        into.writestr("x.json", gzip.decompress(whole))
    ahead = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=10)
    days = ("2999-01-01", "9999-12-31", "0001-01-01", "1900-01-01", "2024-02-30", "hier", "", ahead.isoformat())
    return {
        "empty": b"",
        "a page": b"<!DOCTYPE html><p>Maintenance",
        "another document": b"{}",
        "a list": b"[]",
        "a number": b"3",
        "brackets": b"[" * 100_000,
        "cut": whole[: len(whole) // 2],
        "one byte wrong": whole[: len(whole) // 2] + b"\x00\xff" + whole[len(whole) // 2 + 2 :],
        "a bomb of zeros": gzip.compress(bytes(2**20), mtime=0) * 1_000,
        "a bomb of brackets": gzip.compress(b"[" * 2**28, mtime=0),
        "a bomb of blanks": gzip.compress(b" " * 2**20, mtime=0) * 1_000,
        "packed twice": gzip.compress(whole, mtime=0),
        "two documents": whole + whole,
        "an archive": archive.getvalue(),
        "UTF-16": gzip.compress(gzip.decompress(whole).decode().encode("utf-16"), mtime=0),
        "half the country": feed_file(*country(N_SITES)[: N_SITES // 2]),
        **{f"dated {day or 'of no day'}": feed_file(*country(N_SITES), day=day) for day in days},
    }


def portals() -> dict[str, bytes]:
    """Return what a portal may say of the file, of no use."""
    return {
        "nested": b"[" * 100_000,
        "a page": b"<html>",
        "nothing": b"",
        "a list": b"[]",
        "no size": b'{"resource": {"filesize": "x", "checksum": "x"}}',
        "null": b'{"resource": null}',
        "a hash of no kind": b'{"resource": {"checksum": {"type": "sha3", "value": "zz"}}}',
    }


def play_all() -> Told:
    """Play every fault; `tiny_country` has made the country."""
    told = Told()
    shutil.rmtree(versions.source_folder(SOURCE), ignore_errors=True)  # what a sync of the feed left is later
    with quick(), server_of_sync() as server:
        for fault in SERVER:
            told.add(fault, *play_server(server, fault))
        for name, body in files().items():
            told.add(f"file: {name}", *play_file(server, body))
        for kind in ("size", "hash"):
            told.add(f"another {kind} than announced", *play_announced(server, kind))
        for name, answer in portals().items():
            told.add(f"portal: {name}", *play_portal(server, answer))
    return told


@contextlib.contextmanager
def quick() -> Iterator[None]:
    """Make the patience for headers and slow bodies that of a test."""
    before = connection.LONGEST_HEADERS_S, connection.PACE_AFTER_S
    connection.LONGEST_HEADERS_S = connection.PACE_AFTER_S = SHORT_S  # type: ignore[misc]
    try:
        yield
    finally:
        connection.LONGEST_HEADERS_S, connection.PACE_AFTER_S = before  # type: ignore[misc]


def play_server(server: FileServer, fault: str) -> tuple[list[str], float]:
    """Play a fault of the server on the first address, with a second one, then without."""
    begun = time.monotonic()
    turn = int(len(shown()) == N_REGIONS * N_SITES)
    server.files = {FEED: feed_file(*country(N_SITES)), FLAT: flat_country(N_SITES + turn)}
    server.faults = [f"only {FEED} {fault}"] * 20
    outcome, said = synced_saying()
    wrong = [*_not_ours(said), *([] if said else ["nothing said of the first address"])]
    if outcome.status != "installed" or len(shown()) != N_REGIONS * (N_SITES + turn):
        wrong.append(f"the next address does not serve: {outcome.sentence}")
    before = shown()
    server.files.pop(FLAT)
    server.faults = [f"only {FEED} {fault}"] * 20
    outcome, _ = synced_saying()
    wrong += _refused(outcome, before, "Lecture en ligne impossible")
    return wrong, time.monotonic() - begun


def play_file(server: FileServer, body: bytes) -> tuple[list[str], float]:
    """Give another body than the file: it is refused by name, and what was in place stays."""
    begun, before = time.monotonic(), shown()
    server.files, server.faults = {FEED: body}, []
    outcome, _ = synced_saying()
    return _refused(outcome, before), time.monotonic() - begun


def play_announced(server: FileServer, kind: str) -> tuple[list[str], float]:
    """Give another file than the portal announces."""
    begun, before = time.monotonic(), shown()
    body = feed_file(*country(N_SITES))
    server.files, server.faults = {FEED: body}, []
    changes: dict[str, object] = {"filesize": len(body) + 1} if kind == "size" else {}
    server.published[ABOUT] = about(body if kind == "size" else body + b"x", **changes) if kind == "size" else {
        "resource": {"filesize": len(body), "checksum": {"type": "sha1", "value": "0" * 40}}
    }  # fmt: skip
    outcome, _ = synced_saying()
    server.published.clear()
    return _refused(outcome, before), time.monotonic() - begun


def play_portal(server: FileServer, answer: bytes) -> tuple[list[str], float]:
    """Give an answer of no use about a file that is good: it is installed all the same."""
    begun = time.monotonic()
    turn = int(len(shown()) == N_REGIONS * N_SITES)
    server.files, server.faults = {FLAT: flat_country(N_SITES + turn), ABOUT: answer}, []
    outcome, _ = synced_saying()
    wrong = [] if outcome.status == "installed" else [outcome.sentence]
    return wrong, time.monotonic() - begun


def synced_saying() -> tuple[Outcome, list[str]]:
    """Sync, without waiting; give the outcome and what was said of the addresses that failed."""
    said: list[str] = []
    (outcome,) = sync((SOURCE,), complete=False, say=said.append, wait=lambda _: None)
    return outcome, [one for one in said if not one.endswith("…")]


def _refused(outcome: Outcome, before: list[str], beginning: str = "") -> list[str]:
    """List what is wrong of a sync that has to fail."""
    wrong = _not_ours([outcome.sentence])
    if outcome.status != "failed":
        wrong.append(f"{outcome.status}: {outcome.sentence}")
    if not outcome.sentence.startswith(beginning):
        wrong.append(f"not {beginning!r}: {outcome.sentence}")
    return wrong + ([] if shown() == before else ["what was in place is lost"])


def _not_ours(sentences: list[str]) -> list[str]:
    """List the sentences that are not a named error in French."""
    return [
        f"not ours: {one[:300]}"
        for one in sentences
        if "Erreur imprévue" in one or ENGLISH.search(one) or "secret" in one or "mot@" in one or len(one) > 1_000
    ]
