"""How many people of each commune live within some minutes of each type of structure, counted by cell of 200 m."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from coverage.access.cells import people_within, place_cells
from coverage.indicators import nearest
from coverage.indicators.commune_facts import REACHED_TYPES, Tables
from coverage.indicators.practitioners_communes import bpe_counts

COUNTED_MINUTES: Final = (10, 15, 20, 30)
"""Minutes of the indicators, and of « Indicateurs de suivi » (15)."""


def count_by_cell(tables: Tables, cells: pd.DataFrame) -> pd.DataFrame:
    """Count the people of the cells of each commune, and those less than 10, 15, 20 and 30 minutes from a structure.

    The destinations and the model are those of the minutes of the communes: only where people start from differs. An
    estimate.

    Parameters
    ----------
    tables
        The tables of the snapshot: communes, bpe_communes, structures and their regions.
    cells
        Table `population_cells`.

    Returns
    -------
    pandas.DataFrame
        structure_type, commune_code (sorted, RangeIndex; of FINESS, where it is loaded), population (people of the
        cells), within_<limit>_min for each of `COUNTED_MINUTES` (people).

    Raises
    ------
    UnknownCommuneError
        A cell or a structure is in a commune that is not in the list.
    """
    placed = place_cells(cells, tables.communes)
    counted = []
    for kind, destinations, regions in _destinations(tables):
        homes = tables.communes if regions is None else tables.communes[tables.communes["region_code"].isin(regions)]
        inside = placed[placed["commune_code"].isin(homes["commune_code"])]
        if not inside.empty:
            people = people_within(inside, destinations, COUNTED_MINUTES).reset_index()
            counted.append(people.assign(structure_type=kind))
    names = ["structure_type", "commune_code", "population", *(f"within_{limit}_min" for limit in COUNTED_MINUTES)]
    if not counted:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in names[:2] else "float64") for name in names})
    table = pd.concat(counted)[names].astype({"structure_type": "str", "commune_code": "str"})
    return table.sort_values(names[:2], ignore_index=True)


def _destinations(tables: Tables) -> Iterator[tuple[str, pd.DataFrame, frozenset[str] | None]]:
    """Give the places that are driven to, by type, and the regions where they are known; None for all."""
    if tables.bpe_communes is not None:
        counts = bpe_counts(tables.bpe_communes, pd.Index(tables.communes["commune_code"]), "msp")
        yield "msp", nearest.communes_with(counts, tables.communes), None
    if tables.structures is not None:
        for kind in REACHED_TYPES:
            sites = nearest.sites_of(tables.structures, kind, tables.communes)
            yield kind, sites, tables.covered_regions
