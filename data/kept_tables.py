"""Tables computed from the data, kept on disk from one start of the server to the next."""

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.cache import cache_folder
from data.fingerprint import code_digest, tables_digest

_MOST_KEPT: Final = 4
"""Files of one name: several checkouts, or the data before and after an update, may share a folder."""


def kept_table(name: str, decided: str, compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return the table computed before from the same things, or compute it and keep it.

    Parameters
    ----------
    name
        Of the table, in the name of its file.
    decided
        All that decides of the table: `code_and_data`, or less.
    compute
        Called when no sound file is there; its columns hold numbers, or text.

    Returns
    -------
    pandas.DataFrame
        What `compute` returns, to the bit; from a folder that cannot be written, computed at each start.
    """
    folder = cache_folder()
    stem = f"{name}_{_digest(f'{decided} {np.__version__} {pd.__version__}'.encode())}"
    for path in folder.glob(f"{stem}_*.parquet"):
        with contextlib.suppress(OSError):
            content = path.read_bytes()
            if path.stem == f"{stem}_{_digest(content)}":  # else damaged
                return pq.read_table(pa.BufferReader(content)).to_pandas()
    table = compute()
    with contextlib.suppress(OSError):
        _keep(table, folder, stem)
        kept = sorted(folder.glob(f"{name}_*.parquet"), key=lambda each: each.stat().st_mtime_ns)
        for former in kept[:-_MOST_KEPT]:
            former.unlink(missing_ok=True)
    return table


def _keep(table: pd.DataFrame, folder: Path, stem: str) -> None:
    """Write a table whole or not at all, whoever else writes it; the name of its file says what is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".kept-") as apart:
        written = Path(apart, stem)
        pq.write_table(pa.Table.from_pandas(table), written, compression="zstd")
        written.replace(folder / f"{stem}_{_digest(written.read_bytes())}.parquet")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]


def code_and_data() -> str:
    """Return what changes with any table in use and with any line of the code below the screens."""
    return f"{_code()} {tables_digest()}"


@cache
def _code() -> str:
    """Return the digest of the code, taken once: what replaces it on the disk is not what this process runs."""
    return code_digest()
