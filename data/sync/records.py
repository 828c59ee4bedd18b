"""The records of a data set of an Explore API (version 2), page by page."""

import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from data.errors import SourceUnreadable
from data.fetch import DiskFull, fetch_bytes, forget_download
from data.sync.announced import Wait, elsewhere
from geo.documents import parse_json

_PAGE_BYTES: Final = 2**26
_PAGE_RECORDS: Final = 100
_MOST_RECORDS: Final = 10_000
"""An Explore API gives a hundred records at a time, ten thousand in all: more is to be taken from its exports."""


Progress = Callable[[int, int | None], None]


def bring_records(url: str, into: Path, *, name: str, progress: Progress, wait: Wait) -> None:
    """Read every record of a data set, into a file of one JSON object a line.

    Parameters
    ----------
    url
        Address of the records, with whatever chooses them.
    into
        File to write; what a former run left of it is removed, for pages of two days would not go together.
    name
        Name of the source, for the messages.
    progress
        Told the records there are and those there will be.
    wait
        Sleeps so many seconds.

    Raises
    ------
    FetchError
        When a page cannot be read.
    SourceUnreadable
        When a page is none, the pages do not add up, or there are more than the interface gives.
    DiskFull
        When the file cannot be written.
    """
    forget_download(into)
    lines: list[str] = []
    total: int | None = None
    while total is None or len(lines) < total:
        page, announced = _page(url, len(lines), wait)
        if announced > _MOST_RECORDS:
            raise SourceUnreadable(name, expected=f"au plus {_MOST_RECORDS} enregistrements", found=str(announced))
        is_short = announced > len(lines) and not page
        if is_short or len(lines) + len(page) > announced or total not in (None, announced):
            raise SourceUnreadable(
                name,
                place=f"page commençant à {len(lines)}",
                expected=f"{announced if total is None else total} enregistrements en tout",
                found=f"{len(page)} dans cette page, {announced} annoncés",
                remedy="Les données viennent peut-être d’être remplacées : recommencez.",
            )
        total = announced
        lines += [json.dumps(record, ensure_ascii=False) + "\n" for record in page]
        progress(len(lines), total)
    try:
        into.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise DiskFull(into, expected="de la place sur le disque", found=error.strerror) from error


def _page(url: str, offset: int, wait: Wait) -> tuple[list[Any], int]:
    """Return the records of a page, and how many there are in all."""
    asked = f"{url}{'&' if '?' in url else '?'}limit={_PAGE_RECORDS}&offset={offset}"
    body = fetch_bytes(elsewhere(asked), largest_bytes=_PAGE_BYTES, wait=wait)
    shown = urllib.parse.urlsplit(url).path
    try:
        answer = parse_json(body)
        records, total = answer["results"], answer["total_count"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceUnreadable(
            shown, expected="results et total_count (JSON)", found=body[:80].decode(errors="replace")
        ) from error
    if not isinstance(records, list) or type(total) is not int:
        raise SourceUnreadable(shown, expected="une liste results et un nombre total_count", found=str(answer))
    return records, total
