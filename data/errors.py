"""One named error per fault of the data; each message is a French sentence that the screen can show as it is.

A message always answers four questions: which file (or table), which place in it, what was expected ("attendu"), and
what was found ("trouvé"). Every class also inherits the built-in exception that a caller who knows nothing of this
module would catch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
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


class SourceMissing(DataError, FileNotFoundError):  # noqa: N818 - named like a fault, not like a class
    """The file is not where it was announced."""

    problem = "Fichier absent"


class SourceUnreadable(DataError, ValueError):  # noqa: N818 - same reason
    """The file cannot be read at all: wrong encoding, truncated, not the announced format."""

    problem = "Fichier illisible"


class SourceLayoutError(DataError, ValueError):
    """The file is readable but its sheets, header, columns or keys are not those of the official format."""

    problem = "Présentation inattendue"


class SourceValueError(DataError, ValueError):
    """A cell holds a value that the official format does not allow."""

    problem = "Valeur inattendue"


class ContractError(DataError, ValueError):
    """A table that we made breaks its contract (columns, types, key, bounds, links)."""

    problem = "Table non conforme à son contrat"


class SnapshotMissing(DataError, FileNotFoundError):  # noqa: N818 - same reason
    """A table of the embedded snapshot, or its manifest, is absent."""

    problem = "Donnée embarquée absente"


class SnapshotDamaged(DataError, ValueError):  # noqa: N818 - same reason
    """A table of the embedded snapshot is not the one its manifest describes."""

    problem = "Donnée embarquée abîmée"


class CatalogError(DataError, ValueError):
    """The catalogue of sources is incomplete or contradicts itself."""

    problem = "Catalogue des sources incorrect"


def _excerpt(value: object) -> str:
    """Return `value` as text short enough for a message."""
    text = "" if value is None else str(value).rstrip(".")
    return text if len(text) <= _LONGEST_EXCERPT else text[: _LONGEST_EXCERPT - 1] + "…"


def _rebuild(kind: type[DataError], file: Path | str, place: str, expected: str, found: str, remedy: str) -> DataError:
    return kind(file, place=place, expected=expected, found=found, remedy=remedy)
