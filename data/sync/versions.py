"""The user's data folder: each source has its versions, and one small file that says which one is in use.

Layout: ``synced/<source>/<version>/`` holds the tables and a manifest in the form of the snapshot's; a version is
never changed once it stands there. ``synced/<source>/current.json`` names the version in use and the one before:
replacing that file is the only switch, so that a reader sees the old version or the new one, whatever stops the writer.
"""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any, Final, NamedTuple

import platformdirs

from data.errors import DataError
from geo.documents import DocumentError, DocumentMissing, read_json

ENVIRONMENT: Final = "MAILLAGE_DATA"
MANIFEST: Final = "manifest.json"
POINTER: Final = "current.json"
TRAVEL_TIMES: Final = "travel_times.npz"
"""Name of the user's own travel times in the data folder; beside the other names, for who only looks at dates."""

_TEXTS: Final = (
    *("title", "citation", "producer", "url", "licence", "note"),
    *("vintage", "as_of", "installed_on", "sha256", "communes_sha256"),
)
_SYNCED: Final = "synced"
_VERSION: Final = r"[0-9]{8}-[0-9a-f]{12}"


class VersionsDamaged(DataError, ValueError):
    """The file that says which version of a source is in use cannot be read."""

    problem = "Données synchronisées abîmées"


class Pointer(NamedTuple):
    """Version in use and version before; None is the embedded snapshot, or nothing."""

    version: str | None = None
    previous: str | None = None


def data_folder(folder: Path | None = None) -> Path:
    """Return the user's data folder: the one asked for, else MAILLAGE_DATA, else the platform's own place."""
    asked = folder or os.environ.get(ENVIRONMENT)
    return Path(asked) if asked else platformdirs.user_data_path("maillage", appauthor=False)


def source_folder(source_id: str, folder: Path | None = None) -> Path:
    """Return the folder of a source, which may not exist."""
    return data_folder(folder) / _SYNCED / source_id


def synced_ids(folder: Path | None = None) -> list[str]:
    """Return the ids of the sources that were ever synced, sorted."""
    root = data_folder(folder) / _SYNCED
    try:
        return sorted(path.name for path in root.iterdir() if (path / POINTER).exists())
    except OSError:
        return []


def read_pointer(source_id: str, folder: Path | None = None) -> Pointer:
    """Tell which version of a source is in use.

    Raises
    ------
    VersionsDamaged
        When the file that says so is not one of ours.
    """
    path = source_folder(source_id, folder) / POINTER
    try:
        document = read_json(path)
    except DocumentMissing:
        return Pointer()
    except DocumentError as error:
        raise VersionsDamaged(path, expected=error.expected, found=error.found) from error
    if not isinstance(document, dict) or set(document) != set(Pointer._fields):
        raise VersionsDamaged(path, expected=", ".join(Pointer._fields), found=document)
    for version in document.values():
        if version is not None and not re.fullmatch(_VERSION, str(version)):
            raise VersionsDamaged(path, expected="AAAAMMJJ-empreinte", found=version)
    return Pointer(**document)


def switch(source_id: str, pointer: Pointer, folder: Path | None = None) -> None:
    """Put a version in use, all or nothing, safe against a power cut once this returns."""
    path = source_folder(source_id, folder) / POINTER
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{POINTER}-{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(pointer._asdict(), file)
        file.flush()
        os.fsync(file.fileno())
    if path.is_dir():  # no file can take the place of a folder, whoever put it there
        shutil.rmtree(path)
    fresh.replace(path)
    _sync_folder(path.parent)


def install(source_id: str, version: str, fresh: Path, folder: Path | None = None) -> Pointer:
    """Put a finished folder in its place as a version, in use; keep the one before, remove older ones.

    Parameters
    ----------
    source_id
        Id of the source.
    version
        Day of the data and hash of its file.
    fresh
        Folder of the tables and their manifest, on the same disk; it is moved.
    folder
        User's data folder.

    Returns
    -------
    Pointer
        What is now in use.
    """
    home = source_folder(source_id, folder)
    place = home / version
    for path in fresh.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    shutil.rmtree(place, ignore_errors=True)  # left by a run that was killed, or a version rolled back from
    fresh.replace(place)
    _sync_folder(home)
    try:
        before = read_pointer(source_id, folder)
    except VersionsDamaged:
        before = Pointer()
    kept = before.previous if before.version == version else before.version
    pointer = Pointer(version, kept)
    switch(source_id, pointer, folder)
    sweep(source_id, folder)
    return pointer


def roll_back(source_id: str, folder: Path | None = None) -> Pointer:
    """Return to the version before, or to the embedded data when there is none; a second time undoes it.

    Raises
    ------
    VersionsDamaged
        When nothing was synced, or the version before is no longer there.
    """
    pointer = read_pointer(source_id, folder) if source_id in synced_ids(folder) else Pointer()
    if pointer == Pointer():
        raise VersionsDamaged(source_id, expected="une version synchronisée", found="aucune")
    if pointer.previous is not None and not (source_folder(source_id, folder) / pointer.previous).is_dir():
        raise VersionsDamaged(source_id, expected=f"la version {pointer.previous}", found="un dossier disparu")
    back = Pointer(pointer.previous, pointer.version)
    switch(source_id, back, folder)
    return back


def sweep(source_id: str, folder: Path | None = None) -> None:
    """Remove the versions that are neither in use nor the one before, and what a killed run left.

    No version is removed when it cannot be known which one is in use.
    """
    home = source_folder(source_id, folder)
    kept: Pointer | None = None
    with contextlib.suppress(VersionsDamaged):
        kept = read_pointer(source_id, folder)
    for path in home.iterdir():
        is_old = kept is not None and re.fullmatch(_VERSION, path.name) and path.name not in kept
        if path.is_dir() and (is_old or path.name.startswith(".fresh-")):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(f".{POINTER}-"):
            path.unlink(missing_ok=True)


def read_manifest(version_folder: Path) -> dict[str, Any]:
    """Read what a version is made of.

    Returns
    -------
    dict
        Its manifest; "replaces" is a list of ids, empty when it replaces no embedded source.

    Raises
    ------
    VersionsDamaged
        When it is absent or not ours.
    """
    path = version_folder / MANIFEST
    try:
        document = read_json(path)
    except DocumentError as error:
        raise VersionsDamaged(path, expected="le manifeste d’une version", found=error.found) from error
    if not isinstance(document, dict) or not isinstance(document.get("tables"), dict):
        raise VersionsDamaged(path, expected="une rubrique « tables »", found="aucune")
    missing = [name for name in _TEXTS if not isinstance(document.get(name), str)]
    if missing:
        raise VersionsDamaged(path, expected=", ".join(_TEXTS), found=f"sans {', '.join(missing)}")
    try:
        dt.date.fromisoformat(document["as_of"])
    except ValueError as error:
        raise VersionsDamaged(path, expected="as_of : une date", found=document["as_of"]) from error
    replaces = document.get("replaces")
    document["replaces"] = [replaces] if isinstance(replaces, str) else replaces  # one id until several were allowed
    if not (isinstance(document["replaces"], list) and all(isinstance(name, str) for name in document["replaces"])):
        raise VersionsDamaged(path, expected="replaces : une liste de sources", found=replaces)
    return document


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names of a folder; not every system can open one."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
