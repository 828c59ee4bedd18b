"""The card of an indicator: names, unit, levels, sources, formula and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

from coverage.terms.natures import Nature
from geo.levels import ADMINISTRATIVE, FROM_FINEST, OWN

Kind = Literal["sequential", "diverging", "categorical"]
Lacking = Literal["structure", "gp", "gp_in_reach"]
Direction = Literal["mieux", "moins bien"]

THEMES = (
    "Structures", "Accès aux généralistes", "Manque de généralistes", "Autres professions", "Démographie", "Zonage",
    "Population", "Ruralité et quartiers",
)  # fmt: skip
ALL_LEVELS = (*FROM_FINEST, OWN)
ABOVE_COMMUNE = (*FROM_FINEST[1:], OWN)
FROM_DEPARTEMENT = ADMINISTRATIVE
PER_100K: Final[Mapping[str, Any]] = {
    "unit": "pour 100 000 hab.", "decimals": 1, "kind": "sequential", "higher_is": "mieux",
}  # fmt: skip
PEOPLE_PER: Final[Mapping[str, Any]] = {
    "unit": "habitants", "decimals": 0, "kind": "sequential", "higher_is": "moins bien",
}  # fmt: skip
SHARE: Final[Mapping[str, Any]] = {"unit": "%", "decimals": 1, "kind": "sequential", "display_factor": 100.0}
"""Fields of `Indicator` that every rate, every number of inhabitants for one thing and every share have in common."""
MAYOTTE_RATE = (
    "Mayotte, recensée en 2017, est rapportée à l’estimation INSEE du 1er janvier 2025 (département et région ; ses "
    "communes et EPCI : n.d.)."
)


@dataclass(frozen=True)
class Variant:
    """What an indicator says otherwise at some levels, where its source is another.

    Attributes
    ----------
    levels
        Levels where it holds.
    changes
        (field of `Indicator`, its value there).
    """

    levels: tuple[str, ...]
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Indicator:
    """One indicator, as it is named, printed and explained everywhere.

    Attributes
    ----------
    id
        Name of its column in `coverage.indicators.compute.compute`.
    label, short_label
        French names: a title, and a column header.
    unit
        French unit of the printed figure, "" when there is none.
    decimals
        Digits after the comma of the printed figure.
    drops_decimals
        True for a count that runs from hundredths in a village to thousands in the country: one digit less from 10 up,
        none from 100 up.
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
        Inner class bounds that a policy or a publication uses, or that let two maps compare, in the unit of the stored
        value; empty when none exists.
    level_thresholds
        (level, inner class bounds) of a count, whose size depends on that of the territories.
    pivot
        Value that parts good from bad or more from less, where classes are coloured on both sides of it.
    display_factor
        Stored value x this = printed figure: 100 for shares, which are stored between 0 and 1 and printed in %.
    categories
        (code, French label) of a categorical indicator, in order.
    map_note
        What must be read under the legend of a map, in French; empty when nothing.
    unknown_because
        Why it is unknown wherever it is, in a few French words; "" when there are several reasons or none is known.
    table
        The table that dates it, and without which it is not offered (some come only with a sync); "" when its own
        vintage is always true.
    variants
        What changes at some levels: see `at`.
    is_projected
        True when it comes out of the projection, at a horizon that the reader chooses: it is then no column of
        `coverage.indicators.compute.compute`, but of `coverage.indicators.shortfall.projected_shortfall`.
    divisor
        The indicator whose 0 makes this one a known "none" and not an unknown: the number of structures of the
        inhabitants per structure; "" where there is no such case.
    lacks
        What is missing where the divisor is 0.
    is_count
        True for a number of things or people, that of a territory being the sum of those of its parts: maps draw it as
        circles, a colour being for a rate.
    category_colours
        Colours ``#rrggbb`` of the categories, in order, where readers know some; empty otherwise.
    told_where
        From where the way of people is counted, in French ("distance mesurée à la mairie"); "" where none is.
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
    map_note: str = ""
    unknown_because: str = ""
    table: str = ""
    variants: tuple[Variant, ...] = ()
    is_projected: bool = False
    drops_decimals: bool = False
    level_thresholds: tuple[tuple[str, tuple[float, ...]], ...] = ()
    divisor: str = ""
    lacks: Lacking = "structure"
    is_count: bool = False
    category_colours: tuple[str, ...] = ()
    told_where: str = ""

    @property
    def is_whole(self) -> bool:
        """True for a count of whole things: its classes are of whole numbers."""
        return self.is_count and self.decimals == 0 and not self.is_projected

    def at(self, level: str) -> Indicator:
        """Return the card as it reads at a level: names, sources, vintage, nature and class bounds may differ there."""
        if level not in self._by_level:
            self._by_level[level] = self._at(level)
        return self._by_level[level]

    @cached_property
    def _by_level(self) -> dict[str, Indicator]:
        """The cards already asked for: a list asks for each a hundred times."""
        return {}

    def _at(self, level: str) -> Indicator:
        card = replace(self, thresholds=dict(self.level_thresholds).get(level, self.thresholds))
        for variant in self.variants:
            if level in variant.levels:
                return replace(card, **dict(variant.changes))
        return card

    def dated_at(self, level: str) -> str:
        """Say when the figure is from and how it is known at a level, in the words of all screens: "2023, estimé"."""
        return f"{self.at(level).vintage}, {self.known_at(level)}"

    def known_at(self, level: str) -> str:
        """Say how the figure is known at a level, and from where a way is counted: "estimé, distance mesurée à …"."""
        return ", ".join(filter(None, (self.nature_at(level), self.told_where)))

    def nature_at(self, level: str) -> Nature:
        """Say whether the figure is measured or estimated at a level."""
        card = self.at(level)
        if level == "commune" or card.nature_aggregated is None:
            return card.nature
        return card.nature_aggregated
