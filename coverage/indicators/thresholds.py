"""Classes of a map or a table: where the bounds fall, who is in which class.

One convention everywhere: a class holds its lower bound and not its upper one (the last class holds its upper one too),
so that "under 2.5" is exactly what lies below the bound 2.5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import ClassificationError
from coverage.indicators.natural_breaks import jenks_cuts

Method = Literal["quantiles", "jenks", "equal", "bounds"]
FloatArray = npt.NDArray[np.float64]

METHODS: Final = ("quantiles", "jenks", "equal", "bounds")
MAX_CLASSES: Final = 9  # beyond, no palette is readable
UNKNOWN: Final = -1
_SAME: Final = 1e-9  # part of a grain that is no difference
_DIGITS: Final = 12


@dataclass(frozen=True, eq=False)
class Classes:
    """Values put in classes.

    Attributes
    ----------
    edges
        Bounds from the smallest to the largest, one more than there are classes; empty when nothing is known. With
        policy bounds the first is -inf and the last inf: the end classes are open.
    index
        Class of each value, 0 for the lowest, `UNKNOWN` (-1) where the value is NaN; same index as the values.
    counts
        Number of values in each class.
    n_unknown
        Number of values that are NaN.
    """

    edges: tuple[float, ...]
    index: pd.Series
    counts: tuple[int, ...]
    n_unknown: int

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.counts)


def classify(
    values: pd.Series,
    method: Method,
    n_classes: int = 5,
    bounds: Sequence[float] | None = None,
    *,
    zero_apart: bool = False,
    around: float | None = None,
    grain: float | None = None,
) -> Classes:
    """Put values in classes.

    Parameters
    ----------
    values
        Any unit. NaN is unknown. An infinite value is known: it is in the end class and does not move the bounds.
    method
        "quantiles": as many values in each class as ties allow. "jenks": Fisher-Jenks, least variance within classes
        (`coverage.indicators.natural_breaks`). "equal": classes of equal width. "bounds": the given inner bounds, kept
        even where a class is empty, so that two maps compare.
    n_classes
        Classes wanted, 1 to 9; ignored by "bounds". Fewer come out when there are fewer distinct values, or ties.
    bounds
        Inner bounds, increasing, in the unit of the values; for "bounds" only.
    zero_apart
        True for a count: zero, where there is one, is a class by itself, one of the classes wanted. Not for "bounds".
    around
        A value that bounds are the same on both sides of, the end classes being open: those of the distances to it, cut
        by the method. It is the middle of a class where an odd number is wanted, a bound where an even one is. A class
        may then be empty. Not for "bounds".
    grain
        Bounds are lowered to a multiple of it, so that a bound is what is written of it. Not for "bounds".

    Returns
    -------
    Classes
        All-equal values make one class.

    Raises
    ------
    ClassificationError
        When the method is unknown, the number of classes is out of range, or the bounds do not increase.

    Examples
    --------
    >>> import pandas as pd
    >>> classes = classify(pd.Series({"31": 3.1, "32": 2.5, "69": 2.4, "976": float("nan")}), "bounds", bounds=[2.5])
    >>> classes.edges, classes.counts, classes.index.tolist()
    ((-inf, 2.5, inf), (1, 2), [1, 1, 0, -1])
    """
    numbers = values.to_numpy(np.float64)
    finite = np.sort(numbers[np.isfinite(numbers)])
    if method == "bounds":
        edges = (-np.inf, *_checked(bounds), np.inf)
    elif method in _CUTS:
        if not 1 <= n_classes <= MAX_CLASSES:
            raise ClassificationError(f"Classes : attendu de 1 à {MAX_CLASSES}, trouvé {n_classes}.")
        edges = _cut(finite, _CUTS[method], n_classes, zero_apart=zero_apart, around=around, grain=grain)
    else:
        raise ClassificationError(f"Méthode de classes : attendu {', '.join(METHODS)}, trouvé {method!r}.")
    return _sorted_into(values, edges)


def _cut(
    finite: FloatArray,
    cut: Callable[[FloatArray, int], FloatArray],
    n_classes: int,
    *,
    zero_apart: bool,
    around: float | None,
    grain: float | None,
) -> tuple[float, ...]:
    """Return the edges of the classes of sorted finite values, see `classify`."""
    if not len(finite):
        return ()
    if around is not None:
        distances = np.sort(np.abs(finite - around))
        n_apart = (n_classes + 1) // 2
        apart = np.unique(_coarse(cut(distances, n_apart), grain)) if n_apart > 1 else np.empty(0)
        apart = apart[apart > 0]
        middle = [] if n_classes % 2 else [around]
        return (-np.inf, *map(float, [*(around - apart[::-1]), *middle, *(around + apart)]), np.inf)
    first = int(np.searchsorted(finite, 0.0, side="right")) if zero_apart and finite[0] == 0 and n_classes > 1 else 0
    rest = finite[first:]
    if not first or not len(rest):
        return _edges(finite, _coarse(cut(finite, n_classes), grain))
    inner = _coarse(cut(rest, n_classes - 1), grain)
    least = rest[0] if grain is None else min(rest[0], grain)
    return _edges(finite, np.append(least, inner[inner > rest[0]]))


def _coarse(cuts: FloatArray, grain: float | None) -> FloatArray:
    if grain is None:
        return cuts
    return np.round(np.floor(cuts / grain + _SAME) * grain, _DIGITS)  # 100 × 0.29 is a little less than 29


def _checked(bounds: Sequence[float] | None) -> tuple[float, ...]:
    inner = tuple(float(bound) for bound in bounds or ())
    if not inner or not all(np.isfinite(inner)) or any(low >= high for low, high in pairwise(inner)):
        raise ClassificationError(f"Bornes : attendu des nombres croissants, trouvé {bounds}.")
    return inner


def _edges(finite: FloatArray, cuts: FloatArray) -> tuple[float, ...]:
    if not len(finite):
        return ()
    # A cut at the minimum would leave an empty class under it; two equal cuts, one between them.
    inner = np.unique(cuts[(cuts > finite[0]) & (cuts <= finite[-1])])
    return (float(finite[0]), *map(float, inner), float(finite[-1]))


def _quantile_cuts(finite: FloatArray, n_classes: int) -> FloatArray:
    # Class after class, an equal part of what is left: a value that fills several classes by itself (nine communes in
    # ten have no MSP) takes one, and the others still share the rest.
    cuts: list[float] = []
    rest = finite
    for left in range(n_classes, 1, -1):
        start = len(rest) // left
        if rest[start] == rest[0]:
            start = int(np.searchsorted(rest, rest[0], side="right"))
        if start == len(rest):
            break
        start = int(np.searchsorted(rest, rest[start]))
        cuts.append(float(rest[start]))
        rest = rest[start:]
    return np.asarray(cuts, dtype=np.float64)


def _equal_cuts(finite: FloatArray, n_classes: int) -> FloatArray:
    cuts: FloatArray = np.linspace(finite[0], finite[-1], n_classes + 1)[1:-1]
    # Empty classes are dropped: their bound says nothing.
    return cuts[np.diff(np.searchsorted(finite, np.append(cuts, np.inf))) > 0]


def _sorted_into(values: pd.Series, edges: tuple[float, ...]) -> Classes:
    numbers = values.to_numpy(np.float64)
    known = ~np.isnan(numbers)
    if not edges:  # nothing finite: one class for the infinite values, if any
        n_known = int(known.sum())
        index = pd.Series(np.where(known, 0, UNKNOWN), index=values.index, dtype="int8", name=values.name)
        return Classes(
            (-np.inf, np.inf) if n_known else (), index, (n_known,) if n_known else (), len(numbers) - n_known
        )
    positions = np.searchsorted(np.asarray(edges[1:-1]), numbers, side="right")
    index = pd.Series(np.where(known, positions, UNKNOWN), index=values.index, dtype="int8", name=values.name)
    counts = np.bincount(positions[known], minlength=len(edges) - 1)
    return Classes(edges, index, tuple(int(n) for n in counts), int((~known).sum()))


_CUTS: Final[dict[str, Callable[[FloatArray, int], FloatArray]]] = {
    "quantiles": _quantile_cuts,
    "jenks": jenks_cuts,
    "equal": _equal_cuts,
}
