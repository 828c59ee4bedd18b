"""The current commune: its access before and after, and what can be tried there."""

from typing import Final

import pandas as pd
import streamlit as st

from coverage.access.decay import read_access_parameters
from coverage.simulator.scenario_file import MAX_FTE, ClickedPoint
from coverage.simulator.supply_change import Change, Closure, Departures, Move, Opening, RetirementOver65
from coverage.territories.gazetteer import LEVEL_LABELS, Gazetteer, Territory
from pages.app.plain_text import plain
from pages.screens.simulator.engine import Result, can_open, supply_acts, supply_task
from pages.screens.simulator.state import (
    change_drafts,
    choose_commune,
    chosen_commune,
    clicked_place,
    current_drafts,
    point_at,
    reaches_people,
)
from pages.screens.simulator.supply import USUAL_SECONDS
from pages.screens.simulator.words import (
    CLOSURE,
    DEPARTURES,
    FTE,
    MOVE,
    RETIREMENT,
    place_of,
    tell_change,
)
from pages.widgets.territory_picker import ask_territory
from reports.figures.numbers import UNKNOWN, format_number, format_signed

FTE_KEY: Final = "simulator_fte"
FOUND_KEY: Final = "simulator_found"
TOWARDS_KEY: Final = "simulator_towards_chosen"
"""The commune that a move leads to."""
DEFAULT_FTE: Final = 3.0
AT_MAIRIE, AT_POINT = "à la mairie", "au point cliqué"
OTHER_KINDS: Final = (CLOSURE, DEPARTURES, RETIREMENT, MOVE)


def show_commune(gazetteer: Gazetteer, result: Result) -> None:
    """Draw the panel of the current commune; a change tried there runs the whole page again."""
    commune = chosen_commune()
    if commune is None:
        st.markdown("Cliquez une commune de la **carte**, ou cherchez-la :")
        _search(gazetteer)
        return
    st.subheader(gazetteer.label(commune), anchor=False)
    st.caption(" · ".join(dict.fromkeys(gazetteer.name(other) for other in gazetteer.containing(commune)[:-1])))
    _show_figures(gazetteer, commune, result)
    n_fte = st.number_input(
        "Médecins de la MSP, en équivalents temps plein (ETP)",
        min_value=0.5,
        max_value=50.0,
        value=DEFAULT_FTE,
        step=0.5,
        format="%g",
        key=FTE_KEY,
        help="1 ETP = 5 400 consultations par an (DREES).",
    )
    point = _choose_point(commune)
    possible = can_open(commune.code) if point is None else reaches_people(point)
    if st.button(
        "Ouvrir une MSP ici",
        type="primary",
        icon=":material/add_home:",
        key="simulator_open",
        width="stretch",
        disabled=not possible,
        help=None if possible else "Aucun habitant de demande connue à portée : l’effet ne peut pas être calculé.",
    ):
        _add(Opening(commune.code, float(n_fte or DEFAULT_FTE), point))
    with st.expander("Fermeture, départs, déplacement", icon=":material/person_remove:"):
        _show_other_changes(gazetteer, commune)
    _list_changes_here(gazetteer, commune)
    with st.expander("Autre commune", icon=":material/search:"):
        _search(gazetteer)


def _choose_point(commune: Territory) -> ClickedPoint | None:
    """Offer the last click as the place of the opening, where it was in this commune; None is the mairie."""
    place = clicked_place(commune)
    if place is None:
        return None
    chosen = st.segmented_control(
        "Où dans la commune",
        (AT_MAIRIE, AT_POINT),
        default=AT_MAIRIE,
        required=True,
        key=f"simulator_at_{place[0]}_{place[1]}",  # another click is asked again
        help="Vers un point cliqué, les temps de trajet sont toujours estimés.",
        width="stretch",
    )
    return point_at(commune.code, *place) if chosen == AT_POINT else None


def _search(gazetteer: Gazetteer) -> None:
    """Draw the search of another commune, which answers while the reader types."""
    if st.session_state.pop(FOUND_KEY, False):
        st.rerun()
    ask_territory(gazetteer, "simulator_search", _take_found, label="Commune", levels=("commune",))


def _take_found(place: Territory) -> None:
    choose_commune(place.code)
    st.session_state[FOUND_KEY] = True


def _show_figures(gazetteer: Gazetteer, commune: Territory, result: Result) -> None:
    row = result.outcome.by_commune.loc[commune.code]
    before, after, change = (float(row[name]) for name in ("apl_before", "apl_after", "apl_change"))
    known, apl, offer = format_number(before, 2), format_number(after, 2), st.columns(2)
    with offer[0]:
        st.metric(
            "APL après" if change else "APL",
            apl,
            delta=f"{format_signed(change, 2)} (avant {known})" if pd.notna(change) and abs(change) > 0 else None,
            # Streamlit knows a fall by a hyphen, which is not the minus of a printed number.
            delta_color="inverse" if change < 0 else "normal",
            delta_arrow="down" if change < 0 else "up",
            help="Consultations par an et par habitant standardisé. Sous 2,5 : commune sous-dense.",
        )
    with offer[1]:
        st.metric("Médecins (estimés)", _tell_supply(commune), help=_SUPPLY_HELP)
    st.caption(f"{format_number(float(gazetteer.row(commune)['population']))} habitants")


_SUPPLY_HELP: Final = (
    "Équivalents temps plein estimés : la DREES ne publie pas l’offre de chaque commune. Là où la BPE compte des "
    "généralistes, leur activité est ajustée sur l’APL publiée ; aucun ailleurs. Entre communes voisines, la "
    "répartition est incertaine ; leur total l’est moins."
)


def _acts_per_fte() -> float:
    return float(read_access_parameters()["general_practitioner"]["acts_per_fte"])


def _tell_supply(commune: Territory) -> str:
    acts = supply_acts(current_drafts().scenario.series)
    if acts is None:
        return "…" if supply_task().is_under_way else UNKNOWN
    return format_number(float(acts.get(commune.code, float("nan"))) / _acts_per_fte(), 1, FTE)


@st.fragment(run_every=1)
def show_supply_progress() -> None:
    """Say that the supply is being estimated; the page runs again once it is there."""
    task = supply_task()
    if task.is_under_way:
        st.info(
            f"Offre de chaque commune : estimation en cours, {task.seconds:.0f} s (environ {USUAL_SECONDS} s, une "
            "seule fois). Les ouvertures sont déjà calculées ; fermetures, départs et déplacements attendent.",
            icon=":material/hourglass_top:",
        )
    else:
        st.rerun()


def _show_other_changes(gazetteer: Gazetteer, commune: Territory) -> None:
    kind = st.selectbox("Changement", OTHER_KINDS, key="simulator_kind", filter_mode=None)
    change: Change | None
    if kind == RETIREMENT:
        above = [place for place in gazetteer.containing(commune) if place.level != "france"]
        territory = st.selectbox(
            "Territoire",
            [commune, *above],
            format_func=lambda place: f"{LEVEL_LABELS[place.level]} : {gazetteer.name(place)}",
            key="simulator_retirement_of",
            filter_mode=None,
        )
        share = st.slider("Part des plus de 65 ans qui partent (%)", 0, 100, 100, 5, key="simulator_share")
        change = RetirementOver65(territory.level, territory.code, share / 100)
    else:
        fte = float(
            st.number_input("Médecins (ETP)", 0.0, MAX_FTE, 1.0, 0.5, format="%g", key="simulator_fte_out") or 0.0
        )
        if kind == MOVE:
            change = _ask_move(gazetteer, commune, fte)
        else:
            change = Closure(commune.code, fte) if kind == CLOSURE else Departures(commune.code, fte)
    if st.button("Ajouter au scénario", key="simulator_add", icon=":material/add:", disabled=change is None) and change:
        _add(change)


def _ask_move(gazetteer: Gazetteer, commune: Territory, fte: float) -> Change | None:
    place: Territory | None = st.session_state.get(TOWARDS_KEY)
    if place is None or place == commune:
        ask_territory(
            gazetteer, "simulator_towards", _take_towards, around=commune, label="Vers la commune", levels=("commune",)
        )
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Vers : **{plain(gazetteer.label(place))}**", width="content")
        st.button("Changer", key="simulator_towards_again", type="tertiary", on_click=_forget_towards)
    return Move(commune.code, place.code, fte)


def _take_towards(place: Territory) -> None:
    st.session_state[TOWARDS_KEY] = place


def _forget_towards() -> None:
    st.session_state.pop(TOWARDS_KEY, None)


def _list_changes_here(gazetteer: Gazetteer, commune: Territory) -> None:
    """List the changes of the scenario at this commune, each with what takes it out."""
    changes = current_drafts().scenario.changes
    for rank, change in enumerate(changes):
        if place_of(change) != commune:
            continue
        text, out = st.columns([6, 1], vertical_alignment="center")
        clicked = isinstance(change, Opening) and change.minutes_to_point is not None
        text.markdown(f":small[{tell_change(gazetteer, change)}{f', {AT_POINT}' if clicked else ''}]")
        if out.button("", icon=":material/close:", help="Retirer", key=f"simulator_out_{rank}", type="tertiary"):
            change_drafts(current_drafts().with_changes([other for k, other in enumerate(changes) if k != rank]))
            st.rerun()


def _add(change: Change) -> None:
    change_drafts(current_drafts().adding(change))
    _forget_towards()
    st.rerun()
