"""The territories that resemble the one of the page: its place among them, and a way to each."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from coverage.indicators.cards import INDICATORS, THEMES
from coverage.indicators.peers import PEER_CRITERIA, Peers, find_peers
from coverage.indicators.ranking import Ranking, rank
from coverage.territories.gazetteer import FRANCE, Gazetteer, Territory
from geo.levels import LEVEL_NAMES, OWN, Level
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.app.session import change_view
from pages.app.tables import level_table
from pages.app.view import MOST_COMPARED, View
from pages.widgets.charts import draw, draw_ranked_bars
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.indicator_choice import choose_indicator
from reports.figures.french import count_of
from reports.figures.numbers import format_number, format_rank
from reports.figures.tables import export_value

WORDS: Final = {"density_per_km2": "densité", "share_75plus": "part des 75 ans ou plus", "poverty_rate": "pauvreté"}
ORDERS: Final = {"mieux": "du plus haut, le mieux, au plus bas", "moins bien": "du plus bas, le mieux, au plus haut"}
KEY: Final = "peers_indicator"


@st.cache_resource(show_spinner=False, max_entries=200)
def _peers(level: Level, code: str) -> Peers:
    return find_peers(level_table(level), code)


def peers_of(territory: Territory) -> tuple[Territory, ...]:
    """Return the territories that resemble one, the nearest first; none for France and an own territory."""
    if territory.level in {"france", OWN}:
        return ()
    return tuple(
        Territory(territory.level, str(code)) for code in _peers(territory.level, territory.code).distances.index
    )


def show_peers(gazetteer: Gazetteer, view: View) -> None:
    """Draw the comparable territories, the place of this one among them, and what they are chosen on."""
    territory = view.territoire
    if territory.level in {"france", OWN}:
        return
    st.subheader("Territoires comparables", anchor=False)
    peers = _peers(territory.level, territory.code)
    if peers.distances.empty:
        known = " et ".join(WORDS[name] for name in peers.criteria)
        st.info(
            "Aucun territoire comparable n’est proposé : il faut connaître au moins deux de la densité, de la part des "
            f"75 ans ou plus et de la pauvreté ; ici, {known or 'aucune'} seulement."
        )
        return
    indicator_id = _pick_indicator(view)
    group = (territory, *peers_of(territory))
    left, right = st.columns(2, gap="medium")
    with left:
        _show_place(gazetteer, group, indicator_id)
    with right:
        _show_ways(gazetteer, view)
    st.caption(_tell_method(gazetteer, territory, peers))
    _offer(gazetteer, group, peers, indicator_id)


def _pick_indicator(view: View) -> str:
    """Draw the choice of the indicator that they are compared on: that of the map, where the level has it."""
    level = view.territoire.level
    offered = load_facts().indicators
    names = [name for name, card in offered.items() if level in card.levels and card.kind != "categorical"]
    names.sort(key=lambda name: THEMES.index(offered[name].theme))
    st.session_state[KEY] = view.indicateur if view.indicateur in names else names[0]
    return choose_indicator(
        "Comparer sur",
        names,
        level=level,
        key=KEY,
        on_change=lambda: change_view(indicateur=st.session_state[KEY]),
    )


def _show_place(gazetteer: Gazetteer, group: Sequence[Territory], indicator_id: str) -> None:
    """Draw the bars of the territory and its peers, and say its place."""
    facts = load_facts()
    own, card = group[0], INDICATORS[indicator_id].at(group[0].level)
    values = facts.values(indicator_id, own.level).reindex([place.code for place in group])
    ranking = rank(values, card, float(facts.value(indicator_id, FRANCE)))
    st.markdown(_tell_place(gazetteer, own, ranking, len(group)))
    codes = list(ranking.table.index)
    if not codes:
        return
    labels = [_short(gazetteer, Territory(own.level, code)) for code in codes]
    chart = draw_ranked_bars(
        labels,
        [float(value) * card.display_factor for value in ranking.table["value"]],
        [facts.figure(indicator_id, Territory(own.level, code), unit=False) for code in codes],
        chosen=_short(gazetteer, own),
        reference=float("nan"),  # its line would cross the figures: France is in the sentence above
    )
    draw(chart, "chart_peers", f"{card.label} : le territoire et ceux qui lui ressemblent", height=70 + 30 * len(codes))


def _tell_place(gazetteer: Gazetteer, own: Territory, ranking: Ranking, n_group: int) -> str:
    card, name = ranking.indicator, plain(gazetteer.name(own))
    if own.code not in ranking.table.index:
        return f"{plain(card.short_label)} : n.d. pour **{name}**."
    place = format_rank(int(ranking.table.loc[own.code, "rank"]), ranking.n_ranked)
    order = ORDERS.get(card.higher_is or "", "du plus haut au plus bas")
    unknown = f" ; n.d. pour {count_of(n_group - ranking.n_ranked, 'autre')}" if ranking.unknown else ""
    france = f" France : {load_facts().figure(card.id, FRANCE)}." if "france" in card.levels else ""
    return f"**{name}** : **{place}** sur « {plain(card.short_label)} » ({order}{unknown}).{france}"


def _short(gazetteer: Gazetteer, place: Territory) -> str:
    return gazetteer.label(place) if place.level == "commune" else gazetteer.bare_name(place)


def _show_ways(gazetteer: Gazetteer, view: View) -> None:
    """Draw one line a territory, the nearest first: its portrait, its figures, the comparison."""
    st.markdown("Du plus proche au moins proche : son portrait, ou la comparaison sur cette page.")
    for place in peers_of(view.territoire):
        name, figures, compare = st.columns([5, 6, 3], vertical_alignment="center")
        name.button(
            plain(_short(gazetteer, place)),
            key=f"peer_{place.key}",
            type="tertiary",
            help="Ouvrir son portrait",
            wrap=True,
            on_click=change_view,
            kwargs={"territoire": place},
        )
        figures.caption(_tell_criteria(place))
        is_compared = place in view.comparaison
        compare.button(
            "Retirer" if is_compared else "Comparer",
            icon=":material/remove:" if is_compared else ":material/add:",
            key=f"peer_compare_{place.key}",
            type="tertiary",
            on_click=_toggle,
            args=(view.comparaison, place),
        )


def _toggle(compared: tuple[Territory, ...], place: Territory) -> None:
    """Compare the page with a territory, in place of the first where there are too many, or no longer."""
    if place in compared:
        change_view(comparaison=tuple(other for other in compared if other != place))
    else:
        change_view(comparaison=(*compared, place)[-MOST_COMPARED:])


def _tell_criteria(place: Territory) -> str:
    facts = load_facts()
    parts = {
        "density_per_km2": facts.figure("density_per_km2", place),
        "share_75plus": f"75 ans ou plus {facts.figure('share_75plus', place)}",
        "poverty_rate": f"pauvreté {facts.figure('poverty_rate', place)}",
    }
    return " · ".join(text for name, text in parts.items() if place.level in INDICATORS[name].levels)


def _tell_method(gazetteer: Gazetteer, territory: Territory, peers: Peers) -> str:
    """Say what makes territories comparable, on what, and what could not be compared."""
    used = [WORDS[name] for name in peers.criteria]
    on = f"{', '.join(used[:-1])} et {used[-1]}"
    told = (
        f"Méthode : parmi les {LEVEL_NAMES[territory.level].plural} de France, les "
        f"{format_number(len(peers.distances))} plus proches par {on}, à poids égaux, chaque critère étant compté en "
        "écarts-types (la densité par son logarithme)."
    )
    if "poverty_rate" in peers.criteria and territory.level == "commune":
        told += " La pauvreté d’une commune est celle de son bassin de vie."
    if peers.missing:
        missing = " et ".join(WORDS[name] for name in peers.missing)
        told += f" Non comptée, car n.d. pour {plain(gazetteer.name(territory))} : {missing}."
    if peers.n_unknown:
        told += f" Hors de la comparaison, l’un de ces chiffres étant n.d. : {count_of(peers.n_unknown, 'territoire')}."
    return f"{told} Sources : {load_facts().cite(*peers.criteria, level=territory.level)}."


def _offer(gazetteer: Gazetteer, group: Sequence[Territory], peers: Peers, indicator_id: str) -> None:
    """Offer the table of the territory and its peers as files."""
    own, level = group[0], group[0].level
    shown = dict.fromkeys((indicator_id, *(name for name in PEER_CRITERIA if level in INDICATORS[name].levels)))
    facts = load_facts()
    offer_table(
        lambda: pd.DataFrame(
            {
                "Code": [place.code for place in group],
                "Territoire": [gazetteer.name(place) for place in group],
                "Écart (écarts-types)": [0.0, *peers.distances.round(2)],
                **{
                    INDICATORS[name].at(level).short_label: [
                        export_value(INDICATORS[name], facts.value(name, place)) for place in group
                    ]
                    for name in shown
                },
            }
        ),
        describe_sources(list(shown), level),
        title=f"Territoires comparables : {gazetteer.label(own)}",
        name=f"maillage_comparables_{own.key}",
    )
