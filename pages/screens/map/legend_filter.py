"""What a reader chooses in the legend: the values that the map and the list keep, as the list's own criteria."""

import streamlit as st

from coverage.indicators.criteria import COMPARED_DECIMALS, MAX_CRITERIA, NUMERIC, Criterion
from geo.map.distribution import Distribution
from pages.screens.map.list_filter import FAULT_KEY
from pages.screens.map.list_state import ADDRESS, ListState
from pages.widgets.map.drawing import Pick
from reports.figures.map_classes import MapClasses


def choices_of(drawn: MapClasses) -> str:
    """Return the letters of the classes that criteria can keep alone."""
    return "".join(str(place) for place, kept in enumerate(drawn.criteria) if kept)


def chosen_classes(drawn: MapClasses, state: ListState) -> str:
    """Return the letters of the classes that the criteria of the list keep alone."""
    return "".join(
        str(place) for place, kept in enumerate(drawn.criteria) if kept and set(kept) == set(_on(kept, state.criteria))
    )


def choose_values(pick: Pick, drawn: MapClasses, indicator_id: str) -> None:
    """Keep the class or the range of values that was picked; a class picked again is let go.

    Parameters
    ----------
    pick
        Of kind "class" or "range".
    drawn
        The map of the pick.
    indicator_id
        What it shows: its other criteria are replaced, those on other indicators are kept.
    """
    state, _ = ADDRESS.current()
    if pick.kind == "class":
        wanted = drawn.criteria[int(pick.code)] if pick.code in choices_of(drawn) else ()
        if pick.code in chosen_classes(drawn, state):
            wanted = ()
    else:
        wanted = _of_range(pick.code, drawn.values.distribution, indicator_id)
    others = [one for one in state.criteria if one.indicator_id != indicator_id]
    if len(others) + len(wanted) > MAX_CRITERIA:
        st.session_state[FAULT_KEY] = f"Au plus {MAX_CRITERIA} critères : retirez-en un pour choisir dans la légende."
        return
    changed = ListState((*others, *wanted))
    ADDRESS.change(changed)
    ADDRESS.write(changed)


def _on(kept: tuple[Criterion, ...], criteria: tuple[Criterion, ...]) -> list[Criterion]:
    """Return the criteria on the indicator of a class."""
    return [one for one in criteria if one.indicator_id == kept[0].indicator_id]


def _of_range(code: str, distribution: Distribution | None, indicator_id: str) -> tuple[Criterion, ...]:
    """Return the criteria that keep a range of bars, the end ones being open."""
    if distribution is None:
        return ()
    first, last = (int(part) for part in code.split("-"))
    kept = []
    if first > 0:
        kept.append(Criterion(indicator_id, NUMERIC[3], round(distribution.edges[first], COMPARED_DECIMALS)))
    if last < len(distribution.bars) - 1:
        kept.append(Criterion(indicator_id, NUMERIC[0], round(distribution.edges[last + 1], COMPARED_DECIMALS)))
    return tuple(kept)
