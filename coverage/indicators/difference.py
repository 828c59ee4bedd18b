"""Two maps of the same territories: whether their figures are of one measure, and what parts them place by place."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from coverage.indicators.cards import Indicator

_DATED: Final = re.compile(r"_\d{4}$")


def is_same_measure(first: Indicator, second: Indicator) -> bool:
    """Tell whether two indicators are one, at one date or at two: same unit, and same name but for the year.

    Examples
    --------
    >>> from coverage.indicators.cards import INDICATORS
    >>> is_same_measure(INDICATORS["apl_65_2022"], INDICATORS["apl_65_2023"])
    True
    >>> is_same_measure(INDICATORS["apl_2023"], INDICATORS["apl_65_2023"])
    False
    """
    named = _DATED.sub("", first.id) == _DATED.sub("", second.id)
    return named and first.unit == second.unit and first.kind == second.kind != "categorical"


def set_apart(first: pd.Series, second: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Set the figures of two maps of one measure side by side, the largest change first.

    Parameters
    ----------
    first, second
        Values of the same unit, index territory code; a code of one only is unknown in the other.
    population
        Inhabitants, same index; a code without any is unknown.

    Returns
    -------
    pandas.DataFrame
        Index: the codes of both. Columns `first`, `second`, `difference` (second - first, NaN where one of them is
        unknown or infinite), `population`. Sorted by size of the difference, whatever its sign; then by population,
        then by code. What is unknown comes last.
    """
    codes = first.index.union(second.index)
    table = pd.DataFrame(
        {"first": first.reindex(codes), "second": second.reindex(codes), "population": population.reindex(codes)}
    )
    gap = table["second"].astype(np.float64) - table["first"].astype(np.float64)
    table.insert(2, "difference", gap.where(np.isfinite(gap)))
    size = -table["difference"].abs().to_numpy(np.float64)
    people = -table["population"].to_numpy(np.float64)
    # lexsort: the last key counts most, NaN comes last
    return table.iloc[np.lexsort((codes.to_numpy(str), people, size))]
