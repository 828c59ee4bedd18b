"""A small JSON file that a reader gives: read without trusting it, its faults placed line by line, in French."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from coverage.errors import CoverageError

MAX_BYTES: Final = 1_000_000


class JsonDocumentError(CoverageError, ValueError):
    """The file is too large, is no UTF-8 or no JSON; the message is for the reader and names the line."""


@dataclass(frozen=True)
class Places:
    """Where in a text each key and each object of its list begin.

    Attributes
    ----------
    what
        What the reader calls the file: "Scénario".
    text
        The file.
    """

    what: str
    text: str
    _items: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_items", list(_lines_of_inner_objects(self.text)))

    def of_key(self, key: str) -> str:
        """Return the place of a key: "Scénario, ligne 3"; the first line when the key is absent."""
        found = re.search(rf'"{re.escape(key)}"\s*:', self.text)
        return f"{self.what}, ligne {self.text.count(chr(10), 0, found.start()) + 1 if found else 1}"

    def of_item(self, rank: int) -> str:
        """Return the place of an object of the list, by its rank from 0."""
        return f"{self.what}, ligne {self._items[rank]}"


def read_json(content: str | bytes, what: str, *, most_bytes: int = MAX_BYTES) -> tuple[Any, Places]:
    """Read a file, trusting nothing of it.

    Parameters
    ----------
    content
        The file, UTF-8 (a byte-order mark is let through), at most a million bytes unless said otherwise.
    what
        What the reader calls it, at the head of every message.
    most_bytes
        The largest file that is read.

    Returns
    -------
    tuple of Any and Places
        Its values, of any kind, and where they stand.

    Raises
    ------
    JsonDocumentError
        See the class; numbers and brackets beyond measure are refused too.
    """
    text = _decode(content, what, most_bytes)

    def refuse_constant(name: str) -> NoReturn:
        raise JsonDocumentError(f"{what} : attendu des nombres, trouvé {name}.")

    try:
        return json.loads(text, parse_constant=refuse_constant), Places(what, text)
    except json.JSONDecodeError as error:
        place = f"{what}, ligne {error.lineno}, colonne {error.colno}"
        raise JsonDocumentError(f"{place} : attendu du JSON, trouvé {_extract(text, error.pos)}.") from error
    except RecursionError as error:
        raise JsonDocumentError(f"{what} : attendu un objet simple, trouvé trop de crochets imbriqués.") from error
    except ValueError as error:
        if isinstance(error, JsonDocumentError):
            raise
        raise JsonDocumentError(f"{what} : attendu des nombres ordinaires, trouvé un nombre démesuré.") from error


def quote(value: object) -> str:
    """Write a value found in a file for a message: cut to 40 characters, « rien » for null."""
    return "rien" if value is None else f"« {_whole_characters(str(value))[:40]} »"


def is_text(value: object, most: int) -> bool:
    """Tell whether a value is a text of at most so many characters that can be written again.

    JSON lets halves of characters through.
    """
    return isinstance(value, str) and len(value) <= most and value == _whole_characters(value)


def _decode(content: str | bytes, what: str, most_bytes: int) -> str:
    if len(content) > most_bytes:
        raise JsonDocumentError(f"{what} : attendu au plus {most_bytes} octets, trouvé {len(content)}.")
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise JsonDocumentError(f"{what}, ligne {line} : attendu du texte UTF-8, trouvé d’autres octets.") from error


def _extract(text: str, position: int) -> str:
    found = text[position : position + 20].split("\n", maxsplit=1)[0]
    return f"« {found} »" if found else "la fin du fichier ou de la ligne"


def _whole_characters(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _lines_of_inner_objects(text: str) -> list[int]:
    """Return the line where each object of the second depth of lists and objects begins, in order."""
    starts, depth, line, in_string, escaped = [], 0, 1, False, False
    for letter in text:
        line += letter == "\n"
        if in_string:
            in_string = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            in_string = True
        elif letter in "{[":
            if letter == "{" and depth == 2:  # noqa: PLR2004 - inside the file's object and its list of changes
                starts.append(line)
            depth += 1
        elif letter in "}]":
            depth -= 1
    return starts
