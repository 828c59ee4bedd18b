"""Natural breaks (Fisher-Jenks): the classes whose values differ least from their mean.

mapclassify gives the same classes and is the reference of the tests, but it needs numba to be fast, and numba cannot
be installed beside a package named `coverage`: 4 s and a warning for a thousand values, against some 0.1 s here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_MAX_GROUPS: Final = 1200
"""The search is quadratic in the number of groups: beyond, close values are tied together before it."""


def jenks_cuts(ordered: FloatArray, n_classes: int) -> FloatArray:
    """Find where natural classes begin.

    Minimises the sum over classes of sum (value - mean of the class)², exactly when there are at most 1 200 distinct
    values. Beyond, the values are first gathered in at most 1 200 narrow groups (edges half by rank, half by value, so
    that neither the crowd nor the extremes are blurred), and the breaks fall between groups.

    Source: Fisher (1958), On grouping for maximum homogeneity; Jenks (1977).

    Parameters
    ----------
    ordered
        Finite values, sorted, at least one.
    n_classes
        Classes wanted, 1 or more.

    Returns
    -------
    numpy.ndarray
        Smallest value of each class but the first: one fewer than the classes. With fewer distinct values than classes,
        one class a value.

    Examples
    --------
    >>> import numpy as np
    >>> jenks_cuts(np.array([1.0, 1.1, 1.2, 5.0, 5.2, 9.0]), 3).tolist()
    [5.0, 9.0]
    """
    first = _group_starts(ordered)
    if n_classes >= len(first):
        return ordered[first[1:]]
    centred = ordered - ordered.mean()  # the sums of squares lose their digits far from 0
    weight = np.diff(np.append(first, len(ordered))).astype(np.float64)
    sums, squares = np.add.reduceat(centred, first), np.add.reduceat(centred**2, first)
    return ordered[first[_best_starts(weight, sums, squares, n_classes)]]


def _group_starts(ordered: FloatArray) -> npt.NDArray[np.intp]:
    """Return the positions where a group of values begins; equal values are never apart."""
    starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf) > 0)
    if len(starts) <= _MAX_GROUPS:
        return starts
    by_rank = ordered[np.linspace(0, len(ordered) - 1, _MAX_GROUPS // 2).astype(np.intp)]
    by_value = np.linspace(ordered[0], ordered[-1], _MAX_GROUPS // 2)
    edges = np.unique(np.concatenate([by_rank, by_value]))
    return np.unique(np.searchsorted(ordered, edges[edges <= ordered[-1]]))


def _best_starts(weight: FloatArray, sums: FloatArray, squares: FloatArray, n_classes: int) -> npt.NDArray[np.intp]:
    """Return the group where each class but the first begins, by dynamic programming over the groups."""
    n = len(weight)
    w, s, q = (np.concatenate([[0.0], np.cumsum(part)]) for part in (weight, sums, squares))
    # spread[j] = least spread of the first j groups in the classes used so far.
    spread = q - np.divide(s**2, w, out=np.zeros(n + 1), where=w > 0)
    chosen = np.zeros((n_classes, n + 1), dtype=np.intp)
    for used in range(1, n_classes):
        wider = np.full(n + 1, np.inf)
        for j in range(used + 1, n + 1):
            start = np.arange(used, j)
            last_class = q[j] - q[used:j] - (s[j] - s[used:j]) ** 2 / (w[j] - w[used:j])
            candidates = spread[used:j] + last_class
            best = int(candidates.argmin())
            wider[j], chosen[used, j] = candidates[best], start[best]
        spread = wider
    starts = np.empty(n_classes - 1, dtype=np.intp)
    end = n
    for used in range(n_classes - 1, 0, -1):
        end = starts[used - 1] = chosen[used, end]
    return starts
