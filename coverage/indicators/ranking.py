"""Rank of territories on an indicator, with ties, the unknown apart: best first against France, or worst first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.cards import Indicator
from coverage.indicators.criteria import worst_value


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
    >>> from coverage.indicators.cards import INDICATORS
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


def worst_first(
    values: pd.Series, indicator: Indicator, people: pd.Series, none: npt.NDArray[np.bool_] | None = None
) -> pd.Series:
    """Order territories from the worst off: those that a planner looks at first.

    Parameters
    ----------
    values
        Value of each territory, index territory code; NaN is unknown, inf is known.
    indicator
        Its card: high values come first, low ones where higher is better; categories in their own order.
    people
        Inhabitants of each territory, same index; NaN is unknown.
    none
        True where the value is missing because there is nothing to divide by: these come first.

    Returns
    -------
    pandas.Series
        Rank of each territory, in order (index territory code): 1 for the worst, equal values share the smaller rank
        and stand by decreasing population, then in the order given. The unknown come last, their rank is NaN.

    Examples
    --------
    >>> from coverage.indicators.cards import INDICATORS
    >>> apl = pd.Series({"a": 0.0, "b": float("nan"), "c": 2.0, "d": 0.0})
    >>> people = pd.Series({"a": 50.0, "b": 900.0, "c": 10.0, "d": 770.0})
    >>> worst_first(apl, INDICATORS["apl_65_2023"], people).to_dict()
    {'d': 1.0, 'a': 1.0, 'c': 3.0, 'b': nan}
    """
    if indicator.kind == "categorical":
        places = {code: float(place) for place, (code, _) in enumerate(indicator.categories)}
        key = values.map(places).to_numpy(np.float64)
    else:
        stored = values.to_numpy(np.float64)
        stored = stored if none is None else np.where(none, worst_value(indicator), stored)
        key = stored if indicator.higher_is == "mieux" else -stored
    unknown = np.isnan(key)
    fewest_last = -people.fillna(-1.0).to_numpy(np.float64)
    order = np.lexsort((fewest_last, np.where(unknown, 0.0, key), unknown))
    sorted_keys = key[order]
    positions = np.arange(len(order))
    begins = np.append(True, sorted_keys[1:] != sorted_keys[:-1])[: len(order)]
    ranks = np.maximum.accumulate(np.where(begins, positions, 0)) + 1.0
    return pd.Series(np.where(np.isnan(sorted_keys), np.nan, ranks), index=values.index[order])
