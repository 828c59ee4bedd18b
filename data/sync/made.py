"""What the maker of a synced source is given, what it gives back, and what both must satisfy."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from data import store
from data.errors import DataError

LARGEST_DROP: Final = 0.05
"""Share of what there was before that may disappear in one sync; more is a partial file until the user says not."""


class DropTooLarge(DataError, ValueError):  # noqa: N818 - named like a fault, as those of data/errors
    """A new file holds much less than the one before."""

    problem = "Baisse suspecte"


@dataclass(frozen=True)
class Ground:
    """The embedded tables that a synced source is carried to and compared with.

    Attributes
    ----------
    complete
        Whether it is France; False for a made-up country, whose numbers of rows are free.
    """

    complete: bool = True

    def table(self, name: str) -> pd.DataFrame:
        """Give an embedded table, whatever was synced."""
        return store.load(name, store.folder_in_use())

    @cached_property
    def shapes(self) -> gpd.GeoDataFrame:
        """Full shapes of the communes (EPSG:4326)."""
        return gpd.read_parquet(store.snapshot_path("commune_geometry", store.folder_in_use()))


@dataclass(frozen=True)
class Comparison:
    """A total before and now: the same count of the same territory."""

    name: str
    before: float
    now: float


@dataclass(frozen=True)
class Made:
    """Tables made of a downloaded file.

    Attributes
    ----------
    tables
        By name, in the schema of data/contracts.py.
    as_of
        Day that they describe.
    vintage
        The same in French, for the captions.
    covered_regions
        By table, the regions that it is limited to; none for all France.
    comparisons
        Totals that must not drop.
    not_carried
        Codes that no current commune holds: code, name, reason.
    report
        What was counted and repaired.
    """

    tables: Mapping[str, pd.DataFrame]
    as_of: dt.date
    vintage: str
    covered_regions: Mapping[str, list[str]] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()
    not_carried: pd.DataFrame | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[[Path, Ground], Made]


def require_no_drop(name: str, comparisons: tuple[Comparison, ...]) -> None:
    """Refuse a total that lost more than `LARGEST_DROP` of what it was.

    Raises
    ------
    DropTooLarge
        With the first such total.
    """
    for total in comparisons:
        if total.now < total.before * (1 - LARGEST_DROP):
            drop = f"{100 * (1 - total.now / total.before):.1f}".replace(".", ",")
            raise DropTooLarge(
                name,
                place=total.name,
                expected=f"{total.before:.0f} à {100 * LARGEST_DROP:.0f} % près, comme dans la version en place",
                found=f"{total.now:.0f}, soit {drop} % de moins",
                remedy="Si cette baisse est réelle, acceptez-la avec « --accept-drop ».",
            )
