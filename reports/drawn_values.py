"""From values to what a map colours: classes, texts, palette and legend, for the screen and for the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.definitions import Indicator
from coverage.gazetteer import FRANCE, Gazetteer, Level, Territory
from coverage.thresholds import Classes, classify
from geo.layers import ClassedValues, Legend, class_legend, class_string
from geo.palettes import MAX_SIDE, MIN_CLASSES, Sequential, categorical, diverging_around, sequential
from reports.numbers import UNKNOWN, format_number

Method = Literal["seuils", "quantiles", "jenks", "egales"]
METHOD_LABELS: Final[Mapping[Method, str]] = {
    "seuils": "Seuils de référence",
    "quantiles": "Quantiles (effectifs égaux)",
    "jenks": "Jenks (ruptures naturelles)",
    "egales": "Amplitudes égales",
}
MapLevel = Literal["commune", "epci", "departement", "region"]
UNREACHED_LABEL: Final = "aucune structure"
NO_STRUCTURE: Final = "aucune"
NO_GP_LABEL: Final = "aucun généraliste"
NO_GP: Final = "aucun"
DARKEST_GREY, LIGHTEST_GREY = 45, 235

_CLASSIFIERS: Final[Mapping[Method, Literal["quantiles", "jenks", "equal"]]] = {
    "seuils": "quantiles",
    "quantiles": "quantiles",
    "jenks": "jenks",
    "egales": "equal",
}


@dataclass(frozen=True)
class DrawnValues:
    """What a map needs: the classed values and their legend."""

    values: ClassedValues
    legend: Legend


def draw_series(
    indicator: Indicator,
    values: pd.Series,
    level: MapLevel,
    method: Method,
    n_classes: int,
    *,
    inside: npt.NDArray[np.bool_],
    none: npt.NDArray[np.bool_] | None = None,
    texts: Sequence[str | None] | None = None,
    pooled: pd.Series | None = None,
) -> DrawnValues:
    """Class values of the territories of a level, named and coloured as an indicator.

    Parameters
    ----------
    indicator
        Names, unit, bounds, direction and pivot; it needs not be in the catalogue.
    values
        One value a territory of the level, in the order of the codes; NaN is unknown.
    level
        Level of the territories.
    method, n_classes
        How the classes are cut; fixed bounds fall back to quantiles where the indicator has none.
    inside
        True for the territories of the scope, in the order of the values: only they are classed and coloured.
    none
        True where the value is a known "none".
    texts
        What the tooltips say; the values written out when None.
    pooled
        Values from which the classes are cut when they are not those shown: a series at all its dates, so that the
        colours of two dates compare.
    """
    none = np.zeros(len(values), dtype=bool) if none is None else none
    palette: Sequence[str]
    if indicator.kind == "categorical":
        numbers, palette, labels = _by_category(indicator, values)
    else:
        classes = cut_classes(indicator, values[inside & ~none] if pooled is None else pooled, method, n_classes)
        shown = classes if pooled is None else classify(values[inside & ~none], "bounds", bounds=classes.edges[1:-1])
        numbers = np.where(inside & ~none, _place(values, shown), np.nan)
        palette = class_palette(indicator, classes)
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
    label = NO_GP_LABEL if none_word(indicator) == NO_GP else UNREACHED_LABEL
    return DrawnValues(drawn, class_legend(drawn, labels, none_label=label))


def none_word(indicator: Indicator) -> str:
    """Write the figure where there is nothing to divide a population by: "aucune" structure, "aucun" GP."""
    return NO_GP if indicator.id == "population_per_bpe_gp" else NO_STRUCTURE


def in_grey(drawn: DrawnValues, *, dark_when_low: bool) -> DrawnValues:
    """Return the same classes in greys for a printer without colours: lighter and lighter, or darker and darker.

    Parameters
    ----------
    drawn
        Classed values; a palette with two dark ends could not be read without its colours.
    dark_when_low
        True where a low value is what matters.
    """
    n_classes = len(drawn.values.palette)
    levels = np.linspace(DARKEST_GREY, LIGHTEST_GREY, n_classes).round().astype(int)
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in levels]
    greys = greys if dark_when_low else greys[::-1]
    by_colour = dict(zip(drawn.values.palette, greys, strict=True))
    entries = [replace(entry, colour=by_colour.get(entry.colour, entry.colour)) for entry in drawn.legend.entries]
    return DrawnValues(replace(drawn.values, palette=greys), replace(drawn.legend, entries=entries))


def lies_inside(gazetteer: Gazetteer, scope: Territory, level: Level, codes: pd.Index) -> npt.NDArray[np.bool_]:
    """Tell which territories of a level lie in the scope, in the order of their codes."""
    if scope == FRANCE:
        return np.ones(len(codes), dtype=bool)
    if scope.level == level:
        return np.asarray(codes == scope.code)
    return np.asarray(codes.isin(gazetteer.within(scope, level)[f"{level}_code"]))


def without_structure(indicator_id: str, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which territories are known to have no structure that a population could be divided by.

    Parameters
    ----------
    indicator_id
        "population_per_<type>" looks at the column "n_<type>"; any other indicator has no such case.
    table
        Indicators of a level, one column each.
    """
    counted = f"n_{indicator_id.removeprefix('population_per_')}"
    if not indicator_id.startswith("population_per_") or counted not in table:
        return np.zeros(len(table), dtype=bool)
    return np.asarray(table[counted] == 0)


def cut_classes(indicator: Indicator, values: pd.Series, method: Method, n_classes: int) -> Classes:
    """Cut classes as the reader asked: by the indicator's own bounds where it has some, or by a method."""
    if method == "seuils" and indicator.thresholds:
        return classify(values, "bounds", bounds=indicator.thresholds)
    return classify(values, _CLASSIFIERS[method], n_classes)


def class_palette(indicator: Indicator, classes: Classes) -> list[str]:
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


def format_value(indicator: Indicator, value: object, *, unit: bool = True) -> str:
    """Write one value of an indicator: scaled to its printed unit, French, "n.d." when unknown."""
    if pd.isna(value):
        return UNKNOWN
    if indicator.kind == "categorical":
        return dict(indicator.categories).get(str(value), str(value))
    return format_number(
        indicator.display_factor * float(str(value)), indicator.decimals, indicator.unit if unit else ""
    )


def say_unit(indicator: Indicator) -> str:
    """Return the unit as a sentence takes it: "en habitants", "pour 100 000 hab."; empty for an index."""
    return indicator.unit if indicator.unit.startswith("pour") or not indicator.unit else f"en {indicator.unit}"


def _place(values: pd.Series, classes: Classes) -> npt.NDArray[np.float64]:
    """Return the class of every territory of the level, NaN where it is unknown or not classed."""
    numbers = classes.index.reindex(values.index).to_numpy(dtype=float)
    return np.where(numbers < 0, np.nan, numbers)


def _by_category(indicator: Indicator, values: pd.Series) -> tuple[npt.NDArray[np.float64], list[str], list[str]]:
    codes = [code for code, _ in indicator.categories]
    numbers = pd.Categorical(values, categories=codes).codes.astype(float)
    return np.where(numbers < 0, np.nan, numbers), categorical(len(codes)), [label for _, label in indicator.categories]


def _texts(indicator: Indicator, values: pd.Series, none: npt.NDArray[np.bool_]) -> list[str | None]:
    if indicator.kind == "categorical":
        names = dict(indicator.categories)
        return [None if pd.isna(value) else names.get(value, value) for value in values]
    # 35 000 communes print a few hundred different texts: each is written once.
    printed = (values.to_numpy(dtype=float) * indicator.display_factor).round(indicator.decimals)
    distinct, which = np.unique(printed, return_inverse=True)
    written = np.array(
        [None if np.isnan(value) else format_number(value, indicator.decimals) for value in distinct], dtype=object
    )
    return list(np.where(none, none_word(indicator), written[which]))
