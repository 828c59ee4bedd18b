"""Long computations in parts: each part is kept on disk once done, so that one that was stopped goes on from there."""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.workers import ALONE, Shared, Workers

if TYPE_CHECKING:
    import numpy.typing as npt

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and a French sentence; it may raise to stop: parts done stay on disk."""


class Pairs(NamedTuple):
    """Minutes of some pairs of places: positions of origin and destination, float64 minutes."""

    origins: npt.NDArray[np.int64]
    destinations: npt.NDArray[np.int64]
    minutes: npt.NDArray[np.float64]


def compute_in_chunks(
    n_chunks: int,
    compute: Callable[[Shared, int], Pairs],
    shared: Shared,
    *,
    folder: Path | None = None,
    report: Callable[[int], None] = lambda _: None,
    workers: Workers = ALONE,
) -> Pairs:
    """Compute all the parts, or read those already done, and put them together.

    Parameters
    ----------
    n_chunks : number of parts.
    compute : gives part k from what all parts need, `shared`; other processes find it by its name.
    folder : where parts are kept; its name must say all that decides of them (a content hash). None keeps nothing.
    report : called with the number of parts done, after each.
    workers : who computes; the parts come back here, where they are kept.

    Returns
    -------
    The pairs of all the parts, in order.
    """
    paths = [None if folder is None else folder / f"part_{k:05d}.npz" for k in range(n_chunks)]
    parts: dict[int, Pairs] = {}
    for k, path in enumerate(paths):
        if path is not None and (part := _read(path)) is not None:
            parts[k] = part
            report(len(parts))
    missing = [k for k in range(n_chunks) if k not in parts]

    def keep(position: int, part: Pairs) -> None:
        k = missing[position]
        if (path := paths[k]) is not None:
            _write(path, part)
        parts[k] = part
        report(len(parts))

    workers.run(compute, shared, missing, keep)
    ordered = [parts[k] for k in range(n_chunks)]
    empty = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return Pairs(*(np.concatenate(column) for column in zip(empty, *ordered, strict=True)))


def forget_chunks(folder: Path) -> None:
    """Remove the parts once their whole is kept, and what a run that was killed while writing one left of it."""
    for path in folder.glob("part_*"):
        path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _read(path: Path) -> Pairs | None:
    """Read a part; None when it is absent or damaged (the archive carries a checksum of each array)."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return Pairs(*(archive[name] for name in Pairs._fields))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        return None


def _write(path: Path, part: Pairs) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **part._asdict())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
