"""The choices of the weighted ranking: criteria, which of their values are urgent, decision makers, weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from coverage.crossing.weights import DRAWS, MOST_WEIGHT
from coverage.indicators.cards import INDICATORS, THEMES
from pages.app.facts import load_facts
from pages.app.plain_text import plain
from pages.screens.crossing.state import (
    ADDRESS,
    DRAWS_LABELS,
    LONGEST_NAME,
    MOST_CRITERIA,
    MOST_MAKERS,
    USUAL_MAKERS,
    USUAL_WEIGHT,
    CrossingState,
    Maker,
    Weighed,
    change,
    clean_name,
    is_crossable,
)
from pages.widgets.choice import About, choose_many
from reports.figures.numbers import format_number

NAME: Final = "Décideur"


def choose_criteria(state: CrossingState, level: str) -> None:
    """Draw the choice of the criteria, and of those whose low values are urgent."""
    offered = load_facts().indicators
    names = [name for name in offered if is_crossable(name) and level in offered[name].levels]
    names += [one.indicator_id for one in state.criteria if one.indicator_id not in names]
    names.sort(key=lambda name: THEMES.index(INDICATORS[name].theme))
    chosen = [one.indicator_id for one in state.criteria]
    left, right = st.columns(2)
    with left:
        st.session_state["crossing_criteria"] = chosen
        choose_many(
            "Critères",
            names,
            format_func=lambda name: INDICATORS[name].at(level).short_label,
            about=lambda name: About(INDICATORS[name].theme, INDICATORS[name].at(level).label),
            key="crossing_criteria",
            max_selections=MOST_CRITERIA,
            on_change=lambda: _take_criteria(state),
        )
    with right:
        st.session_state["crossing_low"] = [one.indicator_id for one in state.criteria if one.low_first]
        choose_many(
            "Prioritaire quand la valeur est faible (sinon, quand elle est élevée)",
            chosen,
            format_func=lambda name: INDICATORS[name].at(level).short_label,
            key="crossing_low",
            placeholder="Aucun : les valeurs élevées sont prioritaires",
            on_change=lambda: _take_ways(state),
        )


def _take_criteria(state: CrossingState) -> None:
    before = {one.indicator_id: one for one in state.criteria}
    names = st.session_state["crossing_criteria"]
    if names:  # without a criterion there is nothing to rank
        usual = [before.get(name, Weighed(name, INDICATORS[name].higher_is == "mieux")) for name in names]
        ADDRESS.change(state.with_criteria(tuple(usual)))


def _take_ways(state: CrossingState) -> None:
    low = set(st.session_state["crossing_low"])
    change(criteria=tuple(Weighed(one.indicator_id, one.indicator_id in low) for one in state.criteria))


def choose_weights(state: CrossingState, level: str) -> None:
    """Draw the table of the weights: a line a decision maker; whole lines change the ranking at once."""
    st.markdown(f"**Poids de chaque critère, de 0 (sans effet) à {MOST_WEIGHT}, selon chaque décideur**")
    labels = [INDICATORS[one.indicator_id].at(level).short_label for one in state.criteria]
    base = pd.DataFrame(
        [[maker.name, *maker.weights] for maker in state.makers], columns=[NAME, *labels]
    )  # fmt: skip
    columns: dict[str, Any] = {
        label: st.column_config.NumberColumn(
            label, min_value=0, max_value=MOST_WEIGHT, step=1, format="%d", default=USUAL_WEIGHT
        )
        for label in labels
    }
    columns[NAME] = st.column_config.TextColumn(NAME, max_chars=LONGEST_NAME, width="medium")
    edited = st.data_editor(
        base,
        # A key of its own for each state: what was typed is then in the address, not in the widget.
        key=f"crossing_weights_{abs(hash((state.criteria, state.makers, level)))}",
        num_rows="dynamic",
        hide_index=True,
        column_config=columns,
        placeholder="",
        alt="Poids des critères pour chaque décideur",
    )
    _say_example(state)
    if edited.equals(base):
        return
    makers, faults = read_makers(edited, labels)
    if faults:
        said = "\n".join(f"- {fault}" for fault in faults)
        st.warning(f"Le tableau n’est pas encore pris en compte :\n{said}", icon=":material/edit:")
    elif makers != state.makers:
        ADDRESS.change(state.with_(makers=makers))
        st.rerun()


def _say_example(state: CrossingState) -> None:
    told = "Ajoutez une ligne en bas, ou retirez-en une en la cochant."
    if state.makers == USUAL_MAKERS:
        told = f"**Ces poids sont un exemple : personne ne les a énoncés.** Remplacez-les par les vôtres. {told}"
    st.caption(told)


def read_makers(table: pd.DataFrame, labels: Sequence[str]) -> tuple[tuple[Maker, ...], list[str]]:
    """Read the table of the weights: the decision makers, and a French sentence for each line that cannot be used.

    Parameters
    ----------
    table
        A line a decision maker: `NAME`, then the weight of each criterion.
    labels
        Heads of the criteria, in their order.
    """
    makers: list[Maker] = []
    faults = []
    for number, row in enumerate(table.to_dict("records"), start=1):
        name = clean_name(row[NAME] if pd.notna(row[NAME]) else "")
        absent = [label for label in labels if pd.isna(row[label])]
        if not name:
            faults.append(f"ligne {number} : indiquez le nom du décideur.")
        elif any(maker.name == name for maker in makers):
            faults.append(f"ligne {number} : « {plain(name)} » est déjà dans le tableau.")
        elif absent:
            faults.append(f"ligne {number} : indiquez le poids de « {absent[0]} », de 0 à {MOST_WEIGHT}.")
        else:
            weights = tuple(min(MOST_WEIGHT, max(0, int(row[label]))) for label in labels)
            makers.append(Maker(name, weights))
    if len(table) > MOST_MAKERS:
        faults.append(f"au plus {MOST_MAKERS} décideurs, {len(table)} trouvés.")
    if not len(table):
        faults.append("indiquez au moins un décideur.")
    return tuple(makers), faults


def choose_draws(state: CrossingState) -> None:
    """Draw the choice of the draws of weights."""
    st.session_state["crossing_draws"] = state.draws
    st.segmented_control(
        f"Robustesse : {format_number(DRAWS)} tirages de poids",
        list(DRAWS_LABELS),
        format_func=DRAWS_LABELS.__getitem__,
        key="crossing_draws",
        required=True,
        on_change=lambda: change(draws=st.session_state["crossing_draws"]),
        help="Loi de Dirichlet, graine fixe : les mêmes tirages à chaque fois. « Tous les poids possibles » : des "
        "poids positifs quelconques, tous aussi probables. « Autour des décideurs » : proches de la moyenne de leurs "
        "poids.",
    )
