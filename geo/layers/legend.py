"""What the legend says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.layers.values import NONE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.layers.values import ClassedValues

UNKNOWN_LABEL: Final = "n.d. (donnée inconnue)"


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a colour (or the hatching of the unknown), a label, the number of territories."""

    colour: str
    label: str
    count: int | None = None
    hatch: bool = False


@dataclass(frozen=True)
class Legend:
    """The legend of the map; the lines of the structures are added by the map itself."""

    title: str
    subtitle: str
    entries: Sequence[LegendEntry]
    note: str = ""


def class_legend(
    values: ClassedValues,
    labels: Sequence[str],
    *,
    none_label: str = "",
    none_colour: str = "#ffffff",
    note: str = "",
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

    Returns
    -------
    Legend
        Title: the indicator; subtitle: unit and vintage. The unknown comes last, when there are any.

    Raises
    ------
    ValueError
        Not as many labels as colours.
    """
    if len(labels) != len(values.palette):
        raise ValueError(f"{len(labels)} labels for {len(values.palette)} colours")
    counts = Counter(values.classes)
    entries = [
        LegendEntry(colour, label, counts[str(k)])
        for k, (colour, label) in enumerate(zip(values.palette, labels, strict=True))
    ]
    if none_label and counts[NONE]:
        entries.insert(0, LegendEntry(none_colour, none_label, counts[NONE]))
    if counts[UNKNOWN]:
        entries.append(LegendEntry("", UNKNOWN_LABEL, counts[UNKNOWN], hatch=True))
    subtitle = ", ".join(part for part in (values.unit, values.vintage) if part)
    return Legend(values.indicator, subtitle, entries, note)
