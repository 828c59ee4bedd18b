"""What the page of the follow-up shows, and how it stands in the address (``i_…``)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, get_args

import streamlit as st

from coverage.programme import REACH_MIN
from pages.parts.page_address import PageAddress, refuse

Series = Literal["apl_65", "apl"]
SERIES_LABELS: Final[Mapping[Series, str]] = {"apl_65": "Médecins de 65 ans ou moins", "apl": "Tous âges"}
LIMITS: Final = tuple(str(limit) for limit in REACH_MIN)
ADDRESS_NAMES: Final = frozenset({"i_serie", "i_minutes"})


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """What of the programme is shown: the series of the APL, and the minutes of the key figures."""

    serie: Series = "apl_65"
    minutes: str = "15"

    def with_(self, **changes: Any) -> Self:
        """Return the choice with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; a field at its default is left out."""
        default = FollowUp()
        fields = {"i_serie": (self.serie, default.serie), "i_minutes": (self.minutes, default.minutes)}
        return {name: value for name, (value, usual) in fields.items() if value != usual}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read an address: the choice, and a French sentence for each parameter that could not be used."""
        values: dict[str, Any] = {}
        notices: list[str] = []
        for field, words in {"serie": get_args(Series), "minutes": LIMITS}.items():
            text = query.get(f"i_{field}")
            if text in words:
                values[field] = text
            elif text is not None:
                notices.append(refuse(f"i_{field}", text, ", ".join(words)))
        return cls(**values), notices


ADDRESS: Final = PageAddress("follow_up", ADDRESS_NAMES, FollowUp.from_query)


def change(**changes: Any) -> None:
    """Change the choice; to be called in a widget's callback."""
    kept: FollowUp = st.session_state[ADDRESS.key]
    ADDRESS.change(kept.with_(**changes))
