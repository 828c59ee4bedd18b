"""What can be synced: the `[[remote]]` entries of the catalogue, and the sources in use once some are."""

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from coverage.terms.months import format_full_month
from data.errors import CatalogError
from data.sources.catalog import DEFAULT_PATH, Catalog, Source
from geo.documents import DocumentError, read_toml
from geo.levels import LEVELS

_TEXTS: Final = ("id", "title", "citation", "producer", "url", "licence", "note")
_OWN_TEXTS: Final = ("unit", "level")
_LISTS: Final = ("replaces", "tables", "addresses")
_WAYS: Final = ("file", "files", "records")
_FILE_NAME: Final = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"


@dataclass(frozen=True)
class Address:
    """A place where a source is, whole; one of `file`, `files` and `records` is given.

    Attributes
    ----------
    file
        Address of its only file.
    about
        Where the size and hash of that file are told, as data.gouv.fr does; empty when nowhere.
    files
        Addresses of its files by the name that each takes in the folder given to the maker.
    records
        Address of the records of a data set of an Explore API (version 2), read page by page.
    unpack
        Pattern of the wanted names within an archive; empty when what comes is to be read as it is.
    year
        Year that the address was made for; None when it has none.
    """

    file: str = ""
    about: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    records: str = ""
    unpack: str = ""
    year: int | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address to be read."""
        return (self.file,) if self.file else (self.records,) if self.records else tuple(self.files.values())


@dataclass(frozen=True)
class Remote:
    """A source that can be synced; every text is French and may be shown as it is.

    Attributes
    ----------
    id
        Identifier, also the name of its folder.
    title, citation, producer, url, licence, note
        As in `data.sources.catalog.Source`; the citation is completed by the month of the file.
    replaces
        Ids of the embedded sources that fed its tables until then; none when it brings tables that are not embedded.
    tables
        Tables that it brings; no other source brings them.
    addresses
        Where to take it, the best first; the next one only when the former cannot be read. None when no permanent
        address is known: the user gives the file.
    unit, level
        As in `data.sources.catalog.Source`; given when it replaces none.
    """

    id: str
    title: str
    citation: str
    producer: str
    url: str
    licence: str
    note: str
    replaces: tuple[str, ...]
    tables: tuple[str, ...]
    addresses: tuple[Address, ...]
    unit: str = ""
    level: str = ""


def load_remotes(path: Path = DEFAULT_PATH) -> dict[str, Remote]:
    """Load the sources that can be synced, by id, in the order of the catalogue.

    Parameters
    ----------
    path
        A TOML file laid out as `data/sources/catalog.toml`, the default.

    Returns
    -------
    dict of Remote
        Empty when the file has no `[[remote]]`.

    Raises
    ------
    CatalogError
        When the file is absent or not TOML, an entry is incomplete or has an address that is not https, or two entries
        bring the same table.
    """
    return dict(_remotes(path, path.stat().st_mtime_ns if path.exists() else 0))


@lru_cache(maxsize=8)
def _remotes(path: Path, _changed_ns: int) -> dict[str, Remote]:
    try:
        document = read_toml(path)
    except DocumentError as error:
        raise CatalogError(path, expected=error.expected, found=error.found) from error
    remotes = [_remote(entry, number, path) for number, entry in enumerate(document.get("remote", []), start=1)]
    if len({remote.id for remote in remotes}) < len(remotes):
        raise CatalogError(path, place="remote, id", expected="chacun une seule fois", found="un doublon")
    brought = [table for remote in remotes for table in remote.tables]
    if twice := {table for table in brought if brought.count(table) > 1}:
        expected = "chacune apportée par une seule source"
        raise CatalogError(path, place="remote, tables", expected=expected, found=", ".join(sorted(twice)))
    return {remote.id: remote for remote in remotes}


def sources_in_use(catalog: Catalog, manifest: Mapping[str, Any]) -> dict[str, Source]:
    """Return the sources of the catalogue by id, each one replaced by what was synced in its place.

    Parameters
    ----------
    catalog
        Sources of the embedded snapshot.
    manifest
        As `data.store.manifest` gives it; its "synced" part holds what was synced.

    Returns
    -------
    dict of Source
        The ids stay those of the catalogue, so that an indicator finds its source; title, citation, vintage, coverage
        and note are those of the data shown. A synced source that replaces none comes last, under its own id.
    """
    sources = {source.id: source for source in catalog.sources}
    for synced_id, synced in manifest.get("synced", {}).items():
        as_of = dt.date.fromisoformat(synced["as_of"])
        told = {name: synced[name] for name in ("title", "producer", "url", "licence", "note", "vintage")}
        told |= {
            "citation": synced.get("cited") or f"{synced['citation']}, {format_full_month(as_of)}",
            "retrieved_on": dt.datetime.fromisoformat(synced["installed_on"]).date(),
            "cog_year": as_of.year,
        }
        for source_id in synced["replaces"]:
            if source_id in sources:
                known = sources[source_id]
                whole: dict[str, Any] = {"covered_regions": (), "covered_types": (), "files": ()}
                sources[source_id] = dataclasses.replace(known, **told, **whole)
        if not synced["replaces"] and synced.get("unit") and synced.get("level") in LEVELS:
            own = {"unit": synced["unit"], "level": synced["level"], "tables": tuple(synced.get("brings", ()))}
            sources[synced_id] = Source(id=synced_id, **own, **told)
    return sources


def _remote(entry: Any, number: int, path: Path) -> Remote:
    place = f"remote {number}" + (f" ({entry['id']})" if isinstance(entry, dict) and "id" in entry else "")
    needed = {*_TEXTS, *_LISTS}
    given = set(entry) if isinstance(entry, dict) else set()
    if not needed <= given <= needed | set(_OWN_TEXTS):
        wrong = ", ".join(sorted((needed - given) | (given - needed - set(_OWN_TEXTS))))
        raise CatalogError(path, place=place, expected="les champs d’une source à synchroniser", found=wrong)
    texts = {name: entry[name] for name in (*_TEXTS, *_OWN_TEXTS) if name in entry}
    if not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise CatalogError(path, place=place, expected="des textes", found=texts)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", texts["id"]):
        raise CatalogError(path, place=f"{place}, id", expected="minuscules, chiffres et _", found=texts["id"])
    tables, replaces, addresses = entry["tables"], entry["replaces"], entry["addresses"]
    if not (_are_texts(tables) and tables):
        raise CatalogError(path, place=f"{place}, tables", expected="une table au moins", found=tables)
    if not _are_texts(replaces):
        raise CatalogError(path, place=f"{place}, replaces", expected="des sources, ou []", found=replaces)
    if not replaces and not (texts.get("unit") and texts.get("level") in LEVELS):
        expected = f"unit, et level parmi {', '.join(sorted(LEVELS))} : elle ne remplace aucune source"
        raise CatalogError(path, place=place, expected=expected, found=texts.get("level", "rien"))
    if not isinstance(addresses, list):
        raise CatalogError(path, place=f"{place}, addresses", expected="une liste d’adresses", found=addresses)
    return Remote(
        **{name: text.strip() for name, text in texts.items()},
        replaces=tuple(replaces),
        tables=tuple(tables),
        addresses=tuple(address for one in addresses for address in _addresses(one, path, f"{place}, addresses")),
    )


def _addresses(entry: Any, path: Path, place: str) -> list[Address]:
    """Read an address of the catalogue: one, or one a year when it has `years`."""
    expected = "file, files ou records en https, et about, unpack ou years s’il y a lieu"
    ways = [name for name in _WAYS if isinstance(entry, dict) and name in entry]
    if (
        len(ways) != 1
        or not set(entry) <= {ways[0], "about", "unpack", "years"}
        or ("about" in entry) > (ways == ["file"])
    ):
        raise CatalogError(path, place=place, expected=expected, found=entry)
    years = entry.get("years", [None])
    if not (isinstance(years, list) and years and (years == [None] or all(type(year) is int for year in years))):
        raise CatalogError(path, place=place, expected="des années", found=years)
    texts = {name: value for name, value in entry.items() if name not in ("years", "files")}
    files = entry.get("files", {})
    is_files = isinstance(files, dict) and all(re.fullmatch(_FILE_NAME, name) for name in files)
    if not is_files or not all(isinstance(text, str) and text for text in (*texts.values(), *files.values())):
        raise CatalogError(path, place=place, expected=expected, found=entry)
    addresses = [
        Address(
            **{name: _of_year(text, year) for name, text in texts.items()},
            files={name: _of_year(url, year) for name, url in files.items()},
            year=year,
        )
        for year in years
    ]
    if not all(url.startswith("https://") for one in addresses for url in (*one.urls, one.about or "https://")):
        raise CatalogError(path, place=place, expected="des adresses https", found=entry)
    return addresses


def _of_year(text: str, year: int | None) -> str:
    """Write a year, and its two last figures, where an address asks for them."""
    return text if year is None else text.replace("{year}", str(year)).replace("{yy}", f"{year % 100:02d}")


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) and value for value in values)
