"""The process that plays the cases, one after the other."""

import collections
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

from tests.fuzz.entries import NAMED, ROOT, Entry, entries
from tests.fuzz.mutations import damaged

SLOWEST_S = 10.0
MOST_MEMORY_BYTES = 6 * 2**30
NEWS_S = 5.0


class TooSlow(Exception):
    """A case took more processor than any honest file of its size."""


def work(seed: str, n_cases: int, only: str, keep: str, sender: Connection) -> None:
    """Play cases one after the other, the one at work written beside."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    known = [entry for entry in entries() if only in entry.name]
    weights = [entry.weight for entry in known]
    rng = random.Random(seed)

    def alarm(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGVTALRM, alarm)
    folder = Path(keep)
    current = folder / f"current-{seed}.bin"
    counts, faults, told = collections.Counter(), [], time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(n_cases):
            entry = rng.choices(known, weights)[0]
            contents = damaged(entry.kind, rng.choice(entry.examples), rng)
            current.write_bytes(contents)
            current.with_suffix(".txt").write_text(entry.name, encoding="utf-8")
            what, fault = _play(entry, contents, Path(scratch) / str(number))
            counts[entry.name, what] += 1
            if fault:
                kept = folder / f"{seed}-{number}.bin"
                kept.write_bytes(contents)
                faults.append(((entry.name, fault[0]), f"{fault[1]} ({kept})"))
            if time.monotonic() - told > NEWS_S or number + 1 == n_cases:
                sender.send((counts, faults, _peak_bytes()))
                counts, faults, told = collections.Counter(), [], time.monotonic()
    current.unlink()
    current.with_suffix(".txt").unlink()
    sender.close()


def _peak_bytes() -> int:
    """Return the most memory that this worker, or one reader that it started, has held (bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _play(entry: Entry, contents: bytes, folder: Path) -> tuple[str, tuple[str, str] | None]:
    folder.mkdir()
    path = folder / entry.file
    path.write_bytes(contents)
    signal.setitimer(signal.ITIMER_VIRTUAL, SLOWEST_S)
    try:
        entry.read(path)
    except NAMED:
        return "named", None
    except Exception as error:  # noqa: BLE001 - what this is for
        ours = [one for one in traceback.extract_tb(error.__traceback__) if str(ROOT) in one.filename]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
        return "fault", (f"{type(error).__name__} {place}", str(error)[:120])
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        shutil.rmtree(folder, ignore_errors=True)
    return "value", None
