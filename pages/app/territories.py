"""The own territories of the reader at the screen: those saved, the one being made, and how each becomes the view's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from coverage.territories.gazetteer import Territory
from coverage.territories.own import OwnTerritory, OwnTerritoryError
from data.errors import DataError
from geo.levels import OWN
from pages.app.owner import current_owner
from pages.app.projects import database_if_any, open_list
from pages.app.tables import load_gazetteer

if TYPE_CHECKING:
    from data.territories.storage import SavedTerritory

DRAFT_KEY: Final = "own_territory_draft"
FAULT_KEY: Final = "own_territory_fault"
_USED_KEY: Final = "own_territories_used"


@dataclass(frozen=True)
class Draft:
    """The own territory being made.

    Attributes
    ----------
    name
        As the reader writes it; may be empty.
    communes
        Codes of current communes; may be empty.
    number
        That of the saved territory that it is a change of; None for a new one.
    """

    name: str = ""
    communes: frozenset[str] = frozenset()
    number: int | None = None

    @property
    def territory(self) -> Territory | None:
        """The territory as all screens take it; None without a commune."""
        return Territory.of_own(OwnTerritory.of(self.name, self.communes)) if self.communes else None


def current_draft() -> Draft:
    """Return the own territory being made in this session."""
    draft: Draft = st.session_state.get(DRAFT_KEY, Draft())
    return draft


def keep_draft(draft: Draft) -> None:
    """Keep the own territory being made."""
    st.session_state[DRAFT_KEY] = draft


def draft_of(territory: Territory) -> Draft:
    """Return the draft that begins with the communes of any territory; the name is that of an own one."""
    gazetteer = load_gazetteer()
    communes = gazetteer.communes.loc[gazetteer.mask(territory), "commune_code"]
    name = territory.own.name if territory.level == OWN else gazetteer.name(territory)
    return Draft(name, frozenset(communes))


def saved_versions() -> tuple[SavedTerritory, ...]:
    """Return every version that this reader saved, the latest first; see `data.territories.storage.read_versions`."""
    engine = database_if_any()
    if engine is None:
        return ()
    from data.territories.storage import read_versions  # noqa: PLC0415 - SQLAlchemy only where something was saved

    return read_versions(engine, current_owner().name)


def saved_territories() -> tuple[tuple[SavedTerritory, Territory], ...]:
    """Return this reader's saved territories, the latest first, on the communes of today; those without one left out.

    Raises
    ------
    ProjectsUnavailable
        The database fails.
    """
    engine = database_if_any()
    if engine is None:
        return ()
    from data.territories.storage import read_saved  # noqa: PLC0415 - as above

    saved = read_saved(engine, current_owner().name)
    return tuple((one, territory) for one in saved if (territory := as_territory(one.name, one.communes)) is not None)


def own_territories() -> tuple[Territory, ...]:
    """Return the saved territories, for a list of choices: none where they are unavailable."""
    try:
        return tuple(territory for _, territory in saved_territories())
    except DataError:
        return ()


def as_territory(name: str, communes: Iterable[str]) -> Territory | None:
    """Return a name and communes of any year as a territory of today; None where no commune is known."""
    gazetteer = load_gazetteer()
    try:
        own = Territory.of_own(OwnTerritory.of(name, communes))
        return Territory.of_own(OwnTerritory.of(name, gazetteer.communes_of(own)))
    except OwnTerritoryError:
        return None


def kept_by_digest() -> Mapping[str, Territory]:
    """Return the own territories that an address may name shortly: those saved, and those used in this session."""
    used: dict[str, Territory] = st.session_state.get(_USED_KEY, {})
    return {territory.digest: territory for territory in own_territories()} | used


def note_used(territory: Territory) -> None:
    """Keep an own territory that becomes the view's: its address may be too long to carry it."""
    if territory.level == OWN:
        st.session_state.setdefault(_USED_KEY, {})[territory.digest] = territory


def save_draft(draft: Draft) -> Draft:
    """Save the own territory being made, as a new version where it was saved before; return it with its number.

    Raises
    ------
    DataError
        The database fails or is full; nothing is lost of the draft.
    """
    from data.territories.storage import save_territory  # noqa: PLC0415 - as above

    owner, own = current_owner(), OwnTerritory.of(draft.name, draft.communes)
    number = save_territory(open_list(), owner.name, own.name, own.communes, author=owner.author, number=draft.number)
    return Draft(own.name, own.communes, number)


def remove_saved(saved: SavedTerritory) -> None:
    """Remove a saved territory; its versions can still be had."""
    from data.territories.storage import remove_territory  # noqa: PLC0415 - as above

    owner = current_owner()
    remove_territory(open_list(), owner.name, saved, author=owner.author)
