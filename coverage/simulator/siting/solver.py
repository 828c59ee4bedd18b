"""An exact solver at work in its own process: what it has found so far, what it has proven, and a way to stop it.

CBC comes with pulp (its binary and the reading of its status); HiGHS comes with scipy. Both minimise: the signs are
turned here.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pulp

from coverage.simulator.siting.highs import write_program
from coverage.simulator.siting.program import write_mps, write_start

if TYPE_CHECKING:
    from coverage.simulator.siting.program import IntegerProgram

SolverName = Literal["cbc", "highs"]
ROOT: Final = Path(__file__).resolve().parents[3]
_GAP: Final = 1e-7
_OPEN: Final = 0.5
_PATIENCE_S: Final = 5.0  # for a solver that was asked to end, then it is made to
_PRINTED: Final = {"cbc continuous": 5e-6, "cbc": 1e-6, "highs": 1e-6}  # relative: what the digits of a log may hide
_NUMBER: Final = r"(-?[\d.]+(?:e[+-]?\d+)?)"
_CBC_FOUND: Final = re.compile(rf"Integer solution of {_NUMBER} found")
_CBC_CONTINUOUS: Final = re.compile(rf"Continuous objective value is {_NUMBER}")
_CBC_ROOT: Final = re.compile(rf"At root node, .* changed objective from \S+ to {_NUMBER} in")
_CBC_POSSIBLE: Final = re.compile(rf"best possible {_NUMBER}")
_HIGHS_LINE: Final = re.compile(rf"\d\.\d\d%\s+{_NUMBER}\s+(?:{_NUMBER}|inf)\s+(?:[\d.]+%|inf|Large)")


class LogReading(NamedTuple):
    """What the log of a solver says: best value found (-inf when none), bound that none exceeds (inf when none)."""

    value: float
    bound: float


@dataclass(frozen=True, eq=False)
class SolverAnswer:
    """What a solver left when it ended.

    Attributes
    ----------
    chosen
        Positions of the candidates where sites open; None when it found none.
    bound
        No choice is worth more, as the solver says; inf when it does not.
    is_optimal
        The solver says that its choice is the best.
    is_infeasible
        The solver says that no choice exists.
    """

    chosen: list[int] | None
    bound: float
    is_optimal: bool
    is_infeasible: bool


class SolverRun:
    """A solver at work. Make one with `start_solver`; it ends by itself at its time limit."""

    def __init__(self, solver: SolverName, folder: Path, command: list[str]) -> None:
        self.solver: SolverName = solver
        self._folder = folder
        self._process, self._copy = _launch(command, folder / "log")
        process = self._process
        self._answer: SolverAnswer | None = None
        self._reading = threading.Lock()  # the files are read once, then removed
        # A run that nobody holds any more (a closed tab) is ended, and its files removed.
        self._finish = weakref.finalize(self, _end, process, folder)

    @property
    def is_running(self) -> bool:
        """Tell whether the solver is still at work."""
        return self._process.poll() is None

    def read_log(self) -> LogReading:
        """Say what the solver has found and proven so far."""
        try:
            text = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:  # the answer has been read
            return LogReading(-np.inf, np.inf)
        return read_cbc_log(text) if self.solver == "cbc" else read_highs_log(text)

    def stop(self) -> None:
        """Ask the solver to end, and come back at once.

        CBC leaves its best answer when it is in its tree; in its first relaxation it does not listen, and is made to
        end after five seconds. HiGHS ends at once and leaves nothing.
        """
        if self.is_running and self.solver == "cbc" and os.name == "posix":
            self._process.send_signal(signal.SIGINT)
            deadline = threading.Timer(_PATIENCE_S, self._process.kill)
            deadline.daemon = True
            deadline.start()
        else:
            self._process.kill()

    def answer(self) -> SolverAnswer:
        """Wait for the end of the solver and read what it left."""
        self._process.wait()
        with self._reading:
            if self._answer is None:
                self._copy.join()
                bound = self.read_log().bound
                left = _read_cbc_answer(self._folder) if self.solver == "cbc" else _read_highs_answer(self._folder)
                self._answer = replace(left, bound=min(left.bound, bound))
                self._finish()
            return self._answer


def start_solver(
    program: IntegerProgram, start: list[int], *, time_limit_s: float, solver: SolverName | None = None
) -> SolverRun:
    """Set a solver to work.

    Parameters
    ----------
    program : what to solve.
    start : a choice already known, empty when there is none of the right number; CBC starts from it.
    time_limit_s : seconds after which it ends with the best it has.
    solver : "cbc" or "highs"; None takes CBC, or HiGHS where CBC cannot run.
    """
    folder = Path(tempfile.mkdtemp(prefix="maillage-proof-"))
    try:
        if solver in (None, "cbc"):
            try:
                return SolverRun("cbc", folder, _cbc_command(program, start, folder, time_limit_s))
            except OSError:  # no binary for this machine
                if solver == "cbc":
                    raise
        write_program(program, folder / "program.npz", time_limit_s=time_limit_s, gap=_GAP)
        command = [sys.executable, "-m", "coverage.simulator.siting.highs", str(folder)]
        return SolverRun("highs", folder, command)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def read_cbc_log(text: str) -> LogReading:
    """Read the best value and the bound from a log of CBC; the bound is widened by what its digits may hide."""
    found = [-float(number) for number in _CBC_FOUND.findall(text)]
    bounds = [_widened(-float(number), _PRINTED["cbc continuous"]) for number in _CBC_CONTINUOUS.findall(text)]
    for pattern in (_CBC_ROOT, _CBC_POSSIBLE):
        bounds += [_widened(-float(number), _PRINTED["cbc"]) for number in pattern.findall(text)]
    return LogReading(max(found, default=-np.inf), min(bounds, default=np.inf))


def read_highs_log(text: str) -> LogReading:
    """Read the best value and the bound from a log of HiGHS; the bound is widened by what its digits may hide."""
    found, bounds = [-np.inf], [np.inf]
    for bound, value in _HIGHS_LINE.findall(text):
        bounds.append(_widened(-float(bound), _PRINTED["highs"]))
        if value:
            found.append(-float(value))
    return LogReading(max(found), min(bounds))


def _cbc_command(program: IntegerProgram, start: list[int], folder: Path, time_limit_s: float) -> list[str]:
    write_mps(program, folder / "program.mps")
    command = [pulp.PULP_CBC_CMD.pulp_cbc_path, str(folder / "program.mps")]
    if start:
        write_start(program, start, folder / "start.mst")
        command += ["-mips", str(folder / "start.mst")]
    command += ["-timeMode", "elapsed", "-sec", f"{time_limit_s:g}", "-ratio", f"{_GAP:g}"]
    return [*command, "-solve", "-solution", str(folder / "answer.sol")]


def _launch(command: list[str], log: Path) -> tuple[subprocess.Popen[bytes], threading.Thread]:
    """Start a process whose output reaches the log line by line, and the thread that carries it there.

    Solvers that write to a file keep their lines back by thousands of characters; before a terminal they do not.
    """
    has_terminals = os.name == "posix"
    source, sink = os.openpty() if has_terminals else os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program, or the solver of a declared package
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, cwd=ROOT
        )
    except BaseException:
        os.close(source)
        raise
    finally:
        os.close(sink)
    copy = threading.Thread(target=_carry, args=(source, log), name="solver log", daemon=True)
    copy.start()
    return process, copy


def _carry(source: int, log: Path) -> None:
    with log.open("wb", buffering=0) as file, contextlib.suppress(OSError):  # a terminal ends with an error
        while block := os.read(source, 65_536):
            file.write(block)
    os.close(source)


def _read_cbc_answer(folder: Path) -> SolverAnswer:
    path = folder / "answer.sol"
    if not path.exists():
        return SolverAnswer(None, np.inf, is_optimal=False, is_infeasible=False)
    # sol_status, not status: that one says "Optimal" of an answer cut short by the clock.
    _, sol_status = pulp.COIN_CMD(path="cbc").get_status(str(path))
    infeasible = sol_status == pulp.LpSolutionInfeasible or _starts_with(path, "Integer infeasible")
    chosen = []
    for line in path.read_text(encoding="ascii").splitlines()[1:]:
        name, value = line.removeprefix("**").split()[1:3]  # ** marks what breaks a row
        if float(value) > _OPEN:
            chosen.append(int(name.removeprefix("X")))
    return SolverAnswer(
        None if infeasible else chosen, np.inf, sol_status == pulp.LpSolutionOptimal and not infeasible, infeasible
    )


def _read_highs_answer(folder: Path) -> SolverAnswer:
    path = folder / "answer.npz"
    if not path.exists():
        return SolverAnswer(None, np.inf, is_optimal=False, is_infeasible=False)
    with np.load(path) as left:
        x, bound, status = left["x"], float(left["bound"]), int(left["status"])
    optimal, infeasible = status == 0, status == 2  # noqa: PLR2004 - statuses of scipy.optimize.milp
    return SolverAnswer([int(k) for k in np.flatnonzero(x > _OPEN)] if len(x) else None, bound, optimal, infeasible)


def _starts_with(path: Path, words: str) -> bool:
    with path.open(encoding="ascii") as file:
        return file.readline().startswith(words)


def _widened(bound: float, share: float) -> float:
    return bound + abs(bound) * share


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.poll() is None:
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_S)
    for _ in range(3):  # a file may still be held for a moment by a process that has just ended
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
