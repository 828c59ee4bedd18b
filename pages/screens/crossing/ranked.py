"""The places ranked on weighted criteria: what is compared, how they stand, the map that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.crossing.standing import N_STANDINGS, Standings, stand
from coverage.crossing.weights import FIRST
from coverage.indicators.cards import Indicator
from coverage.indicators.criteria import worst_value
from coverage.territories.gazetteer import Territory
from geo.levels import LEVEL_NAMES, DrawnLevel
from geo.map.palettes import sequential
from pages.app.facts import load_facts
from pages.app.tables import level_table, load_gazetteer
from pages.screens.crossing.state import Maker, Weighed
from pages.widgets.map.values import draw_series
from reports.figures.map_classes import MapClasses, lies_inside, without_structure

STANDINGS: Final = (
    "pour tous les décideurs",
    "pour certains décideurs",
    "seulement dans des tirages de poids",
    "jamais",
)
FORMULA: Final = (
    "Chaque critère est un rang parmi les lieux comparés (de 0, le moins urgent, à 1) ; le score d’un décideur est la "
    "moyenne de ces rangs, pondérée par ses poids ; les lieux sont classés par la moyenne de leurs places."
)


@dataclass(frozen=True)
class Asked:
    """What is ranked: criteria, decision makers, where, and which draws of weights."""

    criteria: tuple[Weighed, ...]
    makers: tuple[Maker, ...]
    level: DrawnLevel
    scope: Territory
    horizon: int
    near_makers: bool


@dataclass(frozen=True, eq=False)
class Ranked:
    """The ranking.

    Attributes
    ----------
    asked
        What was asked.
    cards, low_first
        Card of each criterion that is used, and whether its low values are urgent.
    without
        Cards of the criteria that are unknown everywhere in the territory, or do not exist at the level.
    values
        Shape (places of the level, criteria used), in the printed unit; NaN is unknown, infinite the known « none ».
    inside
        True for the places of the territory.
    standings
        How they stand, in the order of the level.
    order
        Codes of the places compared, the first first.
    """

    asked: Asked
    cards: tuple[Indicator, ...]
    low_first: tuple[bool, ...]
    without: tuple[Indicator, ...]
    values: npt.NDArray[np.float64]
    inside: npt.NDArray[np.bool_]
    standings: Standings
    order: pd.Index

    def weights_of(self, maker: Maker) -> list[int]:
        """Return the weights that a decision maker gives to the criteria used."""
        given = dict(zip((one.indicator_id for one in self.asked.criteria), maker.weights, strict=True))
        return [given[card.id] for card in self.cards]

    @property
    def set_aside(self) -> npt.NDArray[np.bool_]:
        """True for the places of the territory that have an unknown criterion."""
        return self.inside & ~self.standings.compared

    @property
    def rank(self) -> pd.Series:
        """Rank of each place compared, in order: equal mean places share the smaller one."""
        mean = pd.Series(self.standings.mean_place, index=level_table(self.asked.level).index)[self.order]
        return mean.rank(method="min")


@st.cache_resource(show_spinner="Calcul des tirages de poids…", max_entries=12)
def rank_places(asked: Asked) -> Ranked:
    """Rank the places of a territory, once for all readers who ask the same."""
    table = level_table(asked.level)
    inside = lies_inside(load_gazetteer(), asked.scope, asked.level, table.index)
    columns = {one.indicator_id: _values(one.indicator_id, asked) for one in asked.criteria}
    used = [place for place, one in enumerate(asked.criteria) if _is_known(columns[one.indicator_id], inside)]
    cards = [load_facts(asked.horizon).indicator(one.indicator_id).at(asked.level) for one in asked.criteria]
    known = [columns[asked.criteria[place].indicator_id] for place in used]
    values = np.column_stack(known or [np.empty((len(table), 0))])
    low_first = tuple(asked.criteria[place].low_first for place in used)
    weights = np.array([[maker.weights[place] for place in used] for maker in asked.makers], dtype=np.float64)
    if used:
        standings = stand(values, np.array(low_first), weights, inside=inside, near_makers=asked.near_makers)
    else:
        standings = _nothing(len(table), len(asked.makers))
    return Ranked(
        asked,
        tuple(cards[place] for place in used),
        low_first,
        tuple(card for place, card in enumerate(cards) if place not in used),
        values * [cards[place].display_factor for place in used],
        inside,
        standings,
        _ordered(standings, table),
    )


def _values(name: str, asked: Asked) -> npt.NDArray[np.float64]:
    """Return a criterion of every place of the level; what has nothing to divide by is the worst there is."""
    facts = load_facts()
    table = level_table(asked.level)
    if name not in facts.indicators or asked.level not in facts.indicators[name].levels:
        return np.full(len(table), np.nan)
    card = load_facts(asked.horizon).indicator(name).at(asked.level)
    values = load_facts(asked.horizon).values(name, asked.level).reindex(table.index).to_numpy(np.float64)
    return np.where(without_structure(name, table), worst_value(card), values)


def _is_known(values: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]) -> bool:
    return bool(np.isfinite(values[inside]).any())


def _nothing(n_places: int, n_makers: int) -> Standings:
    unknown = np.full(n_places, np.nan)
    return Standings(np.zeros(n_places, dtype=bool), np.full((n_places, n_makers), np.nan), unknown, unknown, unknown)


def _ordered(standings: Standings, table: pd.DataFrame) -> pd.Index:
    """Return the places compared from the first; equal ones by the draws, then the most peopled first."""
    keys = (-table["population"].fillna(-1).to_numpy(), -standings.share_of_draws, standings.mean_place)
    order = np.lexsort(keys)
    return table.index[order[standings.compared[order]]]


def ranked_card(ranked: Ranked) -> Indicator:
    """Return the card that names the map of a ranking."""
    names = LEVEL_NAMES[ranked.asked.level]
    ways = tell_ways(ranked)
    weights = [f"{maker.name} {', '.join(map(str, ranked.weights_of(maker)))}" for maker in ranked.asked.makers]
    return Indicator(
        id="croisement_priorites",
        label=f"{names.choice} : les {FIRST} premiers selon des critères pondérés",
        short_label=f"Parmi les {FIRST} premiers",
        unit="",
        decimals=0,
        levels=(ranked.asked.level,),
        kind="categorical",
        higher_is=None,
        source_ids=tuple(dict.fromkeys(source for card in ranked.cards for source in card.source_ids)),
        vintage=" ; ".join(f"{card.short_label} : {card.vintage}" for card in ranked.cards),
        formula=f"Critères (valeur prioritaire) : {', '.join(ways)}. Poids : {' ; '.join(weights)}.",
        note=FORMULA,
        theme="Accès aux généralistes",
        nature="estimé",
        categories=tuple((str(place), label) for place, label in enumerate(STANDINGS)),
        category_colours=tuple(sequential(N_STANDINGS, "YlOrBr", reverse=True)),
    )


def tell_ways(ranked: Ranked) -> list[str]:
    """Name each criterion, with which of its values are urgent."""
    return [
        f"{card.short_label} ({'faible' if low else 'élevé'})"
        for card, low in zip(ranked.cards, ranked.low_first, strict=True)
    ]


def draw_ranked(ranked: Ranked) -> MapClasses:
    """Return the map of a ranking: how each place stands; those set aside are unknown."""
    codes = level_table(ranked.asked.level).index
    standing = ranked.standings.standing
    words = [None if np.isnan(one) else str(int(one)) for one in standing]
    return draw_series(
        ranked_card(ranked),
        pd.Series(words, index=codes, dtype=object),
        ranked.asked.level,
        ranked.asked.scope,
        "seuils",
        N_STANDINGS,
        texts=[None if word is None else STANDINGS[int(word)] for word in words],
        note="n.d. : un critère au moins est inconnu.",
    )
