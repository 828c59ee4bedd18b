"""The weighted ranking on the page: its sentence, its map, its table and their files."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from coverage.crossing.standing import ALWAYS
from coverage.crossing.weights import DRAWS, FIRST
from coverage.indicators.cards import Indicator
from coverage.territories.gazetteer import Territory
from geo.levels import LEVEL_NAMES
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import View
from pages.screens.crossing.data import Crossed, people_of, place_names
from pages.screens.crossing.ranked import (
    FORMULA,
    STANDINGS,
    Asked,
    Ranked,
    draw_ranked,
    rank_places,
    ranked_card,
    tell_ways,
)
from pages.screens.crossing.state import CrossingState
from pages.widgets.exports.map import offer_map
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.map.drawing import show_map, take_pick
from pages.widgets.map.places import look_at_map, outlined, prefecture_labels
from pages.widgets.territory_rows import show_territories
from reports.figures.map_classes import format_value, none_word
from reports.figures.numbers import format_number, format_share
from reports.figures.tables import export_values

MAP_KEY: Final = "croisement_criteres"
MAP_HEIGHT: Final = 560
ROBUST: Final = 0.9
"""Share of the draws from which a place is said to be robust."""
MOST_NAMED: Final = 8


def take_click(crossed: Crossed) -> None:
    """Choose what has just been clicked on the map, before anything of this run is drawn."""
    pick = take_pick(MAP_KEY)
    if pick and pick.kind == "territory":
        change_view(selection=Territory(crossed.level, pick.code))


def show_ranked(view: View, crossed: Crossed, state: CrossingState) -> None:
    """Draw the ranking of the places of a territory."""
    ranked = rank_places(
        Asked(state.criteria, state.makers, crossed.level, crossed.scope, view.horizon, state.draws == "autour")
    )
    chosen = view.selection.code if view.selection and view.selection.level == crossed.level else None
    _say_set_aside(ranked)
    if ranked.order.empty:
        st.info("Aucun lieu n’a tous ces critères connus (n.d.) : retirez un critère, ou choisissez une autre maille.")
        return
    st.markdown(tell_ranked(ranked))
    left, right = st.columns(2)
    with left:
        _show_map(view, crossed, ranked)
    with right:
        _show_table(ranked, chosen)
    cited = load_facts().cite(*(card.id for card in ranked.cards), level=crossed.level)
    st.caption(
        f"Critères : {', '.join(tell_ways(ranked))}. {FORMULA} Un rang ne dit pas l’ampleur des écarts, dépend des "
        "lieux comparés, et deux critères qui vont ensemble comptent deux fois la même chose. Estimé. Sources : "
        f"{cited}."
    )


def _say_set_aside(ranked: Ranked) -> None:
    said = []
    if ranked.without:
        names = ", ".join(f"« {card.short_label} »" for card in ranked.without)
        said.append(f"{names} : n.d. partout ici, non compté.")
    silent = [maker.name for maker in ranked.asked.makers if not sum(ranked.weights_of(maker))]
    if silent:
        said.append(f"{', '.join(map(plain, silent))} : aucun poids, non compté.")
    if said:
        st.caption(" ".join(said))


def tell_ranked(ranked: Ranked) -> str:
    """Say what is compared and set aside, and which places stay among the first."""
    names, where = LEVEL_NAMES[ranked.asked.level], plain(load_gazetteer().label(ranked.asked.scope))

    def count(n: int) -> str:
        return f"{format_number(n)} {names.plural if n > 1 else names.noun}"

    n_aside, n_compared = int(ranked.set_aside.sum()), len(ranked.order)
    said = [f"**{where} : comparaison de {count(n_compared)}.**"]
    if n_aside:
        people = format_number(people_of(ranked.asked.level, ranked.set_aside))
        said.append(f"Mis à part, faute d’un critère connu (n.d.) : {count(n_aside)}, {people} habitants.")
    codes = level_table(ranked.asked.level).index
    always = _named(ranked, codes[ranked.standings.standing == ALWAYS])
    robust = codes[np.nan_to_num(ranked.standings.share_of_draws) >= ROBUST]
    said.append(
        f"**Parmi les {FIRST} premiers pour tous les décideurs : {always}.** Dans au moins {format_share(ROBUST, 0)} "
        f"des {format_number(DRAWS)} tirages de poids : {_named(ranked, robust)}."
    )
    if n_compared <= FIRST:
        said.append(f"Il n’y a pas plus de {FIRST} lieux : tous sont parmi les premiers.")
    return " ".join(said)


def _named(ranked: Ranked, codes: pd.Index) -> str:
    """Name some places in the order of the ranking, the first ones and how many others."""
    kept = ranked.order[ranked.order.isin(codes)]
    if kept.empty:
        return "aucun"
    names = place_names(ranked.asked.level)["name"][kept[:MOST_NAMED]]
    others = len(kept) - MOST_NAMED
    more = f" et {format_number(others)} autre{'s' if others > 1 else ''}" if others > 0 else ""
    return f"{format_number(len(kept))} ({', '.join(map(plain, names))}{more})"


def _show_map(view: View, crossed: Crossed, ranked: Ranked) -> None:
    gazetteer, drawn = load_gazetteer(), draw_ranked(ranked)
    show_map(
        drawn.values,
        drawn.legend,
        key=MAP_KEY,
        view=look_at_map(gazetteer, view.territoire, crossed.level),
        selected=outlined(gazetteer, view.territoire, crossed.level, view.selection),
        labels=prefecture_labels(),
        height=MAP_HEIGHT,
    )
    offer_map(
        ranked_card(ranked),
        crossed.level,
        crossed.scope,
        "seuils",
        len(STANDINGS),
        key="crossing_ranked_map",
        drawn=drawn,
    )


def _show_table(ranked: Ranked, chosen: str | None) -> None:
    asked = ranked.asked
    show_territories(
        "crossing_ranked",
        asked.level,
        ranked.order,
        chosen if chosen in ranked.order else None,
        partial(_styled, ranked),
        {
            "Rang": st.column_config.Column(width=60, help="1 : la plus petite moyenne des places."),
            "Nom": st.column_config.Column(pinned=True, width=160),
            "Tirages": st.column_config.Column(help=f"Part des tirages où le lieu est parmi les {FIRST} premiers."),
        },
        asked=asked,
        alt="Classement des lieux sur les critères pondérés",
        height=MAP_HEIGHT,
    )
    offer_table(
        lambda: export_ranked(ranked),
        describe_sources([card.id for card in ranked.cards], asked.level),
        title=ranked_card(ranked).label,
        name=f"maillage_croisement_priorites_{asked.level}_{asked.scope.slug}",
    )


def _rows(ranked: Ranked, codes: pd.Index) -> tuple[pd.DataFrame, Any]:
    rows = level_table(ranked.asked.level).index.get_indexer(codes)
    names, found = place_names(ranked.asked.level), ranked.standings
    table = pd.DataFrame(
        {"Rang": ranked.rank[codes], "Nom": names["name"].to_numpy()[rows], "Code": codes}, index=codes
    )
    table["Tirages"] = found.share_of_draws[rows]
    for place, maker in enumerate(ranked.asked.makers):
        table[_head(maker.name)] = found.places[rows, place]
    table[f"Parmi les {FIRST} premiers"] = [STANDINGS[int(one)] for one in found.standing[rows]]
    return table, rows


def _head(name: str) -> str:
    return f"Place, {name}"


def _styled(ranked: Ranked, codes: pd.Index) -> Any:
    table, rows = _rows(ranked, codes)
    for place, card in enumerate(ranked.cards):
        table[card.short_label] = [_write(card, value) for value in ranked.values[rows, place]]
    whole = ["Rang", *(_head(maker.name) for maker in ranked.asked.makers)]
    return table.style.format({"Tirages": lambda share: format_share(share, 0), **dict.fromkeys(whole, format_number)})


def _write(card: Indicator, printed: float) -> str:
    if np.isinf(printed) and card.divisor:
        return none_word(card)
    return format_value(card, printed / card.display_factor, unit=False)


def export_ranked(ranked: Ranked) -> pd.DataFrame:
    """Return the ranking as it leaves the app, with those set aside at the end, without rank."""
    aside = level_table(ranked.asked.level).index[ranked.set_aside]
    codes = ranked.order.append(aside)
    rows = level_table(ranked.asked.level).index.get_indexer(codes)
    found, names = ranked.standings, place_names(ranked.asked.level)
    columns: dict[str, Any] = {
        "Rang": ranked.rank.reindex(codes).astype("Int64").array,
        "Code": codes,
        "Nom": names["name"].to_numpy()[rows],
        "Moyenne des places": found.mean_place[rows],
        f"Part des tirages parmi les {FIRST} premiers (%)": 100 * found.share_of_draws[rows],
        f"Parmi les {FIRST} premiers": [
            "n.d." if np.isnan(one) else STANDINGS[int(one)] for one in found.standing[rows]
        ],
    }
    for place, maker in enumerate(ranked.asked.makers):
        columns[_head(maker.name)] = found.places[rows, place]
    for place, (card, low) in enumerate(zip(ranked.cards, ranked.low_first, strict=True)):
        values = ranked.values[rows, place] / card.display_factor
        known = pd.Series(np.where(np.isinf(values), np.nan, values), index=codes)
        head = f"{card.label} ({card.unit})" if card.unit else card.label
        columns[head] = export_values(card, known).array
        columns[f"Prioritaire : {card.short_label}"] = "faible" if low else "élevé"
        columns[f"Millésime, {card.short_label}"] = card.vintage
    for maker in ranked.asked.makers:
        columns[f"Poids, {maker.name}"] = ", ".join(map(str, ranked.weights_of(maker)))
    return pd.DataFrame(columns)
