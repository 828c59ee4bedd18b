"""The criteria of the list beside the map: added, changed and taken away one by one."""

from dataclasses import replace
from typing import Final, Literal

import numpy as np
import streamlit as st

from coverage.indicators.cards import THEMES, Indicator
from coverage.indicators.criteria import (
    MAX_CRITERIA,
    NUMERIC,
    OPERATOR_LABELS,
    Criterion,
    CriterionError,
    operators_of,
    read_value,
)
from geo.levels import Level
from pages.app.facts import load_facts
from pages.app.notices import show_fault
from pages.app.plain_text import plain
from pages.screens.map.list_rows import applies
from pages.screens.map.list_state import ADDRESS, MAP_KEY, ListState
from pages.widgets.choice import choose_one
from pages.widgets.indicator_choice import choose_indicator
from pages.widgets.map.drawing import is_pick_waiting
from reports.figures.numbers import format_number

USUAL: Final = ("share_75plus", "nearest_msp_min", "poverty_rate", "population")
"""What a planner asks after the indicator of the map, in order."""
SHORT_UNITS: Final = frozenset({"%", "min", "ETP", "hab./km²"})
"""Units that fit in the head of a column; the names of the others say them."""
Visibility = Literal["visible", "collapsed"]
FAULT_KEY: Final = "map_list_fault"


def tell_criterion(criterion: Criterion) -> str:
    """Write a criterion in French: "75 ans ou plus : plus de 12 %", "Zonage : est « Zone d’action complémentaire »"."""
    indicator = load_facts().indicators[criterion.indicator_id]
    words = OPERATOR_LABELS[criterion.operator]
    if isinstance(criterion.value, str):
        return f"{indicator.short_label} : {words} « {dict(indicator.categories)[criterion.value]} »"
    return f"{indicator.short_label} : {words} {tell_bound(criterion.value, _short_unit(indicator))}"


def tell_bound(value: float, unit: str = "") -> str:
    """Write a bound with the digits it has."""
    text = np.format_float_positional(value, trim="-")
    return format_number(value, len(text.partition(".")[2]), unit)


def _short_unit(indicator: Indicator) -> str:
    return indicator.unit if indicator.unit in SHORT_UNITS else ""


def choose_criteria(state: ListState, level: Level, mapped: str) -> None:
    """Draw a line a criterion, and the button that adds one.

    Parameters
    ----------
    state
        The criteria now.
    level
        Level of the map: a criterion that does not exist there stays, without effect.
    mapped
        Id of the indicator of the map.
    """
    for place, criterion in enumerate(state.criteria):
        _show_criterion(place, criterion, level)
    if fault := st.session_state.pop(FAULT_KEY, ""):
        show_fault(fault, icon=":material/edit:")
    with st.container(horizontal=True):
        st.button(
            "Ajouter un critère",
            icon=":material/filter_alt:",
            key="criterion_add",
            disabled=len(state.criteria) >= MAX_CRITERIA,
            help=f"Au plus {MAX_CRITERIA} critères ; un territoire est gardé s’il les remplit tous."
            if len(state.criteria) >= MAX_CRITERIA
            else None,
            on_click=_add,
            args=(state, level, mapped),
        )
        if state.criteria:
            st.button(
                "Tout effacer", icon=":material/filter_alt_off:", key="criterion_clear", on_click=_keep, args=((),)
            )


def _show_criterion(place: int, criterion: Criterion, level: Level) -> None:
    offered = load_facts().indicators
    names = [name for name, card in offered.items() if level in card.levels or name == criterion.indicator_id]
    names.sort(key=lambda name: THEMES.index(offered[name].theme))
    indicator = offered[criterion.indicator_id].at(level)
    key = f"criterion_{place}"
    st.session_state[f"{key}_indicator"] = criterion.indicator_id
    st.session_state[f"{key}_operator"] = criterion.operator
    what, how, bound, remove = st.columns([11, 5, 5, 2], vertical_alignment="bottom")
    shown: Visibility = "visible" if place == 0 else "collapsed"
    with what:
        choose_indicator(
            "Indicateur du critère",
            names,
            level=level,
            key=f"{key}_indicator",
            on_change=_change_indicator,
            args=(place, level),
            label_visibility=shown,
            says_choice=False,
        )
    how.selectbox(
        "Comparaison",
        operators_of(indicator),
        format_func=OPERATOR_LABELS.__getitem__,
        key=f"{key}_operator",
        on_change=_change_operator,
        args=(place,),
        label_visibility=shown,
        filter_mode=None,
    )
    with bound:
        _ask_value(f"{key}_value", place, criterion, indicator, shown)
    remove.button(
        "",
        icon=":material/delete:",
        key=f"{key}_remove",
        help="Retirer ce critère",
        on_click=_remove,
        args=(place,),
    )
    if not applies(criterion, level):
        st.caption(f"« {indicator.short_label} » n’existe pas à cette maille : ce critère est gardé, sans effet ici.")


def _ask_value(key: str, place: int, criterion: Criterion, indicator: Indicator, shown: Visibility) -> None:
    if isinstance(criterion.value, str):
        st.session_state[key] = criterion.value
        choose_one(
            "Valeur",
            [code for code, _ in indicator.categories],
            format_func=dict(indicator.categories).__getitem__,
            key=key,
            on_change=_change_value,
            args=(place,),
            label_visibility=shown,
        )
        return
    st.session_state[f"{key}_number"] = tell_bound(criterion.value)
    unit = _short_unit(indicator)
    st.text_input(
        f"Valeur ({unit})" if unit else "Valeur",
        key=f"{key}_number",
        on_change=_change_value,
        args=(place,),
        label_visibility=shown,
    )


def _criteria() -> tuple[Criterion, ...]:
    state: ListState = st.session_state[ADDRESS.key]
    return state.criteria


def _keep(criteria: tuple[Criterion, ...]) -> None:
    ADDRESS.change(ListState(tuple(dict.fromkeys(criteria))))


def _put(place: int, criterion: Criterion) -> None:
    criteria = _criteria()
    _keep((*criteria[:place], criterion, *criteria[place + 1 :]))


def _remove(place: int) -> None:
    criteria = _criteria()
    _keep(criteria[:place] + criteria[place + 1 :])


def _is_touched(place: int) -> bool:
    """Tell whether the reader has changed a line of the list, and not just clicked the map or its legend."""
    return place < len(_criteria()) and not is_pick_waiting(MAP_KEY)


def _change_indicator(place: int, level: Level) -> None:
    if not _is_touched(place):
        return
    _put(place, propose(st.session_state[f"criterion_{place}_indicator"], level))


def _change_operator(place: int) -> None:
    if not _is_touched(place):
        return
    _put(place, replace(_criteria()[place], operator=st.session_state[f"criterion_{place}_operator"]))


def _change_value(place: int) -> None:
    if not _is_touched(place):
        return
    criterion = _criteria()[place]
    indicator = load_facts().indicators[criterion.indicator_id]
    key = f"criterion_{place}_value"
    if isinstance(criterion.value, str):
        _put(place, replace(criterion, value=st.session_state[key]))
        return
    typed = str(st.session_state[f"{key}_number"])
    try:
        _put(place, replace(criterion, value=read_value(indicator, typed)))
    except CriterionError as error:
        kept = tell_bound(criterion.value)
        st.session_state[FAULT_KEY] = f"« {plain(typed[:60])} » : {error}. Le critère garde la valeur {kept}."


def _add(state: ListState, level: Level, mapped: str) -> None:
    used = {one.indicator_id for one in state.criteria}
    offered = load_facts().indicators
    candidates = [name for name in (mapped, *USUAL, *offered) if name in offered and level in offered[name].levels]
    name = next((candidate for candidate in candidates if candidate not in used), candidates[0])
    _keep((*state.criteria, propose(name, level)))


def propose(name: str, level: Level) -> Criterion:
    """Return a first criterion on an indicator: on the bad side of its threshold, or of its median."""
    facts = load_facts()
    indicator = facts.indicators[name].at(level)
    if indicator.kind == "categorical":
        return Criterion(name, "est", indicator.categories[0][0])
    worse_below = indicator.higher_is == "mieux"
    bound = indicator.pivot
    if bound is None:
        values = facts.values(name, level)
        bound = float(np.nanmedian(values[np.isfinite(values)])) if np.isfinite(values).any() else 0.0
    printed = round(bound * indicator.display_factor, indicator.decimals)
    return Criterion(name, NUMERIC[0] if worse_below else NUMERIC[2], printed)
