"""Two indicators cut in classes and crossed: the cell of each place, its count and its people, what a contour holds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.shapes.drawn_zone import is_inside

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SIDE: Final = 3
"""Classes of each indicator at most: the map has nine colours."""


def cross(columns: FloatArray, rows: FloatArray, n_columns: int) -> FloatArray:
    """Return the cell of each place, from the class that it has on each axis.

    Parameters
    ----------
    columns, rows
        Class of each place on the first and on the second indicator, 0 for the lowest; NaN where it is unknown.
    n_columns
        Classes of the first indicator.

    Returns
    -------
    numpy.ndarray of float
        ``row * n_columns + column``: 0 where both are lowest; NaN where one of the two is unknown.

    Examples
    --------
    >>> cross(np.array([0.0, 2.0, np.nan]), np.array([0.0, 1.0, 1.0]), 3).tolist()
    [0.0, 5.0, nan]
    """
    return rows * n_columns + columns


def tally(cells: FloatArray, n_cells: int, people: FloatArray) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Count the places of each cell and the people who live there.

    Parameters
    ----------
    cells
        Cell of each place; NaN for those to be left out.
    n_cells
        How many cells there are.
    people
        Inhabitants of each place; NaN is unknown and adds nothing.

    Returns
    -------
    tuple of int, tuple of float
        One number a cell, in their order.
    """
    known = ~np.isnan(cells)
    numbers = cells[known].astype(np.int64)
    counts = np.bincount(numbers, minlength=n_cells)
    lives = np.bincount(numbers, weights=np.nan_to_num(people[known]), minlength=n_cells)
    return tuple(int(count) for count in counts), tuple(float(number) for number in lives)


def most_even_bounds(values: FloatArray, bounds: Sequence[float]) -> tuple[float, ...]:
    """Return at most two of some reference bounds: those whose three classes are the most even.

    Parameters
    ----------
    values
        Values of the places that decide, NaN where unknown.
    bounds
        Increasing bounds, in the same unit; a class holds its lower one.

    Returns
    -------
    tuple of float
        All the bounds where there are two or fewer; else the pair whose largest class is the smallest, the first of
        those that are equal.

    Examples
    --------
    >>> most_even_bounds(np.arange(9.0), (1.0, 3.0, 6.0, 8.0))
    (3.0, 6.0)
    """
    if len(bounds) < SIDE:
        return tuple(bounds)
    known = values[~np.isnan(values)]

    def largest_class(pair: tuple[float, ...]) -> int:
        return int(np.bincount(np.searchsorted(pair, known, side="right"), minlength=SIDE).max())

    return min(combinations(bounds, SIDE - 1), key=largest_class)


def holds(contour: Sequence[tuple[float, float]], x: FloatArray, y: FloatArray) -> BoolArray:
    """Tell which points lie in a contour.

    Parameters
    ----------
    contour
        Two opposite corners of an upright rectangle (its sides belong to it), or three points or more of a closed line:
        see `geo.shapes.drawn_zone.is_inside`.
    x, y
        The points, in the unit of the contour; NaN is nowhere.
    """
    if len(contour) == 2:  # noqa: PLR2004 - as the docstring says
        (west, south), (east, north) = contour
        across = (x >= min(west, east)) & (x <= max(west, east))
        return across & (y >= min(south, north)) & (y <= max(south, north))
    return is_inside(contour, x, y)
