"""The projects of the reader at the screen, as every page reads and changes them."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from coverage.terms.project_list import empty_projects
from coverage.territories.membership import are_among
from data.errors import DataError
from data.history import carry_codes
from data.projects.schema import FILE_NAME, URL_VARIABLE
from data.sync.versions import data_folder
from pages.app.notices import show_notices
from pages.app.owner import current_owner
from pages.app.tables import load_table

if TYPE_CHECKING:
    import sqlalchemy as sa

    from data.projects.places import Places
    from data.projects.storage import Difference, Edit, ListState

READ_KEY: Final = "own_projects_read"
SEEN_KEY: Final = "own_projects_seen"
"""Revision of the list that the page showed when it was last drawn."""
_MADE_KEY: Final = "own_projects_made"


def load_projects() -> pd.DataFrame:
    """Return this reader's projects, in the form of `data.projects.schema`; shared in the session: not to be changed.

    Empty when there are none. Codes of communes are current ones, whatever was synced since they were saved. Kept from
    one run to the next of this session only, for as long as nothing is written.
    """
    engine = database_if_any()
    if engine is None:
        return _no_projects()
    from data.projects.storage import read_projects, read_state  # noqa: PLC0415 - SQLAlchemy only where there is a list

    owner = current_owner().name
    revision = read_state(engine, owner).revision
    kept = st.session_state.get(READ_KEY)
    if kept is None or kept[0] != (owner, revision):
        kept = ((owner, revision), _carry(read_projects(engine, owner)))
        st.session_state[READ_KEY] = kept
    projects: pd.DataFrame = kept[1]
    return projects


def projects_beside() -> pd.DataFrame:
    """Return this reader's projects for a page about something else; where they are unavailable, none and a line."""
    try:
        return load_projects()
    except DataError as error:
        show_notices([f"Vos projets ne sont pas montrés. {error}"])
        return _no_projects()


@cache
def _no_projects() -> pd.DataFrame:
    """Return the empty list, made once: pandas takes 30 ms for its typed columns."""
    return empty_projects()


def lost_projects() -> list[str]:
    """Return the names of the projects whose commune no longer exists under any code: they are kept, and not shown."""
    engine = database_if_any()
    if engine is None:
        return []
    from data.projects.storage import read_projects  # noqa: PLC0415 - as above

    saved = read_projects(engine, current_owner().name)
    return saved.loc[~saved["project_id"].isin(load_projects()["project_id"]), "name"].tolist()


def projects_version() -> int:
    """Return a number that grows whenever this reader's list is written, an undo included; 0 when it never was."""
    return projects_state().revision


def projects_state() -> ListState:
    """Tell where this reader's list stands: what can be undone and redone."""
    from data.projects.storage import ListState, read_state  # noqa: PLC0415 - as above

    engine = database_if_any()
    return ListState() if engine is None else read_state(engine, current_owner().name)


def change_list(edit: Edit, *, action: str, expected: int | None = None) -> Difference:
    """Change this reader's list as a new version (see `data.projects.storage.change_projects`)."""
    from data.projects.storage import change_projects  # noqa: PLC0415 - as above

    owner = current_owner()
    difference = change_projects(open_list(), owner.name, edit, action=action, author=owner.author, expected=expected)
    if difference:
        _made().add(difference.version)
    return difference


def seen_revision() -> int | None:
    """Return the revision that the reader has under their eyes; None before the page was drawn once."""
    seen: int | None = st.session_state.get(SEEN_KEY)
    return seen


def note_seen() -> None:
    """Keep the revision of the list that was just drawn: what is asked next is asked of that one."""
    kept = st.session_state.get(READ_KEY)
    st.session_state[SEEN_KEY] = projects_version() if kept is None else kept[0][1]


def may_undo() -> bool:
    """Tell whether the version shown is this reader's to undo: on a list shared by all, only what they did."""
    state, owner = projects_state(), current_owner()
    if not state.can_undo:
        return False
    if owner.kind != "partage" or state.version in _made():
        return True
    history = list_history()
    author = history.loc[history["version"] == state.version, "author"]
    return bool(owner.author) and owner.author in author.tolist()


def _made() -> set[int]:
    """Return the versions that this session made."""
    made: set[int] = st.session_state.setdefault(_MADE_KEY, set())
    return made


def open_list() -> sa.Engine:
    """Return the database of the lists, made at first use.

    Raises
    ------
    ProjectsUnavailable
        It cannot be opened.
    """
    from data.projects.database import projects_url  # noqa: PLC0415 - as above

    return _open(projects_url().render_as_string(hide_password=False))


def undo_change() -> None:
    """Show the version before of this reader's list."""
    from data.projects.storage import undo  # noqa: PLC0415 - as above

    undone = undo(open_list(), current_owner().name, expected=seen_revision()) + 1
    _made().discard(undone)


def redo_change() -> None:
    """Show again what this reader undid last."""
    from data.projects.storage import redo  # noqa: PLC0415 - as above

    _made().add(redo(open_list(), current_owner().name, expected=seen_revision()))


def restore_version(version: int) -> None:
    """Return to an old version of this reader's list, as a new one."""
    from data.projects.storage import restore  # noqa: PLC0415 - as above

    owner = current_owner()
    made = restore(open_list(), owner.name, version, author=owner.author, expected=seen_revision())
    if made:
        _made().add(made.version)


def forget_list() -> None:
    """Remove this reader's list for good, its history included."""
    from data.projects.storage import forget  # noqa: PLC0415 - as above

    forget(open_list(), current_owner().name, expected=seen_revision())


def list_history() -> pd.DataFrame:
    """Return what was done to this reader's list (see `data.projects.storage.read_history`)."""
    from data.projects.storage import read_history  # noqa: PLC0415 - as above

    return read_history(open_list(), current_owner().name)


def compare_version(version: int) -> pd.DataFrame:
    """Return what a version of this reader's list changed (see `data.projects.history.compare_versions`)."""
    from data.projects.history import compare_versions  # noqa: PLC0415 - as above

    return compare_versions(open_list(), current_owner().name, version)


@st.cache_resource(show_spinner=False)
def load_places() -> Places:
    """Return the communes as a list of projects may name them; the shapes are read at the first coordinates only."""
    from data.projects.places import Places  # noqa: PLC0415 - GeoPandas, for who imports or edits
    from data.projects.points import CommuneShapes, read_shapes  # noqa: PLC0415 - as above

    return Places(
        load_table("communes"), load_table("departements"), load_table("commune_history"), CommuneShapes(read_shapes)
    )


def database_if_any() -> sa.Engine | None:
    """Return the database; None where nobody has saved anything yet, so that looking makes no file."""
    if not os.environ.get(URL_VARIABLE, "").strip() and not (data_folder() / FILE_NAME).is_file():
        return None
    return open_list()


@st.cache_resource(show_spinner=False, max_entries=4)
def _open(url: str) -> sa.Engine:
    import sqlalchemy as sa  # noqa: PLC0415 - as above

    from data.projects.database import open_database  # noqa: PLC0415 - as above

    return open_database(sa.make_url(url))


def _carry(projects: pd.DataFrame) -> pd.DataFrame:
    """Carry the communes of a list to those of the day, their department and region with them."""
    communes = load_table("communes")
    if are_among(projects["commune_code"], communes["commune_code"]).all():
        return projects
    carried = carry_codes(projects, load_table("commune_history"), communes["commune_code"]).table
    above = communes.set_index("commune_code").loc[carried["commune_code"]]
    return carried.assign(
        departement_code=above["departement_code"].to_numpy(), region_code=above["region_code"].to_numpy()
    ).reset_index(drop=True)
