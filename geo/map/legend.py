"""What the legend says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geo.levels import LEVEL_NAMES
from geo.map.palettes import readable_on_dark
from geo.map.themes import DARK, LIGHT
from geo.map.values import NONE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.map.circles import CircleSize
    from geo.map.themes import Theme
    from geo.map.values import ClassedValues

UNKNOWN_LABEL: Final = "n.d. (donnée inconnue)"


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend.

    Attributes
    ----------
    colour, label, count
        A colour, a label, the number of territories.
    hatch
        True for the hatching of the unknown.
    letter
        Class letter of the territories; "" where the line is of no class.
    is_round
        True where the colour is that of circles.
    """

    colour: str
    label: str
    count: int | None = None
    hatch: bool = False
    letter: str = ""
    is_round: bool = False


@dataclass(frozen=True)
class Square:
    """The square of a map of two indicators crossed: a cell for each pair of classes, lowest first on both axes.

    Attributes
    ----------
    x_title, y_title
        Name and unit of the indicator of the columns and of that of the rows.
    x_labels, y_labels
        Bounds of their classes.
    people
        Inhabitants of each cell as they are written in it, row by row from the lowest: cell k has the letter k.
    """

    x_title: str
    y_title: str
    x_labels: tuple[str, ...]
    y_labels: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True)
class Legend:
    """The legend of the map; the lines of the structures are added by the map itself.

    Attributes
    ----------
    title, subtitle, entries, note
        Indicator; unit and vintage; a line a class, an empty one too; a sentence.
    sizes
        Circles of some round numbers, the largest first, where numbers are drawn as circles.
    method
        French sentence: how the classes are cut; "" where there is nothing to say.
    bounds
        French sentence: which side holds a bound; "" where classes share none.
    square
        Where two indicators are crossed, what shows the classes in place of a line each.
    """

    title: str
    subtitle: str
    entries: Sequence[LegendEntry]
    note: str = ""
    sizes: Sequence[CircleSize] = ()
    method: str = ""
    bounds: str = ""
    square: Square | None = None

    @property
    def shown(self) -> list[LegendEntry]:
        """The lines to be written: an empty class says nothing."""
        return [entry for entry in self.entries if entry.count != 0]

    @property
    def lines(self) -> list[LegendEntry]:
        """The lines to be written one under the other: those that no square shows."""
        return [entry for entry in self.shown if self.square is None or not entry.letter.isdigit()]


def class_legend(
    values: ClassedValues,
    labels: Sequence[str],
    *,
    none_label: str = "",
    none_colour: str = "#ffffff",
    note: str = "",
    sizes: Sequence[CircleSize] = (),
    method: str = "",
    bounds: str = "",
) -> Legend:
    """Build the legend of classed values, with the number of territories of each class.

    Parameters
    ----------
    values
        What the map shows.
    labels
        Label of each class, in the order of the palette.
    none_label, none_colour
        Label and colour of the known "none"; the line appears only where such a territory exists.
    note
        Sentence under the entries: source, remark.
    sizes, method, bounds
        As in `Legend`.

    Returns
    -------
    Legend
        Title: the indicator; subtitle: unit and vintage. The unknown comes last, when there are any, then what is in no
        territory of the level.

    Raises
    ------
    ValueError
        Not as many labels as colours.
    """
    if len(labels) != len(values.palette):
        raise ValueError(f"{len(labels)} labels for {len(values.palette)} colours")
    counts = Counter(values.classes)
    entries = [
        LegendEntry(
            colour, label, counts[str(k)], letter=str(k), is_round=values.circles is not None and colour != LIGHT.ground
        )
        for k, (colour, label) in enumerate(zip(values.palette, labels, strict=True))
    ]
    if none_label and counts[NONE]:
        entries.insert(0, LegendEntry(none_colour, none_label, counts[NONE], letter=NONE))
    if counts[UNKNOWN]:
        entries.append(LegendEntry("", UNKNOWN_LABEL, counts[UNKNOWN], hatch=True, letter=UNKNOWN))
    if UNKNOWN in values.left_out:
        entries.append(LegendEntry("", f"{LEVEL_NAMES[values.level].left_out} : n.d.", hatch=True))
    subtitle = ", ".join(part for part in (values.unit, values.vintage) if part)
    return Legend(values.indicator, subtitle, entries, note, sizes, method, bounds)


def colours_in_theme(values: ClassedValues, theme: Theme) -> tuple[list[str], str]:
    """Return the palette and the "none" of a map made for a white page, told from the page of a theme."""
    colours = _colours_in(values, theme)
    return [colours.get(colour, colour) for colour in values.palette], colours.get(
        values.none_colour, values.none_colour
    )


def legend_in_theme(legend: Legend, values: ClassedValues, theme: Theme) -> Legend:
    """Return the legend of a map, both made for a white page, in the colours that the map has in a theme."""
    colours = _colours_in(values, theme)
    entries = [replace(entry, colour=colours.get(entry.colour, entry.colour)) for entry in legend.entries]
    return replace(legend, entries=entries)


def _colours_in(values: ClassedValues, theme: Theme) -> dict[str, str]:
    """Return what each colour of a map becomes in a theme."""
    if theme != DARK:
        return {}
    palette = [colour for colour in values.palette if colour != LIGHT.ground]
    colours = dict(zip(palette, readable_on_dark(palette), strict=True))
    if values.none_colour:
        colours[values.none_colour] = readable_on_dark([values.none_colour])[0]
    return colours | {LIGHT.ground: theme.ground, LIGHT.none: theme.none}
