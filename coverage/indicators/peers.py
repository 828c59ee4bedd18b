"""Comparable territories: those of the same level whose density, age and poverty are nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

PEER_CRITERIA: Final = ("density_per_km2", "share_75plus", "poverty_rate")
_IN_LOGARITHM: Final = frozenset({"density_per_km2"})
"""From 1 to 20 000 inhabitants per km²: from 10 to 20 is as far as from 1 000 to 2 000."""
MOST_PEERS: Final = 10
FEWEST_CRITERIA: Final = 2
_PART_OF_ALL: Final = 3


@dataclass(frozen=True, eq=False)
class Peers:
    """The territories that resemble one.

    Attributes
    ----------
    distances
        Index territory code, nearest first: the distance, in standard deviations (0 is alike). Never holds the
        territory itself. Empty when too little is known of it.
    criteria
        What they are compared on: the criteria of `PEER_CRITERIA` known for the territory, at least two.
    missing
        Those left out, because they are unknown for it.
    n_unknown
        Number of territories of the level that could not be compared, one of the criteria being unknown for them.
    """

    distances: pd.Series
    criteria: tuple[str, ...]
    missing: tuple[str, ...]
    n_unknown: int


def find_peers(table: pd.DataFrame, code: str, criteria: Sequence[str] = PEER_CRITERIA) -> Peers:
    """Find the territories that resemble one.

    Each criterion is standardised over the territories of the level that know it (density by its logarithm): its
    deviation from their mean, in standard deviations. The distance of two territories is the root of the mean square
    of the differences of their criteria. At most ten are kept, and at most a third of the level.

    Parameters
    ----------
    table
        The territories of one level, index territory code, the criteria among its columns; NaN is unknown, as is the
        density of a territory without inhabitants. An unknown value is never replaced: a criterion unknown for the
        territory is used for none, and another territory must know all that are used.
    code
        The territory.
    criteria
        Columns to compare on.

    Returns
    -------
    Peers
        Of two at the same distance, the smaller code comes first.
    """
    standard = pd.DataFrame({name: _standardise(table[name], name) for name in criteria if name in table})
    used = [name for name in standard if pd.notna(standard.loc[code, name])]
    missing = tuple(name for name in criteria if name not in used)
    if len(used) < FEWEST_CRITERIA:
        return Peers(pd.Series(dtype="float64"), tuple(used), missing, 0)
    others = standard.loc[standard.index != code, used]
    known = others.dropna()
    distances = np.sqrt(((known - standard.loc[code, used]) ** 2).mean(axis=1)).sort_index()
    n_kept = min(MOST_PEERS, max(1, len(table) // _PART_OF_ALL))
    nearest = distances.sort_values(kind="stable").head(n_kept)
    return Peers(nearest, tuple(used), missing, len(others) - len(known))


def _standardise(values: pd.Series, name: str) -> pd.Series:
    """Return the deviations from the mean in standard deviations; 0 where all are equal, NaN where unknown."""
    scale = values.astype("float64")
    if name in _IN_LOGARITHM:
        scale = np.log(scale.where(scale > 0))
    spread = scale.std(ddof=0)
    deviation = scale - scale.mean()
    return deviation / spread if spread > 0 else deviation * 0.0
