"""What each hostile file costs before it is refused: python -m tests.bench.bench_bombs.

For each: the seconds until the named refusal, those of processor (which do not hang on what else the machine does), the
memory added at its highest to the process of the server, and that of its children (sampled every 5 ms); then an honest
workbook of 20 000 lines and 50 columns.
"""

import os
import resource
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from data.errors import DataError
from data.projects.reading import read_file
from tests import bombs

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SAMPLE_S = 0.005


def resident_mb(process: int | str) -> float:
    """Return the memory of a process that is there (MB); 0 once it has gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES / 1e6
    except (OSError, IndexError):
        return 0.0


def processor_s() -> float:
    """Return the processor time of this process and of its children that have ended (s)."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def children() -> list[str]:
    """Return the processes that this one has started."""
    listed = Path("/proc/self/task").glob("*/children")
    return [child for path in listed for child in path.read_text(encoding="ascii").split()]


class Watch:
    """The highest memory of this process and of its children, while it is open (MB)."""

    def __enter__(self):
        self.own_mb, self.children_mb, self._over = 0.0, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(SAMPLE_S):
            self.own_mb = max(self.own_mb, resident_mb("self"))
            self.children_mb = max(self.children_mb, sum(map(resident_mb, children())))


def measure(name, contents):
    """Print what one file costs and what is said of it."""
    at_rest = resident_mb("self")
    started, processor = time.perf_counter(), processor_s()
    with Watch() as watch:
        try:
            table = read_file(contents, "liste")
            said = f"lu : {len(table.rows)} lignes"
        except DataError as error:
            said = str(error)
    took, used = time.perf_counter() - started, processor_s() - processor
    added = max(0.0, watch.own_mb - at_rest)
    print(f"{name:45} {len(contents) / 1e3:9.1f} kB {took:6.2f} s {used:6.2f} s", end="")
    print(f" {added:5.0f} MB {watch.children_mb:5.0f} MB  {said[:110]}", flush=True)


def main():
    """Print each measure."""
    print(f"{'file':45} {'size':>12} {'time':>8} {'used':>8} {'server':>8} {'child':>8}  (≤ 2 s, server ≤ 100 MB)")
    for name, make in {**bombs.WORKBOOKS, **bombs.TEXTS}.items():
        measure(name, make())
    measure("classeur honnête, 20 000 × 50", bombs.sheet_of(20_000, 50))


if __name__ == "__main__":
    main()
