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
    seal = f"{decided} {np.__version__} {pd.__version__}"
    path = cache_folder() / f"{name}_{hashlib.sha256(seal.encode()).hexdigest()[:24]}.parquet"
    with contextlib.suppress(OSError, pa.ArrowException):  # absent, or damaged
        return pq.read_table(path, page_checksum_verification=True).to_pandas()
    table = compute()
    with contextlib.suppress(OSError):
        _keep(table, path)
        kept = sorted(path.parent.glob(f"{name}_*.parquet"), key=lambda each: each.stat().st_mtime_ns)
        for former in kept[:-_MOST_KEPT]:
            former.unlink(missing_ok=True)
    return table


def _keep(table: pd.DataFrame, path: Path) -> None:
    """Write a table whole or not at all, whoever else writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kept-") as folder:
        written = Path(folder, path.name)
        pq.write_table(pa.Table.from_pandas(table), written, compression="zstd", write_page_checksum=True)
        written.replace(path)


def code_and_data() -> str:
    """Return what changes with any table in use and with any line of the code below the screens."""
    return f"{_code()} {tables_digest()}"


@cache
def _code() -> str:
    """Return the digest of the code, taken once: what replaces it on the disk is not what this process runs."""
    return code_digest()
