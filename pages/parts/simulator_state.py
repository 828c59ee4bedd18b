"""The drafts of this session and the address, and the territories that a file or an address may name."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from coverage.gazetteer import LEVELS, Territory
from coverage.scenario_file import KnownCodes, ScenarioFileError, read_token
from pages.parts.page_address import PageAddress
from pages.parts.session import VIEW_KEY, change_view, write_address
from pages.parts.simulator_drafts import PARAMETER, SERIES, Drafts
from pages.parts.tables import load_gazetteer

DRAFTS_KEY: Final = "simulator_drafts"
CHOICE_KEY: Final = "simulator_choice"


@st.cache_resource(show_spinner=False)
def known_codes() -> KnownCodes:
    """Return the territories and series that exist."""
    gazetteer = load_gazetteer()
    codes = {level: frozenset(gazetteer.table(level)[f"{level}_code"]) for level in LEVELS if level != "france"}
    return KnownCodes(codes | {"france": frozenset({"FR"})}, SERIES)


def _read(query: Mapping[str, str]) -> tuple[Drafts, list[str]]:
    """Read the scenario of an address and put it beside those of the session."""
    drafts: Drafts = st.session_state.get(DRAFTS_KEY, Drafts())
    if PARAMETER not in query:
        return drafts, []
    try:
        return drafts.opening(read_token(query[PARAMETER], known_codes())), []
    except ScenarioFileError as error:
        return drafts, [f"Le scénario de l’adresse ne peut pas être ouvert. {error}"]


ADDRESS: Final = PageAddress(DRAFTS_KEY, frozenset({PARAMETER}), _read)


def current_drafts() -> Drafts:
    """Return the drafts, inside a fragment or a callback: the page has read the address already."""
    drafts: Drafts = st.session_state[DRAFTS_KEY]
    return drafts


def change_drafts(drafts: Drafts) -> None:
    """Keep the drafts; the page shows them at its next run."""
    ADDRESS.change(drafts)


def chosen_commune() -> Territory | None:
    """Return the commune in hand: the one clicked, or the one that the whole page is about."""
    view = st.session_state[VIEW_KEY]
    return next((place for place in (view.selection, view.territoire) if place and place.level == "commune"), None)


def choose_commune(commune_code: str) -> None:
    """Take a commune in hand."""
    change_view(selection=Territory("commune", commune_code))
    write_address()
