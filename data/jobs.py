"""Long work in a process of its own, followed line by line: it neither weighs on the server nor dies with a page.

The other process prints one JSON object a line (`tell`); what it prints to its error output is kept for the fault.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
_FAULT_LINES: Final = 5


def tell(**message: Any) -> None:
    """Print one message to the process that follows this one."""
    print(json.dumps(message, ensure_ascii=False), flush=True)  # noqa: T201 - the pipe between the two


@dataclass
class Job:
    """A module of ours run as a process; start it with `start`.

    Attributes
    ----------
    module, arguments
        What is run: ``python -m module arguments``.
    messages
        What it told until now, oldest first.
    """

    module: str
    arguments: tuple[str, ...] = ()
    messages: list[dict[str, Any]] = field(default_factory=list)
    _faults: deque[str] = field(default_factory=lambda: deque(maxlen=_FAULT_LINES))
    _process: subprocess.Popen[str] | None = None
    _followers: tuple[threading.Thread, ...] = ()

    @classmethod
    def start(cls, module: str, arguments: Sequence[str] = ()) -> Job:
        """Run a module and follow it.

        Parameters
        ----------
        module
            Its dotted name.
        arguments
            Its arguments, as text.

        Returns
        -------
        Job
            At work.
        """
        job = cls(module, tuple(arguments))
        process = job._process = subprocess.Popen(  # noqa: S603 - our own module, arguments not read by a shell
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        pipes = ((job._follow_messages, process.stdout), (job._follow_faults, process.stderr))
        job._followers = tuple(threading.Thread(target=follow, args=(output,), daemon=True) for follow, output in pipes)
        for follower in job._followers:
            follower.start()
        return job

    @property
    def is_running(self) -> bool:
        """Whether it is still at work, or what it told last has yet to be read."""
        if self._process is None:
            return False
        return self._process.poll() is None or any(follower.is_alive() for follower in self._followers)

    @property
    def status(self) -> int | None:
        """Its exit status; None while it is running."""
        return None if self._process is None or self.is_running else self._process.returncode

    @property
    def fault(self) -> str:
        """The last line that it printed to its error output; empty when it printed none."""
        return self._faults[-1] if self._faults else ""

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Wait for its end, at most so many seconds where given; return its status, None when it goes on."""
        for follower in self._followers:
            follower.join(timeout_s)
        if self._process is not None and not any(follower.is_alive() for follower in self._followers):
            self._process.wait(timeout_s)
        return self.status

    def stop(self) -> None:
        """End it; what it had finished stays."""
        if self._process is not None:
            self._process.terminate()

    def _follow_messages(self, output: IO[str]) -> None:
        with output:
            for line in output:
                try:
                    message = json.loads(line)
                except ValueError:
                    continue  # a library that prints
                if isinstance(message, dict):
                    self.messages.append(message)

    def _follow_faults(self, output: IO[str]) -> None:
        with output:
            self._faults.extend(line.strip() for line in output if line.strip())
