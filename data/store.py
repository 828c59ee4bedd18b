"""The data as the app reads them: what the user synced where it is sound, else the embedded snapshot.

Every file is checked against its manifest, once a file. A function given a folder reads that snapshot and nothing else.

Light on purpose: no geopandas, no pandera. The first table is on screen before those are imported.
"""

import contextlib
import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import DataError, SnapshotDamaged, SnapshotMissing, SourceUnreadable, named_faults
from data.sources import registry
from data.sync import versions
from geo.documents import DocumentError, DocumentMissing, read_json

DEFAULT_FOLDER: Final = Path(__file__).parent / "snapshots"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
"""Version of the layout of the tables: what was synced under another one is not read."""

_REMEDY: Final = "Refaites les données embarquées avec « python -m data build », ou reprenez-les du dépôt."
RESYNC: Final = "Relancez « python -m data sync »."


def folder_in_use(folder: Path | None = None) -> Path:
    """Give the folder of the snapshot: the one asked for, else MAILLAGE_SNAPSHOTS, else the one beside this module."""
    return folder or Path(os.environ.get("MAILLAGE_SNAPSHOTS") or DEFAULT_FOLDER)


def manifest(folder: Path | None = None) -> dict[str, Any]:
    """Read what the data are made of: a new dict at each call, free to be changed.

    Parameters
    ----------
    folder
        Folder of a snapshot, read alone; by default `folder_in_use` and over it what the user synced.

    Returns
    -------
    dict
        "tables": by name, file, rows, bytes, sha256, sources (ids of the catalogue), vintage, covered_regions where
        limited and covered_regions_by_type for the types known in more of them; "synced": by id, what is known of each
        synced source in use; beside them, what the build counted, repaired and could not carry.

    Raises
    ------
    SnapshotMissing
        No manifest there.
    SnapshotDamaged
        It is not the manifest of a snapshot.
    """
    document = _snapshot_manifest(folder_in_use(folder))
    if folder is None:
        synced = _synced(document)
        document["tables"] |= {name: table.entry for name, table in synced.tables.items()}
        document["synced"] = synced.sources
    return document


def data_version() -> tuple[tuple[str, int, int], ...]:
    """Return what changes whenever the data in use do, whoever replaced them; no file is read.

    Returns
    -------
    tuple of (str, int, int)
        Path, date (ns) and inode of the embedded manifest, of what says which version of each source is in use, and of
        the user's travel times; those that are not there are left out.
    """
    pointers = (versions.source_folder(name) / versions.POINTER for name in versions.synced_ids())
    times = versions.data_folder() / versions.TRAVEL_TIMES
    found: list[tuple[str, int, int]] = []
    for path in (folder_in_use() / MANIFEST, *pointers, times):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((str(path), status.st_mtime_ns, status.st_ino))
    return tuple(found)


def covered_regions(name: str, structure_type: str = "", folder: Path | None = None) -> frozenset[str]:
    """Return the regions for which a limited table is complete.

    Parameters
    ----------
    name
        Name of a table that has "covered_regions".
    structure_type
        A type of structure, which may be complete in more regions than the others; "" for every type.
    folder
        As for `manifest`.
    """
    entry = manifest(folder)["tables"][name]
    return frozenset(entry.get("covered_regions_by_type", {}).get(structure_type, entry["covered_regions"]))


def warnings() -> tuple[str, ...]:
    """Tell why synced data are not shown, one French sentence a source; empty when all is well."""
    return _synced(_snapshot_manifest(folder_in_use())).warnings


def _snapshot_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        document = read_json(path)
    except DocumentMissing as error:
        raise SnapshotMissing(path, expected="le manifeste des données embarquées", remedy=_REMEDY) from error
    except DocumentError as error:
        raise SnapshotDamaged(path, expected=error.expected, found=error.found, remedy=_REMEDY) from error
    if not isinstance(document, dict) or not isinstance(document.get("tables"), dict):
        raise SnapshotDamaged(path, expected="une rubrique « tables »", found="aucune", remedy=_REMEDY)
    return document


def snapshot_path(name: str, folder: Path | None = None) -> Path:
    """Return the path of a table once its content is known to be the one of the manifest (checked once a file).

    Parameters
    ----------
    name
        Name of the table; "commune_geometry" is a GeoParquet, to be opened by geopandas.
    folder
        Folder of a snapshot, read alone; by default what the user synced, else `folder_in_use`.

    Returns
    -------
    pathlib.Path
        An existing file.

    Raises
    ------
    SnapshotMissing
        No such table in the manifest, or no such file; or a table that only a sync brings, not synced yet.
    SnapshotDamaged
        The file is not the one that the manifest describes.
    """
    where = folder_in_use(folder)
    document = _snapshot_manifest(where)
    if folder is None and (synced := _synced(document).tables.get(name)):
        return synced.path
    tables = document["tables"]
    if name not in tables:
        found = ", ".join(sorted(tables))
        remedy = _how_to_sync(name) or _REMEDY
        raise SnapshotMissing(where / MANIFEST, expected=f"la table « {name} »", found=found, remedy=remedy)
    return _checked_path(where, name, tables[name])


def _how_to_sync(name: str) -> str:
    """Say how to bring a table that is not embedded; empty when no source does."""
    for remote in registry.load_remotes().values():
        if name in remote.tables:
            return f"Cette table n’est pas embarquée : apportez-la avec « python -m data sync {remote.id} »."
    return ""


def _checked_path(where: Path, name: str, entry: Any, remedy: str = _REMEDY) -> Path:
    """Return the path of a table that its entry describes, once its content is known to be the one described."""
    file, expected = (entry.get("file"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
    if not isinstance(file, str) or not isinstance(expected, str):
        raise SnapshotDamaged(
            where / MANIFEST, place=f"table « {name} »", expected="file et sha256", found=entry, remedy=remedy
        )
    path = where / file
    try:
        status = path.stat()
        found = _sha256(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError as error:
        raise SnapshotMissing(path, expected=f"la table « {name} »", remedy=remedy) from error
    except OSError as error:
        raise SnapshotDamaged(path, expected="un fichier lisible", found=error.strerror, remedy=remedy) from error
    if found != expected:
        raise SnapshotDamaged(
            path, expected=f"l’empreinte {expected[:12]}… du manifeste", found=f"{found[:12]}…", remedy=remedy
        )
    return path


def load(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Load a table.

    Parameters
    ----------
    name
        Name of the table, such as "communes". The shapes of "commune_geometry" come as WKB (EPSG:4326, degrees).
    folder
        Folder of a snapshot, read alone; by default what the user synced, else `folder_in_use`.

    Returns
    -------
    pandas.DataFrame
        In the units that its columns name, sorted by its key, RangeIndex; text as `str`; NaN is unknown, never 0. A new
        table at each call: keep it.

    Raises
    ------
    SnapshotMissing
        No such table, or no snapshot.
    SnapshotDamaged
        The file is not the one that the manifest describes, or is no Parquet.
    """
    path = snapshot_path(name, folder)
    try:
        with named_faults(path, "un fichier Parquet"):
            table = pq.read_table(path)
            frame = table.replace_schema_metadata(None).to_pandas()
    except SourceUnreadable as error:
        raise SnapshotDamaged(path, expected=error.expected, found=error.found, remedy=_REMEDY) from error
    text = [field.name for field in table.schema if pa.types.is_string(field.type)]
    return frame.astype(dict.fromkeys(text, "str"))


class _SyncedTable(NamedTuple):
    path: Path
    entry: dict[str, Any]


class _Synced(NamedTuple):
    """Synced tables that are sound, what is known of their sources, and why others are not shown."""

    tables: dict[str, _SyncedTable]
    sources: dict[str, dict[str, Any]]
    warnings: tuple[str, ...]


def _synced(snapshot: dict[str, Any]) -> _Synced:
    """Find the synced tables to be shown over a snapshot.

    A snapshot chosen by MAILLAGE_SNAPSHOTS is shown alone, unless MAILLAGE_DATA chooses the synced data too: another
    country's communes and the user's own structures do not go together.
    """
    if os.environ.get("MAILLAGE_SNAPSHOTS") and not os.environ.get(versions.ENVIRONMENT):
        return _Synced({}, {}, ())
    tables: dict[str, _SyncedTable] = {}
    sources: dict[str, dict[str, Any]] = {}
    refused: list[str] = []
    for source_id in versions.synced_ids():
        title = source_id
        try:
            version = versions.read_pointer(source_id).version
            if version is None:
                continue
            where = versions.source_folder(source_id) / version
            document = versions.read_manifest(where)
            title = document.get("title", source_id)
            _require_same_ground(document, snapshot, where)
            found = {
                name: _SyncedTable(_checked_path(where, name, entry, RESYNC), entry)
                for name, entry in document.pop("tables").items()
            }
        except DataError as error:
            refused.append(f"« {title} » : Maillage montre les données embarquées, non les synchronisées. {error}")
            continue
        tables |= found
        sources[source_id] = document
    return _Synced(tables, sources, tuple(refused))


def _require_same_ground(document: dict[str, Any], snapshot: dict[str, Any], where: Path) -> None:
    """Want tables made in our layout, and carried to the very communes that are shown."""
    communes_sha256 = snapshot["tables"].get("communes", {}).get("sha256")
    if document.get("format") != FORMAT or document.get("communes_sha256") != communes_sha256:
        raise SnapshotDamaged(
            where / MANIFEST,
            expected="des données préparées pour cette version de Maillage",
            found="celles d’une autre",
            remedy=RESYNC,
        )


@lru_cache(maxsize=256)
def _sha256(path: Path, _modified_ns: int, _size: int) -> str:
    """Hash a file; its date and size are the key of the cache, so that a replaced file is hashed again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
