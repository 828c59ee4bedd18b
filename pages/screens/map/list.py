"""The list beside the map: what is mapped, from the worst off, each row and its territory answering each other."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.territories.gazetteer import FRANCE, Territory
from geo.levels import ADMINISTRATIVE, LEVEL_NAMES, OWN
from geo.map import Legend
from pages.app.facts import load_facts
from pages.app.notices import show_notices
from pages.app.plain_text import plain
from pages.app.tables import level_table, load_gazetteer
from pages.app.territories import Draft, keep_draft
from pages.app.view import View
from pages.navigation import SCREENS
from pages.screens.map.list_filter import SHORT_UNITS, choose_criteria, tell_criterion
from pages.screens.map.list_rows import (
    ABOVE,
    ABOVE_LABELS,
    UnitList,
    applies,
    class_names,
    communes_of,
    export_rows,
    figures,
    list_units,
    maximal,
    unit_names,
)
from pages.screens.map.list_state import ADDRESS, SEARCH_KEY, ListState
from pages.screens.map.projects import ProjectsLayer, counts, layer_none
from pages.widgets.exports.table import describe_sources, offer_table
from pages.widgets.territory_rows import ROWS, place_of, show_territories
from pages.widgets.written import write_values, written
from reports.figures.map_classes import MapClasses
from reports.figures.numbers import UNKNOWN, format_number, format_rank, format_share

ZONE: Final = "zone"
_TABLE_KEY: Final = "map_list_table"


def current_list(view: View, layer: ProjectsLayer, drawn: MapClasses) -> tuple[UnitList, ListState]:
    """Return the list of a map as the address and the reader's search ask for it, and its criteria.

    What of the address cannot be used is said here, once.
    """
    state, notices = ADDRESS.current()
    show_notices(notices)
    searched = st.session_state.get(SEARCH_KEY, "")
    return list_units(view, layer, drawn, state.criteria, searched), state


def is_filtered(state: ListState, view: View) -> bool:
    """Tell whether a criterion has an effect at the level of the map."""
    return any(applies(one, view.maille) for one in state.criteria)


def legend_of(drawn: MapClasses, units: UnitList, state: ListState) -> Legend:
    """Return the legend of the map: it says what a filter leaves pale."""
    if not is_filtered(state, units.view):
        return drawn.legend
    said = f"Filtre : {_count(int(units.kept.sum()), units)} en couleurs pleines, les autres en pâle."
    return replace(drawn.legend, note=" ".join(part for part in (said, drawn.legend.note) if part))


def show_list(units: UnitList, state: ListState, drawn: MapClasses) -> None:
    """Draw the list under the map: its sentence, its filter, its rows and its files."""
    with st.container(key="map_list"):
        st.markdown(tell_list(units, state))
        st.text_input(
            "Chercher dans la liste",
            key=SEARCH_KEY,
            icon=":material/search:",
            placeholder="Nom ou code, avec ou sans accents",
            live=True,
        )
        choose_criteria(state, units.level, units.view.indicateur)
        if units.ranks.empty:
            _tell_nothing(units, state)
            return
        _show_rows(units, drawn)
        _offer_files(units, drawn, state)


def tell_list(units: UnitList, state: ListState) -> str:
    """Say how many territories meet the criteria, how many people live there, and what is unknown."""
    place = plain(load_gazetteer().label(load_gazetteer().surroundings(units.view.territoire, units.level)))
    inside, kept, undecided = units.inside, units.kept, units.undecided
    n_all, n_kept, n_undecided = int(inside.sum()), int(kept.sum()), int(undecided.sum())
    all_people, people = units.people(inside), units.people(kept)
    if not is_filtered(state, units.view):
        said = [f"**{place} : {_count(n_all, units)}, {_inhabitants(all_people)}**, {_order(units)}."]
    else:
        asked = [plain(tell_criterion(one)) for one in state.criteria if applies(one, units.level)]
        meet = f"rempli{'ssent' if n_kept > 1 else 't'} {'les critères' if len(asked) > 1 else 'le critère'}"
        live = f"{_inhabitants(people)} y {'vivent' if people >= 2 else 'vit'}"  # noqa: PLR2004 - French plural
        share = f", soit {format_share(people / all_people)}" if all_people else ""
        whole = f"{_count(n_kept, units)} sur {format_number(n_all)} {meet} ; {live}{share}"
        order = _order(units)
        said = [f"**{place} : {whole}** ({' ; '.join(asked)}).", f"{order[:1].upper()}{order[1:]}."]
        if n_undecided:
            concerned = f"{_count(n_undecided, units)} ({_inhabitants(units.people(undecided))})"
            said.append(f"Pour {concerned}, une donnée manque (n.d.) et on ne peut le dire.")
    names = LEVEL_NAMES[units.level]
    if names.is_grouping and units.view.territoire != FRANCE:
        said.append(f"Chaque {names.noun} compte en entier, là où vivent la plupart de ses habitants.")
    if units.view.territoire.level == OWN and units.level in ADMINISTRATIVE:
        said.append(f"Les {names.plural} que le territoire touche comptent en entier.")
    if not is_filtered(state, units.view) and (n_unranked := n_all - units.n_ranked):
        said.append(f"Valeur inconnue (n.d.) pour {_count(n_unranked, units)} : en fin de liste, sans rang.")
    return " ".join([*said, _tell_chosen(units)]).strip()


def _order(units: UnitList) -> str:
    card = next(iter(units.indicators.values()))
    if card.kind == "categorical":
        return "dans l’ordre de la légende ; à égalité, les plus peuplés d’abord"
    order = "du moins bien au mieux placé" if card.higher_is else "de la valeur la plus élevée à la plus faible"
    return f"{order} ; à égalité, le plus peuplé d’abord"


def _tell_chosen(units: UnitList) -> str:
    """Say where the chosen territory stands among all those of the map."""
    chosen = _chosen(units)
    place = None if chosen is None else place_of(units.places.index, chosen)
    if chosen is None or place is None or pd.isna(units.places.iloc[place]):
        return ""
    name, rank = load_gazetteer().name(Territory(units.level, chosen)), int(units.places.iloc[place])
    ties = int((units.places == rank).sum()) - 1
    tied = f", à égalité avec {_count(ties, units, other=True)}" if ties else ""
    told = format_rank(rank, units.n_ranked)
    left_out = "" if place_of(units.ranks.index, chosen) is not None else ", hors de la liste ci-dessous"
    return f"**{plain(name)}** : {told} dans cet ordre{tied}{left_out}."


def _count(n: int, units: UnitList, *, other: bool = False) -> str:
    one, several = LEVEL_NAMES[units.level].noun, LEVEL_NAMES[units.level].plural
    more = ("autre ", "autres ") if other else ("", "")
    return f"{format_number(n)} {more[n > 1]}{several if n > 1 else one}"


def _inhabitants(people: float) -> str:
    return f"{format_number(people)} habitant{'s' if people >= 2 else ''}"  # noqa: PLR2004 - French plural


def _chosen(units: UnitList) -> str | None:
    chosen = units.view.selection
    return chosen.code if chosen and chosen.level == units.level else None


def _tell_nothing(units: UnitList, state: ListState) -> None:
    """Say why no row is left, and which criterion leaves how many."""
    if not units.inside.any():
        st.info("Aucun territoire de cette maille ici : choisissez-en une autre, ou un territoire plus grand.")
        return
    asked = [one for one in state.criteria if applies(one, units.level)]
    if units.kept.any() or not asked:
        searched = plain(st.session_state.get(SEARCH_KEY, ""))
        st.info(f"Aucune ligne ne répond à « {searched} ». Les critères sont gardés.")
        return
    alone = "\n".join(
        f"- {plain(tell_criterion(one))} : {_count(n, units)}" for one, n in zip(asked, units.alone, strict=True)
    )
    st.info(f"Rien ne remplit tous ces critères à la fois. Chacun seul :\n{alone}")


def _show_rows(units: UnitList, drawn: MapClasses) -> None:
    codes = units.ranks.index
    show_territories(
        _TABLE_KEY,
        units.level,
        codes,
        _chosen(units),
        partial(_write_rows, units, drawn),
        _heads(units),
        asked=(units.view.with_(selection=None), units.layer, len(codes), tuple(codes[:ROWS])),
        alt="Liste des territoires de la carte",
    )


def _heads(units: UnitList) -> dict[str, Any]:
    """Return the head of each column, with the date and the definition of its figures."""
    heads: dict[str, Any] = {
        "rank": st.column_config.Column("Rang", width=60, help=f"1 : le premier {_order(units)}."),
        "name": st.column_config.Column("Nom", pinned=True, width=170),
        "code": st.column_config.Column("Code", width=65),
        "class": st.column_config.Column("Classe", width=105),
    }
    for above in ABOVE[units.level]:
        heads[above] = st.column_config.Column(ABOVE_LABELS[above])
    for name, card in units.indicators.items():
        unit = f" ({card.unit})" if card.unit in SHORT_UNITS else ""
        heads[name] = st.column_config.Column(
            f"{card.short_label}{unit}", help=f"{card.label}. {card.dated_at(units.level)}. {card.formula}"
        )
    return heads


def _write_rows(units: UnitList, drawn: MapClasses, shown: pd.Index) -> Any:
    """Return the rows in sight: once for all readers, unless they hold a reader's own projects."""
    if any(counts(units.layer, name) for name in units.indicators):
        return _rows(units, drawn, shown)
    asked = f"{units.view.with_(selection=None)} {[*units.indicators]}"
    return _rows_for_all(asked, "\n".join(shown), units, drawn)


@st.cache_resource(show_spinner=False, max_entries=64)
def _rows_for_all(asked: str, shown: str, _units: UnitList, _drawn: MapClasses) -> Any:  # noqa: ARG001 - one list or another
    return _rows(_units, _drawn, pd.Index(shown.split("\n"), name=_units.places.index.name))


def _rows(units: UnitList, drawn: MapClasses, shown: pd.Index) -> Any:
    """Return the rows in sight, each figure as all screens write it."""
    names = unit_names(units.level).loc[shown]
    ranks = units.ranks[units.ranks.index.isin(shown)]  # a few rows: see `place_of`
    values = figures(units, shown)
    rows = level_table(units.level).index.get_indexer(shown)
    table = pd.DataFrame(
        {"rank": ranks.loc[shown].to_numpy(), "name": names["name"].to_numpy(), "code": shown}, index=shown
    )
    for name, card in units.indicators.items():
        table[name] = values[name]
        if name == units.view.indicateur and card.kind != "categorical":
            table["class"] = class_names(drawn, rows)
    for above in ABOVE[units.level]:
        table[above] = names[above].to_numpy()
    texts = {"rank": [format_number(rank) for rank in table["rank"]]}
    for name, card in units.indicators.items():
        if name == ZONE:
            texts[name] = [UNKNOWN if pd.isna(zone) else str(zone) for zone in table[name]]  # the acronym fits
            continue
        none = layer_none(units.layer, name, units.level)[rows]
        texts[name] = write_values(card, table[name], maximal(units, name, shown), none)
    return written(table, texts)


def _offer_files(units: UnitList, drawn: MapClasses, state: ListState) -> None:
    gazetteer = load_gazetteer()
    scope = gazetteer.surroundings(units.view.territoire, units.level)
    told = " ; ".join(tell_criterion(one) for one in state.criteria if applies(one, units.level))
    card = next(iter(units.indicators.values()))
    offer_table(
        lambda: export_rows(units, drawn, told),
        describe_sources(list(units.indicators), units.level),
        title=f"{card.label} ({gazetteer.label(scope)})" + (f", filtre : {told}" if told else ""),
        name=f"maillage_{card.id}_{scope.slug}_{units.level}",
    )
    if st.button("En faire un territoire", icon=":material/edit_location_alt:", key="map_list_own", type="tertiary"):
        keep_draft(Draft(f"{gazetteer.bare_name(scope)}, {told or 'liste'}", communes_of(units)))
        st.switch_page(SCREENS["own_territory"].file)
    st.caption(f"Sources de la liste : {load_facts().cite(*units.indicators, level=units.level)}.")
