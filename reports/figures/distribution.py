"""The bars of a legend: how many territories of a map have about each value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from geo.map.distribution import FIRST_LETTER, N_BARS, NO_BAR, Distribution

if TYPE_CHECKING:
    from collections.abc import Callable

TAILS: Final = (0.01, 0.99)
"""Quantiles between which bars are of equal width: the end ones hold the rest."""
FEWEST: Final = 8
"""Values under which bars would say no more than the rows of the legend."""
STEEP: Final = 50.0
"""How many times its median the largest number of a count must be for its bars to widen as numbers grow."""

FloatArray = npt.NDArray[np.float64]


def distribute(
    printed: FloatArray,
    inside: npt.NDArray[np.bool_],
    class_numbers: FloatArray,
    write: Callable[[float], str],
    *,
    whole: bool,
    counted: bool,
) -> Distribution | None:
    """Count the territories of a map by value.

    Parameters
    ----------
    printed
        Value of each territory of the level in the printed unit; NaN where it is unknown or none.
    inside
        True in the scope: these are counted.
    class_numbers
        Class of each territory, NaN where it has none.
    write
        Writes a value in French.
    whole
        True where values are whole numbers.
    counted
        True for a count, whose bars may widen as numbers grow.

    Returns
    -------
    Distribution or None
        None where too few values are known, or all are the same.
    """
    known = inside & np.isfinite(printed) & np.isfinite(class_numbers)
    shown = printed[known]
    if len(shown) < FEWEST or shown.min() == shown.max():
        return None
    edges = bar_edges(shown, whole=whole, counted=counted)
    n_bars = len(edges) - 1
    bar = np.clip(np.searchsorted(edges, printed, side="right") - 1, 0, n_bars - 1)
    n_classes = int(class_numbers[known].max()) + 1
    counts = np.zeros((n_bars, n_classes), dtype=int)
    np.add.at(counts, (bar[known], class_numbers[known].astype(int)), 1)
    bars = tuple(tuple((place, int(n)) for place, n in enumerate(row) if n) for row in counts)
    letters = np.where(np.isnan(printed), ord(NO_BAR), bar + ord(FIRST_LETTER)).astype(np.uint8)
    return Distribution(
        edges=tuple(map(float, edges)),
        bars=bars,
        letters=letters.tobytes().decode("ascii"),
        first=write(float(shown.min())),
        last=write(float(shown.max())),
    )


def bar_edges(shown: FloatArray, *, whole: bool, counted: bool) -> FloatArray:
    """Return the bounds of the bars: a bar a whole number where there are few, else of equal width between the tails.

    Those of a count that few territories have in great number widen as numbers grow, each by the same ratio.
    """
    least, largest = float(shown.min()), float(shown.max())
    if whole and largest - least < N_BARS:
        return np.arange(least, largest + 2)
    positive = shown[shown > 0]
    if counted and least >= 0 and len(positive) and largest > STEEP * float(np.median(positive)):
        low = float(positive.min())
        steps = low * (largest / low) ** (np.arange(N_BARS) / (N_BARS - 1))
        steps = np.unique(np.ceil(steps)) if whole else steps
        return np.append(0.0, steps) if least == 0 else steps
    low, high = (float(np.quantile(shown, tail)) for tail in TAILS)
    if low == high:
        low, high = least, largest
    if whole:
        width = max(1.0, np.ceil((high - low) / N_BARS))
        return np.asarray(np.floor(low) + width * np.arange(int((high - low) // width) + 2))
    return np.linspace(low, high, N_BARS + 1)
