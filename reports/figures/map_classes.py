"""From values to what a map colours: classes, texts, palette and legend, for the screen and for the paper."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.indicators.cards import INDICATORS, Indicator
from coverage.indicators.cards.indicator import Lacking
from coverage.indicators.criteria import COMPARED_DECIMALS, Criterion
from coverage.indicators.thresholds import Classes
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from coverage.territories.membership import are_among
from geo.levels import LEVEL_NAMES, OWN, DrawnLevel, Level, code_column, places_left_out
from geo.map import (
    LIGHT,
    OUTSIDE,
    Circles,
    CircleSize,
    ClassedValues,
    Distribution,
    Legend,
    circles_for,
    class_legend,
    class_string,
    legend_numbers,
)
from geo.map.values import UNKNOWN as UNKNOWN_LETTER
from reports.figures.at_most import AT_MOST
from reports.figures.class_cuts import (
    ALL_DATES,
    Method,
    category_palette,
    class_criteria,
    class_palette,
    cut_classes,
    interval_labels,
    printed_decimals,
    tell_bounds,
    tell_method,
)
from reports.figures.distribution import distribute
from reports.figures.numbers import NO_BREAK_SPACE, UNKNOWN, format_number
from reports.projection.words import format_gap, format_gps

CIRCLES_TOLD: Final = "Surface des cercles proportionnelle au nombre."
UNREACHED_LABEL: Final = "aucune structure"
_NONE: Final[Mapping[Lacking, tuple[str, str]]] = {
    "structure": (UNREACHED_LABEL, "aucune"),
    "gp": ("aucun généraliste", "aucun"),
    "gp_in_reach": ("aucun généraliste à moins de 20 min", "aucun généraliste à moins de 20 min"),
}
"""What is missing → its name in a legend, and what is written for a figure."""
WORST_OFF: Final = "#54278f"
"""Colour of those who have no GP in reach: white, the colour of the other « none », would read as the best class."""
POVERTY: Final = "poverty_rate"
"""Indicator that is not the commune's own: it is that of its bassin de vie."""
DARKEST_GREY, LIGHTEST_GREY = 45, 235
LIGHTEST_CIRCLE = 150
"""Grey of the circles of the lowest class, which must be told from the ground."""
PROJECTED_FORMATS: Final[Mapping[str, Callable[[float], str]]] = {
    "projected_need_to_find": format_gps,
    "projected_left_to_convince": format_gap,
}
"""Projected counts of GPs are written as the page Projection writes them: fewer than five are not shown."""


@dataclass(frozen=True)
class MapClasses:
    """What a map needs.

    Attributes
    ----------
    values, legend
        The classed values and their legend.
    criteria
        Those that keep each class, in the order of the palette; empty where values are not an indicator's own.
    """

    values: ClassedValues
    legend: Legend
    criteria: tuple[tuple[Criterion, ...], ...] = ()


def draw_series(
    indicator: Indicator,
    values: pd.Series,
    level: DrawnLevel,
    method: Method,
    n_classes: int,
    *,
    inside: npt.NDArray[np.bool_],
    none: npt.NDArray[np.bool_] | None = None,
    at_most: npt.NDArray[np.bool_] | None = None,
    note: str = "",
    texts: Sequence[str | None] | None = None,
    pooled: pd.Series | None = None,
    together: str = ALL_DATES,
    left_out: str = "",
    with_neighbours: bool = False,
) -> MapClasses:
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
    at_most
        True where the value is a maximum: the tooltip says "au plus".
    note
        What the legend says under the indicator's own `map_note`.
    texts
        What the tooltips say; the values written out when None.
    pooled
        Values from which the classes are cut when they are not those shown: a series at all its dates, so that the
        colours of two dates compare.
    together
        What is pooled, in French: "toutes dates ensemble".
    left_out
        Result of `letters_left_out`.
    with_neighbours
        True to give the territories outside the scope their class too, to be drawn in a paler tint.
    """
    indicator = indicator.at(level)
    none = np.zeros(len(values), dtype=bool) if none is None else none
    palette: Sequence[str]
    edges: tuple[float, ...] = ()
    method_told = bounds_told = ""
    if indicator.kind == "categorical":
        numbers, palette, labels = _by_category(indicator, values)
    else:
        digits = compared(indicator, values)
        classed = digits[inside & ~none] if pooled is None else compared(indicator, pooled)
        classes = cut_classes(indicator, classed, method, n_classes)
        numbers = np.where(none, np.nan, place_in(digits, classes))
        edges = classes.edges
        method_told = tell_method(indicator, classes, method, pooled=pooled is not None, together=together)
        bounds_told = tell_bounds(indicator, classes)
        palette = class_palette(indicator, classes)
        labels = interval_labels(indicator, classes)
    printed = None if indicator.kind == "categorical" else indicator.display_factor * values.to_numpy(dtype=np.float64)
    circles = None
    if indicator.is_count and printed is not None:
        of_map = printed[inside] if pooled is None else indicator.display_factor * pooled.to_numpy(dtype=np.float64)
        largest = float(np.nanmax(np.abs(of_map), initial=0.0))
        circles = circles_for(printed, largest=largest, whole=indicator.is_whole)
    drawn = ClassedValues(
        level=level,
        classes=class_string(numbers, inside=inside, none=none),
        texts=write_values(indicator, values, none, at_most) if texts is None else texts,
        palette=palette,
        indicator=indicator.short_label,
        unit=indicator.unit,
        vintage=indicator.dated_at(level),
        none_colour=WORST_OFF if indicator.lacks == "gp_in_reach" else "",
        left_out=left_out,
        around=class_string(numbers, inside=~inside, none=none) if with_neighbours and not inside.all() else "",
        circles=circles,
        distribution=None if printed is None else _distribution(indicator, printed, inside, numbers),
    )
    said = " ".join(part for part in (indicator.map_note, note) if part)
    colour = drawn.none_colour or LIGHT.none
    legend = class_legend(
        drawn,
        labels,
        none_label=none_label(indicator),
        none_colour=colour,
        note=said,
        sizes=_sizes(indicator, circles),
        method=f"{CIRCLES_TOLD} {method_told}" if circles else method_told,
        bounds=bounds_told,
    )
    criteria = class_criteria(indicator, edges) if len(edges) > 1 or indicator.kind == "categorical" else []
    return MapClasses(drawn, legend, tuple(criteria))


def _sizes(indicator: Indicator, circles: Circles | None) -> tuple[CircleSize, ...]:
    """Return the circles of the legend."""
    if circles is None:
        return ()
    numbers = legend_numbers(circles.largest, circles.radius_px, whole=indicator.is_whole)
    written = [np.format_float_positional(number, trim="-").partition(".")[2] for number in numbers]
    return tuple(
        CircleSize(format_number(number, len(decimals)), float(circles.radii_px(number)))
        for number, decimals in zip(numbers, written, strict=True)
    )


def _distribution(
    indicator: Indicator,
    printed: npt.NDArray[np.float64],
    inside: npt.NDArray[np.bool_],
    numbers: npt.NDArray[np.float64],
) -> Distribution | None:
    def write(value: float) -> str:
        return format_value(indicator, value / indicator.display_factor, unit=False)

    shown = np.where(np.isnan(numbers), np.nan, printed)
    return distribute(shown, inside, numbers, write, whole=indicator.is_whole, counted=indicator.is_count)


def name_indicator(indicator: Indicator, territory: Territory, commune_context: pd.DataFrame) -> str:
    """Write the short name of an indicator on the line of a territory; a rate of a bassin de vie says which one.

    Parameters
    ----------
    indicator
        Its card.
    territory
        Whose line it is.
    commune_context
        The table of that name, for the bassin de vie of a commune.
    """
    card = indicator.at(territory.level)
    if indicator.id != POVERTY or territory.level != "commune":
        return card.short_label
    names = commune_context.loc[commune_context["commune_code"] == territory.code, "bassin_de_vie_name"].dropna()
    return f"Pauvreté, bassin de vie : {names.iloc[0]}" if len(names) else card.short_label


def none_word(indicator: Indicator) -> str:
    """Write the figure where there is nothing to divide by: "aucune" structure, "aucun" GP, none less than 20 min."""
    return _NONE[indicator.lacks][1]


def none_label(indicator: Indicator) -> str:
    """Name in a legend the territories where there is nothing to divide by."""
    return _NONE[indicator.lacks][0]


def in_grey(drawn: MapClasses, *, dark_when_low: bool) -> MapClasses:
    """Return the same classes in greys for a printer without colours: lighter and lighter, or darker and darker.

    Parameters
    ----------
    drawn
        Classed values; a palette with two dark ends could not be read without its colours.
    dark_when_low
        True where a low value is what matters.
    """
    coloured = [colour for colour in drawn.values.palette if colour != LIGHT.ground]
    counted = drawn.values.circles is not None
    lightest = LIGHTEST_CIRCLE if counted else LIGHTEST_GREY
    levels = np.linspace(DARKEST_GREY, lightest, len(coloured)).round().astype(int)
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in levels]
    greys = greys if dark_when_low and not counted else greys[::-1]
    by_colour = dict(zip(coloured, greys, strict=True))
    entries = [replace(entry, colour=by_colour.get(entry.colour, entry.colour)) for entry in drawn.legend.entries]
    palette = [by_colour.get(colour, colour) for colour in drawn.values.palette]
    return replace(drawn, values=replace(drawn.values, palette=palette), legend=replace(drawn.legend, entries=entries))


def lies_inside(gazetteer: Gazetteer, scope: Territory, level: Level, codes: pd.Index) -> npt.NDArray[np.bool_]:
    """Tell which territories of a level lie in the scope, in the order of their codes."""
    if scope == FRANCE:
        return np.ones(len(codes), dtype=bool)
    if scope.level == level:
        return np.asarray(codes == scope.code)
    return are_among(codes, gazetteer.within(scope, level)[code_column(level)])


def letters_left_out(gazetteer: Gazetteer, scope: Territory, level: Level) -> str:
    """Write, for each department with communes in no territory of a level, whether the map shows them as unknown.

    Returns
    -------
    str
        See `geo.map.ClassedValues.left_out`: ``n`` in the scope (France, a region, a department), ``x`` elsewhere.
    """
    places = [Territory("departement", code) for code in places_left_out(gazetteer.communes, level)]
    inside = [scope in (FRANCE, place) or scope in gazetteer.containing(place) for place in places]
    return "".join(UNKNOWN_LETTER if held else OUTSIDE for held in inside)


def tell_astride(level: Level, scope: Territory) -> str:
    """Say where the territories of a level that cross the limit of the scope are shown; empty when none can."""
    names = LEVEL_NAMES[level]
    if scope.level == OWN and level != "commune":
        kept = "dont le territoire a la plupart des habitants" if names.is_grouping else "que le territoire touche"
        return f"Les {names.plural} {kept} sont montrés en entier."
    if not names.is_named_after_town or scope.level not in {"departement", "region"}:
        return ""
    return f"Les {names.plural} à cheval sur une limite n’apparaissent que là où vivent la plupart de leurs habitants."


def without_structure(indicator_id: str, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which territories are known to have nothing to divide by (`Indicator.divisor`).

    Parameters
    ----------
    indicator_id
        An indicator of the table.
    table
        Indicators of a level, one column each.
    """
    divisor = INDICATORS[indicator_id].divisor
    if divisor not in table:
        return np.zeros(len(table), dtype=bool)
    return np.asarray(table[divisor] == 0)


def format_value(indicator: Indicator, value: object, *, unit: bool = True) -> str:
    """Write one value of an indicator: scaled to its printed unit, French, "n.d." when unknown."""
    if pd.isna(value):
        return UNKNOWN
    if indicator.kind == "categorical":
        return dict(indicator.categories).get(str(value), str(value))
    number = indicator.display_factor * float(str(value))
    written_unit = unit_of(indicator, value) if unit else ""
    if indicator.is_projected:
        text = PROJECTED_FORMATS[indicator.id](number)
        return f"{text}{NO_BREAK_SPACE}{written_unit}" if unit else text
    return format_number(number, printed_decimals(indicator, number), written_unit)


def unit_of(indicator: Indicator, value: object) -> str:
    """Return the unit that follows a value, singular under two: "1 site", "0 site", "12 sites"; none when unknown."""
    if pd.isna(value) or indicator.kind == "categorical":
        return ""
    few = abs(indicator.display_factor * float(str(value))) < 2  # noqa: PLR2004 - French plural
    return re.sub(r"^([^\W\d]+)s\b", r"\1", indicator.unit) if few else indicator.unit


def say_unit(indicator: Indicator) -> str:
    """Return the unit as a sentence takes it: "en habitants", "pour 100 000 hab."; empty for an index."""
    return indicator.unit if indicator.unit.startswith("pour") or not indicator.unit else f"en {indicator.unit}"


def compared(indicator: Indicator, values: pd.Series) -> pd.Series:
    """Return values without the last digits of their computation: a share of 16.9 % is not under a bound of 16.9 %.

    Criteria compare the same digits (`coverage.indicators.criteria.judge`).
    """
    factor = indicator.display_factor
    digits = np.round(values.to_numpy(dtype=np.float64) * factor, COMPARED_DECIMALS) / factor
    return pd.Series(np.round(digits, 2 * COMPARED_DECIMALS), index=values.index)


def place_in(values: pd.Series, classes: Classes) -> npt.NDArray[np.float64]:
    """Return the class of every territory of the level, in the scope or not; NaN where it is unknown."""
    numbers = values.to_numpy(dtype=np.float64)
    places = np.searchsorted(np.asarray(classes.edges[1:-1]), numbers, side="right").astype(np.float64)
    return np.where(np.isnan(numbers) | (classes.n_classes == 0), np.nan, places)


def _by_category(indicator: Indicator, values: pd.Series) -> tuple[npt.NDArray[np.float64], list[str], list[str]]:
    codes = [code for code, _ in indicator.categories]
    numbers = pd.Categorical(values, categories=codes).codes.astype(float)
    return (
        np.where(numbers < 0, np.nan, numbers),
        category_palette(indicator),
        [label for _, label in indicator.categories],
    )


def write_values(
    indicator: Indicator,
    values: pd.Series,
    none: npt.NDArray[np.bool_],
    at_most: npt.NDArray[np.bool_] | None,
) -> list[str | None]:
    """Write the values of a level as tooltips say them, without unit; None is unknown. See `draw_series`."""
    if indicator.kind == "categorical":
        names = dict(indicator.categories)
        return [None if pd.isna(value) else names.get(value, value) for value in values]
    # 35 000 communes print a few hundred different texts: each is written once.
    factor = indicator.display_factor
    printed = (values.to_numpy(dtype=float) * factor).round(indicator.decimals)
    distinct, which = np.unique(printed, return_inverse=True)
    written = np.array(
        [None if np.isnan(value) else format_value(indicator, value / factor, unit=False) for value in distinct],
        dtype=object,
    )
    texts = np.where(none, none_word(indicator), written[which])
    if at_most is not None:
        texts[at_most] = [f"{AT_MOST} {text}" for text in texts[at_most]]
    return list(texts)
