"""Backup of what readers write: every list of projects and own territory, in one SQLite file, from any database.

One form for SQLite and PostgreSQL: it needs no program of either, and moves the lists from one to the other. What is
synced is not in it: it is brought again, or copied with the folder.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from data.errors import DataError
from data.projects.database import FORMAT, FORMATS, LISTS, METADATA, open_database, projects_url, writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENDING: Final = ".maillage-projets"
_AT_ONCE: Final = 1_000


class BackupUnusable(DataError, ValueError):
    """A backup cannot be written, or is not one of ours."""

    problem = "Sauvegarde inutilisable"


def back_up(folder: Path, *, kept: int = 0, now: dt.datetime | None = None) -> Path:
    """Copy every list into a new file of a folder, as they stand at one instant.

    Parameters
    ----------
    folder
        Where; made if needed.
    kept
        How many backups stay in the folder, this one included, the oldest leaving first; 0 for all.
    now
        Date of the file's name (UTC); that of the call by default.

    Returns
    -------
    pathlib.Path
        The file, readable by its owner alone, whole or absent.

    Raises
    ------
    ProjectsUnavailable
        The database cannot be read.
    BackupUnusable
        The folder cannot be written.
    """
    stamp = (now or dt.datetime.now(dt.UTC)).strftime("%Y%m%d-%H%M%S")
    path = folder / f"{stamp}{ENDING}"
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    source = open_database(projects_url())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copy = open_database(sa.URL.create("sqlite", database=str(fresh)))
        _copy_all(source, copy)
        copy.dispose()
        fresh.replace(path)
    except OSError as error:
        if isinstance(error, DataError):
            raise
        raise BackupUnusable(path, expected="un dossier où écrire", found=error.strerror) from error
    finally:
        source.dispose()
        fresh.unlink(missing_ok=True)
    if kept:
        for old in sorted(folder.glob(f"*{ENDING}"))[:-kept]:
            old.unlink()
    return path


def restore(path: Path) -> Mapping[str, int]:
    """Put the lists of a backup in the place of all those of the database, which are lost; all or nothing.

    Returns
    -------
    mapping
        Rows by table.

    Raises
    ------
    BackupUnusable
        It is no backup, or one of another layout; the database was not touched.
    ProjectsUnavailable
        The database cannot be written; it stays as it was.
    """
    _require_backup(path)
    copy, target = open_database(sa.URL.create("sqlite", database=str(path))), open_database(projects_url())
    try:
        return _copy_all(copy, target)
    finally:
        copy.dispose()
        target.dispose()


def _copy_all(source: sa.Engine, target: sa.Engine) -> dict[str, int]:
    """Replace every table of a database by that of another, read at one instant; give the rows of each.

    A revision is the key of what sessions keep of a list: those of the copy begin beyond all that were ever given.
    """
    counted: dict[str, int] = {}
    with writing(source) as reader, writing(target) as writer:
        if source.dialect.name == "postgresql":
            reader.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        highest = writer.execute(sa.select(sa.func.max(LISTS.c.revision))).scalar() or 0
        for table in METADATA.sorted_tables:
            writer.execute(table.delete())
            rows = reader.execute(sa.select(table))
            counted[table.name] = 0
            while batch := rows.mappings().fetchmany(_AT_ONCE):
                writer.execute(table.insert(), [dict(row) for row in batch])
                counted[table.name] += len(batch)
        writer.execute(LISTS.update().values(revision=LISTS.c.revision + highest))
    return counted


def _require_backup(path: Path) -> None:
    """Want a whole file of our layout, looked at without changing it."""
    remedy = "Choisissez un fichier fait par « python -m data backup » avec cette version de Maillage."
    try:
        with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
            formats = [row[0] for row in connection.execute(f"SELECT format FROM {FORMATS.name}")]  # noqa: S608 - ours
        connection.close()
    except sqlite3.Error as error:
        raise BackupUnusable(path, expected="une sauvegarde des projets", found=error, remedy=remedy) from error
    if whole != "ok" or formats != [FORMAT]:
        raise BackupUnusable(
            path, expected=f"un fichier entier de format {FORMAT}", found=f"{whole}, format {formats}", remedy=remedy
        )
