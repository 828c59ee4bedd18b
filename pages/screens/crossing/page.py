"""Croisement: two indicators on one map and one scatter that answer each other; places ranked by weighted criteria."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import streamlit as st

from coverage.indicators.cards import INDICATORS, THEMES
from coverage.territories.gazetteer import Territory
from geo.levels import LEVEL_NAMES
from geo.map import Legend
from pages.app.facts import load_facts
from pages.app.notices import guard_against_missing_data, show_notices
from pages.app.session import change_view, current_view, write_address
from pages.app.tables import level_table, load_gazetteer
from pages.app.view import VIEW_KEY, View
from pages.screens.crossing.data import Crossed, Pair, common_levels, crossed_of, draw_crossed, kept_of
from pages.screens.crossing.ranking import show_ranked, take_click
from pages.screens.crossing.scatter import show_scatter
from pages.screens.crossing.state import (
    ADDRESS,
    CELLS,
    PART_LABELS,
    CrossingState,
    change,
    is_crossable,
)
from pages.screens.crossing.table import show_list, tell_kept
from pages.screens.crossing.weighing import choose_criteria, choose_draws, choose_weights
from pages.widgets.card import show_card
from pages.widgets.choice import choose_one
from pages.widgets.exports.map import offer_map
from pages.widgets.glossary import explain
from pages.widgets.horizon import choose_horizon
from pages.widgets.indicator_choice import choose_indicator
from pages.widgets.lead import show_line
from pages.widgets.map.drawing import show_map, take_pick
from pages.widgets.map.places import look_at_map, outlined, prefecture_labels
from pages.widgets.territory_picker import pick_territory
from reports.figures.bivariate import CUT_LABELS, pair_card, tell_both
from reports.figures.french import begin, in_territory

MAP_KEY = "croisement"
MAP_HEIGHT = 620


def show_page() -> None:
    """Draw the page."""
    view, notices = current_view()
    state, more = ADDRESS.current()
    crossed = crossed_of(view, state)
    _show_answer(state, crossed)
    show_notices([*notices, *more])
    st.session_state["crossing_part"] = state.part
    st.segmented_control(
        "Analyse",
        list(PART_LABELS),
        format_func=PART_LABELS.__getitem__,
        key="crossing_part",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: change(part=st.session_state["crossing_part"]),
    )
    _show_where(view, state, crossed)
    if state.part == "criteres":
        choose_criteria(state, crossed.level)
        choose_weights(state, crossed.level)
        choose_draws(state)
        if any(INDICATORS[one.indicator_id].is_projected for one in state.criteria):
            choose_horizon()
        _show_ranking()
    else:
        _say_changed(view, state, crossed)
        _choose_both(crossed)
        _show_pair()


def _show_answer(state: CrossingState, crossed: Crossed) -> None:
    """Open with what the darkest colour of the map holds."""
    said = ""
    if state.part == "deux":
        pair, people = draw_crossed(crossed), level_table(crossed.level)["population"].to_numpy(np.float64)
        said = tell_both(pair.x, pair.y, crossed.level, inside=pair.inside, people=people)
    dates = dict.fromkeys(INDICATORS[name].dated_at(crossed.level) for name in (crossed.first, crossed.second))
    show_line(
        f"{begin(in_territory(load_gazetteer(), crossed.scope))}, {said}" if said else "",
        " ; ".join(dates),
        "",
        otherwise="**Où deux difficultés se cumulent-elles, et quels lieux restent prioritaires quand on change les "
        "poids ?** Croisez deux indicateurs, ou classez les lieux sur plusieurs critères pondérés.",
        words="Touchez une case de la légende pour ne garder que ses lieux.\n\n" + explain("APL", "Maille", "n.d."),
    )


def _say_changed(view: View, state: CrossingState, crossed: Crossed) -> None:
    """Say what of the view cannot be crossed, and what stands in its place."""
    said = []
    if crossed.first != view.indicateur:
        said.append(f"« {INDICATORS[view.indicateur].label} » est une catégorie et ne se croise pas.")
    if crossed.second != state.second:
        said.append(f"« {INDICATORS[state.second].label} » ne se croise pas ici avec le premier indicateur.")
    if crossed.level != view.maille:
        said.append(f"Les deux indicateurs ne sont pas connus par {LEVEL_NAMES[view.maille].noun}.")
    if said:
        st.caption(f"{' '.join(said)} Ce qui est montré est choisi ci-dessous.")


def _show_where(view: View, state: CrossingState, crossed: Crossed) -> None:
    where, level, cut = st.columns([4, 3, 3], vertical_alignment="bottom")
    with where:
        pick_territory(load_gazetteer(), view.territoire)
    with level:
        st.session_state["crossing_level"] = crossed.level
        choose_one(
            "Maille",
            common_levels(crossed.first, crossed.second),
            format_func=lambda name: LEVEL_NAMES[name].choice,
            key="crossing_level",
            on_change=lambda: change_view(maille=st.session_state["crossing_level"], selection=None),
        )
    if state.part == "criteres":
        return
    with cut:
        st.session_state["crossing_cut"] = state.cut
        choose_one(
            "Découpage en trois classes",
            list(CUT_LABELS),
            format_func=CUT_LABELS.__getitem__,
            key="crossing_cut",
            on_change=lambda: change(cut=st.session_state["crossing_cut"]),
            help="Tiers : autant de lieux de la maille dans chaque classe, en France ou dans le territoire. Seuils de "
            "référence : ceux de l’indicateur ; s’il en a plus de deux, les deux qui partagent le plus également les "
            "lieux de France ; s’il n’en a pas, tiers de la France.",
        )


def _choose_both(crossed: Crossed) -> None:
    names = [name for name in load_facts().indicators if is_crossable(name)]
    names.sort(key=lambda name: THEMES.index(INDICATORS[name].theme))
    first, second = st.columns(2)
    with first:
        st.session_state["crossing_first"] = crossed.first
        choose_indicator(
            "Premier indicateur (en largeur)",
            [name for name in names if name != crossed.second],
            level=crossed.level,
            key="crossing_first",
            on_change=_take_first,
        )
    with second:
        st.session_state["crossing_second"] = crossed.second
        choose_indicator(
            "Second indicateur (en hauteur)",
            [name for name in names if name != crossed.first and common_levels(crossed.first, name)],
            level=crossed.level,
            key="crossing_second",
            on_change=lambda: change(second=st.session_state["crossing_second"], cells="", contour=()),
        )
    if any(INDICATORS[name].is_projected for name in (crossed.first, crossed.second)):
        choose_horizon()


def _take_first() -> None:
    change_view(indicateur=st.session_state["crossing_first"])
    change(cells="", contour=())


@st.fragment
@guard_against_missing_data()
def _show_pair() -> None:
    _answer_click()
    write_address()
    state, _ = ADDRESS.current()
    view: View = st.session_state[VIEW_KEY]
    crossed = crossed_of(view, state)
    pair = draw_crossed(crossed)
    kept = kept_of(pair, state.cells, state.contour, state.axes)
    chosen = view.selection.code if view.selection and view.selection.level == crossed.level else None
    left, right = st.columns([7, 3])
    with left:
        _show_map(view, state, crossed, pair, kept)
        _offer_map(crossed, pair, state)
        st.markdown(tell_kept(crossed, pair, state, kept))
        if state.is_filtered:
            st.button("Tout montrer", icon=":material/filter_alt_off:", on_click=lambda: change(cells="", contour=()))
    with right:
        show_card(load_gazetteer(), view.selection or view.territoire, crossed.first)
    with left:
        show_scatter(crossed, pair, state, kept, chosen)
    with st.container(key="crossing_list"):
        show_list(crossed, pair, state, kept, chosen)


@st.fragment
@guard_against_missing_data()
def _show_ranking() -> None:
    state, _ = ADDRESS.current()
    take_click(crossed_of(st.session_state[VIEW_KEY], state))
    write_address()
    view: View = st.session_state[VIEW_KEY]
    show_ranked(view, crossed_of(view, state), state)


def _answer_click() -> None:
    """Take what has just been clicked on the map or in its square, before anything of this run is drawn."""
    pick = take_pick(MAP_KEY)
    if pick is None:
        return
    state, _ = ADDRESS.current()
    if pick.kind == "class" and pick.code in CELLS:
        wanted = set(state.cells) ^ {pick.code}
        changed = state.with_(cells="".join(letter for letter in CELLS if letter in wanted))
        ADDRESS.change(changed)
        ADDRESS.write(changed)
    elif pick.kind == "territory":
        change_view(selection=Territory(crossed_of(st.session_state[VIEW_KEY], state).level, pick.code))


def _show_map(view: View, state: CrossingState, crossed: Crossed, pair: Pair, kept: npt.NDArray[np.bool_]) -> None:
    gazetteer, legend = load_gazetteer(), _legend(pair, state)
    show_map(
        pair.drawn.values,
        legend,
        key=MAP_KEY,
        view=look_at_map(gazetteer, view.territoire, crossed.level),
        selected=outlined(gazetteer, view.territoire, crossed.level, view.selection),
        labels=prefecture_labels(),
        dimmed=pair.inside & ~kept if state.is_filtered else None,
        choices=CELLS,
        chosen=state.cells,
        height=MAP_HEIGHT,
    )


def _offer_map(crossed: Crossed, pair: Pair, state: CrossingState) -> None:
    offer_map(
        pair_card(pair.x, pair.y, crossed.level),
        crossed.level,
        crossed.scope,
        "seuils",
        len(pair.drawn.values.palette),
        key="crossing_map",
        drawn=pair.drawn,
        has_grey=False,
    )
    if state.is_filtered:
        st.caption("L’image montre toute la carte, sans le choix de la légende ou du nuage.")


def _legend(pair: Pair, state: CrossingState) -> Legend:
    """Return the legend; it says what a choice leaves pale."""
    if not state.is_filtered:
        return pair.drawn.legend
    return replace(pair.drawn.legend, note=f"En pâle : ce que le choix écarte. {pair.drawn.legend.note}")
