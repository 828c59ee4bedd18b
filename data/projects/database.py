"""The database of the lists of projects: SQLite in the user's folder, or PostgreSQL by URL; the same tables in both."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from data.errors import DataError
from data.projects.schema import DTYPES, FILE_NAME, URL_VARIABLE
from data.sync.versions import data_folder

FORMAT: Final = 1
"""Layout of the tables below; a database of another one is refused, never guessed."""

PATIENCE_S: Final = 30
"""Seconds to wait for another writer, and for a server that does not answer."""

_SQL_TYPES: Final[dict[str, Any]] = {
    "str": sa.Text,
    "float64": sa.Double,
    "bool": sa.Boolean,
    "boolean": sa.Boolean,
    "datetime64[us]": sa.DateTime,
}
_REQUIRED: Final = frozenset({"project_id"})
_MAKING_LOCK: Final = 7_236_114  # any number of ours: two servers that start together must not both make the tables


class ProjectsUnavailable(DataError, OSError):  # noqa: N818 - named like a fault, as those of data/errors
    """The database of projects cannot be opened, read or written."""

    problem = "Liste de projets indisponible"


METADATA: Final = sa.MetaData()

FORMATS: Final = sa.Table(
    "maillage_projects_format", METADATA, sa.Column("format", sa.Integer, primary_key=True, autoincrement=False)
)

LISTS: Final = sa.Table(
    "maillage_project_lists",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),  # the one shown
    sa.Column("last_version", sa.Integer, nullable=False),  # beyond the one shown: what was undone
    sa.Column("first_version", sa.Integer, nullable=False),  # the oldest that is still kept
    sa.Column("revision", sa.Integer, nullable=False),  # grows at each write, an undo included: the key of caches
    sa.Column("next_number", sa.Integer, nullable=False),  # of the next project_id
)

VERSIONS: Final = sa.Table(
    "maillage_project_versions",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("made_on", sa.DateTime, nullable=False),  # UTC
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("n_added", sa.Integer, nullable=False),
    sa.Column("n_changed", sa.Integer, nullable=False),
    sa.Column("n_removed", sa.Integer, nullable=False),
    sa.Column("n_projects", sa.Integer, nullable=False),
)

ROWS: Final = sa.Table(
    "maillage_project_rows",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("from_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("until_version", sa.Integer),  # first version without this row; NULL: it stands in the last one
    *(sa.Column(name, _SQL_TYPES[dtype], primary_key=name in _REQUIRED) for name, dtype in DTYPES.items()),
)


def projects_url(folder: Path | None = None) -> sa.URL:
    """Give the address of the database: MAILLAGE_PROJECTS_URL, else ``projets.sqlite`` in the user's folder.

    Raises
    ------
    ProjectsUnavailable
        The variable holds neither a PostgreSQL nor an SQLite address. The message never repeats it: it may hold a
        password.
    """
    asked = os.environ.get(URL_VARIABLE, "").strip()
    if not asked:
        return sa.URL.create("sqlite", database=str(data_folder(folder) / FILE_NAME))
    fault = ProjectsUnavailable(
        URL_VARIABLE,
        expected="une adresse « postgresql://utilisateur:mot-de-passe@serveur/base »",
        found="une valeur d’une autre forme (non montrée : elle peut contenir un mot de passe)",
    )
    try:
        url = sa.make_url(asked)
    except (SQLAlchemyError, ValueError) as error:
        raise fault from error
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    if kind not in {"postgresql", "postgres"}:
        raise fault
    return url.set(drivername="postgresql+psycopg")


def open_database(url: sa.URL) -> sa.Engine:
    """Open a database and make its tables where they are not.

    Parameters
    ----------
    url
        As `projects_url` gives it.

    Returns
    -------
    sqlalchemy.Engine
        Safe to share between threads.

    Raises
    ------
    ProjectsUnavailable
        It cannot be opened, or its tables are of another layout.
    """
    is_file = url.get_backend_name() == "sqlite"
    if is_file:
        _make_private_file(Path(str(url.database)))
        # A connection an operation: nothing is held between two, so that the file can be copied or moved.
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": PATIENCE_S})
        sa.event.listen(engine, "connect", _leave_transactions_to_us)
        sa.event.listen(engine, "begin", _begin)
    else:
        options = f"-c lock_timeout={PATIENCE_S}s -c timezone=UTC"
        engine = sa.create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": PATIENCE_S, "options": options}
        )
    try:
        _make_tables(engine)
    except DataError:
        engine.dispose()
        raise
    return engine


def _make_tables(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_LOCK)))
        METADATA.create_all(connection)
        found = connection.execute(sa.select(FORMATS.c.format)).scalars().all()
        if not found:
            connection.execute(FORMATS.insert().values(format=FORMAT))
        elif list(found) != [FORMAT]:
            raise ProjectsUnavailable(
                _name(engine),
                expected=f"le format {FORMAT}",
                found=f"le format {', '.join(map(str, found))}",
                remedy="Cette base a été faite par une autre version de Maillage.",
            )


@contextlib.contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Hold a transaction that only reads.

    Raises
    ------
    ProjectsUnavailable
        The database fails.
    """
    with _worded(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Hold a transaction that writes: all of it stands at the end, or nothing, whatever stops it.

    On SQLite one writer at a time holds the file; on PostgreSQL the caller locks the row of its list.

    Raises
    ------
    ProjectsUnavailable
        The database fails, or another writer has kept it for more than `PATIENCE_S`.
    """
    with _worded(engine), engine.connect().execution_options(maillage_writes=True) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def _worded(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # A server's own words name hosts and users: only those of a local file are shown.
        told = getattr(error, "orig", None) if engine.dialect.name == "sqlite" else None
        raise ProjectsUnavailable(
            _name(engine),
            expected="une base que l’on peut lire et écrire",
            found=told or type(error).__name__,
            remedy="Rien n’a été changé. Réessayez ; si cela dure, prévenez la personne qui administre Maillage.",
        ) from error


def _name(engine: sa.Engine) -> str:
    return FILE_NAME if engine.dialect.name == "sqlite" else "base PostgreSQL des projets"


def _make_private_file(path: Path) -> None:
    """Make the file readable by its owner alone, before anything is written in it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise ProjectsUnavailable(
            path, expected="un dossier où l’on peut écrire", found=error.strerror, remedy="Voyez MAILLAGE_DATA."
        ) from error


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    """Have Python's sqlite3 begin nothing by itself: it would begin too late to be alone in writing."""
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("maillage_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
