"""Two maps that are compared: side by side in two frames that move together, or one over the other in one frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from geo.map.legend import Legend
    from geo.map.values import ClassedValues


@dataclass(frozen=True)
class Layer:
    """The second side of a map in one frame: what `geo.map.overlay` takes of the first."""

    values: ClassedValues
    legend: Legend | None = None
    structures: pd.DataFrame | None = None


@dataclass(frozen=True)
class PairedTexts:
    """What a tooltip says of one of the two maps, or of their difference.

    Attributes
    ----------
    name
        "A", "Avant"; what the difference is, "Différence (B − A)".
    texts
        One a territory in the order of the map, without unit; None when unknown.
    unit, dated
        Unit, and indicator with its date; may be empty.
    none
        Text of a known "none", which takes no unit; "" where there is none.
    """

    name: str
    texts: Sequence[str | None]
    unit: str = ""
    dated: str = ""
    none: str = ""


@dataclass(frozen=True)
class Pair:
    """What both maps say of the same territories; `difference` is None where their figures are not of one measure.

    Raises
    ------
    ValueError
        The texts are not of the same number of territories.
    """

    first: PairedTexts
    second: PairedTexts
    difference: PairedTexts | None = None

    def __post_init__(self) -> None:
        parts = (self.first, self.second, *([self.difference] if self.difference else []))
        if len({len(part.texts) for part in parts}) > 1:
            raise ValueError(f"texts of {[len(part.texts) for part in parts]} territories: expected as many in each")


@dataclass(frozen=True)
class Link:
    """What joins the maps of two frames of one page.

    Attributes
    ----------
    name
        Of the channel on which they speak: drawn for the page, so that two pages of one browser stay apart.
    leads
        True for the one of the two whose view is taken where both move.
    views
        True where they look at the same place; else only the place under the pointer is shown in both.
    """

    name: str
    leads: bool
    views: bool = True


@dataclass(frozen=True)
class Comparison:
    """How a map is compared with another.

    Attributes
    ----------
    name
        Of this map in its legend: "A", "Avant".
    pair
        What the tooltips say of both; None where they draw other territories.
    link
        What joins it to the map of another frame.
    second, second_name
        What lies at the right of the handle, for two maps in one frame.
    """

    name: str
    pair: Pair | None = None
    link: Link | None = None
    second: Layer | None = None
    second_name: str = ""
