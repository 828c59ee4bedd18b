"""What is announced of the MSP, set against what is measured: the count at its date, the multiple, the rank."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from coverage.trajectory.growth import rank_by_date

RANKED_ON: Final = "population_per_structure"
"""The rank of a territory is that of its inhabitants per MSP, the fewest first."""

MEASURED_COLUMNS: Final = (
    "first_on", "first", "last_on", "last", "growth", "n_ranked", "best", "reached_on", "reached", "is_whole",
)  # fmt: skip


class Span(NamedTuple):
    """First and last day of a date written as "2021", "2021-06" or "2013/2020"."""

    start: pd.Timestamp
    end: pd.Timestamp


def read_span(text: str) -> Span | None:
    """Return the days that a date covers; None for an empty text, which is no date.

    Parameters
    ----------
    text
        A year, a month, or two of them parted by "/".

    Examples
    --------
    >>> read_span("2021-06").end.date().isoformat(), read_span("2013/2020").start.year
    ('2021-06-30', 2013)
    """
    if not text:
        return None
    first, _, last = text.partition("/")
    start, end = (pd.Period(part) for part in (first, last or first))
    return Span(start.start_time.normalize(), end.end_time.normalize())


def measure_claims(claims: pd.DataFrame, course: pd.DataFrame) -> pd.DataFrame:
    """Set each claim against the half-yearly series of the same territory.

    count and growth read the structures, growth = last / first; rank reads the rank of the territory at its level, by
    inhabitants per structure. The half-years looked at are those inside the period of the claim (its `period`, else its
    date; all of them without either). When the series has none there, the last one before it is read alone, or the
    first of all.

    Parameters
    ----------
    claims
        level, territory_code, date, value, measure ("count", "growth" or "rank") and period, as
        `data.sources.reperes.load_comparisons` returns them.
    course
        As `coverage.trajectory.growth.trajectory` returns it.

    Returns
    -------
    pandas.DataFrame
        Index of `claims`. first_on, last_on (dates of the half-years read, the same for one alone), first, last
        (structures, or rank, 1 the best served), growth (last / first; NaN but for "growth"), n_ranked (territories
        that have a rank on the last date) and best (smallest rank read), both NaN but for "rank", reached_on and
        reached (first half-year of the whole series at which the count is at least the value claimed; missing but for
        "count", and when it never is), is_whole (whether the series covers the period from end to end, to within a
        half-year). NaT and NaN where the territory has no series.

    Examples
    --------
    >>> dates = pd.to_datetime(["2020-06-30", "2020-12-31"])
    >>> course = pd.DataFrame({"level": "france", "territory_code": "FR", "date": dates,
    ...                        "n_structures": [1617.0, 1740.0], "population_per_structure": [4e4, 3.9e4]})
    >>> claims = pd.DataFrame({"level": ["france"], "territory_code": ["FR"], "date": ["2020"], "value": [1300.0],
    ...                        "measure": ["count"], "period": [""]})
    >>> measure_claims(claims, course).loc[0, ["first", "last"]].tolist()
    [1617.0, 1740.0]
    """
    rows = [_measure(claim, course) for claim in claims.to_dict("records")]
    return pd.DataFrame(rows, index=claims.index, columns=list(MEASURED_COLUMNS))


def _measure(claim: dict[str, object], course: pd.DataFrame) -> dict[str, object]:
    level, code, measure = str(claim["level"]), str(claim["territory_code"]), str(claim["measure"])
    unknown: dict[str, object] = dict.fromkeys(MEASURED_COLUMNS, np.nan)
    unknown |= {"first_on": pd.NaT, "last_on": pd.NaT, "reached_on": pd.NaT, "is_whole": False}
    counts = course[(course["level"] == level) & (course["territory_code"] == code)].set_index("date")["n_structures"]
    values, n_ranked = counts.dropna().sort_index(), pd.Series(dtype="float64")
    if measure == "rank":
        ranks = rank_by_date(course, level, RANKED_ON)
        values, n_ranked = (ranks.loc[code].dropna() if code in ranks.index else values.iloc[:0]), ranks.notna().sum()
    if values.empty:
        return unknown
    span = read_span(str(claim["period"] or claim["date"])) or Span(values.index[0], values.index[-1])
    read = values[(values.index >= span.start) & (values.index <= span.end)]
    if read.empty:
        before = values[values.index <= span.end]
        read = before.iloc[[-1]] if len(before) else values.iloc[[0]]
    found = unknown | {
        "first_on": read.index[0],
        "first": read.iloc[0],
        "last_on": read.index[-1],
        "last": read.iloc[-1],
        "is_whole": _covers(values.index, span),
    }
    if measure == "growth":
        found["growth"] = read.iloc[-1] / read.iloc[0] if len(read) > 1 and read.iloc[0] > 0 else np.nan
    if measure == "rank":
        found |= {"n_ranked": float(n_ranked[read.index[-1]]), "best": read.min()}
    reached = values[values >= float(str(claim["value"]))]
    if measure == "count" and len(reached):
        found |= {"reached_on": reached.index[0], "reached": reached.iloc[0]}
    return found


def _covers(dates: pd.Index, span: Span) -> bool:
    """Tell whether half-yearly dates cover a span, to within a half-year at its start."""
    half_year = pd.DateOffset(months=6)
    return bool(dates[0] <= span.start + half_year and dates[-1] + half_year > span.end)
