"""Official tables kept as JSON documents."""

import json
from pathlib import Path
from typing import Any, NoReturn

from data.errors import SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.raw_text import read_text
from geo.documents import parse_json


def read_document(path: Path) -> Any:
    """Return the value that a JSON file holds, refusing what JSON leaves ambiguous.

    Parameters
    ----------
    path
        File in UTF-8.

    Returns
    -------
    Any
        Dicts, lists, text, numbers, booleans and None.

    Raises
    ------
    SourceMissing
        When nothing is at this path.
    SourceUnreadable
        When the file is empty, cut, in another encoding or not JSON.
    SourceLayoutError
        When an object writes a key twice: Python would keep the last one without a word.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(pairs)
        if len(keys) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise SourceLayoutError(
                path, place=f"clé « {twice} »", expected="une clé écrite une fois", found="un doublon"
            )
        return keys

    def refuse(constant: str) -> NoReturn:
        raise SourceValueError(path, expected="un nombre fini", found=constant)

    text = read_text(path)
    try:
        return parse_json(text, object_pairs_hook=unique, parse_constant=refuse)
    except json.JSONDecodeError as error:
        place = f"ligne {error.lineno}, colonne {error.colno}"
        raise SourceUnreadable(path, place=place, expected="un document JSON entier", found=error) from error
    except (RecursionError, ValueError) as error:
        if isinstance(error, (SourceLayoutError, SourceValueError)):
            raise
        raise SourceUnreadable(path, expected="un document JSON", found=error) from error


def require_keys(record: object, *, needed: frozenset[str], path: Path, place: str) -> dict[str, Any]:
    """Return a record as a dict that has exactly the announced keys.

    Parameters
    ----------
    record
        Value found in the document.
    needed
        Its keys: all of them, and no other (an unknown key means that the format has changed).
    path, place
        For the message.

    Returns
    -------
    dict
        The record itself.

    Raises
    ------
    SourceLayoutError
        When the record is not an object, lacks a key or has one more.
    """
    keys = set(record) if isinstance(record, dict) else {f"{type(record).__name__}"}
    if not isinstance(record, dict) or keys != needed:
        expected = "les clés " + ", ".join(sorted(needed))
        raise SourceLayoutError(path, place=place, expected=expected, found=", ".join(sorted(keys)) or "aucune clé")
    return record
