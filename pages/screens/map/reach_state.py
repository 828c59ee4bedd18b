"""What the reader asks of the surroundings of a click, kept in the address: how many minutes, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from coverage.access.reach import BOUNDS_MIN, Reach
from coverage.territories.gazetteer import Gazetteer, Territory
from geo.distances import nearest
from geo.levels import Level
from pages.app.address import PageAddress, refuse
from pages.app.tables import load_gazetteer
from pages.app.travel_times import load_reach
from pages.screens.map.list_state import SEARCH_KEY
from pages.widgets.map.drawing import Pick

MINUTES, PLACE = "minutes", "depuis"
CHOICES: Final = tuple(int(bound) for bound in BOUNDS_MIN)


@dataclass(frozen=True)
class ReachState:
    """What the reader asks: how many minutes, and from where.

    Attributes
    ----------
    minutes
        One of the bounds of the zones; 0 for nothing, which costs nothing.
    commune_code
        Commune whose mairie is the nearest to the last click on a territory larger than a commune; "" without one.
    """

    minutes: int = 0
    commune_code: str = ""

    def to_query(self) -> dict[str, str]:
        """Return the query parameters; nothing as long as no minutes are chosen."""
        query = {MINUTES: str(self.minutes), PLACE: self.commune_code} if self.minutes else {}
        return {name: value for name, value in query.items() if value}


def read_reach(query: Mapping[str, str]) -> tuple[ReachState, list[str]]:
    """Read the address."""
    state, notices = ReachState(), []
    minutes, place = query.get(MINUTES, ""), query.get(PLACE, "")
    if minutes in map(str, CHOICES):
        state = replace(state, minutes=int(minutes))
    elif minutes:
        notices.append(refuse(MINUTES, minutes, ", ".join(map(str, CHOICES))))
    if place and Territory("commune", place) in load_gazetteer():
        state = replace(state, commune_code=place)
    elif place:
        notices.append(refuse(PLACE, place, "le code d’une commune"))
    return state, notices


ADDRESS: Final = PageAddress("map_reach", frozenset({MINUTES, PLACE}), read_reach, witness=SEARCH_KEY)


def note_click(gazetteer: Gazetteer, pick: Pick, level: Level) -> None:
    """Keep the commune whose mairie is the nearest to a click on a territory larger than a commune, in it."""
    if level == "commune" or pick.longitude is None or pick.latitude is None:
        return
    inside = gazetteer.communes[gazetteer.mask(Territory(level, pick.code))]
    clicked = inside.iloc[:1].assign(longitude=pick.longitude, latitude=pick.latitude)
    found = int(nearest(clicked, inside).destination[0])
    if found >= 0:
        ADDRESS.change(replace(ADDRESS.current()[0], commune_code=str(inside["commune_code"].iloc[found])))


def start_of(gazetteer: Gazetteer, state: ReachState, selected: Territory) -> Territory | None:
    """Return the commune that minutes are counted from: the one selected, or that of the click on what is selected."""
    if selected.level == "commune":
        return selected
    commune = Territory("commune", state.commune_code)
    inside = gazetteer.communes.loc[gazetteer.mask(selected), "commune_code"]
    return commune if state.commune_code and (inside == state.commune_code).any() else None


def reach_of(gazetteer: Gazetteer, selected: Territory) -> tuple[Reach, int] | None:
    """Return what is near the click and the minutes asked; None without a click, or as long as none are chosen."""
    state, _ = ADDRESS.current()
    start = start_of(gazetteer, state, selected) if state.minutes else None
    return None if start is None else (load_reach(start.code), state.minutes)
