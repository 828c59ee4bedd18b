"""What can be synced: the `[[remote]]` entries of the catalogue, and the sources in use once some are."""

import dataclasses
import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data.catalog import DEFAULT_PATH, Catalog, Source
from data.errors import CatalogError

_TEXTS: Final = ("id", "replaces", "title", "citation", "producer", "url", "licence", "note")
_LISTS: Final = ("tables", "addresses")


@dataclass(frozen=True)
class Address:
    """Where a file is, for good, and where its size and hash are told (empty when nowhere)."""

    file: str
    about: str = ""


@dataclass(frozen=True)
class Remote:
    """A source that can be synced; every text is French and may be shown as it is.

    Attributes
    ----------
    id
        Identifier, also the name of its folder.
    replaces
        Id of the embedded source that fed its tables until then.
    title, citation, producer, url, licence, note
        As in `data.catalog.Source`; the citation is completed by the day of the file.
    tables
        Snapshot tables that it brings.
    addresses
        Where to take it, the best first; the next one only when the former cannot be read.
    """

    id: str
    replaces: str
    title: str
    citation: str
    producer: str
    url: str
    licence: str
    note: str
    tables: tuple[str, ...]
    addresses: tuple[Address, ...]


def load_remotes(path: Path = DEFAULT_PATH) -> dict[str, Remote]:
    """Load the sources that can be synced, by id, in the order of the catalogue.

    Parameters
    ----------
    path
        A TOML file laid out as `data/catalog.toml`, the default.

    Returns
    -------
    dict of Remote
        Empty when the file has no `[[remote]]`.

    Raises
    ------
    CatalogError
        When the file is absent or not TOML, or an entry is incomplete or has an address that is not https.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(path, expected="un fichier TOML", found=error) from error
    remotes = [_remote(entry, number, path) for number, entry in enumerate(document.get("remote", []), start=1)]
    if len({remote.id for remote in remotes}) < len(remotes):
        raise CatalogError(path, place="remote, id", expected="chacun une seule fois", found="un doublon")
    return {remote.id: remote for remote in remotes}


def sources_in_use(catalog: Catalog, manifest: Mapping[str, Any]) -> dict[str, Source]:
    """Give the sources of the catalogue by id, each one replaced by what was synced in its place.

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
        and note are those of the data shown.
    """
    sources = {source.id: source for source in catalog.sources}
    for synced in manifest.get("synced", {}).values():
        source = sources.get(synced["replaces"])
        if source is None:
            continue
        as_of = dt.date.fromisoformat(synced["as_of"])
        texts = {name: synced[name] for name in ("title", "producer", "url", "licence", "note", "vintage")}
        sources[source.id] = dataclasses.replace(
            source,
            **texts,
            citation=f"{synced['citation']}, {french_month(as_of)}",
            retrieved_on=dt.datetime.fromisoformat(synced["installed_on"]).date(),
            cog_year=as_of.year,
            covered_regions=(),
            files=(),
            checks={},
        )
    return sources


_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def french_day(day: dt.date) -> str:
    """Write a day in French: 1er avril 2026."""
    return f"{'1er' if day.day == 1 else day.day} {french_month(day)}"


def french_month(day: dt.date) -> str:
    """Write the month of a day in French: avril 2026."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _remote(entry: Any, number: int, path: Path) -> Remote:
    place = f"remote {number}" + (f" ({entry['id']})" if isinstance(entry, dict) and "id" in entry else "")
    if not isinstance(entry, dict) or set(entry) != {*_TEXTS, *_LISTS}:
        given = set(entry) if isinstance(entry, dict) else set()
        wrong = ", ".join(sorted(given ^ {*_TEXTS, *_LISTS}))
        raise CatalogError(path, place=place, expected="les champs d’une source à synchroniser", found=wrong)
    texts = {name: entry[name] for name in _TEXTS}
    if not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise CatalogError(path, place=place, expected="des textes", found=texts)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", texts["id"]):
        raise CatalogError(path, place=f"{place}, id", expected="minuscules, chiffres et _", found=texts["id"])
    tables, addresses = entry["tables"], entry["addresses"]
    if not (isinstance(tables, list) and tables and all(isinstance(table, str) for table in tables)):
        raise CatalogError(path, place=f"{place}, tables", expected="une table au moins", found=tables)
    if not (isinstance(addresses, list) and addresses and all(map(_is_address, addresses))):
        raise CatalogError(path, place=f"{place}, addresses", expected="file (et about) en https", found=addresses)
    return Remote(
        **{name: text.strip() for name, text in texts.items()},
        tables=tuple(tables),
        addresses=tuple(Address(**address) for address in addresses),
    )


def _is_address(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and {"file"} <= set(entry) <= {"file", "about"}
        and all(isinstance(url, str) and url.startswith("https://") for url in entry.values())
    )
