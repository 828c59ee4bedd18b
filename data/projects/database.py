"""The database of the lists of projects and own territories: SQLite in the user's folder, or PostgreSQL by URL."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DisconnectionError, OperationalError, SQLAlchemyError

from coverage.terms.project_list import DTYPES, PLANNED_ON
from data.errors import DataError
from data.projects.schema import FILE_NAME, URL_VARIABLE
from data.sync.versions import data_folder

FORMAT: Final = 2
"""Layout of the tables below; a database of another one is refused, never guessed."""

_ADDED: Final = {1: (PLANNED_ON,)}
"""Columns of the rows that a database of an older layout lacks: they are added to it, unknown in every row."""

PATIENCE_S: Final = 30
"""Seconds to wait for another writer."""

CONNECT_S: Final = 3
"""Seconds to wait for a server that does not answer."""

KEPT_OPEN: Final = 4
"""Connections to a server kept for the next operations: opening one costs 7 ms of processor, and the server as much."""

STILL_THERE_S: Final = 1.0
"""Seconds for a server to answer on a connection that was kept; after that, another is opened in its place."""

ANSWER_S: Final = 10.0
"""Seconds for a server to answer one statement, and for all that one reading asks."""

WRITE_S: Final = 60.0
"""Seconds for all that one change asks, 20 000 rows included."""

PAUSE_S: Final = 60.0
"""Seconds during which a server that did not answer is not asked again, by any reader."""

_SQL_TYPES: Final[dict[str, Any]] = {
    "str": sa.Text,
    "float64": sa.Double,
    "bool": sa.Boolean,
    "boolean": sa.Boolean,
    "datetime64[us]": sa.DateTime,
}
_REQUIRED: Final = frozenset({"project_id"})
_MAKING_LOCK: Final = 7_236_114  # any number of ours: two servers that start together must not both make the tables


class ProjectsUnavailable(DataError, OSError):
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

TERRITORIES: Final = sa.Table(
    "maillage_territories",
    METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),  # the last one is shown
    sa.Column("made_on", sa.DateTime, nullable=False),  # UTC
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("communes", sa.Text, nullable=False),  # INSEE codes parted by spaces; empty: removed by this version
)


def projects_url(folder: Path | None = None) -> sa.URL:
    """Return the address of the database: MAILLAGE_PROJECTS_URL, else ``projets.sqlite`` in the user's folder.

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
    # A file is held by nothing between two operations, so that it can be copied or moved.
    is_file = url.get_backend_name() == "sqlite"
    if is_file:
        _make_private_file(Path(str(url.database)))
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": PATIENCE_S})
        sa.event.listen(engine, "connect", _leave_transactions_to_us)
        sa.event.listen(engine, "begin", _begin)
    else:
        limit_ms = int(ANSWER_S * 1_000)
        arguments = {
            "connect_timeout": CONNECT_S,
            "tcp_user_timeout": limit_ms,  # a network that is cut, seen by the system where it can
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "options": f"-c lock_timeout={limit_ms} -c statement_timeout={limit_ms} -c timezone=UTC",
        }
        engine = sa.create_engine(url, pool_size=KEPT_OPEN, max_overflow=-1, connect_args=arguments)
        sa.event.listen(engine, "connect", _watch, insert=True)
        sa.event.listen(engine, "checkout", _ask_again)
        sa.event.listen(engine, "checkin", _keep)
        sa.event.listen(engine, "close", _unwatch)
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
        elif len(found) == 1 and found[0] in _ADDED:
            for name in _ADDED[found[0]]:
                added = sa.schema.CreateColumn(ROWS.c[name]).compile(dialect=engine.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {ROWS.name} ADD COLUMN {added}")
            connection.execute(FORMATS.update().values(format=FORMAT))
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
    with _worded(engine), engine.connect().execution_options(maillage_writes=True) as connection:
        if engine.dialect.name != "sqlite":
            _watch(connection.connection.dbapi_connection, connection.connection, WRITE_S)
        with connection.begin():
            yield connection


class _Outages:
    """The servers that did not answer: each is asked by one reader, then by nobody for `PAUSE_S`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until_s: dict[str, float] = {}

    def stands(self, server: str) -> bool:
        """Tell whether a server is not to be asked now; the first to come after the pause is let through alone."""
        with self._lock:
            until_s = self._until_s.get(server)
            if until_s is None:
                return False
            if time.monotonic() < until_s:
                return True
            self._until_s[server] = time.monotonic() + PAUSE_S
            return False

    def begin(self, server: str) -> None:
        with self._lock:
            self._until_s[server] = time.monotonic() + PAUSE_S

    def end(self, server: str) -> None:
        with self._lock:
            self._until_s.pop(server, None)


_OUTAGES: Final = _Outages()
_OUTAGE_STATES: Final = ("08", "28", "53", "57P", "3D", "57014")
"""SQLSTATE of a server that lets nobody in or does not keep up: no connection, wrong account, no room, stopping, no
such database, a statement stopped after `ANSWER_S`."""


def _tells_an_outage(error: SQLAlchemyError) -> bool:
    """Tell a server that does not answer from an order that it refused."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(_OUTAGE_STATES)


@contextlib.contextmanager
def _worded(engine: sa.Engine) -> Iterator[None]:
    server = "" if engine.dialect.name == "sqlite" else engine.url.render_as_string(hide_password=False)
    if server and _OUTAGES.stands(server):
        raise ProjectsUnavailable(
            _name(engine),
            expected="un serveur qui répond",
            found="aucune réponse à l’instant",
            remedy=f"Il sera demandé à nouveau dans une minute au plus ({PAUSE_S:.0f} s).",
        )
    try:
        yield
        if server:
            _OUTAGES.end(server)
    except SQLAlchemyError as error:
        if server and _tells_an_outage(error):
            _OUTAGES.begin(server)
        # A server's own words name hosts and users: only those of a local file are shown.
        told = getattr(error, "orig", None) if engine.dialect.name == "sqlite" else None
        raise ProjectsUnavailable(
            _name(engine),
            expected="une base que l’on peut lire et écrire",
            found=told or type(error).__name__,
            remedy="Rien n’a été changé. Réessayez ; si cela dure, prévenez la personne qui administre Maillage.",
        ) from error


def _watch(connection: Any, record: Any, limit_s: float | None = None) -> None:
    """Hang up on a server that has fallen silent: the client's own limit, whatever the server and the network do."""
    _unwatch(connection, record)
    watch = threading.Timer(ANSWER_S if limit_s is None else limit_s, _hang_up, (connection,))
    watch.daemon = True
    watch.start()
    record.info["watch"] = watch


def _keep(connection: Any, record: Any) -> None:
    """Note that a connection is kept for the next operation."""
    _unwatch(connection, record)
    record.info["kept"] = True


def _ask_again(connection: Any, record: Any, _lent: object) -> None:
    """Make sure, before an operation, that the server still answers on a connection that was kept."""
    if record.info.pop("kept", False):
        import psycopg  # noqa: PLC0415 - loaded by SQLAlchemy already, where there is a server

        _watch(connection, record, STILL_THERE_S)
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except psycopg.Error as error:
            raise DisconnectionError from error  # another is opened in its place
    _watch(connection, record)


def _unwatch(_connection: Any, record: Any) -> None:
    if (watch := record.info.pop("watch", None)) is not None:
        watch.cancel()


def _hang_up(connection: Any) -> None:
    """End the socket of a connection; what waits on it then fails at once."""
    with contextlib.suppress(Exception):  # closed meanwhile: nobody waits
        ended = socket.socket(fileno=connection.fileno())
        try:
            ended.shutdown(socket.SHUT_RDWR)
        finally:
            ended.detach()  # psycopg closes it


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
