"""The marks of a scatter: one a place, or one for the places of a small square where they are too many to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_POINTS: Final = 2_500
"""Above, places that are near each other share a mark: 35 000 points would weigh megabytes in a browser."""
COLUMNS, ROWS = 90, 60


@dataclass(frozen=True, eq=False)
class Marks:
    """What a scatter draws.

    Attributes
    ----------
    x, y
        Where each mark stands: at its place, or in the middle of its square.
    group
        Group of the places of each mark: those of two groups never share one.
    counts
        Places of each mark.
    members
        Mark of each place; -1 where it has none.
    """

    x: FloatArray
    y: FloatArray
    group: IntArray
    counts: IntArray
    members: IntArray

    @property
    def is_gathered(self) -> bool:
        """Tell whether marks stand for several places."""
        return bool((self.counts > 1).any())


def gather(x: FloatArray, y: FloatArray, groups: IntArray, most: int = MOST_POINTS) -> Marks:
    """Put places on a scatter.

    Parameters
    ----------
    x, y
        Where each place stands; NaN is nowhere.
    groups
        Group of each place, 0 or more.
    most
        Places drawn one by one at most.
    """
    drawn = np.flatnonzero(~np.isnan(x) & ~np.isnan(y))
    members = np.full(len(x), -1, dtype=np.int64)
    if len(drawn) <= most:
        members[drawn] = np.arange(len(drawn))
        return Marks(x[drawn], y[drawn], groups[drawn], np.ones(len(drawn), dtype=np.int64), members)
    (column, x_middles), (row, y_middles) = _sliced(x[drawn], COLUMNS), _sliced(y[drawn], ROWS)
    keys = (groups[drawn] * COLUMNS + column) * ROWS + row
    distinct, mark, counts = np.unique(keys, return_inverse=True, return_counts=True)
    members[drawn] = mark
    return Marks(
        x_middles[distinct // ROWS % COLUMNS], y_middles[distinct % ROWS], distinct // (COLUMNS * ROWS), counts, members
    )


def _sliced(values: FloatArray, n_slices: int) -> tuple[IntArray, FloatArray]:
    """Return the slice of each value, of equal slices of their range, and the middle of each slice."""
    low, high = float(values.min()), float(values.max())
    step = (high - low) / n_slices or 1.0
    number: IntArray = np.minimum((values - low) // step, n_slices - 1).astype(np.int64)
    return number, np.asarray(low + (np.arange(n_slices) + 0.5) * step, dtype=np.float64)
