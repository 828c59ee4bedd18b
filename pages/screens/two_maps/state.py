"""How the page of two maps keeps what it shows in the session and in the address."""

from collections.abc import Collection, Mapping
from typing import Any, Final, get_args

import streamlit as st

from pages.app.address import PageAddress
from pages.app.facts import load_facts
from pages.app.tables import load_gazetteer
from pages.widgets.apl_series import current_series
from pages.widgets.two_maps.choice import ADDRESS_NAMES, SideName, TwoMaps, can_be_drawn, fit_level


def known_levels() -> dict[str, Collection[str]]:
    """Return the indicators that maps can draw, and the levels that each has."""
    return can_be_drawn({name: card.levels for name, card in load_facts().indicators.items()})


def _read(query: Mapping[str, str]) -> tuple[TwoMaps, list[str]]:
    return TwoMaps.from_query(query, load_gazetteer(), known_levels(), current_series())


LOOK_KEY: Final = "two_maps_look"
ADDRESS: Final = PageAddress("two_maps", ADDRESS_NAMES, _read, witness=LOOK_KEY)


def current_maps() -> tuple[TwoMaps, list[str]]:
    """Return the maps of this session, and what of the address could not be used.

    An indicator that was undone with an update since gives way to the usual one.
    """
    maps, notices = ADDRESS.current()
    known = known_levels()
    for name in get_args(SideName):
        if getattr(maps, name).indicateur not in known:
            maps = maps.with_(**{name: getattr(TwoMaps.of_series(current_series()), name)})
            notices = [*notices, f"Carte {name.upper()} : son indicateur n’est plus là, l’habituel est montré."]
            st.session_state[ADDRESS.key] = maps
            ADDRESS.write(maps)
    return maps, notices


def change(**changes: Any) -> None:
    """Change the choice; to be called in a widget's callback."""
    ADDRESS.change(st.session_state[ADDRESS.key].with_(**changes))


def change_side(name: SideName, **changes: Any) -> None:
    """Change one side, its level following its indicator; to be called in a widget's callback."""
    maps: TwoMaps = st.session_state[ADDRESS.key].with_side(name, **changes)
    side = getattr(maps, name)
    ADDRESS.change(maps.with_(**{name: fit_level(side, known_levels()[side.indicateur])}))
