"""The version of a table before the one in use."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from data import store
from data.errors import SnapshotMissing
from data.sync import versions


class Previous(NamedTuple):
    """A table as it was before the last sync.

    Attributes
    ----------
    table
        Its rows.
    vintage
        French date or period that it describes.
    covered_regions
        Regions that it is limited to; None for all France.
    """

    table: pd.DataFrame
    vintage: str
    covered_regions: list[str] | None


def load_previous(name: str) -> Previous | None:
    """Load the version of a table before the one in use: the synced one that was kept, else the embedded one.

    Parameters
    ----------
    name
        Name of the table.

    Returns
    -------
    Previous or None
        None for a table that was never synced, or that no version held before.

    Raises
    ------
    SnapshotDamaged
        The version kept is not what its manifest says.
    VersionsDamaged
        The version kept is no longer there, or its manifest is not ours.
    """
    entry = store.manifest()["tables"].get(name)
    source = next((source for source in entry["sources"] if source in versions.synced_ids()), None) if entry else None
    if source is None:
        return None
    version = versions.read_pointer(source).previous
    folder = versions.source_folder(source) / version if version else store.folder_in_use()
    manifest = versions.read_manifest(folder) if version else store.manifest(folder)
    return _in_folder(name, folder, manifest)


def _in_folder(name: str, folder: Path, manifest: Mapping[str, Any]) -> Previous | None:
    entry = manifest["tables"].get(name)
    if entry is None:
        return None
    try:
        table = store.load(name, folder)
    except SnapshotMissing:
        return None
    return Previous(table, entry["vintage"], entry.get("covered_regions"))
