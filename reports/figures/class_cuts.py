"""How the classes of an indicator are cut, coloured, named in French, and written as criteria that keep one of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from coverage.indicators.criteria import COMPARED_DECIMALS, Criterion
from coverage.indicators.thresholds import Classes, classify
from geo.map import LIGHT
from geo.map.palettes import MAX_SIDE, MIN_CLASSES, Sequential, categorical, diverging_around, sequential, small_marks
from reports.figures.numbers import format_number

if TYPE_CHECKING:
    import pandas as pd

    from coverage.indicators.cards import Indicator

Method = Literal["seuils", "quantiles", "jenks", "egales"]
METHOD_LABELS: Final[Mapping[Method, str]] = {
    "seuils": "Seuils de référence",
    "quantiles": "Quantiles (effectifs égaux)",
    "jenks": "Jenks (ruptures naturelles)",
    "egales": "Amplitudes égales",
}
DROPPING_FROM: Final = (10.0, 100.0)
ALL_DATES: Final = "toutes dates ensemble"
HALF_OPEN: Final = "Borne inférieure comprise, supérieure exclue."
UNEVEN: Final = 1.25
"""From how many times an equal share, the largest class is no equal one."""
_CLASSIFIERS: Final[Mapping[Method, Literal["quantiles", "jenks", "equal"]]] = {
    "seuils": "quantiles",
    "quantiles": "quantiles",
    "jenks": "jenks",
    "egales": "equal",
}
_MARGIN: Final = 1e-9


def cut_classes(indicator: Indicator, values: pd.Series, method: Method, n_classes: int) -> Classes:
    """Cut classes as the reader asked: by the indicator's own bounds where it has some, or by a method.

    Those of a change are the same on both sides of no change; those of a count are of whole numbers, zero apart.
    Bounds have the digits that are written of them.
    """
    if method == "seuils" and indicator.thresholds:
        return classify(values, "bounds", bounds=indicator.thresholds)
    finite = values[np.isfinite(values)] if len(values) else values
    return classify(
        values,
        _CLASSIFIERS[method],
        n_classes,
        zero_apart=indicator.is_whole,
        around=indicator.pivot if indicator.kind == "diverging" else None,
        grain=_grain(indicator, float(finite.abs().median()) if len(finite) else 0.0),
    )


def _grain(indicator: Indicator, usual: float) -> float:
    """Return the step of the figures written of values of a usual size."""
    decimals = printed_decimals(indicator, indicator.display_factor * usual)
    return float(10.0**-decimals / indicator.display_factor)


def tell_method(
    indicator: Indicator, classes: Classes, method: Method, *, pooled: bool = False, together: str = ALL_DATES
) -> str:
    """Say how classes were really cut; empty for categories.

    Parameters
    ----------
    indicator, method
        As in `cut_classes`.
    classes
        What came out.
    pooled
        True where they are cut on other values than those shown.
    together
        What these are, in French.
    """
    if indicator.kind == "categorical" or not classes.n_classes:
        return ""
    if method == "seuils" and indicator.thresholds:
        how = "seuils de référence"
    else:
        how = {"quantiles": "quantiles", "jenks": "Jenks (ruptures naturelles)", "equal": "amplitudes égales"}[
            _CLASSIFIERS[method]
        ]
        if indicator.kind == "diverging" and indicator.pivot is not None:
            about = format_number(indicator.display_factor * indicator.pivot)
            how = f"mêmes bornes de part et d’autre de {about}, {how} des écarts"
        elif _CLASSIFIERS[method] == "quantiles" and not pooled:
            even = max(classes.counts) <= UNEVEN * sum(classes.counts) / classes.n_classes
            how += " (effectifs égaux)" if even else " (effectifs inégaux : valeurs répétées)"
        if pooled:
            how += f", {together}"
    return f"Classes : {how}."


def tell_bounds(indicator: Indicator, classes: Classes) -> str:
    """Say which side holds a bound; empty where classes share none."""
    return "" if indicator.is_whole or classes.n_classes <= 1 else HALF_OPEN


def class_palette(indicator: Indicator, classes: Classes) -> list[str]:
    """Colour the classes so that dark brown is always where care is missing.

    Around a pivot (the under-dense threshold, zero for a change) the break of colour stands at the pivot. Otherwise the
    darkest class is the highest: blue where high is good, brown where high is bad, green-blue where it is neither. The
    zero of a count has the colour of the ground, on which circles stand.
    """
    worse_when_high = indicator.higher_is == "moins bien"
    if indicator.pivot is not None:
        n_below = sum(upper <= indicator.pivot for upper in classes.edges[1:])
        n_above = sum(lower >= indicator.pivot for lower in classes.edges[:-1])
        astride = classes.n_classes - n_below - n_above == 1
        if max(n_below, n_above) <= MAX_SIDE:
            return diverging_around(n_below, n_above, astride=astride, reverse=worse_when_high)
    name: Sequential = "YlOrBr" if worse_when_high else "YlGnBu" if indicator.higher_is == "mieux" else "PuBuGn"
    if indicator.is_count and classes.n_classes:
        zero = indicator.is_whole and classes.edges[0] == 0
        n_circles = classes.n_classes - zero
        return [*([LIGHT.ground] if zero else []), *(small_marks(n_circles, name) if n_circles else [])]
    return sequential(max(classes.n_classes, MIN_CLASSES), name)[: classes.n_classes]


def category_palette(indicator: Indicator) -> list[str]:
    """Return the colours of the categories: those that readers know, or colours that all can tell apart."""
    return list(indicator.category_colours) or categorical(len(indicator.categories))


def interval_labels(indicator: Indicator, classes: Classes) -> list[str]:
    """Name each class in French, in the printed unit: "moins de 1,5", "1,5 à 2,5", "4,5 ou plus", "2 à 3" MSP."""
    if indicator.is_whole:
        return [_whole_label(lower, upper) for lower, upper in whole_bounds(classes.edges)]
    inner = [indicator.display_factor * edge for edge in classes.edges if np.isfinite(edge)]
    whole = all(edge == round(edge) for edge in inner)

    def bound(value: float) -> str:
        printed = indicator.display_factor * value
        return format_number(printed, 0 if whole else printed_decimals(indicator, printed))

    labels = []
    for lower, upper in pairwise(classes.edges):
        if np.isneginf(lower):
            labels.append(f"moins de {bound(upper)}")
        elif np.isposinf(upper):
            labels.append(f"{bound(lower)} ou plus")
        elif bound(lower) == bound(upper):
            labels.append(bound(lower))
        else:
            labels.append(f"{bound(lower)} à {bound(upper)}")
    return labels


def whole_bounds(edges: Sequence[float]) -> list[tuple[float, float]]:
    """Return the least and the largest whole number of each class of a count: classes share none.

    Examples
    --------
    >>> whole_bounds((0, 1, 2, 4, 19))
    [(0, 0), (1, 1), (2, 3), (4, 19)]
    """
    last = len(edges) - 2
    return [
        (_up(lower), _down(upper) if place == last else _up(upper) - 1)
        for place, (lower, upper) in enumerate(pairwise(edges))
    ]


def _up(edge: float) -> float:
    return math.ceil(edge - _MARGIN) if math.isfinite(edge) else edge


def _down(edge: float) -> float:
    return math.floor(edge + _MARGIN) if math.isfinite(edge) else edge


def _whole_label(least: float, largest: float) -> str:
    if math.isinf(least):
        return f"{format_number(largest)} au plus"
    if math.isinf(largest):
        return f"{format_number(least)} ou plus"
    return format_number(least) if least >= largest else f"{format_number(least)} à {format_number(largest)}"


def class_criteria(indicator: Indicator, edges: Sequence[float]) -> list[tuple[Criterion, ...]]:
    """Write each class as the criteria that keep it; the end ones are open, for what lies beyond them elsewhere.

    Parameters
    ----------
    indicator
        What is classed.
    edges
        Bounds of the classes as stored, those of `Classes`; without use for categories.
    """
    if indicator.kind == "categorical":
        return [(Criterion(indicator.id, "est", code),) for code, _ in indicator.categories]
    last = len(edges) - 2
    if indicator.is_whole:
        pairs = whole_bounds(edges)
        return [
            keep_between(
                indicator,
                None if place == 0 else least,
                None if place == last else largest,
                with_upper=True,
            )
            for place, (least, largest) in enumerate(pairs)
        ]
    factor = indicator.display_factor
    kept = [
        keep_between(indicator, None if place == 0 else factor * lower, None if place == last else factor * upper)
        for place, (lower, upper) in enumerate(pairwise(edges))
    ]
    if kept and indicator.divisor:  # a known « none » counts as the worst there is, and is in no class
        worst_is_low = indicator.higher_is == "mieux"
        place = 0 if worst_is_low else -1
        if math.isfinite(edges[place]):
            end = factor * edges[place]
            closed = keep_between(
                indicator, end if worst_is_low else None, None if worst_is_low else end, with_upper=True
            )
            kept[place] = (*kept[place], *closed)
    return kept


def keep_between(
    indicator: Indicator, lower: float | None, upper: float | None, *, with_upper: bool = False
) -> tuple[Criterion, ...]:
    """Return the criteria that keep what lies between two bounds in the printed unit; None is no bound."""
    kept = [] if lower is None else [Criterion(indicator.id, "aumoins", round(float(lower), COMPARED_DECIMALS))]
    if upper is not None:
        kept.append(
            Criterion(indicator.id, "auplus" if with_upper else "moins", round(float(upper), COMPARED_DECIMALS))
        )
    return tuple(kept)


def printed_decimals(indicator: Indicator, printed: float) -> int:
    """Return the digits after the comma of one printed figure: fewer as a count grows, where its indicator says so."""
    if not indicator.drops_decimals:
        return indicator.decimals
    return max(0, indicator.decimals - sum(abs(printed) >= bound for bound in DROPPING_FROM))
