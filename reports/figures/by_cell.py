"""The people within some minutes, counted by cell, then kept on disk: a minute for France, once a version of it."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from coverage.indicators.by_cell import count_by_cell
from coverage.indicators.cards.structures import CELLS
from data import store
from data.cache import cache_folder
from geo.travel_time.estimate import read_estimate_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coverage.indicators.commune_facts import Tables

FORMAT: Final = "1"
_MADE_OF: Final = (CELLS, "communes", "bpe_communes", "structures")
"""Tables that decide of the counts."""


def with_cells(tables: Tables, manifest: Mapping[str, Any]) -> Tables:
    """Return the tables with the people within some minutes counted by cell, where a grid of cells is there.

    Parameters
    ----------
    tables
        The tables in use.
    manifest
        As `data.store.manifest` gives it.
    """
    if CELLS not in manifest["tables"]:
        return tables
    path = cache_folder() / f"people_by_cell_{_fingerprint(tables, manifest)}.parquet"
    people = _read(path)
    if people is None:
        people = count_by_cell(tables, store.load(CELLS))
        _keep(people, path)
    return replace(tables, people_by_cell=people)


def _fingerprint(tables: Tables, manifest: Mapping[str, Any]) -> str:
    """Name what decides of the counts: the tables by their content, the regions that are known, the travel times."""
    contents = {name: manifest["tables"][name]["sha256"] for name in _MADE_OF if name in manifest["tables"]}
    decided = [FORMAT, contents, sorted(tables.covered_regions), repr(read_estimate_parameters())]
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()[:24]


def _read(path: Path) -> pd.DataFrame | None:
    """Read the counts; None when there are none, or the file is damaged: they are counted again."""
    try:
        return pd.read_parquet(path).astype({"structure_type": "str", "commune_code": "str"})
    except (OSError, ValueError, KeyError, NotImplementedError):  # pyarrow's errors are of these families
        return None


def _keep(people: pd.DataFrame, path: Path) -> None:
    """Write the counts whole or not at all; where the folder cannot be written, they are counted at each start."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        os.close(handle)
        try:
            people.to_parquet(temporary, index=False)
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError:
        return
