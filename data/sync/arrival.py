"""What a source sends, brought to the disk: one file, several, or the pages of an API; whole, and as announced."""

import dataclasses
import datetime as dt
import email.utils
import hashlib
import os
import shutil
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from data.connection import FetchError
from data.errors import SourceMissing
from data.fetch import DiskFull, download, forget_download, modified_header
from data.sources.registry import Address, Remote
from data.sync.announced import Wait, ask_about, elsewhere, hash_file, require_as_told
from data.sync.records import Progress, bring_records
from data.sync.unpacking import unpack

OWN_FILE: Final = "fichier de l’utilisateur"
"""What stands for the address of a file that the user gave."""

_DOWNLOAD: Final = "download.part"
_DOWNLOADS: Final = "download.parts"

Say = Callable[[str], None]


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
            if address.records:
                part = home / _DOWNLOAD
                bring_records(address.records, part, name=remote.title, progress=progress, wait=wait)
                parts, modified_on = {f"{remote.id}.jsonl": part}, None
            else:
                parts, modified_on = _bring_files(address, home, progress, wait)
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
    """Return what the maker reads: a file under its own name, or a folder of files, each taken out of its archive.

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
    """Return the SHA-256 of a file, or of several: of their names and hashes, in order."""
    if len(parts) == 1:
        return hash_file(next(iter(parts.values())), "sha256")
    lines = [f"{name} {hash_file(path, 'sha256')}\n" for name, path in sorted(parts.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _bring_file(
    remote: Remote, address: Address, home: Path, in_use: dict[str, Any] | None, progress: Progress, wait: Wait
) -> Arrival:
    told = ask_about(address, wait)
    arrival = Arrival({}, address.file, told.published, "", address.unpack, address.year, told.modified_on)
    if in_use is not None and told.published and told.published == in_use.get("published"):
        return dataclasses.replace(arrival, sha256=in_use["sha256"])
    part, name = home / _DOWNLOAD, _name_of(address.file, remote.id)
    n_bytes = download(elsewhere(address.file), part, progress=progress, wait=wait)
    require_as_told(part, n_bytes, told, name)
    parts = {name: part}
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

        before += download(elsewhere(url), part, progress=go_on, wait=wait)
        parts[name] = part
        days.append(_day_of(modified_header(part)))
    progress(before, before)
    return parts, max(filter(None, days), default=None)


def _name_of(url: str, source_id: str) -> str:
    """Name a file after its address when that ends as a file does, else after its source."""
    name = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path)).name
    return name if Path(name).suffix else source_id


def _day_of(header: str) -> dt.date | None:
    """Read the day of a Last-Modified header; None when there is none that can be read."""
    try:
        return email.utils.parsedate_to_datetime(header).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _link(part: Path, place: Path) -> None:
    """Return a file another name beside its own: what was downloaded stays where a next sync finds it."""
    try:
        os.link(part, place)
    except OSError:  # another disk, or a file system without links
        try:
            shutil.copyfile(part, place)
        except OSError as error:
            raise DiskFull(place, expected="de la place sur le disque", found=error.strerror) from error
