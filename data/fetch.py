"""The one door to the network: a GET with a time limit, repeated when the server is busy or the line breaks."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Final

from data.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

ATTEMPTS: Final = 4
FIRST_WAIT_S: Final = 0.5  # then twice as long each time
LONGEST_WAIT_S: Final = 30.0  # a server that asks for more is not waited for
LARGEST_BYTES: Final = 512 * 1024**2
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})  # statuses worth another attempt
_BLOCK_BYTES: Final = 1024**2


class FetchError(DataError, OSError):
    """An address could not be read: not http or https, refused, too slow, cut off, too large."""

    problem = "Lecture en ligne impossible"


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
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        expected = "une adresse http:// ou https://, sans identifiant ni mot de passe"
        raise FetchError(_shown(url), expected=expected, found=parts.scheme or "aucun protocole")
    fault = ""
    for attempt in range(max(attempts, 1)):
        asked_wait_s = 0.0
        try:
            return _get(url, timeout_s, largest_bytes)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in also_accept:
                    return error.read(largest_bytes)
            fault = f"statut {error.code} {error.reason}"
            if error.code not in _PASSING:
                break
            asked_wait_s = _seconds(error.headers.get("Retry-After"))
            if asked_wait_s > LONGEST_WAIT_S:
                fault += f", à rappeler dans {asked_wait_s:.0f} s"
                break
        except (OSError, http.client.HTTPException) as error:  # URLError, time-out, reset, IncompleteRead
            if isinstance(error, FetchError):
                raise
            fault = str(getattr(error, "reason", "") or error) or type(error).__name__
        if attempt + 1 < attempts:
            wait(max(asked_wait_s, min(FIRST_WAIT_S * 2**attempt, LONGEST_WAIT_S)))
    raise FetchError(_shown(url), expected="une réponse du serveur", found=fault)


def _get(url: str, timeout_s: float, largest_bytes: int) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": "maillage"})  # noqa: S310 - http or https, checked
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
