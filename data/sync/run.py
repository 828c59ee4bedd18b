"""Sync: download, check, switch; one source after the other, none harming another or what was there before."""

import datetime as dt
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from coverage.terms.months import format_date
from data import store
from data.build.snapshot_files import write_shapes, write_table
from data.contracts.check import check
from data.errors import CatalogError, DataError, SourceUnreadable, named_faults
from data.fetch import DiskFull
from data.sources.registry import Remote, load_remotes
from data.sync import arrival, versions
from data.sync.announced import hash_file
from data.sync.arrival import Arrival
from data.sync.journal import write_journal
from data.sync.lock import locked
from data.sync.made import Comparison, Made, SyncContext, require_no_drop
from data.sync.makers import MAKERS
from data.sync.plausible import require_plausible_sync
from geo.errors import GeoError

EARLIEST: Final = dt.date(1990, 1, 1)
MOST_AHEAD: Final = dt.timedelta(days=7)
"""Days after today that a file may be dated of: the clocks of producers differ, and some date of the day to come."""

Progress = Callable[[str, int, int | None], None]
Say = Callable[[str], None]


class Outcome(NamedTuple):
    """What became of a source, with a French sentence."""

    source_id: str
    status: Literal["installed", "unchanged", "failed"]
    sentence: str


def sync(
    source_ids: Collection[str] = (),
    *,
    complete: bool = True,
    accept_drop: bool = False,
    own_file: Path | None = None,
    say: Say = print,
    progress: Progress = lambda _source, _done, _total: None,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Bring the official sources to the user's data folder (MAILLAGE_DATA).

    May be called from any thread. What became of each source is also written in the journal (data/sync/journal.py).

    Parameters
    ----------
    source_ids
        Sources to sync; when none is named, all of those that have an address.
    complete
        Whether the snapshot is France; False for a made-up country, whose numbers of rows and figures are free.
    accept_drop
        Whether a total may drop by more than 5 %, and figures jump from a version to the next.
    own_file
        Official file, or folder of files, that the user downloaded otherwise: it is read in the place of the addresses
        of the one source that is named.
    say
        Takes each line of progress, in French.
    progress
        Told the source, the bytes (or the records, for an API) there are and those there will be (None when unknown).
    wait
        Sleeps so many seconds between two attempts; replaced in tests.

    Returns
    -------
    tuple of Outcome
        One a source. One that failed left what was there before.

    Raises
    ------
    CatalogError
        When a named source is unknown, or a file is given for several.
    SyncLocked
        When another sync is at work.
    DiskFull
        When the data folder cannot be made or written.
    """
    remotes = load_remotes()
    unknown = sorted(set(source_ids) - set(remotes))
    if unknown:
        raise CatalogError("sources", expected=", ".join(remotes), found=", ".join(unknown))
    if own_file is not None and len(set(source_ids)) != 1:
        raise CatalogError("sources", expected="une seule source, pour un seul fichier", found=", ".join(source_ids))
    wanted = [remote for name, remote in remotes.items() if name in source_ids or (not source_ids and remote.addresses)]
    means = _Means(SyncContext(complete), accept_drop, own_file, say, progress, wait)
    folder = versions.data_folder()
    try:
        with locked(folder):
            return tuple(_written_down(_outcome(remote, means)) for remote in wanted)
    except DataError:
        raise
    except OSError as error:  # of the folder: those of a source are in its outcome
        raise DiskFull(folder, expected="un dossier où écrire", found=error.strerror) from error


@dataclass(frozen=True)
class _Means:
    """What every source is synced with."""

    context: SyncContext
    accept_drop: bool
    own_file: Path | None
    say: Say
    progress: Progress
    wait: Callable[[float], None]


def _written_down(outcome: Outcome) -> Outcome:
    """Write an outcome in the journal at once: a sync that is stopped leaves what it did."""
    write_journal(*outcome)
    return outcome


def _outcome(remote: Remote, means: _Means) -> Outcome:
    """Sync one source, whatever happens to it."""
    means.say(f"{remote.title}…")
    try:
        return _sync_one(remote, means)
    except (DataError, GeoError) as error:
        sentence = str(error)
    except OSError as error:
        sentence = f"Écriture impossible : {error.strerror or error}."
    except Exception as error:  # noqa: BLE001 - a fault of ours in one source must not take the others down
        sentence = f"Erreur imprévue ({type(error).__name__} : {error})."
    return Outcome(remote.id, "failed", f"{sentence} Les données précédentes restent en place.")


def _sync_one(remote: Remote, means: _Means) -> Outcome:
    home = versions.source_folder(remote.id)
    home.mkdir(parents=True, exist_ok=True)
    versions.sweep(remote.id)
    in_use = store.manifest()["synced"].get(remote.id)
    arrived = _bring(remote, home, in_use, means)
    if in_use is not None and arrived.sha256 == in_use["sha256"]:
        arrival.forget(home)
        return Outcome(remote.id, "unchanged", f"Déjà à jour ({in_use['vintage']}).")
    means.say("Lecture et vérification…")
    fresh = Path(tempfile.mkdtemp(prefix=".fresh-", dir=home))
    try:
        try:
            made = _make(remote, arrived, fresh, means, in_use)
        except DataError:
            arrival.forget(home)  # it is whole, and refused: to go on with it would refuse it for ever
            raise
        version = f"{made.as_of:%Y%m%d}-{arrived.sha256[:12]}"
        tables = fresh / "tables"
        tables.mkdir()
        _write(tables, remote, made, {"version": version, **arrived.origin})
        versions.install(remote.id, version, tables)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    arrival.forget(home)
    n_rows = sum(len(table) for table in made.tables.values())
    return Outcome(remote.id, "installed", f"{n_rows} lignes, {made.vintage}.")


def _bring(remote: Remote, home: Path, in_use: dict[str, Any] | None, means: _Means) -> Arrival:
    """Bring what a source sends, or what the user has of it."""
    if means.own_file is not None:
        return arrival.take(means.own_file, remote)
    return arrival.bring(
        remote,
        home,
        in_use,
        say=means.say,
        progress=lambda done, total: means.progress(remote.id, done, total),
        wait=means.wait,
    )


def _make(remote: Remote, arrived: Arrival, fresh: Path, means: _Means, in_use: dict[str, Any] | None) -> Made:
    """Make the tables of what was brought, and check them."""
    context = replace(means.context, year=arrived.year, modified_on=arrived.modified_on)
    unpacked = fresh / "unpacked"
    unpacked.mkdir()
    path = arrival.lay_out(arrived, unpacked)
    with named_faults(path, f"le fichier officiel de « {remote.title} »"):
        made = MAKERS[remote.id](path, context)
    last = context.today + MOST_AHEAD
    if (made.as_of.month, made.as_of.day) == (12, 31):  # what is dated of a year alone
        last = max(last, context.today.replace(month=12, day=31))
    if not EARLIEST <= made.as_of <= last:
        expected = f"une date du {format_date(EARLIEST)} au {format_date(last)}"
        raise SourceUnreadable(path, place="date des données", expected=expected, found=format_date(made.as_of))
    # A version dated in the future was let in by mistake: it may not close the door to the true ones.
    if in_use is not None and made.as_of < dt.date.fromisoformat(in_use["as_of"]) <= last:
        # the file that serves when the feed is down stopped in May 2026
        expected = f"des données postérieures à celles en place ({in_use['vintage']})"
        raise SourceUnreadable(path, expected=expected, found=made.vintage)
    communes = context.table("communes")
    for name in remote.tables:
        check(name, made.tables[name], communes=communes, complete=context.complete)
    if context.complete:
        require_plausible_sync(remote, made, context, accept_jumps=means.accept_drop)
    if not means.accept_drop:
        require_no_drop(remote.title, (*made.comparisons, *_row_counts(made, in_use)))
    return made


def _row_counts(made: Made, in_use: dict[str, Any] | None) -> tuple[Comparison, ...]:
    """Compare the numbers of rows with those of the last version of the same source."""
    if in_use is None:
        return ()
    before = store.manifest()["tables"]
    return tuple(
        Comparison(f"lignes de la table « {name} »", float(before[name]["rows"]), float(len(table)))
        for name, table in made.tables.items()
        if name in before
    )


def _write(fresh: Path, remote: Remote, made: Made, origin: dict[str, str]) -> None:
    """Write the tables and the manifest of a version."""
    entries = {}
    for name in remote.tables:
        path = fresh / f"{name}.parquet"
        (write_shapes if name == "commune_geometry" else write_table)(made.tables[name], path)
        entries[name] = {
            "file": path.name,
            "rows": len(made.tables[name]),
            "bytes": path.stat().st_size,
            "sha256": hash_file(path, "sha256"),
            "sources": [remote.id],
            "vintage": made.vintage,
            **({"covered_regions": made.covered_regions[name]} if name in made.covered_regions else {}),
        }
    texts = {name: getattr(remote, name) for name in ("title", "citation", "producer", "url", "licence", "note")}
    context = store.manifest(store.folder_in_use())["tables"]["communes"]["sha256"]
    manifest = {
        "format": store.FORMAT,
        **texts,
        "cited": made.citation,
        "replaces": list(remote.replaces),
        "unit": remote.unit,
        "level": remote.level,
        "brings": list(remote.tables),
        **origin,
        "as_of": made.as_of.isoformat(),
        "vintage": made.vintage,
        "installed_on": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "communes_sha256": context,
        "tables": entries,
        "totals": {total.name: {"before": total.before, "now": total.now} for total in made.comparisons},
        "not_carried": [] if made.not_carried is None else json.loads(made.not_carried.to_json(orient="records")),
        "report": dict(made.report),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
    (fresh / versions.MANIFEST).write_text(text + "\n", encoding="utf-8")
    fresh.chmod(0o755)  # mkdtemp keeps its folder to its owner; the app may run as another user
