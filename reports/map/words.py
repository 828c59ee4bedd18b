"""What an author writes on a map in place of our words, and the small tables that stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coverage.indicators.cards import INDICATORS
from coverage.territories.gazetteer import FRANCE, Territory

if TYPE_CHECKING:
    from reports.figures.facts import Facts

MAX_TITLE: Final = 140
MAX_SUBTITLE: Final = 300
MAX_NOTE: Final = 500
MOST_PLACES: Final = 40


@dataclass(frozen=True)
class AuthorWords:
    """The author's own words; what is None stays as Maillage writes it.

    Attributes
    ----------
    title, subtitle
        At the head of the page; "" for no subtitle.
    note
        A sentence of the author, above the sources; "" for none.
    places
        Codes of the communes to be named, the most important first.
    """

    title: str | None = None
    subtitle: str | None = None
    note: str = ""
    places: tuple[str, ...] | None = None


OUR_WORDS: Final = AuthorWords()


@dataclass(frozen=True)
class Block:
    """A small table beside a map: its heading, and its rows, a label and a figure ("" for none)."""

    heading: str
    rows: tuple[tuple[str, str], ...]


def key_figures(facts: Facts, indicator_id: str, territory: Territory) -> Block | None:
    """Return the figure of a territory, of what contains it and of France, with its inhabitants.

    Returns
    -------
    Block or None
        None for France alone, and where the indicator has no figure of these levels.
    """
    indicator = facts.indicator(indicator_id)
    wider = [other for other in facts.gazetteer.containing(territory) if other.level in {"departement", "region"}]
    places = [place for place in dict.fromkeys((territory, *wider, FRANCE)) if place.level in indicator.levels]
    if len(places) < 2 or indicator.kind == "categorical":  # noqa: PLR2004 - one figure alone compares with nothing
        return None
    # By name: an overseas department and its region are one place.
    rows = list({facts.gazetteer.name(p): facts.figure(indicator_id, p, unit=False) for p in places}.items())
    population = INDICATORS["population"]
    rows.append((f"{population.short_label}, {facts.gazetteer.name(territory)}", facts.figure("population", territory)))
    return Block(f"Repères : {indicator.short_label}", tuple(rows))
