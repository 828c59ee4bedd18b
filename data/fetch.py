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

from data.connection import FetchError, blocks, open_address, shown_address, words_of
from data.errors import DataError
from geo.documents import DocumentError, read_json

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


class DiskFull(DataError, OSError):
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
    for path in (into, _note_of(into)):
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)


def modified_header(into: Path) -> str:
    """Return the day that the server gave to a file brought by `download`, as it wrote it; empty when it did not."""
    return str(_read_note(into).get("modified") or "")


def _repeated(
    url: str, get: Callable[[], _Got], *, attempts: int, longest_wait_s: float, wait: Callable[[float], None]
) -> _Got:
    """Try until it succeeds, is refused for good, or has failed often enough."""
    _require_web(url)
    fault = ""
    for attempt in range(max(attempts, 1)):
        asked_wait_s = 0.0
        try:
            return get()
        except urllib.error.HTTPError as error:
            error.close()
            fault = words_of(error)
            if error.code not in _PASSING:
                break
            asked_wait_s = _seconds(error.headers.get("Retry-After"))
            if asked_wait_s > longest_wait_s:
                fault += f", à rappeler dans {asked_wait_s:.0f} s"
                break
        except DataError:
            raise
        # A line that breaks, or a header or a redirection that says nothing: the server's fault, as a cut is.
        except (OSError, http.client.HTTPException, ValueError) as error:
            fault = words_of(error)
        if attempt + 1 < attempts:
            wait(max(asked_wait_s, min(FIRST_WAIT_S * 2**attempt, longest_wait_s, LONGEST_WAIT_S)))
    raise FetchError(shown_address(url), expected="une réponse du serveur", found=fault)


def _require_web(url: str) -> None:
    """Refuse an address that is not of the web, or tells who asks."""
    expected = "une adresse http:// ou https://, sans identifiant ni mot de passe"
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError as error:
        raise FetchError("adresse incorrecte", expected=expected, found=error) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise FetchError(shown_address(url), expected=expected, found=parts.scheme or "aucun protocole")


def _get(url: str, timeout_s: float, largest_bytes: int) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT})  # noqa: S310 - http or https, checked
    with open_address(request, timeout_s) as answer:
        body = bytearray()
        for block in blocks(answer, _BLOCK_BYTES):
            body += block
            if len(body) > largest_bytes:
                raise FetchError(shown_address(url), expected=f"au plus {largest_bytes} octets", found="davantage")
        announced = _announced(answer.headers)
        if announced is not None and announced != len(body):  # read1(n) stops in silence at a broken line
            raise http.client.IncompleteRead(bytes(body), announced - len(body))
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
        answer = open_address(request, timeout_s)
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
            raise FetchError(shown_address(url), expected="un fichier de données", found="une page HTML")
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            start = 0
        elif not str(answer.headers.get("Content-Range")).startswith(f"bytes {start}-"):
            forget_download(into)
            raise ConnectionError("reprise à un autre endroit que demandé")
        announced = _announced(answer.headers)
        total = start + announced if announced is not None else None
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
        for block in blocks(answer, _DOWNLOAD_BLOCK_BYTES):
            done += len(block)
            _require_size(url, done, largest_bytes)
            try:
                file.write(block)
                file.flush()
            except OSError as error:
                raise DiskFull(into, expected="de la place sur le disque", found=error.strerror) from error
            progress(done, total)
        os.fsync(file.fileno())
    if total is not None and done != total:  # read1(n) stops in silence at a broken line
        raise http.client.IncompleteRead(b"", total - done)
    return done


def _left_of(url: str, into: Path) -> tuple[int, str]:
    """Give the size of what is left of a former attempt, and what tells the server which file it was; 0 if nothing."""
    note = _read_note(into)
    try:
        size = into.stat().st_size
    except OSError:
        return 0, ""
    if note.get("url") != url or not note.get("validator"):
        return 0, ""
    return size, str(note["validator"])


def _read_note(into: Path) -> dict[str, Any]:
    """Read what was noted beside a download; nothing when it is absent or damaged: the download then starts again."""
    try:
        note = read_json(_note_of(into))
    except DocumentError:
        return {}
    return note if isinstance(note, dict) else {}


def _note_of(into: Path) -> Path:
    return into.with_name(into.name + ".json")


def _validator(headers: http.client.HTTPMessage) -> str:
    """Return the strong ETag of a file, else its date: a weak ETag does not promise the same bytes."""
    etag = headers.get("ETag") or ""
    date = headers.get("Last-Modified") or ""
    return etag if re.fullmatch(r'"[!#-~]*"', etag) else date if re.fullmatch(r"[ -~]*", date) else ""


def _require_size(url: str, n_bytes: int, largest_bytes: int) -> None:
    if n_bytes > largest_bytes:
        raise FetchError(shown_address(url), expected=f"au plus {largest_bytes} octets", found="davantage")


def _require_room(into: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(into.parent).free
    if free < n_bytes:
        raise DiskFull(into, expected=f"{n_bytes / 1e6:.1f} Mo libres sur le disque", found=f"{free / 1e6:.1f} Mo")


def _seconds(retry_after: str | None) -> float:
    """Read the seconds of `Retry-After`; 0 when absent or given as a date."""
    return float(retry_after) if retry_after and re.fullmatch(r"[0-9]{1,9}", retry_after) else 0.0


def _announced(headers: http.client.HTTPMessage) -> int | None:
    """Read the size that an answer announces (bytes); None when it announces none.

    Raises
    ------
    ValueError
        What stands there is no size: to be treated as an error (RFC 9110, 8.6).
    """
    announced = headers.get("Content-Length")
    if announced is not None and not re.fullmatch(r"[0-9]{1,15}", announced.strip()):
        raise ValueError(announced[:40])
    return None if announced is None else int(announced)
