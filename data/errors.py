"""One named error per fault of the data; each message is a French sentence that the screen can show as it is.

A message always answers four questions: which file (or table), which place in it, what was expected ("attendu"), and
what was found ("trouvé"). Every class also inherits the built-in exception that a caller who knows nothing of this
module would catch.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final

from geo.errors import GeoError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_EXCERPT = 300
"""Characters kept of an expected or found value: a message must stay readable in a banner."""


class DataError(Exception):
    """Any fault of the data; the sentence is built from four fields.

    Parameters
    ----------
    file : pathlib.Path or str
        File, or name of the table, at fault. Only the last part of a path is shown: folders are nobody's business.
    place : str, optional
        Sheet, line, column, key: where in the file.
    expected, found : object, optional
        What the place should hold, and what it holds. Shortened to 300 characters.
    remedy : str, optional
        A sentence on what the user can do about it.
    """

    problem: ClassVar[str] = "Donnée fautive"
    """Opening words of the sentence, in French."""

    def __init__(
        self, file: Path | str, *, place: str = "", expected: object = None, found: object = None, remedy: str = ""
    ) -> None:
        self.file = file
        self.place = place
        self.expected = _excerpt(expected)
        self.found = _excerpt(found)
        self.remedy = remedy
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        name = getattr(self.file, "name", "") or str(self.file)
        where = f", {self.place}" if self.place else ""
        parts = [f"{self.problem} : {name}{where}."]
        if self.expected:
            parts.append(f"Attendu : {self.expected}.")
        if self.found:
            parts.append(f"Trouvé : {self.found}.")
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(parts)

    def __str__(self) -> str:
        """Return the sentence alone (OSError and its kin would otherwise print an errno)."""
        return self._sentence()

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error cross a process boundary: the default cannot call a constructor with keyword-only fields."""
        return (_rebuild, (type(self), self.file, self.place, self.expected, self.found, self.remedy))


class SourceMissing(DataError, FileNotFoundError):
    """The file is not where it was announced."""

    problem = "Fichier absent"


class SourceUnreadable(DataError, ValueError):
    """The file cannot be read at all: wrong encoding, truncated, not the announced format."""

    problem = "Fichier illisible"


class FileRefused(DataError, ValueError):
    """The file is too large for what it is, or made to harm."""

    problem = "Fichier refusé"


class SourceLayoutError(DataError, ValueError):
    """The file is readable but its sheets, header, columns or keys are not those of the official format."""

    problem = "Présentation inattendue"


class SourceValueError(DataError, ValueError):
    """A cell holds a value that the official format does not allow."""

    problem = "Valeur inattendue"


class ContractError(DataError, ValueError):
    """A table that we made breaks its contract (columns, types, key, bounds, links)."""

    problem = "Table non conforme à son contrat"


class SnapshotMissing(DataError, FileNotFoundError):
    """A table of the embedded snapshot, or its manifest, is absent."""

    problem = "Donnée embarquée absente"


class SnapshotDamaged(DataError, ValueError):
    """A table of the embedded snapshot is not the one its manifest describes."""

    problem = "Donnée embarquée abîmée"


class CatalogError(DataError, ValueError):
    """The catalogue of sources is incomplete or contradicts itself."""

    problem = "Catalogue des sources incorrect"


@contextmanager
def named_faults(file: Path | str, expected: str, *, place: str = "") -> Iterator[None]:
    """Join to the family whatever a library raises on a damaged file: stand it at the boundary of each library.

    Which classes a decoder, a parser or a geometry engine may raise is written nowhere, and changes with its versions.

    Parameters
    ----------
    file
        File at fault.
    expected
        What it should be, in French.
    place
        Where in the file, when it is known.

    Raises
    ------
    SourceUnreadable
        For anything that is not an error of ours already.
    """
    try:
        yield
    except (DataError, GeoError):
        raise
    except Exception as error:
        raise SourceUnreadable(file, place=place, expected=expected, found=error) from error


def words_of(error: BaseException) -> str:
    r"""Say in French what a library found of a file, by the class that it raised; what it wrote is English, often.

    Examples
    --------
    >>> words_of(EOFError("Compressed file ended before the end-of-stream marker was reached"))
    'un fichier coupé avant sa fin'
    >>> words_of(UnicodeDecodeError("utf-8", b"Foix\xe9", 4, 5, "invalid start byte"))
    'un octet qui n’est pas de l’UTF-8 (octet 5)'
    """
    for kind in type(error).__mro__:
        words = _WORDS_OF.get(f"{kind.__module__}.{kind.__qualname__}")
        if words:
            return words
    if isinstance(error, UnicodeDecodeError):
        return f"un octet qui n’est pas de l’{error.encoding.upper()} (octet {error.start + 1})"
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    said, kind_name = str(error), type(error).__name__
    if kind_name == "JSONDecodeError":
        return next(
            (words for start, words in _WORDS_OF_JSON.items() if said.startswith(start)), getattr(error, "msg", said)
        )
    return said if isinstance(error, (DataError, GeoError)) else f"{said} ({kind_name})" if said else kind_name


_WORDS_OF: Final = {
    "builtins.EOFError": "un fichier coupé avant sa fin",
    "builtins.RecursionError": "une imbrication démesurée",
    "gzip.BadGzipFile": "un fichier gzip abîmé",
    "zlib.error": "un contenu compressé abîmé",
    "zipfile.BadZipFile": "une archive abîmée",
    "tarfile.TarError": "une archive abîmée",
    "_csv.Error": "un texte délimité abîmé",
    "pandas.errors.ParserError": "un tableau dont les lignes n’ont pas le même nombre de cellules",
    "pyarrow.lib.ArrowException": "un fichier Parquet abîmé",
    "shapely.errors.ShapelyError": "une forme géométrique incorrecte",
    "pyproj.exceptions.ProjError": "une projection inconnue",
    "python_calamine.PasswordError": "un classeur protégé par un mot de passe",
    "python_calamine.CalamineError": "un classeur abîmé",
}
"""What a class of error of a library says of a file, by its name: none of them is imported for it."""

_WORDS_OF_JSON: Final = {
    "Expecting value": "un JSON où une valeur manque",
    "Expecting property name": "un JSON où le nom d’une clé manque",
    "Expecting": "un JSON où un signe manque",
    "Unterminated string": "un JSON où un texte n’est pas refermé",
    "Invalid": "un JSON avec un signe interdit",
    "Extra data": "un JSON suivi d’autre chose",
    "Illegal trailing comma": "un JSON avec une virgule de trop",
    "Unexpected": "un JSON incorrect",
}


def _excerpt(value: object) -> str:
    """Return `value` as text short enough for a message."""
    try:
        text = (
            "" if value is None else (words_of(value) if isinstance(value, BaseException) else str(value)).rstrip(".")
        )
    except (RecursionError, ValueError):  # a value nested too deep, an integer of thousands of digits
        text = f"une valeur démesurée ({type(value).__name__})"
    return text if len(text) <= _LONGEST_EXCERPT else text[: _LONGEST_EXCERPT - 1] + "…"


def _rebuild(kind: type[DataError], file: Path | str, place: str, expected: str, found: str, remedy: str) -> DataError:
    return kind(file, place=place, expected=expected, found=found, remedy=remedy)
