"""The one door to the network: a GET with a time limit, repeated when the server is busy or the line breaks.

Small answers come as bytes (`fetch_bytes`), large files go to the disk and are resumed where they broke (`download`).
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, Final, TypeVar

from data.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

ATTEMPTS: Final = 4
FIRST_WAIT_S: Final = 0.5  # then twice as long each time
LONGEST_WAIT_S: Final = 30.0  # a server that asks for more is not waited for
LARGEST_BYTES: Final = 512 * 1024**2
DOWNLOAD_ATTEMPTS: Final = 8
LARGEST_DOWNLOAD_BYTES: Final = 4 * 1024**3
_AGENT: Final = "Mozilla/5.0 (compatible; Maillage)"  # some portals answer 403 to a name of no browser's form
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses worth another attempt
_BLOCK_BYTES: Final = 1024**2
_DOWNLOAD_BLOCK_BYTES: Final = 2**16  # what a broken line loses


_Got = TypeVar("_Got")


class FetchError(DataError, OSError):
    """An address could not be read: not http or https, refused, too slow, cut off, too large."""

    problem = "Lecture en ligne impossible"


class DiskFull(DataError, OSError):  # noqa: N818 - named like a fault, as those of data/errors
    """The disk has no room left, or may not be written."""

    problem = "Écriture impossible"


def fetch_bytes(
    url: str,
    *,
    timeout_s: float = 30.0,
    attempts: int = ATTEMPTS,
    also_accept: Collection[int] = (),
    largest_bytes: int = LARGEST_BYTES,
    wait: Callable[[float], None] = time.sleep,
) -> bytes:
    """Read what is at an address.

    Repeated, with a wait that doubles from half a second, when the server says that it is busy (408, 425, 429, 5xx,
    `Retry-After` obeyed up to 30 s), does not answer in time, or breaks off; never when it refuses (other 4xx).

    Parameters
    ----------
    url : http or https address.
    timeout_s : seconds without an answer after which an attempt fails.
    attempts : at most so many, at least 1.
    also_accept : error statuses whose body is wanted all the same (a route service explains itself under 400).
    largest_bytes : a longer answer is refused.
    wait : sleeps so many seconds; replaced in tests.

    Returns
    -------
    The body.

    Raises
    ------
    FetchError
        The address is not http or https, holds a user name, or no attempt succeeded; the message gives the last fault.
    """

    def get() -> bytes:
        try:
            return _get(url, timeout_s, largest_bytes)
        except urllib.error.HTTPError as error:
            if error.code not in also_accept:
                raise
            with error:
                return error.read(largest_bytes)

    return _repeated(url, get, attempts=attempts, longest_wait_s=LONGEST_WAIT_S, wait=wait)


def download(
    url: str,
    into: Path,
    *,
    timeout_s: float = 30.0,
    attempts: int = DOWNLOAD_ATTEMPTS,
    largest_bytes: int = LARGEST_DOWNLOAD_BYTES,
    longest_wait_s: float = 120.0,
    wait: Callable[[float], None] = time.sleep,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> int:
    """Bring what is at an address to a file, from where a former attempt left it, even one that was killed.

    What is already there is kept only if the server still has the very same file (`If-Range` on its ETag or date, noted
    in a file beside it); else it starts again. Attempts and waits are those of `fetch_bytes`.

    Parameters
    ----------
    url : http or https address.
    into : file to write or to go on with; complete only when this returns.
    timeout_s : seconds without a byte after which an attempt fails; a slow link is no fault.
    attempts : at most so many, at least 1.
    largest_bytes : a longer file is refused.
    longest_wait_s : a server that asks for more is not waited for.
    wait : sleeps so many seconds; replaced in tests.
    progress : told the bytes there are and those there will be (None when the server does not say).

    Returns
    -------
    Size of the file, in bytes.

    Raises
    ------
    FetchError
        As `fetch_bytes`; or the address gives a web page instead of a file.
    DiskFull
        The disk has no room for it, or refuses to be written.
    """

    def get() -> int:
        return _go_on(url, into, timeout_s, largest_bytes, progress)

    return _repeated(url, get, attempts=attempts, longest_wait_s=longest_wait_s, wait=wait)


def forget_download(into: Path) -> None:
    """Remove what `download` left of a file, so that the next one starts from nothing."""
    into.unlink(missing_ok=True)
    _note_of(into).unlink(missing_ok=True)


def modified_header(into: Path) -> str:
    """Give the day that the server gave to a file brought by `download`, as it wrote it; empty when it did not."""
    try:
        note = json.loads(_note_of(into).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(note.get("modified") or "") if isinstance(note, dict) else ""


def _repeated(
    url: str, get: Callable[[], _Got], *, attempts: int, longest_wait_s: float, wait: Callable[[float], None]
) -> _Got:
    """Try until it succeeds, is refused for good, or has failed often enough."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        expected = "une adresse http:// ou https://, sans identifiant ni mot de passe"
        raise FetchError(_shown(url), expected=expected, found=parts.scheme or "aucun protocole")
    fault = ""
    for attempt in range(max(attempts, 1)):
        asked_wait_s = 0.0
        try:
            return get()
        except urllib.error.HTTPError as error:
            error.close()
            fault = f"statut {error.code} {error.reason}"
            if error.code not in _PASSING:
                break
            asked_wait_s = _seconds(error.headers.get("Retry-After"))
            if asked_wait_s > longest_wait_s:
                fault += f", à rappeler dans {asked_wait_s:.0f} s"
                break
        except (OSError, http.client.HTTPException) as error:  # URLError, time-out, reset, IncompleteRead
            if isinstance(error, DataError):
                raise
            fault = str(getattr(error, "reason", "") or error) or type(error).__name__
        if attempt + 1 < attempts:
            wait(max(asked_wait_s, min(FIRST_WAIT_S * 2**attempt, longest_wait_s, LONGEST_WAIT_S)))
    raise FetchError(_shown(url), expected="une réponse du serveur", found=fault)


def _get(url: str, timeout_s: float, largest_bytes: int) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT})  # noqa: S310 - http or https, checked
    with _OPENER.open(request, timeout=timeout_s) as answer:
        body = bytearray()
        while block := answer.read(_BLOCK_BYTES):
            body += block
            if len(body) > largest_bytes:
                raise FetchError(_shown(url), expected=f"au plus {largest_bytes} octets", found="davantage")
        announced = answer.headers.get("Content-Length")
        if announced is not None and int(announced) != len(body):  # read(n) stops in silence at a broken line
            raise http.client.IncompleteRead(bytes(body), int(announced) - len(body))
        return bytes(body)


def _go_on(
    url: str, into: Path, timeout_s: float, largest_bytes: int, progress: Callable[[int, int | None], None]
) -> int:
    """Make one attempt at the rest of a file; give its size when it is whole."""
    start, validator = _left_of(url, into)
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}  # a range of a compressed answer means nothing
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": validator}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - http or https, checked
    try:
        answer = _OPENER.open(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        if error.headers.get("Content-Range") == f"bytes */{start}":  # killed between the last byte and the return
            return start
        forget_download(into)
        raise ConnectionError("reprise refusée") from error
    with answer:
        if answer.headers.get_content_type() == "text/html":
            raise FetchError(_shown(url), expected="un fichier de données", found="une page HTML")
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            start = 0
        elif not str(answer.headers.get("Content-Range")).startswith(f"bytes {start}-"):
            forget_download(into)
            raise ConnectionError("reprise à un autre endroit que demandé")
        announced = answer.headers.get("Content-Length")
        total = start + int(announced) if announced is not None else None
        if total is not None:
            _require_size(url, total, largest_bytes)
            _require_room(into, total - start)
        return _write(answer, url, into, start, total, largest_bytes, progress)


def _write(
    answer: Any,
    url: str,
    into: Path,
    start: int,
    total: int | None,
    largest_bytes: int,
    progress: Callable[[int, int | None], None],
) -> int:
    """Write the body of an answer after the first `start` bytes of a file, every fault of the disk told apart."""
    done = start
    try:
        note = {"url": url, "validator": _validator(answer.headers), "modified": answer.headers.get("Last-Modified")}
        _note_of(into).write_text(json.dumps(note), encoding="utf-8")
        file = into.open("r+b" if start else "wb")
    except OSError as error:
        raise DiskFull(into, expected="un fichier que l’on peut écrire", found=error.strerror) from error
    with file:
        file.seek(start)
        progress(done, total)
        while block := answer.read(_DOWNLOAD_BLOCK_BYTES):
            done += len(block)
            _require_size(url, done, largest_bytes)
            try:
                file.write(block)
                file.flush()
            except OSError as error:
                raise DiskFull(into, expected="de la place sur le disque", found=error.strerror) from error
            progress(done, total)
        os.fsync(file.fileno())
    if total is not None and done != total:  # read(n) stops in silence at a broken line
        raise http.client.IncompleteRead(b"", total - done)
    return done


def _left_of(url: str, into: Path) -> tuple[int, str]:
    """Give the size of what is left of a former attempt, and what tells the server which file it was; 0 if nothing."""
    try:
        note = json.loads(_note_of(into).read_text(encoding="utf-8"))
        size = into.stat().st_size
    except (OSError, ValueError):
        return 0, ""
    if not isinstance(note, dict) or note.get("url") != url or not note.get("validator"):
        return 0, ""
    return size, str(note["validator"])


def _note_of(into: Path) -> Path:
    return into.with_name(into.name + ".json")


def _validator(headers: http.client.HTTPMessage) -> str:
    """Give the strong ETag of a file, else its date: a weak ETag does not promise the same bytes."""
    etag = headers.get("ETag") or ""
    return etag if re.fullmatch(r'"[^"]*"', etag) else headers.get("Last-Modified") or ""


def _require_size(url: str, n_bytes: int, largest_bytes: int) -> None:
    if n_bytes > largest_bytes:
        raise FetchError(_shown(url), expected=f"au plus {largest_bytes} octets", found="davantage")


def _require_room(into: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(into.parent).free
    if free < n_bytes:
        raise DiskFull(into, expected=f"{n_bytes / 1e6:.1f} Mo libres sur le disque", found=f"{free / 1e6:.1f} Mo")


class _SameProtocol(urllib.request.HTTPRedirectHandler):
    """Follow redirections to http and https only: urllib would also follow one to ftp."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - the signature is urllib's
        if urllib.parse.urlsplit(newurl).scheme not in ("http", "https"):
            raise FetchError(_shown(req.full_url), expected="une redirection en http ou https", found=newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER: Final = urllib.request.build_opener(_SameProtocol)


def _seconds(retry_after: str | None) -> float:
    """Read the seconds of `Retry-After`; 0 when absent or given as a date."""
    return float(retry_after) if retry_after and retry_after.isdigit() else 0.0


def _shown(url: str) -> str:
    """Give an address without user, password or query, which may hold a key."""
    address = urllib.parse.urlsplit(url)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"
