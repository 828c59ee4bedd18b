"""Age classes as INSEE writes them: « [0;5[ », « 15 à 24 ans », « Y_LT15 », « Y_GE80 », « 95 ans et plus »."""

import math
import re
from collections.abc import Collection
from typing import Final, NamedTuple

_MELODI: Final = re.compile(
    r"Y(?:_LT(?P<under>\d{1,3})|_GE(?P<over>\d{1,3})|(?P<first>\d{1,3})(?:T(?P<last>\d{1,3}))?)"
)
_NUMBER: Final = re.compile(r"\d{1,3}")
_OPEN_ENDED: Final = re.compile(r"\+|plus|et \+|inf|∞")


class AgeClass(NamedTuple):
    """Ages in years: `low` included, `high` excluded, infinite for the last class."""

    low: float
    high: float


def parse_age_class(label: str) -> AgeClass | None:
    """Return the ages of a class from its label, None when it is no class of ages (a total).

    Parameters
    ----------
    label
        As INSEE writes it: an interval (« [0;5[ » ends before 5, « [0;4] » and « 0 à 4 ans » after 4), one age, an age
        and over, or a code of the Melodi data sets.

    Returns
    -------
    AgeClass or None
        Years; None for « _T », « Ensemble » and anything without a number.

    Examples
    --------
    >>> parse_age_class("[0;5["), parse_age_class("Y15T24"), parse_age_class("95 ans ou plus")
    (AgeClass(low=0.0, high=5.0), AgeClass(low=15.0, high=25.0), AgeClass(low=95.0, high=inf))
    """
    melodi = _MELODI.fullmatch(label.strip())
    if melodi:
        return _of_melodi({name: float(age) for name, age in melodi.groupdict().items() if age is not None})
    text = label.strip().lower()
    ages = [float(age) for age in _NUMBER.findall(text)]
    return _of_words(text, ages) if ages else None


def finest_partition(classes: Collection[AgeClass]) -> list[AgeClass]:
    """Return the classes that cover every age once, the narrowest ones where several do.

    Parameters
    ----------
    classes
        Classes of a file, which may overlap (a census data set has both « 15 à 24 ans » and « moins de 20 ans »).

    Returns
    -------
    list of AgeClass
        From 0 to infinity, each starting where the one before ends; empty when no such list exists.

    Examples
    --------
    >>> wide, young, old = AgeClass(0, 20), AgeClass(0, 15), AgeClass(15, math.inf)
    >>> finest_partition([wide, young, old])
    [AgeClass(low=0, high=15), AgeClass(low=15, high=inf)]
    """
    from_age: dict[float, list[AgeClass]] = {}
    for age_class in sorted(set(classes)):
        from_age.setdefault(age_class.low, []).append(age_class)
    follows: dict[float, list[AgeClass]] = {math.inf: []}
    for low in sorted(from_age, reverse=True):
        chains = [
            [first, *follows[first.high]] for first in from_age[low] if first.high > low and first.high in follows
        ]
        if chains:
            follows[low] = max(chains, key=len)
    return follows.get(0.0, [])


def _of_melodi(parts: dict[str, float]) -> AgeClass:
    if "under" in parts:
        return AgeClass(0.0, parts["under"])
    if "over" in parts:
        return AgeClass(parts["over"], math.inf)
    return AgeClass(parts["first"], parts.get("last", parts["first"]) + 1)


def _of_words(text: str, ages: list[float]) -> AgeClass:
    if _OPEN_ENDED.search(text):
        return AgeClass(ages[0], math.inf)
    if text.startswith("moins de"):
        return AgeClass(0.0, ages[0])
    if len(ages) == 1:
        return AgeClass(ages[0], ages[0] + 1)
    return AgeClass(ages[0], ages[1] if text.endswith("[") else ages[1] + 1)
