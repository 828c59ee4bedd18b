"""From an indicator to what the map colours: classes, texts, palette and legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.definitions import INDICATORS, Indicator
from coverage.gazetteer import FRANCE, Level, Territory
from coverage.thresholds import Classes, classify
from geo.layers import ClassedValues, Legend, class_legend, class_string
from geo.palettes import MAX_SIDE, MIN_CLASSES, Sequential, categorical, diverging_around, sequential
from pages.parts.figures import NO_STRUCTURE
from pages.parts.numbers import format_number
from pages.parts.tables import level_table, load_gazetteer
from pages.parts.view_state import MapLevel, Method

UNREACHED_LABEL = "aucune structure"


@dataclass(frozen=True)
class DrawnValues:
    """What the map needs: the classed values and their legend."""

    values: ClassedValues
    legend: Legend


@st.cache_resource(show_spinner=False, max_entries=64)
def draw_values(indicator_id: str, level: MapLevel, scope: Territory, method: Method, n_classes: int) -> DrawnValues:
    """Class an indicator over the territories of a level that lie in a scope.

    Parameters
    ----------
    indicator_id, level
        What is shown, and of which territories.
    scope
        The territory whose parts are classed and coloured; the rest is pale.
    method, n_classes
        How the classes are cut; fixed bounds fall back to quantiles where the indicator has none.
    """
    none = _without_structure(indicator_id, level)
    values = level_table(level)[indicator_id]
    return draw_series(INDICATORS[indicator_id], values, level, scope, method, n_classes, none=none)


def draw_series(
    indicator: Indicator,
    values: pd.Series,
    level: MapLevel,
    scope: Territory,
    method: Method,
    n_classes: int,
    *,
    none: npt.NDArray[np.bool_] | None = None,
    texts: Sequence[str | None] | None = None,
    pooled: pd.Series | None = None,
) -> DrawnValues:
    """Class any values of the territories of a level, named and coloured as an indicator.

    Parameters
    ----------
    indicator
        Names, unit, bounds, direction and pivot; it needs not be in the catalogue.
    values
        Index: codes of the level; put in the order of the map, a territory that is absent is unknown.
    level, scope, method, n_classes
        As in `draw_values`.
    none
        True where the value is a known "none", in the order of the map.
    texts
        What the tooltips say, in the order of the map; the values written out when None.
    pooled
        Values from which the classes are cut when they are not those shown: a series at all its dates, so that the
        colours of two dates compare.
    """
    codes = level_table(level).index
    values = values.reindex(codes)
    inside = _inside(scope, level)
    none = np.zeros(len(values), dtype=bool) if none is None else none
    if indicator.kind == "categorical":
        numbers, palette, labels = _by_category(indicator, values)
    else:
        classes = _classify(indicator, values[inside & ~none] if pooled is None else pooled, method, n_classes)
        shown = classes if pooled is None else classify(values[inside & ~none], "bounds", bounds=classes.edges[1:-1])
        numbers = np.where(inside & ~none, _place(values, shown), np.nan)
        palette = _palette(indicator, classes)
        labels = interval_labels(indicator, classes)
    drawn = ClassedValues(
        level=level,
        classes=class_string(numbers, inside=inside, none=none),
        texts=_texts(indicator, values, none) if texts is None else texts,
        palette=palette,
        indicator=indicator.short_label,
        unit=indicator.unit,
        vintage=f"{indicator.vintage}, {indicator.nature_at(level)}",
    )
    return DrawnValues(drawn, class_legend(drawn, labels, none_label=UNREACHED_LABEL))


def _inside(scope: Territory, level: Level) -> npt.NDArray[np.bool_]:
    """Tell which territories of the level lie in the scope, in the order of their codes."""
    gazetteer = load_gazetteer()
    codes = level_table(level).index
    if scope == FRANCE:
        return np.ones(len(codes), dtype=bool)
    if scope.level == level:
        return np.asarray(codes == scope.code)
    return np.asarray(codes.isin(gazetteer.within(scope, level)[f"{level}_code"]))


def _without_structure(indicator_id: str, level: Level) -> npt.NDArray[np.bool_]:
    table = level_table(level)
    counted = f"n_{indicator_id.removeprefix('population_per_')}"
    if not indicator_id.startswith("population_per_") or counted not in table:
        return np.zeros(len(table), dtype=bool)
    return np.asarray(table[counted] == 0)


def _classify(indicator: Indicator, values: pd.Series, method: Method, n_classes: int) -> Classes:
    if method == "seuils" and indicator.thresholds:
        return classify(values, "bounds", bounds=indicator.thresholds)
    return classify(values, {"jenks": "jenks", "egales": "equal"}.get(method, "quantiles"), n_classes)  # type: ignore[arg-type]


def _place(values: pd.Series, classes: Classes) -> npt.NDArray[np.float64]:
    """Return the class of every territory of the level, NaN where it is unknown or not classed."""
    numbers = classes.index.reindex(values.index).to_numpy(dtype=float)
    return np.where(numbers < 0, np.nan, numbers)


def _by_category(indicator: Indicator, values: pd.Series) -> tuple[npt.NDArray[np.float64], Sequence[str], list[str]]:
    codes = [code for code, _ in indicator.categories]
    numbers = pd.Categorical(values, categories=codes).codes.astype(float)
    return np.where(numbers < 0, np.nan, numbers), categorical(len(codes)), [label for _, label in indicator.categories]


def _palette(indicator: Indicator, classes: Classes) -> list[str]:
    """Colour the classes so that dark brown is always where care is missing.

    Around a pivot (the under-dense threshold, zero for a change) the break of colour stands at the pivot. Otherwise the
    darkest class is the highest: blue where high is good, brown where high is bad, green-blue where it is neither.
    """
    worse_when_high = indicator.higher_is == "moins bien"
    if indicator.pivot is not None:
        n_below = sum(upper <= indicator.pivot for upper in classes.edges[1:])
        n_above = sum(lower >= indicator.pivot for lower in classes.edges[:-1])
        astride = classes.n_classes - n_below - n_above == 1
        if max(n_below, n_above) <= MAX_SIDE:
            return diverging_around(n_below, n_above, astride=astride, reverse=worse_when_high)
    name: Sequential = "YlOrBr" if worse_when_high else "YlGnBu" if indicator.higher_is == "mieux" else "PuBuGn"
    return sequential(max(classes.n_classes, MIN_CLASSES), name)[: classes.n_classes]


def interval_labels(indicator: Indicator, classes: Classes) -> list[str]:
    """Name each class in French, in the printed unit: "moins de 1,5", "1,5 à 2,5", "4,5 ou plus"."""
    inner = [indicator.display_factor * edge for edge in classes.edges if np.isfinite(edge)]
    decimals = 0 if all(edge == round(edge) for edge in inner) else indicator.decimals

    def bound(value: float) -> str:
        return format_number(indicator.display_factor * value, decimals)

    labels = []
    for lower, upper in pairwise(classes.edges):
        if np.isneginf(lower):
            labels.append(f"moins de {bound(upper)}")
        elif np.isposinf(upper):
            labels.append(f"{bound(lower)} ou plus")
        else:
            labels.append(f"{bound(lower)} à {bound(upper)}")
    return labels


def _texts(indicator: Indicator, values: pd.Series, none: npt.NDArray[np.bool_]) -> list[str | None]:
    if indicator.kind == "categorical":
        names = dict(indicator.categories)
        return [None if pd.isna(value) else names.get(value, value) for value in values]
    printed = values.to_numpy(dtype=float) * indicator.display_factor
    return [
        NO_STRUCTURE if nothing else None if np.isnan(value) else format_number(value, indicator.decimals)
        for value, nothing in zip(printed, none, strict=True)
    ]
