"""The picker of a territory: search by name or postcode, or step down France → region → department → EPCI → commune."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from coverage.gazetteer import FRANCE, LEVEL_LABELS, Gazetteer, Level, Territory
from pages.parts.session import change_view
from pages.parts.style import label_popover

STEPS: tuple[Level, ...] = ("region", "departement", "epci", "commune")
ALL_LABELS: Mapping[Level, str] = {
    "region": "Toutes les régions",
    "departement": "Tous les départements",
    "epci": "Toutes les intercommunalités",
    "commune": "Toutes les communes",
}


def pick_territory(gazetteer: Gazetteer, current: Territory, *, label: str = "Territoire") -> None:
    """Draw the picker; choosing changes the view's territory and selection, and reruns the page."""
    label_popover(label)
    with st.popover(gazetteer.label(current), icon=":material/location_on:", width="stretch", key="picker"):
        text = st.text_input(
            "Rechercher",
            placeholder="Nom, code postal ou code INSEE",
            key="picker_search",
            icon=":material/search:",
        )
        if text:
            _show_matches(gazetteer, text)
        else:
            _show_steps(gazetteer, current)


def _show_matches(gazetteer: Gazetteer, text: str) -> None:
    matches = gazetteer.search(text)
    if not matches:
        st.info(f"Aucun territoire ne répond à « {text} ». Essayez un autre nom ou un code postal à cinq chiffres.")
    for match in matches:
        above = [other for other in gazetteer.containing(match) if other.level in {"departement", "region"}]
        where = gazetteer.name(above[0]) if above else ""
        st.button(
            f"**{gazetteer.label(match)}** · {LEVEL_LABELS[match.level]}" + (f", {where}" if where else ""),
            key=f"match_{match.key}",
            on_click=_choose,
            args=(match,),
            type="tertiary",
        )


def _show_steps(gazetteer: Gazetteer, current: Territory) -> None:
    """Show one list a level, each limited to what lies in the one above."""
    chosen = {territory.level: territory for territory in (current, *gazetteer.containing(current))}
    above = FRANCE
    for level in STEPS:
        if level in {"epci", "commune"} and above.level not in {"departement", "epci"}:
            break
        rows = gazetteer.within(above, level).sort_values("name")
        options: list[Territory | None] = [None, *(Territory(level, code) for code in rows[f"{level}_code"])]
        key = f"picker_{level}"
        st.session_state[key] = chosen.get(level)
        if st.session_state[key] not in options:  # an EPCI astride two departments is listed in its main one
            options.append(st.session_state[key])
        st.selectbox(
            LEVEL_LABELS[level],
            options,
            format_func=partial(_label, gazetteer, level),
            key=key,
            placeholder=ALL_LABELS[level],
            on_change=_step,
            args=(key, above),
        )
        above = chosen.get(level, above)


def _label(gazetteer: Gazetteer, level: Level, option: Territory | None) -> str:
    return ALL_LABELS[level] if option is None else gazetteer.label(option)


def _step(key: str, above: Territory) -> None:
    _choose(st.session_state[key] or above)


def _choose(territory: Territory) -> None:
    change_view(territoire=territory, selection=territory if territory.level == "commune" else None)
    st.session_state["picker_search"] = ""
