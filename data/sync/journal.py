"""The journal of the syncs: what became of each source, and when; a small file that the user may read and delete."""

import contextlib
import datetime as dt
import json
import os
from pathlib import Path
from typing import Final, NamedTuple

from data.sync.versions import data_folder

JOURNAL: Final = "sync-journal.jsonl"
_MOST_BYTES: Final = 2**20
_KEPT: Final = 1_000
_LONGEST: Final = 1_000
"""Characters kept of a sentence, so that the journal stays within some megabytes whatever goes wrong."""


class Entry(NamedTuple):
    """What became of a source: when (ISO 8601, UTC), its id, its status, a French sentence.

    The status is "installed", "unchanged", "failed" or "rolled_back".
    """

    date: str
    source: str
    status: str
    sentence: str


def read_journal(n: int = 100, folder: Path | None = None) -> list[Entry]:
    """Return the last entries, the latest first.

    Parameters
    ----------
    n
        At most so many.
    folder
        User's data folder.

    Returns
    -------
    list of Entry
        Empty when nothing was ever synced; a line that a cut left unfinished is stepped over.
    """
    try:
        with (data_folder(folder) / JOURNAL).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_BYTES))
            lines = file.read(_MOST_BYTES).decode("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    entries: list[Entry] = []
    for line in reversed(lines):
        if len(entries) >= n:
            break
        with contextlib.suppress(ValueError, TypeError, RecursionError):
            entry = Entry(**json.loads(line))
            if all(isinstance(text, str) for text in entry):
                entries.append(entry)
    return entries


def write_journal(source: str, status: str, sentence: str, folder: Path | None = None) -> None:
    """Add an entry; a journal that cannot be written is no reason for a sync to fail."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    entry = Entry(now, source, status, sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1] + "…")
    path = data_folder(folder) / JOURNAL
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _shorten(path, folder)
        line = json.dumps(entry._asdict(), ensure_ascii=False) + "\n"
        with path.open("a+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else "\n" + line  # the last one was cut
            file.write(line.encode("utf-8"))


def _shorten(path: Path, folder: Path | None) -> None:
    """Keep the last entries alone once the file is large."""
    if not path.exists() or path.stat().st_size <= _MOST_BYTES:
        return
    kept = [json.dumps(entry._asdict(), ensure_ascii=False) + "\n" for entry in reversed(read_journal(_KEPT, folder))]
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_text("".join(kept), encoding="utf-8")
    fresh.replace(path)
