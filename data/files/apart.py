"""Work on a file that nobody vouches for, in a process of its own: neither what it costs nor its death is the server's.

A library that reads a damaged or hostile file may ask for any memory, never end, or abort the process: none of this can
be caught. Here it happens to a child, which bears limits of memory and of processor (Unix) and is killed after a time
(every system). The parent gets either all the values that the child tells, or one error of the family.

`data.jobs` follows long work of our own line by line; here the work is short and what comes out is not trusted:
plain JSON values, nothing that could be run.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.errors import DataError, FileRefused, SourceLayoutError, SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]

HAS_LIMITS: Final = hasattr(signal, "setitimer")
"""Whether the system bounds the processor of a child: Unix does, Windows does not."""

LONGEST_S, LONGEST_PER_BYTE_S = (60.0, 1e-4) if HAS_LIMITS else (15.0, 1e-5)
"""Seconds after which a child is killed, at rest and for each byte of the file: ample for a busy machine where the
limit of processor holds, the only limit where the system has none."""

_AT_ONCE: Final = 2
"""Children at once: more would take the processor from the readers, the next ones wait."""

_END: Final = {"end": True}
_FAULTS: Final = {kind.__name__: kind for kind in (FileRefused, SourceLayoutError, SourceUnreadable)}
_places = threading.BoundedSemaphore(_AT_ONCE)


def values(module: str, request: dict[str, Any], contents: bytes, *, name: Path | str) -> Iterator[Any]:
    """Return one by one the values that a module of ours tells of a file, each worth believing only at the end.

    Parameters
    ----------
    module
        Dotted name of a module that calls `serve` when run.
    request
        What is asked of it, as JSON.
    contents
        Bytes of the file.
    name
        Name of the file, for the messages.

    Yields
    ------
    Any
        A JSON value.

    Raises
    ------
    FileRefused
        The child ran out of memory or of time, or was aborted by a library.
    DataError
        The fault that the child found.
    """
    at = ""
    with _places:
        process = subprocess.Popen(  # noqa: S603 - our own module, no argument, no shell
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the last words of a library that aborts are no news of ours
        )
        too_long = threading.Event()

        def stop() -> None:
            too_long.set()
            process.kill()

        timer = threading.Timer(LONGEST_S + LONGEST_PER_BYTE_S * len(contents), stop)
        timer.daemon = True
        timer.start()
        assert process.stdin is not None  # noqa: S101 - for the types: both are pipes
        assert process.stdout is not None  # noqa: S101
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as into:  # one that died early says so below
                into.write(json.dumps({"asked": request, "n_bytes": len(contents)}).encode() + b"\n")
                into.write(contents)
            for line in process.stdout:
                told = _read(line)
                if "value" in told:
                    yield told["value"]
                elif "at" in told:
                    at = told["at"]
                elif "fault" in told:
                    raise _fault(told["fault"], name)
                elif told == _END:
                    return
            status = process.wait()
        finally:
            timer.cancel()
            process.kill()
            process.stdout.close()
            process.wait()
    raise _end_of(status, is_late=too_long.is_set(), name=name, at=at)


def serve(work: Callable[[dict[str, Any], bytes], Iterator[Any]]) -> None:
    """Do the work of the child: read the request and the file, tell each value, or the fault.

    Parameters
    ----------
    work
        From the request and the bytes to the values; it calls `limit` as soon as it knows what the file may cost, and
        `DataError`s of the family it raises are raised again in the parent, under the name of the file there.
    """
    request = json.loads(sys.stdin.buffer.readline())
    limit(memory_bytes=2**28 + 3 * request["n_bytes"], processor_s=5.0)  # until the work knows better
    contents = sys.stdin.buffer.read()
    try:
        for value in work(request["asked"], contents):
            _tell({"value": value})
        told: dict[str, Any] = _END
    except MemoryError:
        told = {"fault": ["memory"]}
    except DataError as error:
        kind = type(error).__name__ if type(error).__name__ in _FAULTS else SourceUnreadable.__name__
        told = {"fault": [kind, error.place, error.expected, error.found, error.remedy]}
    # A library may raise anything on a damaged file, a panic of Rust (no Exception) included.
    except BaseException as error:  # noqa: BLE001
        told = {"fault": ["", type(error).__name__, str(error)]}
    _tell(told)
    sys.stdout.flush()
    os._exit(0)  # what a limit left half done is not to be tidied up


def say_place(place: str) -> None:
    """Tell the parent where in the file the work is: what the message names if the work dies there."""
    _tell({"at": place})
    sys.stdout.flush()


def limit(*, memory_bytes: int, processor_s: float) -> None:
    """Bound what this process may take from now on; on Windows nothing, and on macOS the processor alone.

    Parameters
    ----------
    memory_bytes
        Address space in all, the interpreter's own included.
    processor_s
        Seconds of processor from now.
    """
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):  # a system may refuse a limit, or the hard one be lower
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))
    limit_processor(processor_s)


def limit_processor(seconds: float) -> None:
    """Bound the processor time that this process may take from now on; on Windows nothing."""
    if HAS_LIMITS:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n")


def _read(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}  # cut by the death of the child, or printed by a library
    return told if isinstance(told, dict) else {}


def _fault(told: list[str], name: Path | str) -> DataError:
    """Make again the fault that the child found."""
    if told == ["memory"]:
        return _too_large(name, "")
    if told[0] in _FAULTS:
        kind, place, expected, found, remedy = told
        return _FAULTS[kind](name, place=place, expected=expected, found=found, remedy=remedy)
    _, kind, message = told
    return SourceUnreadable(name, expected="un fichier entier", found=f"{kind} : {message}" if message else kind)


def _end_of(status: int, *, is_late: bool, name: Path | str, at: str) -> DataError:
    """Name the death of a child."""
    if is_late or status == -getattr(signal, "SIGPROF", 0):
        return FileRefused(
            name,
            place=at,
            expected="un fichier qui se lit en un temps proportionné à sa taille",
            found="une lecture qui n’en finit pas (fichier piégé ?)",
        )
    return _too_large(name, at)


def _too_large(name: Path | str, at: str) -> DataError:
    return FileRefused(
        name,
        place=at,
        expected="un fichier qui se lit en une mémoire proportionnée à sa taille",
        found="un contenu démesuré, ou qui fait échouer sa lecture (fichier piégé ou abîmé ?)",
    )
