"""Sync: download, check, switch; one source after the other, none harming another or what was there before."""

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from data import store
from data.contracts import check
from data.errors import CatalogError, DataError, SourceUnreadable
from data.fetch import DiskFull, FetchError, download, fetch_bytes, forget_download
from data.sync import versions
from data.sync.finess import make_national_structures
from data.sync.lock import locked
from data.sync.made import Ground, Made, Maker, require_no_drop
from data.sync.registry import Address, Remote, load_remotes
from data.tables.snapshot_files import write_table
from geo.errors import GeoError

BASE: Final = "MAILLAGE_SYNC_BASE"
"""Environment variable: protocol and host to take instead of those of the catalogue (a mirror, a test server)."""

MAKERS: Final[Mapping[str, Maker]] = MappingProxyType({"finess_national": make_national_structures})

_DOWNLOAD: Final = "download.part"
_ABOUT_BYTES: Final = 2**22
_ALGORITHMS: Final = ("md5", "sha1", "sha256", "sha512")

Progress = Callable[[str, int, int | None], None]
Say = Callable[[str], None]


class Outcome(NamedTuple):
    """What became of a source, with a French sentence."""

    source_id: str
    status: Literal["installed", "unchanged", "failed"]
    sentence: str


class _Told(NamedTuple):
    """What is said of a file before it is downloaded; empty where nothing is."""

    n_bytes: int | None = None
    algorithm: str = ""
    digest: str = ""

    @property
    def published(self) -> str:
        """Hash as it is noted in the manifest of a version."""
        return f"{self.algorithm}:{self.digest}" if self.digest else ""


def sync(
    source_ids: Collection[str] = (),
    *,
    complete: bool = True,
    accept_drop: bool = False,
    say: Say = print,
    progress: Progress = lambda _source, _done, _total: None,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[Outcome, ...]:
    """Bring the official sources to the user's data folder (MAILLAGE_DATA).

    Parameters
    ----------
    source_ids
        Sources to sync; all of them when none is named.
    complete
        Whether the snapshot is France; False for a made-up country, whose numbers of rows are free.
    accept_drop
        Whether a total may drop by more than 5 %.
    say
        Takes each line of progress, in French.
    progress
        Told the source, the bytes there are and those there will be (None when unknown).
    wait
        Sleeps so many seconds between two attempts; replaced in tests.

    Returns
    -------
    tuple of Outcome
        One a source. One that failed left what was there before.

    Raises
    ------
    CatalogError
        When a named source is unknown.
    SyncLocked
        When another sync is at work.
    DiskFull
        When the data folder cannot be made or written.
    """
    remotes = load_remotes()
    unknown = sorted(set(source_ids) - set(remotes))
    if unknown:
        raise CatalogError("sources", expected=", ".join(remotes), found=", ".join(unknown))
    wanted = [remote for name, remote in remotes.items() if not source_ids or name in source_ids]
    means = _Means(Ground(complete), accept_drop, say, progress, wait)
    folder = versions.data_folder()
    try:
        with locked(folder):
            return tuple(_outcome(remote, means) for remote in wanted)
    except DataError:
        raise
    except OSError as error:  # of the folder: those of a source are in its outcome
        raise DiskFull(folder, expected="un dossier où écrire", found=error.strerror) from error


@dataclass(frozen=True)
class _Means:
    """What every source is synced with."""

    ground: Ground
    accept_drop: bool
    say: Say
    progress: Progress
    wait: Callable[[float], None]


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
    part = home / _DOWNLOAD
    in_use = store.manifest()["synced"].get(remote.id)
    origin = _bring(remote, part, means, in_use)
    if in_use is not None and origin["sha256"] == in_use["sha256"]:
        forget_download(part)
        return Outcome(remote.id, "unchanged", f"Déjà à jour ({in_use['vintage']}).")
    means.say("Lecture et vérification…")
    try:
        made = _make(remote, part, means, in_use)
    except DataError:
        forget_download(part)  # it is whole, and refused: to go on with it would refuse it for ever
        raise
    version = f"{made.as_of:%Y%m%d}-{origin['sha256'][:12]}"
    fresh = Path(tempfile.mkdtemp(prefix=".fresh-", dir=home))
    try:
        _write(fresh, remote, made, {"version": version, **origin})
        versions.install(remote.id, version, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    forget_download(part)
    n_rows = sum(len(table) for table in made.tables.values())
    return Outcome(remote.id, "installed", f"{n_rows} lignes, {made.vintage}.")


def _make(remote: Remote, part: Path, means: _Means, in_use: dict[str, Any] | None) -> Made:
    """Make the tables of a downloaded file, and check them."""
    made = MAKERS[remote.id](part, means.ground)
    if in_use is not None and made.as_of < dt.date.fromisoformat(in_use["as_of"]):
        # the file that serves when the feed is down stopped in May 2026
        expected = f"des données postérieures à celles en place ({in_use['vintage']})"
        raise SourceUnreadable(part, expected=expected, found=made.vintage)
    communes = means.ground.table("communes")
    for name in remote.tables:
        check(name, made.tables[name], communes=communes, complete=means.ground.complete)
    if not means.accept_drop:
        require_no_drop(remote.title, made.comparisons)
    return made


def _bring(remote: Remote, part: Path, means: _Means, in_use: dict[str, Any] | None) -> dict[str, str]:
    """Download a source from its first address that answers, and hold it to the size and hash told of it.

    Returns its address, its SHA-256 and its published hash. A file whose published hash is that of the version in use
    is not downloaded: its SHA-256 is known.
    """
    faults = []
    for address in remote.addresses:
        try:
            told = _told(address, means.wait)
            origin = {"address": address.file, "published": told.published}
            if in_use is not None and told.published and told.published == in_use.get("published"):
                return origin | {"sha256": in_use["sha256"]}
            n_bytes = download(
                _elsewhere(address.file),
                part,
                progress=lambda done, total: means.progress(remote.id, done, total),
                wait=means.wait,
            )
        except FetchError as error:
            means.say(str(error))
            faults.append(error)
            continue
        _require_as_told(part, n_bytes, told)
        return origin | {"sha256": _hash(part, "sha256")}
    raise faults[0]


def _told(address: Address, wait: Callable[[float], None]) -> _Told:
    """Ask the portal for the size and hash of a file: some publish neither, and none is worth failing for."""
    if not address.about:
        return _Told()
    try:
        answer = fetch_bytes(_elsewhere(address.about), attempts=2, largest_bytes=_ABOUT_BYTES, wait=wait)
        resource = json.loads(answer)["resource"]
        checksum = resource.get("checksum") or {}
        algorithm, digest = str(checksum.get("type", "")).lower(), str(checksum.get("value", "")).lower()
        n_bytes = resource.get("filesize")
    except (FetchError, ValueError, KeyError, TypeError, AttributeError):
        return _Told()
    if algorithm not in _ALGORITHMS:
        algorithm = digest = ""
    return _Told(n_bytes if isinstance(n_bytes, int) else None, algorithm, digest)


def _require_as_told(part: Path, n_bytes: int, told: _Told) -> None:
    """Refuse, and forget, a file that is not the one that the portal describes."""
    expected = found = ""
    if told.n_bytes is not None and n_bytes != told.n_bytes:
        expected, found = f"{told.n_bytes} octets annoncés", f"{n_bytes} octets"
    elif told.digest and (digest := _hash(part, told.algorithm)) != told.digest:
        expected, found = f"l’empreinte {told.digest[:12]}… annoncée", f"{digest[:12]}…"
    if expected:
        forget_download(part)
        remedy = "Le fichier vient peut-être d’être remplacé : recommencez."
        raise SourceUnreadable(part, expected=expected, found=found, remedy=remedy)


def _write(fresh: Path, remote: Remote, made: Made, origin: dict[str, str]) -> None:
    """Write the tables and the manifest of a version."""
    entries = {}
    for name in remote.tables:
        path = fresh / f"{name}.parquet"
        write_table(made.tables[name], path)
        entries[name] = {
            "file": path.name,
            "rows": len(made.tables[name]),
            "bytes": path.stat().st_size,
            "sha256": _hash(path, "sha256"),
            "sources": [remote.id],
            "vintage": made.vintage,
            **({"covered_regions": made.covered_regions[name]} if name in made.covered_regions else {}),
        }
    texts = {name: getattr(remote, name) for name in ("title", "citation", "producer", "url", "licence", "note")}
    ground = store.manifest(store.folder_in_use())["tables"]["communes"]["sha256"]
    manifest = {
        "format": store.FORMAT,
        **texts,
        "replaces": remote.replaces,
        **origin,
        "as_of": made.as_of.isoformat(),
        "vintage": made.vintage,
        "installed_on": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "communes_sha256": ground,
        "tables": entries,
        "totals": {total.name: {"before": total.before, "now": total.now} for total in made.comparisons},
        "not_carried": [] if made.not_carried is None else json.loads(made.not_carried.to_json(orient="records")),
        "report": dict(made.report),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
    (fresh / versions.MANIFEST).write_text(text + "\n", encoding="utf-8")
    fresh.chmod(0o755)  # mkdtemp keeps its folder to its owner; the app may run as another user


def _elsewhere(url: str) -> str:
    """Give the address to use: that of the catalogue, or its path on the host of MAILLAGE_SYNC_BASE."""
    base = os.environ.get(BASE)
    return base.rstrip("/") + urllib.parse.urlsplit(url).path if base else url


def _hash(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
