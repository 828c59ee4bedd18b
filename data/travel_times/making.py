"""How the user's own travel times are made: the provider asked for, the computation that can go on, the return."""

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from data import store
from data.connection import FetchError
from data.errors import DataError
from data.fetch import DiskFull, fetch_bytes
from data.sync import versions
from data.travel_times.saved import LIMIT_MIN, own_times_path
from geo.travel_time.chunks import Progress
from geo.travel_time.errors import TravelTimeError
from geo.travel_time.matrix import TravelTimes
from geo.travel_time.provider import Provider, TableProvider, choose_provider
from geo.travel_time.storage import save_travel_times
from geo.workers import ALONE, Workers

_PARTS: Final = "travel_times_parts"
_BAD_REQUEST: Final = 400  # OSRM says under this status why it refuses


def choose_own_provider(
    name: str,
    *,
    path: Path | None = None,
    url: str = "",
    vintage: str = "date inconnue",
    symmetric: bool = False,
    limit_min: float = LIMIT_MIN,
    folder: Path | None = None,
    workers: Workers = ALONE,
) -> Provider:
    """Turn what the user asked for into a provider that reaches the network, and keeps what is done in their folder.

    Parameters
    ----------
    name, path, url, vintage, symmetric, limit_min, workers
        See `geo.travel_time.provider.choose_provider`.
    folder
        User's data folder.

    Raises
    ------
    TravelTimeError
        The name is unknown, or the file or the address is missing or malformed.
    """
    provider = choose_provider(
        name,
        path=path,
        url=url,
        fetch=_ask,
        vintage=vintage,
        symmetric=symmetric,
        limit_min=limit_min,
        folder=versions.data_folder(folder) / _PARTS,
        workers=workers,
    )
    if not isinstance(provider, TableProvider):
        return provider
    history = store.load("commune_history")  # a table has the communes of its year
    return replace(provider, now=dict(zip(history["old_code"], history["commune_code"], strict=True)))


def _ask(url: str) -> bytes:
    """Ask an OSRM server; a fault names the server, without the hundred places of the request."""
    try:
        return fetch_bytes(url, also_accept=(_BAD_REQUEST,))
    except FetchError as error:
        server = str(error.file).partition("/table/")[0]
        raise FetchError(server, expected=error.expected, found=error.found) from error


def compute_own_times(
    provider: Provider, places: pd.DataFrame, out: Path | None, progress: Progress, *, folder: Path | None = None
) -> TravelTimes:
    """Compute the minutes between the communes and write them, all or nothing.

    Parameters
    ----------
    provider
        Made by `choose_own_provider`.
    places
        Snapshot table of the communes.
    out
        File to write; by default the one that the app uses.
    progress
        Told the share done and a French sentence; may raise to stop: what is done is found again by the next call.
    folder
        User's data folder.

    Returns
    -------
    TravelTimes
        What was written.

    Raises
    ------
    TravelTimeError, DataError
        The file, the server or the disk is at fault; times that were in place stay there.
    """
    path = out or own_times_path(folder)
    try:
        times = provider.travel_times(places, progress)
        save_travel_times(times, path)
        # Not the parts: another run, stopped, may go on with its own. A server's data change under the same address.
        parts = versions.data_folder(folder) / _PARTS
        # What a run that was killed while writing left half done goes with them.
        halves = [one for one in path.parent.glob("*.part") if one.name.startswith(path.name)]
        for kept in (*parts.glob("travel_times_*"), *halves):
            kept.unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, DataError | TravelTimeError):
            raise
        raise DiskFull(path, expected="un dossier que l’on peut écrire", found=error.strerror) from error
    with contextlib.suppress(OSError):  # absent, or with the parts of another run
        parts.rmdir()
    return times


def forget_own_times(folder: Path | None = None) -> bool:
    """Return to the built-in estimate, also dropping what an unfinished computation kept; tell if there was any time.

    Raises
    ------
    DiskFull
        The file may not be removed.
    """
    path = own_times_path(folder)
    shutil.rmtree(versions.data_folder(folder) / _PARTS, ignore_errors=True)
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DiskFull(path, expected="un fichier que l’on peut supprimer", found=error.strerror) from error
    return True
