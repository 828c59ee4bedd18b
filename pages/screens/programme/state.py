"""What the page of the follow-up shows, and how it stands in the address (``i_…``)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import streamlit as st

from coverage.programme.measures import REACH_MIN
from pages.app.address import PageAddress, refuse

LIMITS: Final = tuple(str(limit) for limit in REACH_MIN)
ADDRESS_NAMES: Final = frozenset({"i_minutes"})


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What of the programme is shown: the minutes of the key figures."""

    minutes: str = "15"

    def with_(self, **changes: Any) -> Self:
        """Return the choice with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        return {} if self.minutes == FollowUp().minutes else {"i_minutes": self.minutes}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read an address: the choice, and a French sentence for each parameter that could not be used."""
        text = query.get("i_minutes", cls().minutes)
        if text in LIMITS:
            return cls(minutes=text), []
        return cls(), [refuse("i_minutes", text, ", ".join(LIMITS))]


ADDRESS: Final = PageAddress("follow_up", ADDRESS_NAMES, FollowUp.from_query)


def change(**changes: Any) -> None:
    """Change the choice; to be called in a widget's callback."""
    kept: FollowUp = st.session_state[ADDRESS.key]
    ADDRESS.change(kept.with_(**changes))
