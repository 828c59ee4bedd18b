"""Names not yet typed to the end, and those that a typing mistake hides: "touluse" for Toulouse."""

import re
from difflib import get_close_matches
from typing import Final

import pandas as pd

_LEAST: Final = 0.8
"""Least likeness of two names, twice their common letters over their letters: one mistake in five, two in ten."""
_SHORTEST: Final = 4
_MOST_MISSING: Final = 2


def beginnings(text: str, wanted: str) -> tuple[str, ...]:
    """Return how the names may begin that a reader is typing, folded: "sai" may become "saint", which folds to "st".

    Parameters
    ----------
    text, wanted
        What is typed so far, and its folded form.

    Examples
    --------
    >>> beginnings("Men", "men"), beginnings("sain", "sain"), beginnings("Saint", "st")
    (('men',), ('sain', 'st '), ('st ',))
    """
    if text.rstrip(" -").casefold().endswith(("saint", "sainte")):  # and not Strasbourg
        return (f"{wanted} ",)
    return tuple(dict.fromkeys((wanted, re.sub(r"\bsain?$", "st ", wanted))))


def close_names(wanted: str, names: "pd.Series[str]", limit: int) -> list[str]:
    """Return the names that resemble a text most, the closest first.

    Parameters
    ----------
    wanted, names
        Folded text and names (`geo.commune_names.fold`).
    limit
        At most that many.

    Returns
    -------
    list of str
        Without repeats; empty for a text too short to be a mistake. Names that share neither the first letter nor the
        last three are not looked at: comparing all of them takes a second.
    """
    if len(wanted) < _SHORTEST:
        return []
    near = (names.str.len() - len(wanted)).abs() <= _MOST_MISSING
    same = names.str.startswith(wanted[0]) | names.str.endswith(wanted[-3:])
    return get_close_matches(wanted, dict.fromkeys(names[near & same]), limit, _LEAST)
