"""Own territories kept in versions, in the database of the lists of projects: nobody sees another's.

A change is a new version, a removal too: whatever was saved can be had again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from data.errors import DataError
from data.projects.database import TERRITORIES, reading, writing

MOST_TERRITORIES: Final = 200
"""Territories of one owner that are not removed."""
MOST_VERSIONS: Final = 50
"""Versions kept of one territory; the oldest go first."""


class TooManyTerritories(DataError, ValueError):
    """One more would be more than can be listed."""

    problem = "Trop de territoires enregistrés"


@dataclass(frozen=True)
class SavedTerritory:
    """One version of a territory.

    Attributes
    ----------
    number, version
        What it is known by; the last version is the one shown.
    made_on
        When it was saved, UTC.
    author
        Who saved it; "" where nobody is named.
    name
        Its name.
    communes
        INSEE codes as they were saved; empty for a version that removes the territory.
    """

    number: int
    version: int
    made_on: datetime
    author: str
    name: str
    communes: frozenset[str]


def read_saved(engine: sa.Engine, owner: str) -> tuple[SavedTerritory, ...]:
    """Return the last version of each territory of an owner that was not removed, the latest saved first.

    Raises
    ------
    ProjectsUnavailable
        The database fails.
    """
    with reading(engine) as connection:
        last = _last_versions(owner).subquery()
        rows = sa.select(TERRITORIES).join(
            last, (TERRITORIES.c.number == last.c.number) & (TERRITORIES.c.version == last.c.version)
        )
        found = connection.execute(rows.where(TERRITORIES.c.owner == owner, TERRITORIES.c.communes != "")).all()
    return tuple(sorted(map(_saved, found), key=lambda one: (one.made_on, one.number), reverse=True))


def read_versions(engine: sa.Engine, owner: str) -> tuple[SavedTerritory, ...]:
    """Return every version kept of every territory of an owner, the latest first; those that remove one too."""
    with reading(engine) as connection:
        found = connection.execute(sa.select(TERRITORIES).where(TERRITORIES.c.owner == owner)).all()
    return tuple(sorted(map(_saved, found), key=lambda one: (one.made_on, one.number, one.version), reverse=True))


def save_territory(
    engine: sa.Engine, owner: str, name: str, communes: Iterable[str], *, author: str = "", number: int | None = None
) -> int:
    """Save a territory: a new one, or a new version of the one of that number; return its number.

    Raises
    ------
    TooManyTerritories
        The owner has `MOST_TERRITORIES` already; nothing is saved.
    ProjectsUnavailable
        The database fails.
    """
    codes = " ".join(sorted(communes))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(owner))))
        last: dict[int, int] = {row.number: row.version for row in connection.execute(_last_versions(owner))}
        if number is None:
            _require_room(connection, owner)
            number = max(last, default=0) + 1
        version = last.get(number, 0) + 1
        row = {"owner": owner, "number": number, "version": version, "author": author, "name": name}
        made_on = datetime.now(UTC).replace(tzinfo=None)
        connection.execute(TERRITORIES.insert().values(**row, made_on=made_on, communes=codes))
        mine = (TERRITORIES.c.owner == owner) & (TERRITORIES.c.number == number)
        connection.execute(TERRITORIES.delete().where(mine, TERRITORIES.c.version <= version - MOST_VERSIONS))
    return number


def remove_territory(engine: sa.Engine, owner: str, saved: SavedTerritory, *, author: str = "") -> None:
    """Remove a territory from the list: a version without communes, before which the others stay."""
    save_territory(engine, owner, saved.name, (), author=author, number=saved.number)


def _last_versions(owner: str) -> "sa.Select[tuple[int, int]]":
    last = sa.func.max(TERRITORIES.c.version).label("version")
    return sa.select(TERRITORIES.c.number, last).where(TERRITORIES.c.owner == owner).group_by(TERRITORIES.c.number)


def _require_room(connection: sa.Connection, owner: str) -> None:
    last = _last_versions(owner).subquery()
    same = (TERRITORIES.c.number == last.c.number) & (TERRITORIES.c.version == last.c.version)
    shown = sa.select(sa.func.count()).select_from(TERRITORIES.join(last, same))
    n_shown = connection.execute(shown.where(TERRITORIES.c.owner == owner, TERRITORIES.c.communes != "")).scalar_one()
    if n_shown >= MOST_TERRITORIES:
        raise TooManyTerritories(
            "Mes territoires",
            expected=f"au plus {MOST_TERRITORIES} territoires",
            found=f"{n_shown}, et un de plus",
            remedy="Supprimez-en un, ou gardez celui-ci dans un fichier.",
        )


def _saved(row: "sa.Row[tuple[object, ...]]") -> SavedTerritory:
    return SavedTerritory(row.number, row.version, row.made_on, row.author, row.name, frozenset(row.communes.split()))
