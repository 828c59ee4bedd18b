"""One sync at a time on a data folder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from data.errors import DataError

LOCK: Final = "sync.lock"


class SyncLocked(DataError, BlockingIOError):
    """Another sync is at work on this folder."""

    problem = "Synchronisation déjà en cours"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder, which is made if needed.

    The system holds it for the process and lets it go when that ends, killed or not: a lock cannot be stale. The file
    stays, with the number of the last process for the message.

    Raises
    ------
    SyncLocked
        When another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    with path.open("a+", encoding="utf-8") as file:
        try:
            _take(file)
        except OSError as error:
            file.seek(0)
            found = file.read(20).strip() or "inconnu"
            raise SyncLocked(
                path, found=f"le processus {found}", remedy="Attendez qu’il ait fini, puis recommencez."
            ) from error
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        file.seek(2**20)  # beyond the number, which must stay readable to others
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
