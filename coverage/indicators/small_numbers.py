"""The secrecy of small counts: fewer than five professionals are not shown."""

from __future__ import annotations

from typing import Final

import pandas as pd

SECRECY_THRESHOLD: Final = 5
"""A count of professionals from 1 to 4 is not published (CNAM writes "NS"); 0 tells of nobody and is shown."""

NOT_SHOWN: Final = "NS"


def is_small(counts: pd.Series, threshold: int = SECRECY_THRESHOLD) -> pd.Series:
    """Say which counts are too small to be shown: above 0 and below the threshold.

    Parameters
    ----------
    counts
        Numbers of professionals; NaN unknown.
    threshold
        First number that may be shown.

    Returns
    -------
    pandas.Series of bool
        Same index; False where unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> is_small(pd.Series([0.0, 4.0, 5.0, float("nan")])).tolist()
    [False, True, False, False]
    """
    return (counts > 0) & (counts < threshold)


def hide_small(counts: pd.Series, threshold: int = SECRECY_THRESHOLD) -> pd.Series:
    """Replace the counts too small to be shown by NaN, for whatever is computed or drawn from them.

    Examples
    --------
    >>> import pandas as pd
    >>> hide_small(pd.Series([0.0, 4.0, 5.0])).tolist()
    [0.0, nan, 5.0]
    """
    return counts.mask(is_small(counts, threshold))


def print_count(count: float, *, suppressed: bool = False, threshold: int = SECRECY_THRESHOLD) -> str | None:
    """Write a count as it may be published.

    Parameters
    ----------
    count
        Number of professionals; NaN unknown.
    suppressed
        Whether the source itself hid it.
    threshold
        First number that may be shown.

    Returns
    -------
    str or None
        "NS" when hidden by secrecy, the digits when it may be shown, None when unknown.

    Examples
    --------
    >>> print_count(3), print_count(12), print_count(float("nan")), print_count(float("nan"), suppressed=True)
    ('NS', '12', None, 'NS')
    """
    if suppressed or 0 < count < threshold:
        return NOT_SHOWN
    return None if pd.isna(count) else f"{count:.0f}"
