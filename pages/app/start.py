"""What the server needs before its first page: map files in the static folder, indicators in the cache."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import streamlit as st
from anyio import to_thread

from coverage.errors import CoverageError
from data.errors import DataError
from data.jobs import Job
from geo.errors import AssetError, GeoError
from geo.shapes.adjacency import NEIGHBOURS_FILE
from pages.app.freshness import follow_data
from pages.app.logs import write_logs_as_asked
from pages.app.memory import collect_regularly, settle
from pages.app.static_files import GEOMETRY_INDEX

NEIGHBOURS: Final = GEOMETRY_INDEX.with_name(NEIGHBOURS_FILE)
AHEAD: Final = "pages.screens.map.ahead"
"""What the first screen shares, imported by name: a screen stands on this module."""
LOGGER: Final = logging.getLogger(__name__)


@st.cache_resource(show_spinner="Préparation des cartes (une seule fois)…")
def prepare_server() -> None:
    """Make the map files where `make run` has not.

    Raises
    ------
    AssetError
        The map files could not be made; says why.
    """
    if not (GEOMETRY_INDEX.exists() and NEIGHBOURS.exists()):
        # In a process of its own: GeoPandas and the full shapes then never weigh on the server.
        job = Job.start("data", ["assets"])
        if job.wait():
            raise AssetError(job.fault or "Fonds de carte non faits.")


@asynccontextmanager
async def once_prepared(_app: object) -> AsyncIterator[None]:
    """Let the server answer once it can show the first screen at once: no reader waits for what all share."""
    write_logs_as_asked()
    await to_thread.run_sync(_prepare_first_screen)
    collection = asyncio.create_task(collect_regularly())
    yield
    collection.cancel()


def _prepare_first_screen() -> None:
    try:
        follow_data()
        prepare_server()
        importlib.import_module(AHEAD).prepare()
    except (DataError, GeoError, CoverageError) as error:
        LOGGER.warning("not ready before the first reader: %s", error)  # the page names it to the reader
    except Exception:
        LOGGER.exception("not ready before the first reader")
    settle("start")
