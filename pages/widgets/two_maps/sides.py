"""The two maps ready to be drawn: their classes, what their tooltips say of both, and the table of their places."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from coverage.indicators.cards import Indicator
from coverage.indicators.difference import is_same_measure, set_apart
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.levels import DrawnLevel
from geo.map import Pair, PairedTexts
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.widgets.map.values import draw_values
from pages.widgets.two_maps.choice import Side, SideName, TwoMaps
from reports.figures.differences import difference_texts, difference_unit
from reports.figures.map_classes import MapClasses, lies_inside, none_word

DIFFERENCE: str = "Différence (B − A)"


@dataclass(frozen=True)
class Shown:
    """One of the two maps.

    Attributes
    ----------
    name
        "A" or "B".
    side
        What it shows.
    territory, scope
        The territory asked for, and what is coloured: itself, or what it is seen in.
    card
        Its indicator at its level, dated.
    drawn
        Its classes and its legend.
    """

    name: str
    side: Side
    territory: Territory
    scope: Territory
    card: Indicator
    drawn: MapClasses

    @property
    def level(self) -> DrawnLevel:
        """Level of the territories drawn."""
        return self.side.maille

    @property
    def values(self) -> pd.Series:
        """Values of the territories of its level, in the order of the map."""
        return load_facts().values(self.side.indicateur, self.level).reindex(level_table(self.level).index)


def is_one_measure(maps: TwoMaps) -> bool:
    """Tell whether both maps show the same indicator, at one date or at two."""
    facts = load_facts()
    return is_same_measure(facts.indicator(maps.a.indicateur), facts.indicator(maps.b.indicateur))


def is_one_place(maps: TwoMaps, view: View) -> bool:
    """Tell whether both maps show the same territory; with a handle between them, they always do."""
    return maps.vue == "rideau" or maps.territoire_b in {None, view.territoire}


def show_sides(gazetteer: Gazetteer, view: View, maps: TwoMaps) -> tuple[Shown, Shown]:
    """Return both maps, in classes cut on both together where the reader wants it and they are of one measure."""
    second = view.territoire if is_one_place(maps, view) else maps.territoire_b or view.territoire
    places = {"a": view.territoire, "b": second}
    asked = {
        name: (side.indicateur, side.maille, gazetteer.surroundings(places[name], side.maille))
        for name, side in (("a", maps.a), ("b", maps.b))
    }
    together = maps.echelle and is_one_measure(maps)

    def show(name: SideName, other: SideName) -> Shown:
        side: Side = getattr(maps, name)
        drawn = draw_values(
            *asked[name],
            view.methode,
            view.classes,
            view.horizon,
            beside=asked[other] if together else None,
        )
        card = load_facts(view.horizon).indicator(side.indicateur).at(side.maille)
        return Shown(name.upper(), side, places[name], asked[name][2], card, drawn)

    return show("a", "b"), show("b", "a")


def pair_of(first: Shown, second: Shown) -> Pair | None:
    """Return what a tooltip says of both maps; None where they draw other territories, or the same figure."""
    if first.level != second.level or first.side.indicateur == second.side.indicateur:
        return None
    difference = _difference_of(first, second)
    says_unit = difference is None  # else that of the difference, said once, is theirs
    return Pair(_texts_of(first, says_unit=says_unit), _texts_of(second, says_unit=says_unit), difference)


def _texts_of(shown: Shown, *, says_unit: bool) -> PairedTexts:
    card, none = shown.card, none_word(shown.card) if shown.card.divisor else ""
    dated = f"{card.short_label}, {card.dated_at(shown.level)}"
    return PairedTexts(shown.name, shown.drawn.values.texts, card.unit if says_unit else "", dated, none)


def _difference_of(first: Shown, second: Shown) -> PairedTexts | None:
    if not is_same_measure(first.card, second.card):
        return None
    texts = _difference_texts(first.side.indicateur, second.side.indicateur, first.level)
    return PairedTexts(DIFFERENCE, texts, difference_unit(first.card))


@st.cache_resource(show_spinner=False, max_entries=16)
def _difference_texts(first: str, second: str, level: DrawnLevel) -> list[str | None]:
    facts = load_facts()
    codes = level_table(level).index
    table = set_apart(
        facts.values(first, level).reindex(codes),
        facts.values(second, level).reindex(codes),
        level_table(level)["population"],
    )
    return difference_texts(facts.indicator(first).at(level), table["difference"].reindex(codes))


def places_table(first: Shown, second: Shown) -> pd.DataFrame:
    """Return the places of either map, of one level, as `coverage.indicators.difference.set_apart`.

    Where the two figures are not of one measure, their difference is unknown and the order is that of the first, the
    worst off first.
    """
    codes, gazetteer = level_table(first.level).index, load_gazetteer()
    inside = lies_inside(gazetteer, first.scope, first.level, codes)
    inside |= lies_inside(gazetteer, second.scope, first.level, codes)
    table = set_apart(first.values[inside], second.values[inside], level_table(first.level)["population"])
    if has_difference(first, second):
        return table
    by_first = table.sort_values("first", ascending=first.card.higher_is == "mieux", kind="stable")
    return by_first.assign(difference=float("nan"))


def has_difference(first: Shown, second: Shown) -> bool:
    """Tell whether the two figures of a place have a difference that says something."""
    return first.side.indicateur != second.side.indicateur and is_same_measure(first.card, second.card)
