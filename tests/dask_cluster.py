"""A real Dask cluster on this machine: a scheduler and its workers, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import distributed

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120


class Cluster:
    """A scheduler and its workers, each a process on this machine; what has died is started again when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, ""
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def ready(self, n_workers: int = 2) -> str:
        """Return the address, once so many workers are there."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.stop()
            self._start_scheduler()
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < n_workers:
            self.workers.append(self.start_worker())
        with distributed.Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(n_workers, timeout=PATIENCE)
        return self.address

    def _start_scheduler(self) -> None:
        told = self.folder / "scheduler.json"
        told.unlink(missing_ok=True)
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(told))
        self.address = ""
        deadline = time.monotonic() + PATIENCE
        while not self.address and time.monotonic() < deadline:
            time.sleep(0.05)
            with contextlib.suppress(OSError, ValueError):
                self.address = json.loads(told.read_text())["address"]

    def start_worker(self, *words: str, cwd: Path = ROOT, **environment: str) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny", *words, cwd=cwd, **environment)

    def _start(self, *words: str, cwd: Path = ROOT, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=cwd, env=os.environ | environment, stdout=log, stderr=log)

    def stop(self) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            process.kill()
            process.wait()
        self.workers.clear()
