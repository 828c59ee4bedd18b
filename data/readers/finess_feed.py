"""The feed that replaces the flat file of FINESS since May 2026: « FINESS - Structures », one JSON document a day.

Some 50 MB of gzip, 700 MB of text: read object by object, never whole in memory. Source of the layout:
https://github.com/ansforge/finess (schema-structures-v1.json and its example).
"""

import datetime as dt
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pandas as pd

from data.errors import SourceLayoutError, SourceUnreadable, words_of
from data.readers.finess import STRUCTURE_TYPE_OF_CATEGORY
from data.readers.site_points import Pair

GZIP_MARK: Final = b"\x1f\x8b"
VERSION: Final = "v1."
_CHUNK_CHARACTERS: Final = 2**22
_LARGEST_VALUE_CHARACTERS: Final = 2**26  # the largest legal person of today takes a sixtieth of it
_MOST_CHARACTERS: Final = 4 * 2**30  # six times the feed of today: beyond, it is no feed but a bomb

_OPEN: Final = "A"  # etatObjet
_PRACTICE: Final = "03"  # usageAdresse: where care is given, not always the first address
_BLANKS: Final = " \t\r\n"
_NOT_BLANK: Final = re.compile(rf"[^{_BLANKS}]")

_NO_BLANKS: Final = str.maketrans("", "", _BLANKS)
_PERSON: Final = '"informationsGeneralesPMEJ"'
_SITE: Final = '"numFinessEge"'
_KEPT: Final = re.compile(rf'"categorieentiteGeographiqueExercice"\s*:\s*"(?:{"|".join(STRUCTURE_TYPE_OF_CATEGORY)})"')

_CELLS: Final = (
    *("finess_code", "categetab", "raison_sociale", "rslongue", "numvoie", "compvoie", "typvoie", "voie"),
    *("compldistrib", "lieuditbp", "ligneacheminement", "code_insee", "dateouv", "fermeture"),
)
_NUMBERS: Final = ("coordonneeX", "coordonneeY", "directionLongitude", "directionLatitude")


def read_feed_cells(path: Path) -> tuple[pd.DataFrame, list[Pair], dt.date, int]:
    """Read the open sites of the kept categories as text, and their points as the feed writes them.

    A point known only by its commune (a key of the national address base without street) is no point. Legal persons
    whose text holds no kept category are not decoded: that is half of the time.

    Parameters
    ----------
    path
        JSON in UTF-8, compressed with gzip or not.

    Returns
    -------
    tuple
        Cells, on the rank of each site in the file; the two pairs of coordinates, of which one is in degrees and the
        other in metres, in an order that changes from one site to the next; the day of the feed; its number of sites,
        open or not, kept or not.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError
        When the file is absent, cut, no JSON, or of another version of the schema.
    """
    rows: list[tuple[Any, ...]] = []
    ranks: list[int] = []
    head: dict[str, Any] = {}
    n_sites = 0
    for key, value in _members(path):
        if isinstance(value, _Skipped):
            n_sites += value.n_sites
        elif key != "pmej":
            head[key] = value if isinstance(value, str) else None
        else:
            for site in _sites(value, path, n_sites):
                n_sites += 1
                if _is_wanted(site):
                    rows.append(_row(site))
                    ranks.append(n_sites)
    as_of = _day_of(path, head)
    if not rows:
        kept = ", ".join(STRUCTURE_TYPE_OF_CATEGORY)
        expected = f"des établissements ouverts (pmej, ege) des catégories {kept}"
        raise SourceLayoutError(path, expected=expected, found="aucun")
    table = pd.DataFrame(rows, columns=[*_CELLS, *_NUMBERS], index=pd.Index(ranks, name="rank"))
    cells = table[list(_CELLS)].astype("str")
    is_past = (cells["fermeture"] != "") & (cells["fermeture"] <= as_of.isoformat())
    numbers = table[list(_NUMBERS)].apply(pd.to_numeric, errors="coerce").astype("float64")
    no_name = pd.Series(0, index=cells.index)
    pairs = [
        Pair(numbers.loc[~is_past, x], numbers.loc[~is_past, y], no_name[~is_past])
        for x, y in (("directionLongitude", "directionLatitude"), ("coordonneeX", "coordonneeY"))
    ]
    return cells[~is_past].drop(columns="fermeture"), pairs, as_of, n_sites


def _sites(entity: Any, path: Path, rank: int) -> list[dict[str, Any]]:
    """Return the sites of a legal person."""
    sites = (entity.get("ege") or []) if isinstance(entity, dict) else None
    if not isinstance(sites, list) or not all(
        isinstance(site, dict)
        and isinstance(site.get("informationsGeneralesEGE"), dict)
        and isinstance(site.get("categorieentiteGeographiqueExercice"), str | None)
        for site in sites
    ):
        raise SourceLayoutError(
            path,
            place=f"pmej, après l’établissement {rank}",
            expected="ege : des établissements avec informationsGeneralesEGE, leur catégorie en texte",
            found=str(entity),
        )
    return sites


def _is_wanted(site: dict[str, Any]) -> bool:
    is_kept = site.get("categorieentiteGeographiqueExercice") in STRUCTURE_TYPE_OF_CATEGORY
    return is_kept and site.get("etatObjet") == _OPEN


def _row(site: dict[str, Any]) -> tuple[Any, ...]:
    """Return the cells and numbers of a site, under the names of the flat file."""
    known = site["informationsGeneralesEGE"]
    addresses = [item for item in (site.get("adresse") or []) if isinstance(item, dict)]
    practice = [item for item in addresses if item.get("usageAdresse") == _PRACTICE]
    address = (practice or addresses or [{}])[0]
    point = address.get("coordonneesGeographique")
    if not isinstance(point, dict) or ("_" not in str(point.get("cleInInteropBAN") or "_")):
        point = {}
    return (
        _text(known, "numFinessEge"),
        _text(site, "categorieentiteGeographiqueExercice"),
        _text(known, "nomEgeCourt"),
        _text(known, "nomEgeLong"),
        *(_text(address, name) for name in ("numeroVoie", "complementVoie", "typeVoie", "libelleVoie")),
        *(_text(address, name) for name in ("complementPointGeographique", "lieuDit")),
        f"{_text(address, 'codePostal')} {_text(address, 'ligneAcheminement')}".strip(),
        _text(address, "cogCommune"),
        _text(known, "dateOuverture"),
        _text(known, "dateFermeture"),
        *(point.get(name) for name in _NUMBERS),
    )


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day_of(path: Path, head: dict[str, Any]) -> dt.date:
    version, written = head.get("schemaVersion"), head.get("generatedAt")
    if not isinstance(version, str) or not version.startswith(VERSION):
        raise SourceLayoutError(path, place="schemaVersion", expected=f"{VERSION}x", found=version or "rien")
    try:
        return dt.date.fromisoformat(str(written)[:10])
    except ValueError as error:
        raise SourceLayoutError(path, place="generatedAt", expected="une date", found=written or "rien") from error


def _members(path: Path) -> Iterator[tuple[str, Any]]:
    """Return each member of the root object, and one by one the items of those that are lists."""
    try:
        with _opened(path) as stream:
            yield from _Scanner(stream).members()
    except json.JSONDecodeError as error:
        found = f"{words_of(error)} (tronqué ?)"
        raise SourceUnreadable(path, expected="un document JSON entier", found=found) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceUnreadable(
            path, expected="un fichier gzip entier", found=f"{words_of(error)} (tronqué ?)"
        ) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SourceUnreadable(path, expected="un document JSON en UTF-8", found=error) from error
    except OSError as error:
        raise SourceUnreadable(path, expected="un fichier que l’on peut lire", found=error) from error


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as file:
        is_gzip = file.read(2) == GZIP_MARK
    if is_gzip:
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


class _Skipped(NamedTuple):
    """A legal person that was not decoded."""

    n_sites: int


class _Scanner:
    """JSON of any size, decoded value by value by the standard decoder on a window of the text."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._text = ""
        self._place = 0
        self._n_read = 0
        self._decode = json.JSONDecoder().raw_decode

    def members(self) -> Iterator[tuple[str, Any]]:
        self._take("{")
        while True:
            key = self._value()
            self._take(":")
            if self._next() == "[":
                self._take("[")
                if self._next() == "]":
                    self._take("]")
                else:
                    yield key, self._skipped() or self._value()
                    while self._take(",]") == ",":
                        yield key, self._skipped() or self._value()
            else:
                yield key, self._value()
            if self._take(",}") == "}":
                return self._end()

    def _end(self) -> None:
        """Want nothing after the document: a second one would go unread."""
        while not self._text[self._place :].strip(_BLANKS):
            self._place = len(self._text)
            if not self._more():
                return
        raise json.JSONDecodeError("rien attendu après le document, un autre contenu trouvé", "", 0)

    def _more(self) -> bool:
        """Slide the window; False at the end of the text."""
        chunk = self._stream.read(_CHUNK_CHARACTERS)
        self._n_read += len(chunk)
        if self._n_read > _MOST_CHARACTERS:
            raise json.JSONDecodeError(f"plus de {_MOST_CHARACTERS} caractères", "", 0)
        self._text = self._text[self._place :] + chunk
        self._place = 0
        return bool(chunk)

    def _next(self) -> str:
        while True:
            found = _NOT_BLANK.search(self._text, self._place)
            if found:
                self._place = found.start()
                return found[0]
            self._place = len(self._text)
            if not self._more():
                raise json.JSONDecodeError("fin inattendue", "", 0)

    def _take(self, marks: str) -> str:
        mark = self._next()
        if mark not in marks:
            raise json.JSONDecodeError(f"« {marks[0]} » attendu, « {mark} » trouvé", "", 0)
        self._place += 1
        return mark

    def _skipped(self) -> _Skipped | None:
        """Step over the legal person at hand when its text, whole in the window, holds no kept category.

        It ends at the brace and comma before the next one; anywhere these marks are not where they should be, nothing
        is skipped, and the decoder has its say. (Inside a text, the quotes of the marks would be escaped.)
        """
        self._next()
        text, start = self._text, self._place
        first = text.find(_PERSON, start)
        following = text.find(_PERSON, first + 1) if first >= 0 else -1
        if following < 0 or text[start:first].strip(_BLANKS) != "{":
            return None
        opening = text.rfind("{", start, following)
        end = text.rfind("}", start, opening) + 1
        if text[end:following].translate(_NO_BLANKS) != ",{" or end == 0 or _KEPT.search(text, start, end):
            return None
        self._place = end
        return _Skipped(text.count(_SITE, start, end))

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._decode(self._text, self._place)
            except json.JSONDecodeError:
                if len(self._text) - self._place > _LARGEST_VALUE_CHARACTERS or not self._more():
                    raise
                continue
            if end == len(self._text) and self._more():  # a number may go on in the next chunk
                continue
            self._place = end
            return value
