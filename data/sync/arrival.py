"""What a source sends, brought to the disk: one file, several, or the pages of an API; whole, and as announced."""

import contextlib
import dataclasses
import datetime as dt
import email.utils
import hashlib
import json
import os
import shutil
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from data.errors import SourceMissing, SourceUnreadable
from data.fetch import DiskFull, FetchError, download, fetch_bytes, forget_download, modified_header
from data.sync.registry import Address, Remote
from data.sync.unpacking import unpack

BASE: Final = "MAILLAGE_SYNC_BASE"
"""Environment variable: protocol and host to take instead of those of the catalogue (a mirror, a test server)."""

OWN_FILE: Final = "fichier de l’utilisateur"
"""What stands for the address of a file that the user gave."""

_DOWNLOAD: Final = "download.part"
_DOWNLOADS: Final = "download.parts"
_ABOUT_BYTES: Final = 2**22
_PAGE_BYTES: Final = 2**26
_ALGORITHMS: Final = ("md5", "sha1", "sha256", "sha512")
_PAGE_RECORDS: Final = 100
_MOST_RECORDS: Final = 10_000
"""An Explore API gives a hundred records at a time, ten thousand in all: more is to be taken from its exports."""

Progress = Callable[[int, int | None], None]
Say = Callable[[str], None]
Wait = Callable[[float], None]


@dataclasses.dataclass(frozen=True)
class Arrival:
    """What was brought.

    Attributes
    ----------
    parts
        Files by the name that each takes for the maker; none when it is the very file of the version in use.
    address, published, sha256
        Where it came from, the hash published for it (empty when none is), and its own.
    unpack
        Pattern of the wanted names, when it is an archive.
    year
        Year that the address was made for.
    modified_on
        Day that the server gives to it.
    """

    parts: dict[str, Path]
    address: str
    published: str
    sha256: str
    unpack: str = ""
    year: int | None = None
    modified_on: dt.date | None = None

    @property
    def origin(self) -> dict[str, str]:
        """What the manifest of a version keeps of it."""
        return {"address": self.address, "published": self.published, "sha256": self.sha256}


class _Told(NamedTuple):
    """What is said of a file before it is downloaded; empty where nothing is."""

    n_bytes: int | None = None
    algorithm: str = ""
    digest: str = ""
    modified_on: dt.date | None = None

    @property
    def published(self) -> str:
        """Hash as it is noted in the manifest of a version."""
        return f"{self.algorithm}:{self.digest}" if self.digest else ""


def bring(
    remote: Remote, home: Path, in_use: dict[str, Any] | None, *, say: Say, progress: Progress, wait: Wait
) -> Arrival:
    """Download a source from its first address that answers, and hold it to the size and hash told of it.

    Parameters
    ----------
    remote
        The source.
    home
        Its folder, where an interrupted download is found again.
    in_use
        Manifest of the version in use: a file whose published hash is the same is not downloaded.
    say, progress, wait
        As in `data.sync.run.sync`.

    Raises
    ------
    FetchError
        With the fault of the first address, when none could be read.
    SourceMissing
        When the source has no address.
    SourceUnreadable
        When what came is not what was announced.
    DiskFull
        When it cannot be written.
    """
    if not remote.addresses:
        raise SourceMissing(
            remote.title,
            expected="un fichier donné par vous : cette source n’a pas d’adresse permanente connue",
            remedy=f"Téléchargez-le depuis {remote.url} puis tapez « python -m data sync {remote.id} --file FICHIER ».",
        )
    faults = []
    for address in remote.addresses:
        try:
            if address.file:
                return _bring_file(remote, address, home, in_use, progress, wait)
            parts, modified_on = (
                _bring_records(remote, address, home, progress, wait)
                if address.records
                else _bring_files(address, home, progress, wait)
            )
        except FetchError as error:
            say(str(error))
            faults.append(error)
            continue
        return Arrival(parts, address.urls[0], "", hash_files(parts), address.unpack, address.year, modified_on)
    raise faults[0]


def take(path: Path, remote: Remote) -> Arrival:
    """Take a file, or a folder of files, that the user downloaded otherwise: many networks block what is not a browser.

    Raises
    ------
    SourceMissing
        When nothing is there.
    """
    if not path.exists():
        raise SourceMissing(path, expected=f"le fichier officiel de « {remote.title} »")
    parts = {path.name: path} if path.is_file() else {one.name: one for one in sorted(path.iterdir()) if one.is_file()}
    pattern = next((address.unpack for address in remote.addresses if address.unpack), "")
    return Arrival(parts, OWN_FILE, "", hash_files(parts), pattern)


def lay_out(arrival: Arrival, into: Path) -> Path:
    """Give what the maker reads: a file under its own name, or a folder of files, each taken out of its archive.

    Parameters
    ----------
    arrival
        What was brought.
    into
        An existing, empty folder.

    Raises
    ------
    SourceUnreadable, SourceLayoutError, DiskFull
        As `data.sync.unpacking.unpack`.
    """
    contents = into / "contents"
    archives = into / "archives"
    contents.mkdir()
    archives.mkdir()
    place = contents
    for name, part in sorted(arrival.parts.items()):
        place = contents / name
        if arrival.unpack:
            _link(part, archives / name)
            place = unpack(archives / name, arrival.unpack, contents, name=name.removesuffix(".gz"))
            if place == archives / name:  # no archive
                place = place.replace(contents / name)
        else:
            _link(part, place)
    return place if len(arrival.parts) == 1 else contents


def forget(home: Path) -> None:
    """Remove what was downloaded for a source, so that the next sync starts from nothing."""
    forget_download(home / _DOWNLOAD)
    shutil.rmtree(home / _DOWNLOADS, ignore_errors=True)


def hash_files(parts: dict[str, Path]) -> str:
    """Give the SHA-256 of a file, or of several: of their names and hashes, in order."""
    if len(parts) == 1:
        return hash_file(next(iter(parts.values())), "sha256")
    lines = [f"{name} {hash_file(path, 'sha256')}\n" for name, path in sorted(parts.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def hash_file(path: Path, algorithm: str) -> str:
    """Give the hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _bring_file(
    remote: Remote, address: Address, home: Path, in_use: dict[str, Any] | None, progress: Progress, wait: Wait
) -> Arrival:
    told = _told(address, wait)
    arrival = Arrival({}, address.file, told.published, "", address.unpack, address.year, told.modified_on)
    if in_use is not None and told.published and told.published == in_use.get("published"):
        return dataclasses.replace(arrival, sha256=in_use["sha256"])
    part = home / _DOWNLOAD
    n_bytes = download(_elsewhere(address.file), part, progress=progress, wait=wait)
    _require_as_told(part, n_bytes, told)
    parts = {_name_of(address.file, remote.id): part}
    modified_on = told.modified_on or _day_of(modified_header(part))
    return dataclasses.replace(arrival, parts=parts, sha256=hash_files(parts), modified_on=modified_on)


def _bring_files(
    address: Address, home: Path, progress: Progress, wait: Wait
) -> tuple[dict[str, Path], dt.date | None]:
    """Download every file of an address, each resumed by itself; give them by name, and the latest of their days."""
    folder = home / _DOWNLOADS
    folder.mkdir(exist_ok=True)
    days = []
    parts = {}
    before = 0
    for name, url in address.files.items():
        part = folder / f"{name}.part"

        def go_on(done: int, _total: int | None, before: int = before) -> None:
            progress(before + done, None)  # the sizes of the next files are not known

        before += download(_elsewhere(url), part, progress=go_on, wait=wait)
        parts[name] = part
        days.append(_day_of(modified_header(part)))
    progress(before, before)
    return parts, max(filter(None, days), default=None)


def _bring_records(
    remote: Remote, address: Address, home: Path, progress: Progress, wait: Wait
) -> tuple[dict[str, Path], dt.date | None]:
    """Read the records of an Explore API page by page, into a file of one JSON object a line."""
    part = home / _DOWNLOAD
    forget_download(part)  # pages of two days would not go together
    lines: list[str] = []
    total: int | None = None
    while total is None or len(lines) < total:
        page, announced = _page(address.records, len(lines), wait)
        if announced > _MOST_RECORDS:
            raise SourceUnreadable(remote.id, expected=f"au plus {_MOST_RECORDS} enregistrements", found=str(announced))
        is_short = announced > len(lines) and not page
        if is_short or len(lines) + len(page) > announced or total not in (None, announced):
            raise SourceUnreadable(
                remote.id,
                place=f"page commençant à {len(lines)}",
                expected=f"{announced if total is None else total} enregistrements en tout",
                found=f"{len(page)} dans cette page, {announced} annoncés",
                remedy="Les données viennent peut-être d’être remplacées : recommencez.",
            )
        total = announced
        lines += [json.dumps(record, ensure_ascii=False) + "\n" for record in page]
        progress(len(lines), total)
    try:
        part.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise DiskFull(part, expected="de la place sur le disque", found=error.strerror) from error
    return {f"{remote.id}.jsonl": part}, None


def _page(url: str, offset: int, wait: Wait) -> tuple[list[Any], int]:
    """Give the records of a page, and how many there are in all."""
    asked = f"{url}{'&' if '?' in url else '?'}limit={_PAGE_RECORDS}&offset={offset}"
    body = fetch_bytes(_elsewhere(asked), largest_bytes=_PAGE_BYTES, wait=wait)
    shown = urllib.parse.urlsplit(url).path
    try:
        answer = json.loads(body)
        records, total = answer["results"], answer["total_count"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceUnreadable(
            shown, expected="results et total_count (JSON)", found=body[:80].decode(errors="replace")
        ) from error
    if not isinstance(records, list) or type(total) is not int:
        raise SourceUnreadable(shown, expected="une liste results et un nombre total_count", found=str(answer))
    return records, total


def _told(address: Address, wait: Wait) -> _Told:
    """Ask the portal for the size and hash of a file: some publish neither, and none is worth failing for."""
    if not address.about:
        return _Told()
    try:
        answer = fetch_bytes(_elsewhere(address.about), attempts=2, largest_bytes=_ABOUT_BYTES, wait=wait)
        resource = json.loads(answer)["resource"]
        checksum = resource.get("checksum") or {}
        algorithm, digest = str(checksum.get("type", "")).lower(), str(checksum.get("value", "")).lower()
        n_bytes = resource.get("filesize")
        modified_on = None
        with contextlib.suppress(ValueError):
            modified_on = dt.date.fromisoformat(str(resource.get("last_modified"))[:10])
    except (FetchError, ValueError, KeyError, TypeError, AttributeError):
        return _Told()
    if algorithm not in _ALGORITHMS:
        algorithm = digest = ""
    return _Told(n_bytes if isinstance(n_bytes, int) else None, algorithm, digest, modified_on)


def _require_as_told(part: Path, n_bytes: int, told: _Told) -> None:
    """Refuse, and forget, a file that is not the one that the portal describes."""
    expected = found = ""
    if told.n_bytes is not None and n_bytes != told.n_bytes:
        expected, found = f"{told.n_bytes} octets annoncés", f"{n_bytes} octets"
    elif told.digest and (digest := hash_file(part, told.algorithm)) != told.digest:
        expected, found = f"l’empreinte {told.digest[:12]}… annoncée", f"{digest[:12]}…"
    if expected:
        forget_download(part)
        remedy = "Le fichier vient peut-être d’être remplacé : recommencez."
        raise SourceUnreadable(part, expected=expected, found=found, remedy=remedy)


def _elsewhere(url: str) -> str:
    """Give the address to use: that of the catalogue, or its path and query on the host of MAILLAGE_SYNC_BASE."""
    base = os.environ.get(BASE)
    if not base:
        return url
    parts = urllib.parse.urlsplit(url)
    return base.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")


def _name_of(url: str, source_id: str) -> str:
    """Name a file after its address when that ends as a file does, else after its source."""
    name = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path)).name
    return name if Path(name).suffix else source_id


def _day_of(header: str) -> dt.date | None:
    """Read the day of a Last-Modified header; None when there is none that can be read."""
    try:
        return email.utils.parsedate_to_datetime(header).date()
    except (ValueError, TypeError):
        return None


def _link(part: Path, place: Path) -> None:
    """Give a file another name beside its own: what was downloaded stays where a next sync finds it."""
    try:
        os.link(part, place)
    except OSError:  # another disk, or a file system without links
        try:
            shutil.copyfile(part, place)
        except OSError as error:
            raise DiskFull(place, expected="de la place sur le disque", found=error.strerror) from error
