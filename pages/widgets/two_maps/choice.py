"""What each of two maps shows, and how both are written as parameters (``a_…``, ``b_…``, ``ab_…``)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, get_args

from coverage.indicators.cards.access import REFERENCE_SERIES, AplSeries, in_series
from coverage.terms.site_dates import SiteDates
from coverage.territories.gazetteer import Gazetteer, Territory, UnknownTerritoryError, UnreadableTerritoryError
from geo.levels import DRAWN_LEVELS, DrawnLevel
from pages.app.address import refuse
from pages.app.view import LONGEST_KEY

Look = Literal["cote", "rideau"]
SideName = Literal["a", "b"]
NO_SITES: Final = ""
SITES: Final = (NO_SITES, *get_args(SiteDates))
ADDRESS_NAMES: Final = frozenset(
    {"a_indicateur", "a_maille", "a_structures", "b_indicateur", "b_maille", "b_structures", "b_territoire"}
    | {"ab_vue", "ab_echelle"}
)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two maps.

    Attributes
    ----------
    indicateur, maille
        What is coloured, and by which territories.
    structures
        Of what day the structures drawn are; `NO_SITES` for none.
    """

    indicateur: str
    maille: DrawnLevel = "commune"
    structures: str = NO_SITES


@dataclass(frozen=True, kw_only=True)
class TwoMaps:
    """Both maps and how they are looked at. The first shows the territory of the view that all pages share.

    Attributes
    ----------
    a, b
        The map at the left, the map at the right.
    territoire_b
        Territory of the second; None for that of the first.
    vue
        Side by side, or one over the other with a handle between them.
    echelle
        True where classes are cut on both maps together, as far as they are of one measure.
    """

    a: Side = Side(indicateur="apl_65_2022")
    b: Side = Side(indicateur="apl_65_2023")
    territoire_b: Territory | None = None
    vue: Look = "cote"
    echelle: bool = True

    def with_(self, **changes: Any) -> Self:
        """Return the choice with some fields changed."""
        return replace(self, **changes)

    def with_side(self, name: SideName, **changes: Any) -> Self:
        """Return the choice with some fields of one side changed."""
        return replace(self, **{name: replace(getattr(self, name), **changes)})

    @classmethod
    def of_series(cls, series: AplSeries) -> Self:
        """Return what is shown at first in a visit that has chosen a series of the APL."""
        first = cls()
        for name in get_args(SideName):
            first = first.with_side(name, indicateur=in_series(getattr(first, name).indicateur, series))
        return first

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        query: dict[str, str] = {}
        for name in get_args(SideName):
            side, default = getattr(self, name), getattr(TwoMaps(), name)
            for field in ("indicateur", "maille", "structures"):
                if getattr(side, field) != getattr(default, field):
                    query[f"{name}_{field}"] = getattr(side, field)
        if self.territoire_b is not None and len(self.territoire_b.key) <= LONGEST_KEY:
            query["b_territoire"] = self.territoire_b.key
        if self.vue != TwoMaps().vue:
            query["ab_vue"] = self.vue
        if not self.echelle:
            query["ab_echelle"] = "non"
        return query

    def to_full_query(self) -> dict[str, str]:
        """Return every parameter, those at their default too: a later default then changes no file."""
        sides = {
            f"{name}_{field}": str(getattr(getattr(self, name), field))
            for name in get_args(SideName)
            for field in ("indicateur", "maille", "structures")
        }
        common = {"ab_vue": self.vue, "ab_echelle": "oui" if self.echelle else "non"}
        return sides | common | ({"b_territoire": self.territoire_b.key} if self.territoire_b else {})

    @classmethod
    def from_query(
        cls,
        query: Mapping[str, str],
        gazetteer: Gazetteer,
        indicators: Mapping[str, Collection[str]],
        series: AplSeries = REFERENCE_SERIES,
    ) -> tuple[Self, list[str]]:
        """Read an address.

        Parameters
        ----------
        query
            Query parameters as text.
        gazetteer
            The territories that exist.
        indicators
            Each known indicator and the levels it is known at.
        series
            That of the visit, for what the address leaves at its default.

        Returns
        -------
        tuple of TwoMaps and list of str
            The choice, and a French sentence for each parameter that could not be used.
        """
        maps, notices = cls.of_series(series), []
        for name in get_args(SideName):
            side, told = _read_side(name, getattr(maps, name), query, indicators)
            maps = maps.with_(**{name: side})
            notices += told
        if (key := query.get("b_territoire")) is not None:
            try:
                maps = maps.with_(territoire_b=gazetteer.parse(key))
            except (UnknownTerritoryError, UnreadableTerritoryError):
                notices.append(refuse("b_territoire", key, "france, region-76, departement-48, commune-48095…"))
        for field, words in (("ab_vue", get_args(Look)), ("ab_echelle", ("oui", "non"))):
            text = query.get(field, words[0])
            if text not in words:
                notices.append(refuse(field, text, " ou ".join(words)))
        vue = query.get("ab_vue")
        return maps.with_(vue=vue if vue in get_args(Look) else maps.vue, echelle=query.get("ab_echelle") != "non"), (
            notices
        )


def _read_side(
    name: str, default: Side, query: Mapping[str, str], indicators: Mapping[str, Collection[str]]
) -> tuple[Side, list[str]]:
    """Read one side: a level that its indicator does not have gives way to the finest that it has."""
    allowed: dict[str, Collection[str]] = {"indicateur": indicators, "maille": DRAWN_LEVELS, "structures": SITES}
    expected = {
        "indicateur": "un indicateur de la page Sources et méthode",
        "maille": ", ".join(DRAWN_LEVELS),
        "structures": ", ".join(filter(None, SITES)),
    }
    side, notices = default, []
    for field, words in allowed.items():
        text = query.get(f"{name}_{field}")
        if text is None:
            continue
        if text in words:
            changed: dict[str, Any] = {field: text}
            side = replace(side, **changed)
        else:
            notices.append(refuse(f"{name}_{field}", text, expected[field]))
    if side.indicateur not in indicators:  # the usual one, of a table that is not there
        return side, notices
    known = fit_level(side, indicators[side.indicateur])
    if known != side and f"{name}_maille" in query:
        notices.append(
            f"Carte {name.upper()} : l’indicateur n’est pas connu à la maille demandée, la plus fine disponible est "
            "montrée."
        )
    return known, notices


def fit_level(side: Side, levels: Collection[str]) -> Side:
    """Return a side whose level is one that its indicator has: its own, else the finest."""
    if side.maille in levels:
        return side
    return replace(side, maille=next(level for level in DRAWN_LEVELS if level in levels))


def can_be_drawn(indicators: Mapping[str, Collection[str]]) -> dict[str, Collection[str]]:
    """Return the indicators that a map can draw, each with the levels it is known at."""
    return {name: levels for name, levels in indicators.items() if set(DRAWN_LEVELS) & set(levels)}
