"""The secrecy of small counts in a table with totals: what is hidden must not be found again by a subtraction."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.small_numbers import SECRECY_THRESHOLD, is_small

BoolArray = npt.NDArray[np.bool_]
FEWEST_HIDDEN: Final = 2


def hide_cells(table: pd.DataFrame, threshold: int = SECRECY_THRESHOLD) -> pd.DataFrame:
    """Tell which cells of a table of professionals must be written "NS".

    First the counts from 1 to 4. Then, in each row and column whose parts add up to their total, others beside them:
    a count hidden alone, or with others that make less than the threshold together, would be found by subtracting
    what is shown from the total. The smallest counts above 0 are taken first, the total last.

    Parameters
    ----------
    table
        Counts; the last row holds the totals of the columns, the last column those of the rows. NaN unknown: a line
        with an unknown part tells nothing by subtraction, since the unknown hides it.
    threshold
        First number that may be shown.

    Returns
    -------
    pandas.DataFrame of bool
        Same index and columns; True where the cell is hidden. Never true of 0 nor of NaN.

    Examples
    --------
    >>> counts = pd.DataFrame({"n_gp": [3, 9, 20, 32], "all": [30, 40, 50, 120]}, index=["11", "30", "34", "total"])
    >>> hide_cells(counts)["n_gp"].tolist()
    [True, True, False, False]
    """
    counts = table.to_numpy(dtype=np.float64)
    hidden = np.column_stack([is_small(table[name], threshold).to_numpy(dtype=bool) for name in table.columns])
    n_rows, n_columns = counts.shape
    lines = [(row, slice(None)) for row in range(n_rows)] + [(slice(None), column) for column in range(n_columns)]
    # Hiding a cell may leave another line with one cell hidden alone: go round until nothing changes. Each round
    # hides at least one more, so it ends.
    while any([_cover(counts[line], hidden[line], threshold) for line in lines]):  # noqa: C419 - every line, each round
        pass
    return pd.DataFrame(hidden, index=table.index, columns=table.columns)


def _cover(counts: npt.NDArray[np.float64], hidden: BoolArray, threshold: int) -> bool:
    """Hide in one line, whose last cell is the total, what a subtraction would need; tell whether anything changed.

    `hidden` is a view of the whole table and is changed in place.
    """
    parts, total = counts[:-1], counts[-1]
    if not hidden.any() or np.isnan(total) or not np.isclose(np.nansum(parts), total):
        return False
    changed = False
    while not _is_safe(counts, hidden, threshold):
        shown = np.flatnonzero(~hidden[:-1] & (parts > 0))
        hidden[shown[parts[shown].argmin()] if len(shown) else -1] = True
        changed = True
    return changed


def _is_safe(counts: npt.NDArray[np.float64], hidden: BoolArray, threshold: int) -> bool:
    """Tell whether what is hidden in a line cannot be told from what is shown in it."""
    if hidden[-1]:  # a total hidden alone is the sum of its parts
        return bool(hidden[:-1].any())
    return not hidden.any() or bool(hidden.sum() >= FEWEST_HIDDEN and counts[:-1][hidden[:-1]].sum() >= threshold)
