"""The people within some minutes, counted by cell, then kept on disk: a minute for France, once a version of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from coverage.indicators.by_cell import count_by_cell
from coverage.indicators.cards.structures import CELLS
from data import store
from data.kept_tables import kept_table
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
    people = kept_table("people_by_cell", _decided(tables, manifest), lambda: count_by_cell(tables, store.load(CELLS)))
    return replace(tables, people_by_cell=people)


def _decided(tables: Tables, manifest: Mapping[str, Any]) -> str:
    """Tell what decides of the counts: the tables by their content, the regions that are known, the travel times."""
    contents = {name: manifest["tables"][name]["sha256"] for name in _MADE_OF if name in manifest["tables"]}
    decided = [FORMAT, contents, sorted(tables.covered_regions), repr(read_estimate_parameters())]
    return json.dumps(decided, sort_keys=True)
