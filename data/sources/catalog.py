"""The catalogue of sources (data/sources/catalog.toml): no source in use without an entry, no entry without a use."""

import datetime as dt
import re
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Final, get_type_hints

from data.errors import CatalogError
from geo.documents import DocumentError, read_toml
from geo.levels import LEVELS

DEFAULT_PATH: Final = Path(__file__).with_name("catalog.toml")

_FIRST_COG_YEAR: Final = 2003
_LAST_COG_YEAR: Final = 2100


@dataclass(frozen=True)
class SourceFile:
    """One input file: its name within the source, its path relative to the mirror, and its SHA-256."""

    name: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Source:
    """What is known of a source; every text is French and may be shown as it is.

    Attributes
    ----------
    id
        Identifier, as in the manifest and in the indicators.
    title, citation, producer
        What it is; how a caption names it in a few words, with its date; who made it.
    licence, vintage
        Its licence, and the date or period that its figures describe.
    unit, level
        Unit of its figures as screens show them (the tables keep shares as 0 to 1), and the finest level that it gives
        (one of `geo.levels.LEVELS`).
    retrieved_on
        Day it was taken.
    tables
        Snapshot tables that it feeds.
    note
        Its flaws, and what is not known.
    url
        Official public address; empty where none is known for sure.
    cog_year
        Year of the list of communes it is written in; None when it has no codes.
    files
        Input files; none for a publication whose figures were copied by hand.
    covered_regions
        Regions that it is limited to; empty when it covers France.
    covered_types
        Types of structure that it is limited to; empty when it has all of them.
    """

    id: str
    title: str
    citation: str
    producer: str
    licence: str
    vintage: str
    unit: str
    level: str
    retrieved_on: dt.date
    tables: tuple[str, ...]
    note: str
    url: str = ""
    cog_year: int | None = None
    files: tuple[SourceFile, ...] = ()
    covered_regions: tuple[str, ...] = ()
    covered_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalog:
    """Every source in use, in the order of the file."""

    sources: tuple[Source, ...]

    def source(self, source_id: str) -> Source:
        """Return a source by its id.

        Raises
        ------
        CatalogError
            When there is none of that id.
        """
        for source in self.sources:
            if source.id == source_id:
                return source
        raise CatalogError(DEFAULT_PATH.name, expected=f"la source « {source_id} »", found=", ".join(self.ids()))

    def file(self, source_id: str, name: str) -> SourceFile:
        """Return an input file by its source and its name within it.

        Raises
        ------
        CatalogError
            When there is none of that name.
        """
        files = self.source(source_id).files
        for file in files:
            if file.name == name:
                return file
        raise CatalogError(
            DEFAULT_PATH.name,
            place=f"source « {source_id} »",
            expected=f"le fichier « {name} »",
            found=", ".join(file.name for file in files) or "aucun fichier",
        )

    def ids(self) -> tuple[str, ...]:
        """Return the ids of every source."""
        return tuple(source.id for source in self.sources)

    def feeding(self, table: str) -> tuple[Source, ...]:
        """Return the sources that feed a snapshot table, in the order of the file."""
        return tuple(source for source in self.sources if table in source.tables)


def load_catalog(path: Path = DEFAULT_PATH) -> Catalog:
    """Load the catalogue, every entry complete and well formed.

    Parameters
    ----------
    path
        A TOML file laid out as `data/sources/catalog.toml`, the default.

    Returns
    -------
    Catalog
        Its sources.

    Raises
    ------
    CatalogError
        When the file is absent or not TOML, or an entry lacks a field, has an unknown one, one of another type, or
        repeats an id or a file.
    """
    try:
        document = read_toml(path)
    except DocumentError as error:
        raise CatalogError(path, expected=error.expected, found=error.found) from error
    entries = document.get("source")
    if not {"source"} <= set(document) <= {"source", "remote"} or not isinstance(entries, list) or not entries:
        expected = "des rubriques [[source]] et [[remote]], rien d’autre"
        raise CatalogError(path, expected=expected, found=", ".join(document))
    sources = tuple(_source(entry, number, path) for number, entry in enumerate(entries, start=1))
    _require_unique([source.id for source in sources], path, "id")
    _require_unique([file.path for source in sources for file in source.files], path, "files, path")
    return Catalog(sources)


def _source(entry: Any, number: int, path: Path) -> Source:
    place = f"source {number}" + (f" ({entry['id']})" if isinstance(entry, dict) and "id" in entry else "")
    needed = {item.name for item in fields(Source) if item.default is MISSING and item.default_factory is MISSING}
    known = {item.name for item in fields(Source)}
    given = set(entry) if isinstance(entry, dict) else set()
    if not needed <= given <= known:
        wrong = [f"manque : {name}" for name in sorted(needed - given)]
        wrong += [f"en trop : {name}" for name in sorted(given - known)]
        raise CatalogError(path, place=place, expected="les champs d’une source", found=", ".join(wrong))
    hints = get_type_hints(Source)
    values = dict(entry)
    values["files"] = tuple(_file(file, path, place) for file in _list(entry, "files", path, place))
    for name in ("tables", "covered_regions", "covered_types"):
        values[name] = tuple(_list(entry, name, path, place))
        if not all(isinstance(item, str) and item for item in values[name]):
            raise CatalogError(path, place=f"{place}, {name}", expected="des textes", found=values[name])
    for name in known & set(values):
        if hints[name] is str:
            values[name] = _text(values[name], path, f"{place}, {name}", empty=name == "url")
    source = Source(**values)
    _require(re.fullmatch(r"[a-z][a-z0-9_]*", source.id), path, f"{place}, id", "minuscules, chiffres et _", source.id)
    _require(source.level in LEVELS, path, f"{place}, level", ", ".join(sorted(LEVELS)), source.level)
    _require(source.tables, path, f"{place}, tables", "une table au moins : toute source a un usage", "aucune")
    is_address = source.url == "" or re.fullmatch(r"https://[^\s]+", source.url)
    _require(is_address, path, f"{place}, url", "une adresse https", source.url)
    _require(type(source.retrieved_on) is dt.date, path, f"{place}, retrieved_on", "une date", source.retrieved_on)
    year = source.cog_year
    is_year = year is None or (type(year) is int and _FIRST_COG_YEAR <= year <= _LAST_COG_YEAR)
    _require(is_year, path, f"{place}, cog_year", "une année", year)
    _require_unique([file.name for file in source.files], path, f"{place}, files, name")
    return source


def _file(entry: Any, path: Path, place: str) -> SourceFile:
    keys = {item.name for item in fields(SourceFile)}
    if not isinstance(entry, dict) or set(entry) != keys or not all(isinstance(text, str) for text in entry.values()):
        raise CatalogError(path, place=f"{place}, files", expected="name, path et sha256 (textes)", found=entry)
    file = SourceFile(**entry)
    is_hash = re.fullmatch(r"[0-9a-f]{64}", file.sha256)
    _require(is_hash, path, f"{place}, {file.name}, sha256", "64 chiffres hexadécimaux", file.sha256)
    relative = Path(file.path)
    is_inside = file.path and not relative.is_absolute() and ".." not in relative.parts
    _require(is_inside, path, f"{place}, {file.name}, path", "un chemin relatif au miroir", file.path)
    return file


def _text(value: Any, path: Path, place: str, *, empty: bool) -> str:
    """Return a text without the line ends of its lay-out."""
    _require(isinstance(value, str) and (empty or value.strip()), path, place, "un texte", value)
    return str(value).strip()


def _list(entry: dict[str, Any], name: str, path: Path, place: str) -> list[Any]:
    values = entry.get(name, [])
    _require(isinstance(values, list), path, f"{place}, {name}", "une liste", values)
    return list(values)


def _require(holds: object, path: Path, place: str, expected: str, found: object) -> None:
    if not holds:
        raise CatalogError(path, place=place, expected=expected, found=repr(found))


def _require_unique(names: list[str], path: Path, place: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    _require(not twice, path, place, "chacun une seule fois", ", ".join(twice))
