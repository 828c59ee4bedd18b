"""The data in use, followed from one run to the next: an update made by any process is seen without a restart.

A server keeps what it computes from the tables. Another process may replace these at any time: a command line, the
update of another replica. So each run looks at the dates of a few files first.
"""

import threading
from typing import Final

import streamlit as st

from data.store import data_version
from pages.app.static_files import GEOMETRY_INDEX

_SEEN: Final[list[tuple[object, ...]]] = []
_LOCK: Final = threading.Lock()


def follow_data() -> None:
    """Forget what all readers share when the data it was computed from were replaced; the first call only looks.

    What another reader's run is still computing from the former tables is given to nobody after it: Streamlit's caches
    are dropped whole, not emptied.
    """
    now = (*data_version(), _map_version())
    with _LOCK:
        is_known, _SEEN[:] = not _SEEN or _SEEN[0] == now, [now]
    if not is_known:
        st.cache_resource.clear()
        st.cache_data.clear()


def _map_version() -> int:
    """Return the date of the map files, whose neighbours are read too; 0 without them."""
    return GEOMETRY_INDEX.stat().st_mtime_ns if GEOMETRY_INDEX.exists() else 0
