"""What one page alone keeps in the address, beside the view that all pages share.

Each page's state has its own parameter names, with a prefix; those of the view and of other pages are left alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import streamlit as st


class Addressed(Protocol):
    """A state that can be written as query parameters."""

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; what is at its default is left out."""


State = TypeVar("State", bound=Addressed)


@dataclass(frozen=True)
class PageAddress(Generic[State]):
    """The state of one page, kept in the session and in the address.

    Attributes
    ----------
    key
        Name of the state in the session.
    names
        The query parameters that are this page's own.
    read
        Turns query parameters into a state and one French notice for each that could not be used.
    witness
        Key of a widget that the page always draws: Streamlit forgets it when another page is shown, which tells a
        reader who came back by the menu (empty address, the session is kept) from one who pressed the back button.
        Without one, an empty address always keeps the session.
    """

    key: str
    names: frozenset[str]
    read: Callable[[Mapping[str, str]], tuple[State, list[str]]]
    witness: str = ""

    def current(self) -> tuple[State, list[str]]:
        """Return the state of this session, and what of the address could not be used.

        A widget just moved wins; then the address, where the reader changed it (first visit, link, back button); then
        the session.
        """
        asked = self._asked()
        moved = st.session_state.pop(f"{self.key}_moved", False)
        readdressed = asked != st.session_state.get(f"{self.key}_written", {})
        notices: list[str] = []
        went_back = bool(self.witness) and self.witness in st.session_state
        if self.key not in st.session_state or (not moved and readdressed and (asked or went_back)):
            st.session_state[self.key], notices = self.read(asked)
        state: State = st.session_state[self.key]
        self.write(state)
        return state, notices

    def change(self, state: State) -> None:
        """Keep a state chosen with a widget; call it in the widget's callback."""
        st.session_state[self.key] = state
        st.session_state[f"{self.key}_moved"] = True

    def write(self, state: State) -> None:
        """Write the state to the address now."""
        st.session_state.pop(f"{self.key}_moved", None)
        query = state.to_query()
        st.session_state[f"{self.key}_written"] = query
        if self._asked() != query:
            others = {name: value for name, value in st.query_params.items() if name not in self.names}
            st.query_params.from_dict(others | query)

    def _asked(self) -> dict[str, str]:
        return {name: value for name, value in st.query_params.items() if name in self.names}


def refuse(name: str, text: str, expected: str) -> str:
    """Say in French which parameter of the address could not be used, and what was expected."""
    return f"L’adresse demande « {name} = {text[:60]} » ; attendu : {expected}. La valeur habituelle est utilisée."
