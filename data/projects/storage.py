"""Lists of projects kept in versions: each change is a new one, what is undone can be redone, nobody sees another's.

A row of a list stands from one version until another: a change writes what it changes, never the whole list again. What
a version holds is never altered; undoing only moves the version that is shown. A change made after an undo forgets
what was undone, as in a text editor; `restore` returns to an old version without forgetting anything.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coverage.terms.project_list import COLUMNS, empty_projects
from data.errors import DataError
from data.projects.database import LISTS, ROWS, VERSIONS, reading, writing
from data.projects.schema import conform

MOST_PROJECTS: Final = 20_000
"""Rows of one list: the whole country has about 4 000 structures."""

MOST_VERSIONS: Final = 200
"""Versions kept of a list; the oldest go first."""

Edit = Callable[[pd.DataFrame], pd.DataFrame]


class ListTooLong(DataError, ValueError):
    """The change would make the list longer than can be shown."""

    problem = "Liste de projets trop longue"


class NothingToUndo(DataError, LookupError):
    """There is no version before (or after) the one shown."""

    problem = "Aucune autre version"


class ListMoved(DataError, RuntimeError):
    """Someone has changed the list since it was shown: what was asked would undo their change without a word."""

    problem = "La liste a changé entre-temps"


@dataclass(frozen=True)
class ListState:
    """Where a list stands.

    Attributes
    ----------
    revision
        Grows at each write, an undo included; 0 for a list that was never written.
    version
        Version shown.
    first_version, last_version
        Oldest version kept, and last one: beyond the one shown stands what was undone.
    """

    revision: int = 0
    version: int = 0
    first_version: int = 0
    last_version: int = 0

    @property
    def can_undo(self) -> bool:
        """Tell whether a version before is kept."""
        return self.version > self.first_version

    @property
    def can_redo(self) -> bool:
        """Tell whether something was undone."""
        return self.version < self.last_version


@dataclass(frozen=True)
class Difference:
    """What a change did: number of projects added, changed and removed; the version and revision that it made."""

    n_added: int = 0
    n_changed: int = 0
    n_removed: int = 0
    version: int = field(default=0, compare=False)
    revision: int = field(default=0, compare=False)

    def __bool__(self) -> bool:
        return bool(self.n_added or self.n_changed or self.n_removed)


def read_state(engine: sa.Engine, owner: str) -> ListState:
    """Tell where a list stands; one short query, for whoever keeps what `read_projects` gave."""
    columns = (LISTS.c.revision, LISTS.c.version, LISTS.c.first_version, LISTS.c.last_version)
    with reading(engine) as connection:
        row = connection.execute(sa.select(*columns).where(LISTS.c.owner == owner)).one_or_none()
    return ListState() if row is None else ListState(*row)


def read_projects(engine: sa.Engine, owner: str, version: int | None = None) -> pd.DataFrame:
    """Read a list.

    Parameters
    ----------
    engine
        As `data.projects.database.open_database` gives it.
    owner
        Whose list; the only rows that are ever read.
    version
        A version that is kept; by default the one shown.

    Returns
    -------
    pandas.DataFrame
        The columns of `data.projects.schema`, sorted by project_id; empty when nothing was ever saved.

    Raises
    ------
    ProjectsUnavailable
        The database fails.
    """
    with reading(engine) as connection:
        return _rows_at(connection, owner, version)


def change_projects(
    engine: sa.Engine, owner: str, edit: Edit, *, action: str, author: str = "", expected: int | None = None
) -> Difference:
    """Change a list, all or nothing, as a new version.

    Parameters
    ----------
    engine
        As `data.projects.database.open_database` gives it.
    owner
        Whose list.
    edit
        From the list as it stands in the database (others may have changed it since it was shown) to the list wanted.
        A row without `project_id` is a new project: it gets the next number. It may be called once only.
    action
        What the history says, in French.
    author
        Who did it, for a shared list.
    expected
        Revision that the reader saw, for a change that would undo what others did since; None for one that joins it.

    Returns
    -------
    Difference
        False when `edit` changed nothing: then no version is made.

    Raises
    ------
    ContractError
        What `edit` gives is not a table of projects; nothing is changed.
    ListTooLong
        It has more than `MOST_PROJECTS` rows; nothing is changed.
    ListMoved
        The list is no longer the one expected; nothing is changed.
    ProjectsUnavailable
        The database fails; nothing is changed.
    """
    with writing(engine) as connection:
        state, next_number = _lock_list(connection, owner)
        _require(state, expected)
        before = _rows_at(connection, owner, state.version)
        after, next_number = _number(edit(before.copy()), next_number)
        if len(after) > MOST_PROJECTS:
            raise ListTooLong("projets", expected=f"{MOST_PROJECTS} projets au plus", found=f"{len(after)}")
        old, new = records_of(before), records_of(after)
        added = [new[name] for name in new.keys() - old.keys()]
        changed = [new[name] for name in new.keys() & old.keys() if new[name] != old[name]]
        removed = old.keys() - new.keys()
        version = state.version + 1
        difference = Difference(len(added), len(changed), len(removed), version, state.revision + 1)
        if not difference:
            return difference
        _forget_undone(connection, owner, state)
        _close_rows(connection, owner, version, [*removed, *(row["project_id"] for row in changed)])
        if added or changed:
            stamp = {"owner": owner, "from_version": version, "until_version": None}
            connection.execute(ROWS.insert(), [row | stamp for row in sorted(added + changed, key=_id_of)])
        _note(connection, owner, version, difference, len(after), action, author)
        first = _forget_oldest(connection, owner, state.first_version, version)
        _move(connection, owner, version=version, last_version=version, first_version=first, next_number=next_number)
    return difference


def undo(engine: sa.Engine, owner: str, *, expected: int | None = None) -> int:
    """Show the version before; give its number.

    Raises
    ------
    NothingToUndo
        The oldest version kept is already shown.
    ListMoved
        The list is no longer at the revision expected.
    """
    return _step(engine, owner, -1, expected)


def redo(engine: sa.Engine, owner: str, *, expected: int | None = None) -> int:
    """Show again the version that was undone last; give its number.

    Raises
    ------
    NothingToUndo
        Nothing was undone since the last change.
    ListMoved
        The list is no longer at the revision expected.
    """
    return _step(engine, owner, +1, expected)


def restore(
    engine: sa.Engine, owner: str, version: int, *, author: str = "", expected: int | None = None
) -> Difference:
    """Return to what an old version held, as a new version: all the others stay.

    Raises
    ------
    NothingToUndo
        That version is not kept.
    ListMoved
        The list is no longer at the revision expected.
    """
    state = read_state(engine, owner)
    if not state.first_version <= version <= state.last_version:
        raise NothingToUndo("projets", expected="une version gardée", found=f"la version {version}")
    wanted = read_projects(engine, owner, version)
    said = f"Retour à la version {version}"
    return change_projects(engine, owner, lambda _: wanted, action=said, author=author, expected=expected)


def forget(engine: sa.Engine, owner: str, *, expected: int | None = None) -> None:
    """Remove a list for good, its history included. The numbers of its projects are never given again.

    Raises
    ------
    ListMoved
        The list is no longer at the revision expected.
    """
    with writing(engine) as connection:
        _require(_lock_list(connection, owner)[0], expected)
        for table in (ROWS, VERSIONS):
            connection.execute(table.delete().where(table.c.owner == owner))
        _move(connection, owner, version=0, last_version=0, first_version=0)


def read_history(engine: sa.Engine, owner: str) -> pd.DataFrame:
    """Tell what was done to a list, the last version first.

    Returns
    -------
    pandas.DataFrame
        version (int64), made_on (datetime64[us], UTC), author and action (str), n_added, n_changed, n_removed,
        n_projects (int64), is_shown and is_undone (bool).
    """
    names = [column.name for column in VERSIONS.columns if column.name != "owner"]
    query = (
        sa.select(*(VERSIONS.c[name] for name in names), LISTS.c.version.label("shown"))
        .join(LISTS, LISTS.c.owner == VERSIONS.c.owner)
        .where(VERSIONS.c.owner == owner)
        .order_by(VERSIONS.c.version.desc())
    )
    with reading(engine) as connection:
        found = pd.DataFrame(connection.execute(query).all(), columns=[*names, "shown"])
    counts = dict.fromkeys(("version", "n_added", "n_changed", "n_removed", "n_projects", "shown"), "int64")
    table = found.astype(counts | {"made_on": "datetime64[us]", "author": "str", "action": "str"})
    shown = table.pop("shown")
    return table.assign(is_shown=table["version"] == shown, is_undone=table["version"] > shown)


def _rows_at(connection: sa.Connection, owner: str, version: int | None) -> pd.DataFrame:
    """Read the rows of one version in one statement, so that a change made meanwhile is not seen by halves."""
    at = LISTS.c.version if version is None else sa.literal(version)
    query = (
        sa.select(*(ROWS.c[name] for name in COLUMNS))
        .join(LISTS, LISTS.c.owner == ROWS.c.owner)
        .where(ROWS.c.owner == owner, ROWS.c.from_version <= at)
        .where(sa.or_(ROWS.c.until_version.is_(None), ROWS.c.until_version > at))
    )
    rows = connection.execute(query).all()
    return conform(pd.DataFrame(rows, columns=list(COLUMNS))) if rows else empty_projects()


def _lock_list(connection: sa.Connection, owner: str) -> tuple[ListState, int]:
    """Have the list to ourselves until the end of the transaction; make it if it is not there."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    fresh = {"version": 0, "last_version": 0, "first_version": 0, "revision": 0, "next_number": 1}
    connection.execute(insert(LISTS).values(owner=owner, **fresh).on_conflict_do_nothing())
    row = connection.execute(sa.select(LISTS).where(LISTS.c.owner == owner).with_for_update()).one()
    return ListState(row.revision, row.version, row.first_version, row.last_version), row.next_number


def _move(connection: sa.Connection, owner: str, **values: int) -> None:
    connection.execute(LISTS.update().where(LISTS.c.owner == owner).values(revision=LISTS.c.revision + 1, **values))


def _require(state: ListState, expected: int | None) -> None:
    if expected is not None and state.revision != expected:
        raise ListMoved(
            "projets",
            expected="la liste que vous aviez sous les yeux",
            found="un changement fait ailleurs depuis",
            remedy="Rien n’a été fait : relisez la liste, puis recommencez si vous le voulez toujours.",
        )


def _step(engine: sa.Engine, owner: str, by: int, expected: int | None) -> int:
    with writing(engine) as connection:
        state, _ = _lock_list(connection, owner)
        _require(state, expected)
        if not (state.can_undo if by < 0 else state.can_redo):
            raise NothingToUndo("projets", expected=f"une version {'avant' if by < 0 else 'après'} celle-ci")
        _move(connection, owner, version=state.version + by)
    return state.version + by


def _number(table: pd.DataFrame, next_number: int) -> tuple[pd.DataFrame, int]:
    """Return the new projects their numbers, in the order of the table."""
    is_new = (table["project_id"].isna() | (table["project_id"] == "")).to_numpy()
    numbers = [f"P{number:05d}" for number in range(next_number, next_number + int(is_new.sum()))]
    ids = table["project_id"].astype("object").to_numpy(copy=True)
    ids[is_new] = numbers
    return conform(table.assign(project_id=ids)), next_number + len(numbers)


def records_of(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Turn a table into plain values by project_id: None where unknown, equal when nothing has changed."""
    plain = table.astype("object").where(table.notna(), None)
    return {row["project_id"]: _plain(row) for row in plain.to_dict("records")}


def _plain(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        str(name): value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for name, value in row.items()
    }


def _id_of(row: Mapping[str, Any]) -> str:
    return str(row["project_id"])


def _forget_undone(connection: sa.Connection, owner: str, state: ListState) -> None:
    if not state.can_redo:
        return
    connection.execute(ROWS.delete().where(ROWS.c.owner == owner, ROWS.c.from_version > state.version))
    closed = ROWS.update().where(ROWS.c.owner == owner, ROWS.c.until_version > state.version)
    connection.execute(closed.values(until_version=None))
    connection.execute(VERSIONS.delete().where(VERSIONS.c.owner == owner, VERSIONS.c.version > state.version))


def _close_rows(connection: sa.Connection, owner: str, version: int, project_ids: list[str]) -> None:
    if not project_ids:
        return
    standing = (ROWS.c.owner == owner) & ROWS.c.until_version.is_(None)
    closed = ROWS.update().where(standing, ROWS.c.project_id == sa.bindparam("closed_id"))
    connection.execute(closed.values(until_version=version), [{"closed_id": name} for name in sorted(project_ids)])


def _note(
    connection: sa.Connection,
    owner: str,
    version: int,
    difference: Difference,
    n_projects: int,
    action: str,
    author: str,
) -> None:
    connection.execute(
        VERSIONS.insert().values(
            owner=owner,
            version=version,
            made_on=datetime.now(UTC).replace(tzinfo=None),
            author=author,
            action=action,
            n_added=difference.n_added,
            n_changed=difference.n_changed,
            n_removed=difference.n_removed,
            n_projects=n_projects,
        )
    )


def _forget_oldest(connection: sa.Connection, owner: str, first: int, version: int) -> int:
    """Remove what only versions older than the `MOST_VERSIONS` last ones hold; give the oldest one kept."""
    kept = version - MOST_VERSIONS
    if kept <= first:
        return first
    connection.execute(ROWS.delete().where(ROWS.c.owner == owner, ROWS.c.until_version <= kept))
    connection.execute(VERSIONS.delete().where(VERSIONS.c.owner == owner, VERSIONS.c.version < kept))
    return kept
