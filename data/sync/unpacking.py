"""What is inside a downloaded archive (zip, gzip): written out whole or refused, never more than a disk should bear."""

import fnmatch
import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from data.errors import SourceLayoutError, SourceUnreadable, named_faults
from data.fetch import DiskFull

LARGEST_BYTES: Final = 8 * 1024**3
"""Bytes that an archive may hold in all: the largest official file, that of the RPPS, has one."""

LARGEST_RATIO: Final = 400
"""Times that a file may be larger than its archive: official texts reach thirty, a zip bomb a thousand."""

_SMALL_BYTES: Final = 2**24
"""A file under this is no bomb, whatever its ratio."""

_BLOCK_BYTES: Final = 2**20
_WORKBOOK_PART: Final = "[Content_Types].xml"
_BEGINNINGS: Final = {b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"\x1f\x8b": "gzip"}


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def unpack(archive: Path, wanted: str, into: Path, *, name: str = "contents") -> Path:
    """Write the wanted files of an archive in a folder; give the file, or the folder when there are several.

    Parameters
    ----------
    archive
        A zip, a gzip (of one file), or anything else, which is given back as it is: a server may well unpack what it
        announces, and what is no data at all is for the reader to refuse.
    wanted
        Pattern of the names of the wanted files within a zip (`DS_BPE_*_data.csv`), folders left aside, whatever the
        case.
    into
        An existing folder.
    name
        Name of what is written from a gzip, which holds none.

    Returns
    -------
    pathlib.Path
        The only file, or the folder.

    Raises
    ------
    SourceUnreadable
        When the archive is cut, damaged, encrypted, or holds more than it should.
    SourceLayoutError
        When no file of that name is in it.
    DiskFull
        When they cannot be written.
    """
    with archive.open("rb") as file:
        beginning = file.read(4)
    kind = next((kind for mark, kind in _BEGINNINGS.items() if beginning.startswith(mark)), "")
    if not kind:
        return archive
    limit = max(min(LARGEST_BYTES, archive.stat().st_size * LARGEST_RATIO), _SMALL_BYTES)
    with named_faults(archive, f"une archive {kind} complète"):
        if kind == "gzip":
            with gzip.open(archive) as source:
                _write(source, into / name, limit, archive)
            return into / name
        return _unpack_zip(archive, wanted, into, limit)


def _unpack_zip(archive: Path, wanted: str, into: Path, limit: int) -> Path:
    with zipfile.ZipFile(archive) as opened:
        if _WORKBOOK_PART in opened.namelist():  # a workbook is a zip too, and is to be read as it is
            return archive
        found = [entry for entry in opened.infolist() if not entry.is_dir() and _is_wanted(entry.filename, wanted)]
        if not found:
            inside = ", ".join(entry.filename for entry in opened.infolist()[:10]) or "une archive vide"
            raise SourceLayoutError(archive, expected=f"un fichier « {wanted} » dans l’archive", found=inside)
        written = []
        for entry in found:
            path = into / _own_name(entry.filename)  # the last part alone: an archive may not choose a folder
            with opened.open(entry) as source:
                limit -= _write(source, path, limit, archive)
            written.append(path)
    return written[0] if len(written) == 1 else into


def _is_wanted(name: str, wanted: str) -> bool:
    return fnmatch.fnmatchcase(_own_name(name).lower(), wanted.lower())


def _own_name(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _write(source: _Readable, path: Path, limit: int, archive: Path) -> int:
    """Write a stream to a file; give its size, counted as it comes: what an archive announces proves nothing."""
    size = 0
    with _opened(path) as file:
        for block in _blocks(source):
            size += len(block)
            if size > limit:
                raise SourceUnreadable(
                    archive,
                    place=path.name,
                    expected=f"au plus {limit / 1e6:.0f} Mo une fois décompressé",
                    found="davantage (archive piégée ?)",
                )
            try:
                file.write(block)
            except OSError as error:
                raise DiskFull(path, expected="de la place sur le disque", found=error.strerror) from error
    return size


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("wb")
    except OSError as error:
        raise DiskFull(path, expected="un fichier que l’on peut écrire", found=error.strerror) from error


def _blocks(source: _Readable) -> Iterator[bytes]:
    while block := source.read(_BLOCK_BYTES):
        yield block
