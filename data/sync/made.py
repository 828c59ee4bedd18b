"""What the maker of a synced source is given, what it gives back, and what both must satisfy.

To add a source:

1. A reader, `data/readers/<format>.py`: from a path to a checked table, a `DataError` for every fault of the file.
2. A maker (`Maker`), `data/sync/<subject>.py`: ``make_x(path, context) -> Made``. It reads the path, carries the codes
   to the current communes (`data.history.carry_codes` with ``context.table("communes")`` and ``commune_history``), and
   gives every table of the remote, sorted by its key. The path is the downloaded file under its own name, taken out of
   its archive, or a folder when there are several files; pages of an API come as one file of a JSON object a line. When
   the file does not say its day: ``context.year`` (of the address), ``context.modified_on`` (of the server),
   ``context.today``. Totals that must not drop are `compare`d with ``context.shown(name)``; the numbers of rows are
   compared anyway with those of the last version of the same source.
3. Its registration in `data/sync/makers.py`, by the id of the remote.
4. A `[[remote]]` in `data/sources/catalog.toml`: ``replaces`` the embedded sources whose tables it brings, or ``[]``
   with ``unit`` and ``level``; the addresses in one of their forms (`data.sources.registry.Address`).
5. A table that is not in the snapshot: its contract in `contracts/synced_schemas.py`. `data.store.load` finds it once
   it was synced, and raises SnapshotMissing with the command to type until then.
6. At least one figure published elsewhere for each of its tables, in `data/sources/published_figures.toml`: a test
   refuses a table without one, and the sync a file that contradicts it. The gates of `data/contracts/gates.py` need
   nothing more.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from data import store
from data.errors import DataError, SnapshotDamaged, SnapshotMissing

LARGEST_DROP: Final = 0.05
"""Share of what there was before that may disappear in one sync; more is a partial file until the user says not."""


class DropTooLarge(DataError, ValueError):
    """A new file holds much less than the one before."""

    problem = "Baisse suspecte"


@dataclass(frozen=True)
class SyncContext:
    """The embedded tables that a synced source is carried to and compared with.

    Attributes
    ----------
    complete
        Whether it is France; False for a made-up country, whose numbers of rows are free.
    year
        Year of the address that answered; None when the address has none, or the file is the user's own.
    modified_on
        Day that the server gives to the file; None when it gives none.
    today
        Day of the sync.
    """

    complete: bool = True
    year: int | None = None
    modified_on: dt.date | None = None
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())

    def table(self, name: str) -> pd.DataFrame:
        """Return an embedded table, whatever was synced."""
        return store.load(name, store.folder_in_use())

    def shown(self, name: str) -> pd.DataFrame | None:
        """Return a table as the app shows it now, synced or embedded; None when there is none that can be read."""
        try:
            return store.load(name)
        except (SnapshotMissing, SnapshotDamaged):
            return None

    def shown_vintage(self, name: str) -> str:
        """Say of when a table is, as the app shows it now."""
        return str(store.manifest()["tables"][name]["vintage"])

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
        By name, as their contracts want them.
    as_of
        Day that they describe.
    vintage
        The same in French, for the captions.
    citation
        How a caption names the source with its date (« INSEE, BPE 2024 »); when empty, the citation of the catalogue
        followed by the month of `as_of`.
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
    citation: str = ""
    covered_regions: Mapping[str, list[str]] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()
    not_carried: pd.DataFrame | None = None
    report: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[[Path, SyncContext], Made]
"""Makes the tables of a source of what was downloaded: a file or a folder."""


def compare(name: str, before: pd.DataFrame | None, now: pd.DataFrame, column: str) -> tuple[Comparison, ...]:
    """Compare the sum of a column in two tables; nothing to compare when there is none before.

    Parameters
    ----------
    name
        What is counted, in French, for the message.
    before, now
        Tables of the same territory.
    column
        Column of counts; unknown ones add nothing.

    Returns
    -------
    tuple of Comparison
        One, or none.
    """
    if before is None or column not in before:
        return ()
    return (Comparison(name, float(before[column].sum()), float(now[column].sum())),)


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
