"""The card of an indicator: names, unit, levels, sources, formula and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Nature = Literal["mesuré", "estimé"]
Kind = Literal["sequential", "diverging", "categorical"]
Direction = Literal["mieux", "moins bien"]

THEMES = ("Structures", "Accès aux généralistes", "Démographie", "Zonage", "Population")
ALL_LEVELS = ("commune", "epci", "departement", "region", "france")
ABOVE_COMMUNE = ("epci", "departement", "region", "france")
FROM_DEPARTEMENT = ("departement", "region", "france")


@dataclass(frozen=True)
class Indicator:
    """One indicator, as it is named, printed and explained everywhere.

    Attributes
    ----------
    id
        Name of its column in `coverage.indicators.compute`.
    label, short_label
        French names: a title, and a column header.
    unit
        French unit of the printed figure, "" when there is none.
    decimals
        Digits after the comma of the printed figure.
    levels
        Levels at which it exists.
    kind
        How to colour it. A diverging indicator turns around its pivot.
    higher_is
        Whether a higher value is better, worse, or neither (None).
    source_ids
        Ids in the catalogue of sources.
    vintage
        What the figures are dated from, in French.
    formula, note
        French sentences: how it is computed, and what it does not say.
    theme
        One of `THEMES`.
    nature
        "mesuré": counted or published; "estimé": comes out of a model or an assumption.
    nature_aggregated
        The same above the commune, when it differs.
    thresholds
        Inner class bounds that a policy or a publication uses, in the unit of the stored value; empty when none exists.
    pivot
        Value that parts good from bad or more from less, where classes are coloured on both sides of it.
    display_factor
        Stored value x this = printed figure: 100 for shares, which are stored between 0 and 1 and printed in %.
    categories
        (code, French label) of a categorical indicator, in order.
    table
        The table that only a sync brings and without which it is unknown everywhere; "" when its tables are embedded.
    """

    id: str
    label: str
    short_label: str
    unit: str
    decimals: int
    levels: tuple[str, ...]
    kind: Kind
    higher_is: Direction | None
    source_ids: tuple[str, ...]
    vintage: str
    formula: str
    note: str
    theme: str
    nature: Nature = "mesuré"
    nature_aggregated: Nature | None = None
    thresholds: tuple[float, ...] = ()
    pivot: float | None = None
    display_factor: float = 1.0
    categories: tuple[tuple[str, str], ...] = ()
    table: str = ""

    def nature_at(self, level: str) -> Nature:
        """Say whether the figure is measured or estimated at a level."""
        if level == "commune" or self.nature_aggregated is None:
            return self.nature
        return self.nature_aggregated
