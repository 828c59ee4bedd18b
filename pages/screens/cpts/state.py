"""What the CPTS page shows, and how it stands in the address (``c_…``)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self, get_args

import streamlit as st

from coverage.territories.gazetteer import Gazetteer, Territory
from pages.app.address import PageAddress, refuse
from pages.app.perimeters import Origin
from pages.app.tables import load_gazetteer

ADDRESS_NAMES: Final = frozenset({"c_cpts", "c_commune", "c_source"})
LONGEST_ID: Final = 80


@dataclass(frozen=True, kw_only=True)
class CptsChoice:
    """What the reader chose on the page.

    Attributes
    ----------
    cpts
        Id of the CPTS whose card is open; whether it exists is known of the perimeters only.
    commune
        Code of the commune clicked.
    source
        Whose perimeters are shown where there are two; None for the reader's own list first.
    """

    cpts: str | None = None
    commune: str | None = None
    source: Origin | None = None

    def with_(self, **changes: Any) -> Self:
        """Return the choice with some fields changed."""
        return replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; what was not chosen is left out."""
        fields = {"c_cpts": self.cpts, "c_commune": self.commune, "c_source": self.source}
        return {name: value for name, value in fields.items() if value is not None}

    @classmethod
    def from_query(cls, query: Mapping[str, str], gazetteer: Gazetteer) -> tuple[Self, list[str]]:
        """Read an address.

        Parameters
        ----------
        query
            Query parameters as text.
        gazetteer
            The territories that exist.

        Returns
        -------
        tuple of CptsChoice and list of str
            The choice, and a French sentence for each parameter that could not be used.
        """
        notices: list[str] = []
        values: dict[str, Any] = {}
        if (cpts := query.get("c_cpts")) is not None:
            if cpts.strip() and len(cpts) <= LONGEST_ID:
                values["cpts"] = cpts
            else:
                notices.append(refuse("c_cpts", cpts, f"l’identifiant d’une CPTS, {LONGEST_ID} caractères au plus"))
        if (code := query.get("c_commune")) is not None:
            if Territory("commune", code) in gazetteer:
                values["commune"] = code
            else:
                notices.append(refuse("c_commune", code, "le code d’une commune"))
        if (source := query.get("c_source")) is not None:
            if source in get_args(Origin):
                values["source"] = source
            else:
                notices.append(refuse("c_source", source, ", ".join(get_args(Origin))))
        return cls(**values), notices


def _read(query: Mapping[str, str]) -> tuple[CptsChoice, list[str]]:
    return CptsChoice.from_query(query, load_gazetteer())


ADDRESS: Final = PageAddress("cpts", ADDRESS_NAMES, _read)


def chosen() -> CptsChoice:
    """Return the choice of this session, as the page last read it."""
    choice: CptsChoice = st.session_state[ADDRESS.key]
    return choice


def choose(**changes: Any) -> None:
    """Change the choice; to be called in a widget's callback, or followed by `ADDRESS.write` in a fragment."""
    ADDRESS.change(chosen().with_(**changes))
