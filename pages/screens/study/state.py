"""What the page of the territorial study keeps in the address: the GPs tried, the team, what is ticked (``e_…``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import streamlit as st

from coverage.study.eligibility import Team, read_check_list
from coverage.study.staffing import FEWEST_GPS, MOST_GPS
from pages.app.address import PageAddress, refuse

STUDY_KEY: Final = "study"
ADDED, TEAM_GPS, TEAM_PARAMEDICAL, TICKED = "e_medecins", "e_equipe", "e_paramedicaux", "e_coche"
LARGEST_TEAM: Final = 50
DEFAULT_ADDED: Final = 3


@dataclass(frozen=True)
class StudyState:
    """What the reader tries.

    Attributes
    ----------
    n_gp
        Full-time GPs who would come, 2 to 8.
    team
        The team as it is.
    """

    n_gp: int = DEFAULT_ADDED
    team: Team = field(default_factory=Team)

    def with_(self, **changes: Any) -> Self:
        """Return the state with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; what is at its default is left out."""
        query = {
            ADDED: "" if self.n_gp == DEFAULT_ADDED else str(self.n_gp),
            TEAM_GPS: str(self.team.n_gp or ""),
            TEAM_PARAMEDICAL: str(self.team.n_paramedical or ""),
            TICKED: ",".join(name for name in read_check_list().ticked_ids if name in self.team.ticked),
        }
        return {name: text for name, text in query.items() if text}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read an address: the state, and a French sentence for each parameter that could not be used."""
        notices: list[str] = []

        def whole(name: str, lowest: int, highest: int, default: int) -> int:
            text = query.get(name, str(default))
            # Digits of other scripts are decimal too: int() reads them, the address never writes them
            if text.isascii() and text.isdecimal() and lowest <= int(text) <= highest:
                return int(text)
            notices.append(refuse(name, text, f"un nombre entier de {lowest} à {highest}"))
            return default

        n_gp = whole(ADDED, FEWEST_GPS, MOST_GPS, DEFAULT_ADDED)
        team_gp = whole(TEAM_GPS, 0, LARGEST_TEAM, 0)
        team_paramedical = whole(TEAM_PARAMEDICAL, 0, LARGEST_TEAM, 0)
        asked = [name for name in query.get(TICKED, "").split(",") if name]
        known = read_check_list().ticked_ids
        if strange := [name for name in asked if name not in known]:
            notices.append(refuse(TICKED, ",".join(strange), ", ".join(known)))
        return cls(n_gp, Team(team_gp, team_paramedical, frozenset(asked) & frozenset(known))), notices


ADDRESS: Final = PageAddress(STUDY_KEY, frozenset({ADDED, TEAM_GPS, TEAM_PARAMEDICAL, TICKED}), StudyState.from_query)


def current_study() -> StudyState:
    """Return the state, inside a fragment or a callback: the page has read the address already."""
    state: StudyState = st.session_state[STUDY_KEY]
    return state


def change_study(**changes: Any) -> None:
    """Change some fields in the callback of a widget."""
    ADDRESS.change(current_study().with_(**changes))


def change_team(**changes: Any) -> None:
    """Change the team in the callback of a widget."""
    change_study(team=replace(current_study().team, **changes))
