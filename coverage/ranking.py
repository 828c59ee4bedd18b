"""Rank of territories on an indicator, with ties, the value of France beside it, and the unknown listed apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.definitions import Indicator


@dataclass(frozen=True, eq=False)
class Ranking:
    """Territories ranked on one indicator.

    Attributes
    ----------
    indicator
        What they are ranked on: unit, direction, date (`indicator.vintage`), sources.
    table
        Index territory code, best first (for an indicator without a better direction, highest first): `value`, `rank`
        (1 for the first; equal values share the smaller rank: 1, 2, 2, 4), `gap_to_france` (value - France's, same
        unit, NaN when France is unknown).
    unknown
        Codes of the territories without a value, sorted: they have no rank.
    france_value
        Value of France, NaN when unknown.
    """

    indicator: Indicator
    table: pd.DataFrame
    unknown: tuple[str, ...]
    france_value: float

    @property
    def n_ranked(self) -> int:
        """Number of territories that have a rank."""
        return len(self.table)

    @property
    def vintage(self) -> str:
        """What the values are dated from, in French."""
        return self.indicator.vintage

    def rank_of(self, code: str) -> int | None:
        """Give the rank of a territory, None when its value is unknown."""
        return int(self.table.loc[code, "rank"]) if code in self.table.index else None


def rank(
    values: pd.Series, indicator: Indicator, france_value: float = float("nan"), *, best_first: bool = True
) -> Ranking:
    """Rank the territories of a level on an indicator.

    Parameters
    ----------
    values
        Value of each territory, index territory code; NaN is unknown. An infinite value (no road to a structure) is
        known, and last.
    indicator
        Definition of the indicator: lower values come first when `higher_is` is "moins bien".
    france_value
        Value of France, in the same unit.
    best_first
        False to begin with the worst.

    Returns
    -------
    Ranking
        Territories with equal values are in the order of their codes.

    Examples
    --------
    >>> import pandas as pd
    >>> from coverage.definitions import INDICATORS
    >>> values = pd.Series({"76": 14.0, "84": 9.0, "04": 14.0, "06": float("nan")})
    >>> ranking = rank(values, INDICATORS["msp_per_100k"], france_value=11.0)
    >>> ranking.table["rank"].to_dict(), ranking.unknown
    ({'04': 1, '76': 1, '84': 3}, ('06',))
    """
    known = values[values.notna()].astype(np.float64).sort_index()
    ascending = (indicator.higher_is == "moins bien") == best_first
    order = known.sort_values(ascending=ascending, kind="stable")
    table = pd.DataFrame(
        {
            "value": order,
            "rank": order.rank(method="min", ascending=ascending).astype(np.int64),
            "gap_to_france": order - france_value,
        }
    )
    return Ranking(indicator, table, tuple(values.index[values.isna()].sort_values()), float(france_value))
