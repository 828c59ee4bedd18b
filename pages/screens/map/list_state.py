"""The criteria of the list beside the map, kept in the address so that a filter can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coverage.indicators.criteria import Criterion, read_criteria, write_criteria
from pages.app.address import PageAddress
from pages.app.facts import load_facts

MAP_KEY: Final = "carte"
"""Name of the map of the page in the session."""
PARAMETER: Final = "criteres"
SEARCH_KEY: Final = "map_list_search"


@dataclass(frozen=True)
class ListState:
    """What the list keeps: the territories that meet all the criteria."""

    criteria: tuple[Criterion, ...] = ()

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; nothing without a criterion."""
        return {PARAMETER: write_criteria(self.criteria)} if self.criteria else {}


def read_list(query: Mapping[str, str]) -> tuple[ListState, list[str]]:
    """Read the address: the criteria that can be used, and a French sentence for each that cannot."""
    if PARAMETER not in query:
        return ListState(), []
    criteria, faults = read_criteria(query[PARAMETER], load_facts().indicators)
    kept = "Les autres critères sont gardés." if criteria else "Toute la liste est montrée."
    return ListState(criteria), [f"{fault[:1].upper()}{fault[1:]}. {kept}" for fault in faults]


ADDRESS: Final = PageAddress("map_list", frozenset({PARAMETER}), read_list, witness=SEARCH_KEY)
