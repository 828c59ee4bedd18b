"""What a portal says of a file before it is downloaded, and the address that is really asked."""

import contextlib
import datetime as dt
import hashlib
import json
import os
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from data.connection import FetchError
from data.errors import SourceUnreadable
from data.fetch import fetch_bytes, forget_download
from data.sources.registry import Address

BASE: Final = "MAILLAGE_SYNC_BASE"
"""Environment variable: protocol and host to take instead of those of the catalogue (a mirror, a test server)."""

_ABOUT_BYTES: Final = 2**22
_ALGORITHMS: Final = ("md5", "sha1", "sha256", "sha512")

Wait = Callable[[float], None]


class Told(NamedTuple):
    """What is said of a file before it is downloaded; empty where nothing is."""

    n_bytes: int | None = None
    algorithm: str = ""
    digest: str = ""
    modified_on: dt.date | None = None

    @property
    def published(self) -> str:
        """Hash as it is noted in the manifest of a version."""
        return f"{self.algorithm}:{self.digest}" if self.digest else ""


def ask_about(address: Address, wait: Wait) -> Told:
    """Ask the portal for the size and hash of a file: some publish neither, and none is worth failing for."""
    if not address.about:
        return Told()
    try:
        answer = fetch_bytes(elsewhere(address.about), attempts=2, largest_bytes=_ABOUT_BYTES, wait=wait)
        resource = json.loads(answer)["resource"]
        checksum = resource.get("checksum") or {}
        algorithm, digest = str(checksum.get("type", "")).lower(), str(checksum.get("value", "")).lower()
        n_bytes = resource.get("filesize")
        modified_on = None
        with contextlib.suppress(ValueError):
            modified_on = dt.date.fromisoformat(str(resource.get("last_modified"))[:10])
    except (FetchError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Told()
    if algorithm not in _ALGORITHMS:
        algorithm = digest = ""
    return Told(n_bytes if isinstance(n_bytes, int) else None, algorithm, digest, modified_on)


def require_as_told(part: Path, n_bytes: int, told: Told, name: str) -> None:
    """Refuse, and forget, a file that is not the one that the portal describes."""
    expected = found = ""
    if told.n_bytes is not None and n_bytes != told.n_bytes:
        expected, found = f"{told.n_bytes} octets annoncés", f"{n_bytes} octets"
    elif told.digest and (digest := hash_file(part, told.algorithm)) != told.digest:
        expected, found = f"l’empreinte {told.digest[:12]}… annoncée", f"{digest[:12]}…"
    if expected:
        forget_download(part)
        remedy = "Le fichier vient peut-être d’être remplacé : recommencez."
        raise SourceUnreadable(name, expected=expected, found=found, remedy=remedy)


def elsewhere(url: str) -> str:
    """Return the address to use: that of the catalogue, or its path and query on the host of MAILLAGE_SYNC_BASE."""
    base = os.environ.get(BASE)
    if not base:
        return url
    parts = urllib.parse.urlsplit(url)
    return base.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")


def hash_file(path: Path, algorithm: str) -> str:
    """Return the hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
