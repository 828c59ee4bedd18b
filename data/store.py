"""The embedded snapshot as the app reads it: tables checked against their manifest, each file once.

Light on purpose: no geopandas, no pandera. The first table is on screen before those are imported.
"""

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import SnapshotDamaged, SnapshotMissing

DEFAULT_FOLDER: Final = Path(__file__).parent / "snapshots"
MANIFEST: Final = "manifest.json"

_REMEDY: Final = "Refaites les données embarquées avec « python -m data build », ou reprenez-les du dépôt."


def folder_in_use(folder: Path | None = None) -> Path:
    """Give the folder of the snapshot: the one asked for, else MAILLAGE_SNAPSHOTS, else the one beside this module."""
    return folder or Path(os.environ.get("MAILLAGE_SNAPSHOTS") or DEFAULT_FOLDER)


def manifest(folder: Path | None = None) -> dict[str, Any]:
    """Read what the snapshot is made of: a new dict at each call, free to be changed.

    Parameters
    ----------
    folder
        Folder of the snapshot; `folder_in_use` by default.

    Returns
    -------
    dict
        "tables": by name, file, rows, bytes, sha256, sources (ids of the catalogue), vintage; beside them, what the
        build counted, repaired and could not carry.

    Raises
    ------
    SnapshotMissing
        No manifest there.
    SnapshotDamaged
        It is not the manifest of a snapshot.
    """
    path = folder_in_use(folder) / MANIFEST
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SnapshotMissing(path, expected="le manifeste des données embarquées", remedy=_REMEDY) from error
    except (OSError, ValueError) as error:
        raise SnapshotDamaged(path, expected="un document JSON", found=error, remedy=_REMEDY) from error
    if not isinstance(document, dict) or not isinstance(document.get("tables"), dict):
        raise SnapshotDamaged(path, expected="une rubrique « tables »", found="aucune", remedy=_REMEDY)
    return document


def snapshot_path(name: str, folder: Path | None = None) -> Path:
    """Give the path of a table once its content is known to be the one of the manifest (checked once a file).

    Parameters
    ----------
    name
        Name of the table; "commune_geometry" is a GeoParquet, to be opened by geopandas.
    folder
        Folder of the snapshot; `folder_in_use` by default.

    Returns
    -------
    pathlib.Path
        An existing file.

    Raises
    ------
    SnapshotMissing
        No such table in the manifest, or no such file.
    SnapshotDamaged
        The file is not the one that the manifest describes.
    """
    where = folder_in_use(folder)
    tables = manifest(where)["tables"]
    if name not in tables:
        found = ", ".join(sorted(tables))
        raise SnapshotMissing(where / MANIFEST, expected=f"la table « {name} »", found=found, remedy=_REMEDY)
    entry = tables[name]
    file, expected = (entry.get("file"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
    if not isinstance(file, str) or not isinstance(expected, str):
        raise SnapshotDamaged(
            where / MANIFEST, place=f"table « {name} »", expected="file et sha256", found=entry, remedy=_REMEDY
        )
    path = where / file
    try:
        status = path.stat()
        found = _sha256(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError as error:
        raise SnapshotMissing(path, expected=f"la table « {name} »", remedy=_REMEDY) from error
    except OSError as error:
        raise SnapshotDamaged(path, expected="un fichier lisible", found=error.strerror, remedy=_REMEDY) from error
    if found != expected:
        raise SnapshotDamaged(
            path, expected=f"l’empreinte {expected[:12]}… du manifeste", found=f"{found[:12]}…", remedy=_REMEDY
        )
    return path


def load(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Load a table of the snapshot.

    Parameters
    ----------
    name
        Name of the table, such as "communes". The shapes of "commune_geometry" come as WKB (EPSG:4326, degrees).
    folder
        Folder of the snapshot; `folder_in_use` by default.

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
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise SnapshotDamaged(path, expected="un fichier Parquet", found=error, remedy=_REMEDY) from error
    frame = table.replace_schema_metadata(None).to_pandas()
    text = [field.name for field in table.schema if pa.types.is_string(field.type)]
    return frame.astype(dict.fromkeys(text, "str"))


@lru_cache(maxsize=256)
def _sha256(path: Path, _modified_ns: int, _size: int) -> str:
    """Hash a file; its date and size are the key of the cache, so that a replaced file is hashed again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
