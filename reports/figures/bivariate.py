"""Two indicators on one map: nine classes at most, three of each, and the square that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.crossing.cells import SIDE, cross, most_even_bounds, tally
from coverage.indicators.cards import Indicator
from coverage.indicators.criteria import worst_value
from coverage.indicators.thresholds import Classes, classify
from geo.levels import LEVEL_NAMES, DrawnLevel
from geo.map import ClassedValues, Legend, LegendEntry, Square, class_string
from geo.map.values import UNKNOWN as UNKNOWN_LETTER
from reports.figures.class_cuts import HALF_OPEN, cut_classes, interval_labels
from reports.figures.french import count_of
from reports.figures.map_classes import MapClasses, compared, none_word, place_in, write_values
from reports.figures.numbers import format_number

Cut = Literal["france", "territoire", "seuils"]
CUT_LABELS: Final[Mapping[Cut, str]] = {
    "france": "Tiers de la France",
    "territoire": "Tiers du territoire",
    "seuils": "Seuils de référence",
}
STEVENS: Final = (
    *("#e8e8e8", "#e4d9ac", "#c8b35a"),
    *("#cbb8d7", "#c8ada0", "#af8e53"),
    *("#9972af", "#976b82", "#804d36"),
)
"""Joshua Stevens' scheme from purple to gold (« Bivariate Choropleth Maps: A How-to Guide », 2015): of his five and of
Grossenbacher and Zehr's (2019), the one whose closest colours stay furthest apart for readers without red or without
green (CIELAB 16 and 19 with Machado's simulation of 2009; 5 for his pink and blue); 15 and 18 once lightened for a dark
page. Without blue (one reader in ten thousand) they are 6 apart: counts in the square and the list help there."""
PALETTE_CREDIT: Final = "Couleurs : Joshua Stevens (2015)."
_STEPS: Final = ((), (0,), (0, 2), (0, 1, 2))
"""Which of the three colours of a side serve when there are fewer classes."""
_LONGEST_UNIT: Final = 20
UNKNOWN_LABEL: Final = "n.d. (l’un des deux au moins)"


@dataclass(frozen=True, eq=False)
class Axis:
    """One of the two indicators, cut in three classes at most.

    Attributes
    ----------
    indicator
        Its card at the level.
    values
        One a place of the level, in order, as stored; NaN is unknown, infinite the known « none ».
    none
        True where the value is that « none ».
    at_most
        True where the value is a maximum.
    classes
        How they are cut.
    told
        How, in French.
    """

    indicator: Indicator
    values: pd.Series
    none: npt.NDArray[np.bool_]
    at_most: npt.NDArray[np.bool_] | None
    classes: Classes
    told: str

    @property
    def title(self) -> str:
        """Name and unit, the unit left out where it is a sentence: the page says it under the choice."""
        card = self.indicator
        has_room = card.unit and len(card.unit) <= _LONGEST_UNIT
        return f"{card.short_label} ({card.unit})" if has_room else card.short_label

    @property
    def labels(self) -> tuple[str, ...]:
        """The bounds of each class."""
        return tuple(interval_labels(self.indicator, self.classes))

    @property
    def numbers(self) -> npt.NDArray[np.float64]:
        """Class of each place, 0 for the lowest; NaN where it is unknown."""
        return place_in(compared(self.indicator, self.values), self.classes)

    @property
    def steps(self) -> tuple[int, ...]:
        """Which of the three colours of a side each class has: the darkest is that of the least favourable values.

        It is that of the highest ones where the card prefers neither.
        """
        steps = _STEPS[self.classes.n_classes]
        return steps[::-1] if self.indicator.higher_is == "mieux" else steps

    @property
    def texts(self) -> list[str | None]:
        """The values written out, None where unknown."""
        return write_values(self.indicator, self.values, self.none, self.at_most)

    @property
    def cuts(self) -> tuple[float, ...]:
        """Bounds between two classes, in the printed unit."""
        return tuple(self.indicator.display_factor * edge for edge in self.classes.edges[1:-1])


def cut_axis(
    indicator: Indicator,
    values: pd.Series,
    cut: Cut,
    inside: npt.NDArray[np.bool_],
    none: npt.NDArray[np.bool_],
    at_most: npt.NDArray[np.bool_] | None = None,
) -> Axis:
    """Cut one of the two indicators.

    Parameters
    ----------
    indicator
        Its card at the level.
    values
        One a place of the level, in order; NaN is unknown.
    cut
        Three classes of as many places in the country or in the territory, or the reference bounds of the card: of
        more than two, those that part the country most evenly. A card without bounds is cut in the country.
    inside
        True for the places of the territory.
    none, at_most
        As in `reports.figures.map_classes.draw_series`; what has nothing to divide by is with the worst.
    """
    known = values.astype(np.float64).where(~none, worst_value(indicator))
    where = known[inside] if cut == "territoire" else known
    if cut == "seuils" and indicator.thresholds:
        bounds = most_even_bounds(known.to_numpy(np.float64), indicator.thresholds)
        classes, told = classify(where, "bounds", bounds=bounds), "seuils de référence"
    else:
        classes = cut_classes(replace(indicator, pivot=None), compared(indicator, where), "quantiles", SIDE)
        told = "tiers des lieux du territoire" if cut == "territoire" else "tiers des lieux de France"
        if max(classes.counts, default=0) > 0.4 * sum(classes.counts):  # a third, and a fifth more
            told += " (inégaux : valeurs répétées)"
    open_ended = (-np.inf, *classes.edges[1:-1], np.inf) if classes.n_classes else ()
    return Axis(indicator, known, none, at_most, replace(classes, edges=open_ended), told)


def draw_pair(
    x: Axis,
    y: Axis,
    level: DrawnLevel,
    *,
    inside: npt.NDArray[np.bool_],
    people: npt.NDArray[np.float64],
    left_out: str = "",
    note: str = "",
) -> MapClasses:
    """Return the map of two indicators crossed.

    Parameters
    ----------
    x, y
        The indicator of the columns of the square and that of its rows.
    level, inside, left_out
        As in `reports.figures.map_classes.draw_series`.
    people
        Inhabitants of each place, NaN where unknown.
    note
        Said in the legend under the rest.
    """
    cells = cross(x.numbers, y.numbers, x.classes.n_classes)
    palette = [STEVENS[SIDE * row + column] for row in y.steps for column in x.steps]
    values = ClassedValues(
        level=level,
        classes=class_string(cells, inside=inside),
        texts=_pair_texts(x.texts, y.texts),
        palette=palette,
        indicator="",
        left_out=left_out,
        around="" if inside.all() else class_string(cells, inside=~inside),
        parts=tuple((axis.indicator.short_label, axis.indicator.unit) for axis in (x, y)),
    )
    counts, lives = tally(np.where(inside, cells, np.nan), len(palette), people)
    named = [f"{x.indicator.short_label} {a} ; {y.indicator.short_label} {b}" for b in y.labels for a in x.labels]
    entries = [
        LegendEntry(colour, label, count, letter=str(cell))
        for cell, (colour, label, count) in enumerate(zip(palette, named, counts, strict=True))
    ]
    if n_unknown := values.classes.count(UNKNOWN_LETTER):
        entries.append(LegendEntry("", UNKNOWN_LABEL, n_unknown, hatch=True, letter=UNKNOWN_LETTER))
    if UNKNOWN_LETTER in left_out:
        entries.append(LegendEntry("", f"{LEVEL_NAMES[level].left_out} : n.d.", hatch=True))
    square = Square(x.title, y.title, x.labels, y.labels, tuple(map(shorten, lives)))
    in_square = (
        f"Dans chaque case : nombre de {LEVEL_NAMES[level].plural}, puis d’habitants (k : milliers, M : millions)."
    )
    nones = (_tell_none(axis, inside) for axis in (x, y))
    said = " ".join(filter(None, (_tell_darkest(x, y), in_square, *nones, PALETTE_CREDIT, note)))
    legend = Legend(
        title=f"{x.indicator.short_label} × {y.indicator.short_label}",
        subtitle=_dates(x, y, level),
        entries=entries,
        note=said,
        method=_tell_cut(x, y),
        bounds=HALF_OPEN,
        square=square,
    )
    return MapClasses(values, legend)


def pair_card(x: Axis, y: Axis, level: DrawnLevel) -> Indicator:
    """Return the card that names the map of two indicators where it is printed."""
    first, second = x.indicator, y.indicator
    estimated = "estimé" in {card.nature_at(level) for card in (first, second)}
    return replace(
        first,
        id=f"croisement_{first.id}_{second.id}",
        label=f"{first.label} et {second.label[:1].lower()}{second.label[1:]}",
        short_label=f"{first.short_label} × {second.short_label}",
        unit="",
        kind="categorical",
        higher_is=None,
        source_ids=tuple(dict.fromkeys((*first.source_ids, *second.source_ids))),
        vintage=" ; ".join(f"{card.short_label} : {card.vintage}" for card in (first, second)),
        formula="",
        note="",
        map_note="",
        nature="estimé" if estimated else "mesuré",
        nature_aggregated=None,
        variants=(),
        is_count=False,
        is_projected=False,
        divisor="",
    )


def shorten(people: float) -> str:
    r"""Write a number of inhabitants in a cell: thousands as k, millions as M.

    Examples
    --------
    >>> [shorten(number) for number in (812.0, 45_600.0, 1_234_000.0)]
    ['812', '46\xa0k', '1,2\xa0M']
    """
    if people < 1_000:  # noqa: PLR2004 - a thousand
        return format_number(people)
    return format_number(people / 1e3, 0, "k") if people < 999_500 else format_number(people / 1e6, 1, "M")  # noqa: PLR2004


def _pair_texts(first: list[str | None], second: list[str | None]) -> list[str | None]:
    """Join the two values of each place by a tab; an unknown one is empty."""
    return [f"{a or ''}\t{b or ''}" for a, b in zip(first, second, strict=True)]


def _tell_darkest(x: Axis, y: Axis) -> str:
    judged, neutral = _judged(x, y)
    if not judged:
        return ""
    highest = f" de « {judged[0]} » et les plus hautes de « {neutral[0]} »" if neutral else " des deux"
    return f"La case la plus sombre réunit les valeurs les moins favorables{highest}."


def tell_both(
    x: Axis, y: Axis, level: DrawnLevel, *, inside: npt.NDArray[np.bool_], people: npt.NDArray[np.float64]
) -> str:
    """Say how many places the darkest cell holds, and their inhabitants; "" where there is no such cell.

    Parameters
    ----------
    x, y, level, inside, people
        As in `draw_pair`.
    """
    palette = [(row, column) for row in y.steps for column in x.steps]
    known = inside & ~np.isnan(x.numbers) & ~np.isnan(y.numbers)
    if (SIDE - 1, SIDE - 1) not in palette or not known.any():
        return ""
    cells = cross(x.numbers, y.numbers, x.classes.n_classes)
    counts, lives = tally(np.where(known, cells, np.nan), len(palette), people)
    darkest = palette.index((SIDE - 1, SIDE - 1))
    count, names = counts[darkest], LEVEL_NAMES[level]
    live = f" ({count_of(lives[darkest], 'habitant')})" if count else ""
    whom = f"{count_of(count, names.noun, names.plural)} sur {format_number(int(known.sum()))}{live}"
    return f"{whom} {'cumule' if count < 2 else 'cumulent'} {_say_cumulated(x, y)}."  # noqa: PLR2004 - French plural


def _say_cumulated(x: Axis, y: Axis) -> str:
    parts = [
        f"les {which} de {' et '.join(f'« {name} »' for name in names)}"
        for which, names in zip(("valeurs les moins favorables", "valeurs les plus hautes"), _judged(x, y), strict=True)
        if names
    ]
    return " et ".join(parts)


def _judged(x: Axis, y: Axis) -> tuple[list[str], list[str]]:
    """Return the names of the indicators whose values are better or worse, and of those whose are neither."""
    judged, neutral = (
        [axis.indicator.short_label for axis in (x, y) if (axis.indicator.higher_is is None) == is_neutral]
        for is_neutral in (False, True)
    )
    return judged, neutral


def _tell_none(axis: Axis, inside: npt.NDArray[np.bool_]) -> str:
    if not (axis.none & inside).any():
        return ""
    worst = "basses" if axis.indicator.higher_is == "mieux" else "hautes"
    return (
        f"{axis.indicator.short_label} : « {none_word(axis.indicator)} » est rangé avec les valeurs les plus {worst}."
    )


def _tell_cut(x: Axis, y: Axis) -> str:
    if x.told == y.told:
        return f"Classes : {x.told}."
    return f"Classes : {x.indicator.short_label}, {x.told} ; {y.indicator.short_label}, {y.told}."


def _dates(x: Axis, y: Axis, level: DrawnLevel) -> str:
    return " ; ".join(f"{axis.indicator.short_label} : {axis.indicator.dated_at(level)}" for axis in (x, y))
