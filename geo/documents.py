"""Documents of our own (TOML parameters, JSON pointers and manifests): read whole, or refused by name.

A hand edit, a cut copy, a merge mark, a folder in the place of the file, a million brackets: each is the fault of one
file, that the message names. What cannot do without it says so; the rest goes on.
"""

from __future__ import annotations

import json
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from geo.errors import GeoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LARGEST_BYTES: Final = 50_000_000
_LONGEST: Final = 200


class DocumentError(GeoError, ValueError):
    """A document of ours cannot be read, or is not what its name announces.

    Attributes
    ----------
    expected, found
        In French, for who names the fault otherwise.
    """

    def __init__(self, path: Path, expected: str, found: object) -> None:
        self.expected, self.found = expected, str(found)[:_LONGEST].rstrip(".")
        super().__init__(f"Fichier abîmé : {path.name}. Attendu : {expected}. Trouvé : {self.found}. {self.remedy()}")

    @staticmethod
    def remedy() -> str:
        """Say how to repair it."""
        return "Reprenez ce fichier du dépôt (« git checkout ») ou d’une sauvegarde."


class DocumentMissing(DocumentError, FileNotFoundError):
    """The document is not there."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML document.

    Raises
    ------
    DocumentError
        It is absent, a folder, too large, not UTF-8, or not TOML.
    """
    document: dict[str, Any] = _read(path, "un fichier TOML", tomllib.loads)
    return document


def read_json(path: Path) -> Any:
    """Read a JSON document.

    Raises
    ------
    DocumentError
        It is absent, a folder, too large, not UTF-8, or not JSON.
    """
    return _read(path, "un document JSON", parse_json)


def parse_json(text: str | bytes, **hooks: Any) -> Any:
    r"""Read JSON as `json.loads` does, refusing halves of characters (« \ud800 »), that nothing can write again.

    Raises
    ------
    ValueError
        It is not JSON, or a text of it holds half a character.
    RecursionError
        It is nested without end.
    """
    value = json.loads(text, **hooks)
    if ("\\ud" if isinstance(text, str) else b"\\ud") in text.lower():  # type: ignore[operator]
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"une moitié de caractère : {error.object[error.start]!a}") from error
    return value


@contextmanager
def parameters_of(path: Path) -> Iterator[None]:
    """Name the file when what is made of it lacks a value, or one of another type or out of its bounds.

    Raises
    ------
    DocumentError
        Anything went wrong inside.
    """
    try:
        yield
    except GeoError:
        raise
    # A value that is not what we use it as fails in as many ways as there are uses.
    except Exception as error:
        found = f"sans la clé {error}" if isinstance(error, KeyError) else error
        raise DocumentError(path, "les paramètres livrés avec Maillage", found) from error


def _read(path: Path, expected: str, parse: Callable[[str], Any]) -> Any:
    try:
        with path.open("rb") as file:
            contents = file.read(LARGEST_BYTES + 1)
        if len(contents) > LARGEST_BYTES:
            raise DocumentError(path, f"{LARGEST_BYTES // 10**6} Mo au plus", "davantage")
        return parse(contents.decode("utf-8"))
    except FileNotFoundError as error:
        raise DocumentMissing(path, expected, "aucun fichier") from error
    except OSError as error:
        raise DocumentError(path, expected, error.strerror or error) from error
    except RecursionError as error:
        raise DocumentError(path, expected, "une imbrication sans fin") from error
    except ValueError as error:  # of the decoder and of both parsers
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(path, expected, error) from error
