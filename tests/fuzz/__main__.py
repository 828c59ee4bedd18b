"""Run it: python -m tests.fuzz [--cases N] [--seed N] [--workers N] [--only WORDS] [--keep FOLDER].

A case is a damaged file given to one entry. It must come to a value or to an error of the named families, within ten
seconds of processor and a bounded memory. A worker is a process of its own: a crash or a hang is seen, its file kept.
"""

import argparse
import collections
import multiprocessing
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # ours first: `coverage` is also a tool's name

from tests.fuzz.worker import work

LONGEST_S = 600.0
"""Seconds without news after which a worker is killed: a worker tells something every few seconds of its own."""

CHUNK = 4_000
"""Cases of one worker's life: what it keeps from one case to the next stays bounded, and seen."""


class Run:
    """The cases played by all workers, and what was found."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._started = time.time()
        self._done, self._peak_bytes = 0, 0
        self._tally: collections.Counter = collections.Counter()
        self.found: dict[tuple[str, str], list[str]] = {}

    def play(self, chunk: int) -> None:
        """Play a chunk of the cases, with another worker where one dies."""
        n_left = min(CHUNK, self._options.cases - chunk * CHUNK)
        life = 0
        while n_left > 0:
            n_left -= self._follow(chunk, life, n_left)
            life += 1

    def _follow(self, chunk: int, life: int, n_cases: int) -> int:
        """Follow one worker to its end; give the number of cases it played, the one that ended it included."""
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        seed = f"{self._options.seed}-{chunk}-{life}"
        asked = (seed, n_cases, self._options.only, str(self._options.keep), sender)
        worker = context.Process(target=work, args=asked)
        worker.start()
        sender.close()
        n_played = 0
        while n_played < n_cases:
            if not receiver.poll(LONGEST_S):
                worker.kill()
                self._add_end("sans fin", seed)
                n_played += 1
                break
            try:
                counts, faults, peak_bytes = receiver.recv()
            except EOFError:
                worker.join()
                self._add_end(f"mort ({worker.exitcode})", seed)
                n_played += 1
                break
            n_played += sum(counts.values())
            self._add(counts, faults, peak_bytes)
        worker.join()
        return n_played

    def _add(self, counts: collections.Counter, faults: list, peak_bytes: int) -> None:
        with self._lock:
            self._tally.update(counts)
            self._done += sum(counts.values())
            self._peak_bytes = max(self._peak_bytes, peak_bytes)
            for key, told in faults:
                self.found.setdefault(key, []).append(told)
            print(f"\r{self._heading()}", end="", flush=True)

    def _add_end(self, what: str, seed: str) -> None:
        with self._lock:
            self._done += 1
            self.found.setdefault((what, _kept(self._options.keep, seed)), []).append("arrêt")

    def _heading(self) -> str:
        n_faults = sum(map(len, self.found.values()))
        taken = f"{time.time() - self._started:.0f} s, {self._peak_bytes / 2**20:.0f} MB at most in a worker"
        return f"{self._done} cases, {n_faults} faults, {taken}"

    def tell(self) -> None:
        """Print the table of the entries, and each fault."""
        print(f"\r{self._heading()}\n{'entry':40} {'value':>8} {'named':>8} {'fault':>8}")
        for name in [*sorted({name for name, _ in self._tally}), "all"]:
            told = [
                sum(n for (entry, kind), n in self._tally.items() if name in (entry, "all") and kind == what)
                for what in ("value", "named", "fault")
            ]
            print(f"{name:40}" + "".join(f" {n:8}" for n in told))
        for (what, where), told in sorted(self.found.items()):
            print(f"FAULT {what} {where}: {len(told)} times, {told[0]}")


def main() -> int:
    """Play the cases; give 0 when each failure was named."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    with ThreadPoolExecutor(options.workers) as pool:
        for played in [pool.submit(run.play, chunk) for chunk in range(-(-options.cases // CHUNK))]:
            played.result()
    run.tell()
    return 1 if run.found else 0


def _kept(folder: Path, seed: str) -> str:
    """Keep the case that a worker was at when it ended."""
    current = folder / f"current-{seed}.bin"
    if not current.exists():
        return "avant le premier cas"
    kept = folder / f"{seed}-end.bin"
    shutil.move(current, kept)
    return f"{current.with_suffix('.txt').read_text(encoding='utf-8')}, {kept}"


if __name__ == "__main__":
    sys.exit(main())
