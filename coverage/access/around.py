"""What stands within some minutes of a commune: structures and professionals, each of its own source and day."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from coverage.indicators.practitioners_communes import bpe_counts, liberal_counts
from coverage.indicators.sites import communes_of_2021
from coverage.indicators.structures import covered_communes, n_structures, sites_by_commune
from coverage.terms.site_dates import TYPES_2021
from coverage.territories.aggregation import Territories

BPE_STRUCTURES: Final = ("msp", "health_centres", "emergency", "pharmacies")
BPE_PROFESSIONS: Final = ("gp", "nurses", "physiotherapists", "midwives", "dentists")
SITES: Final = ("cpts", "hopital")
"""Types that the BPE does not count: the FINESS sites are."""


@dataclass(frozen=True)
class AroundTables:
    """The tables that are counted, in the schema of the snapshot.

    Attributes
    ----------
    communes, bpe_communes, structures, structures_2021
        Of the snapshot.
    known_regions
        Gives the regions where `structures` has every site of a type.
    rpps_practitioners
        None where no sync brought it.
    """

    communes: pd.DataFrame
    bpe_communes: pd.DataFrame
    structures: pd.DataFrame
    structures_2021: pd.DataFrame
    known_regions: Callable[[str], AbstractSet[str]]
    rpps_practitioners: pd.DataFrame | None = None


@dataclass(frozen=True)
class Count:
    """A number of structures or professionals.

    Attributes
    ----------
    kind
        One of `BPE_STRUCTURES`, `SITES`, `BPE_PROFESSIONS`, or a profession of the RPPS.
    number
        0 or more; NaN as soon as one commune is unknown.
    source
        Where it is counted: FINESS as it was on 8 January 2021 where the file in use does not know the type there.
    """

    kind: str
    number: float
    source: Literal["bpe", "finess", "finess_2021", "rpps"]


def count_around(tables: AroundTables, place: Territories) -> tuple[Count, ...]:
    """Count what stands in a set of communes: structures, then professionals, then the RPPS where it is at hand.

    Parameters
    ----------
    tables
        What is counted.
    place
        The communes as one territory (`Territories.of_own`).
    """
    codes = place.unit_codes
    bpe = {
        kind: Count(kind, _one(place.total(place.align(bpe_counts(tables.bpe_communes, codes, kind)))), "bpe")
        for kind in (*BPE_STRUCTURES, *BPE_PROFESSIONS)
    }
    sites = tuple(_count_sites(tables, place, kind) for kind in SITES)
    structures = tuple(bpe[kind] for kind in BPE_STRUCTURES)
    return (*structures, *sites, *(bpe[kind] for kind in BPE_PROFESSIONS), *_count_liberal(tables, place))


def _count_sites(tables: AroundTables, place: Territories, kind: str) -> Count:
    known = covered_communes(tables.communes, tables.known_regions(kind))
    number = _one(n_structures(sites_by_commune(tables.structures, kind, known), place))
    if kind not in TYPES_2021 or not np.isnan(number):
        return Count(kind, number, "finess")
    spoken_of = communes_of_2021(tables.communes, tables.structures_2021)
    former = sites_by_commune(tables.structures_2021, kind, spoken_of)
    return Count(kind, _one(n_structures(former, place)), "finess_2021")


def _count_liberal(tables: AroundTables, place: Territories) -> tuple[Count, ...]:
    if tables.rpps_practitioners is None:
        return ()
    by_profession = liberal_counts(tables.rpps_practitioners, tables.communes, place.unit_codes)
    return tuple(
        Count(profession, _one(place.total(place.align(counts))), "rpps")
        for profession, counts in by_profession.items()
    )


def _one(series: pd.Series) -> float:
    return float(series.iloc[0])
