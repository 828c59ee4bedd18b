"""The collection of garbage: often enough for the memory to stay flat, never at each click of each reader."""

import asyncio
import gc
from typing import Final

from anyio import to_thread

COLLECT_EVERY_S: Final = 10.0
"""Streamlit would collect after each run of each page, through all that the open sessions hold: 4 ms of processor a run
with one reader, 60 ms with sixty (`runner.postScriptGC`, switched off in the settings)."""

_SETTLED: set[str] = set()


def settle(page: str) -> None:
    """Take what the first run of a page has loaded out of what is looked through at every later collection.

    Libraries, tables and indicators stay as long as the server: 80 to 110 ms of processor each time, for nothing.
    What is made later is still collected.

    Parameters
    ----------
    page
        Name of the page that has just run, or of the start of the server.
    """
    if page not in _SETTLED:
        _SETTLED.add(page)
        gc.collect()
        gc.freeze()


async def collect_regularly() -> None:
    """Collect from time to time, as long as the server lives."""
    while True:
        await asyncio.sleep(COLLECT_EVERY_S)
        await to_thread.run_sync(gc.collect)
