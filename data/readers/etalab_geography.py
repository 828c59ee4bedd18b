"""Current communes, EPCI, departments, regions and former codes, as the list of Etalab publishes them.

Source: npm package `@etalab/decoupage-administratif`: INSEE's code officiel géographique (COG) and populations and La
Poste's postcodes, in four JSON files. Overseas collectivities (975, 977 to 989) are in the files and out of our scope.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.documents import read_document
from geo.codes import is_commune_code
from geo.commune_names import FORMER_NAMES_SEPARATOR

OUT_OF_SCOPE_ZONE: Final = "com"
"""What the list calls the zone of overseas collectivities."""

_CURRENT: Final = "commune-actuelle"
_RELATION_OF_TYPE: Final = {
    "commune-deleguee": "deleguee",
    "commune-associee": "associee",
    "arrondissement-municipal": "arrondissement",
}
_HOLDER_KEYS: Final = {"deleguee": "chefLieu", "associee": "chefLieu", "arrondissement": "commune"}


def read_communes(path: Path) -> pd.DataFrame:
    """Read the current communes of the 101 departments, with their municipal population (inhabitants).

    Parameters
    ----------
    path
        `communes.json`.

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code (unique): commune_code, name, departement_code, region_code, postcodes (text, separated
        by spaces, sorted; empty when the list gives none), population (float64 whole number >= 0, none missing).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a key, holds a code twice, an impossible one, or a population that is not a
        whole number.
    """
    rows = [
        {
            "commune_code": _code(record, path, place),
            "name": _text(record, "nom", path, place),
            "departement_code": _text(record, "departement", path, place),
            "region_code": _text(record, "region", path, place),
            "postcodes": " ".join(sorted(_texts(record, "codesPostaux", path, place))),
            "population": _population(record, path, place),
        }
        for place, record in _communes_in_scope(path)
        if record["type"] == _CURRENT
    ]
    return _sorted_table(rows, "commune_code", path)


def read_code_history(path: Path) -> pd.DataFrame:
    """Read which current commune holds each former, delegated or associated commune and each arrondissement.

    A delegated or associated commune is where the list of today places it, even where a former merger had placed its
    code elsewhere (60455 La Neuville-Garnier, once of Beaumont-les-Nonains, now of Les Hauts-Talican).

    Parameters
    ----------
    path
        `communes.json`.

    Returns
    -------
    pandas.DataFrame
        Sorted by old_code (unique), which is never itself a current commune: old_code, commune_code, relation
        ("ancienne", "deleguee", "associee" or "arrondissement").

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_communes`; also when a code leads to no current commune, or to two.
    """
    current: set[str] = set()
    former: dict[str, str] = {}
    parts: dict[str, tuple[str, str]] = {}
    for place, record in _communes_in_scope(path):
        code = _code(record, path, place)
        if record["type"] == _CURRENT:
            current.add(code)
            for old_code in _texts(record, "anciensCodes", path, place):
                if former.setdefault(old_code, code) != code:
                    raise SourceValueError(
                        path,
                        place=place,
                        expected=f"{old_code} dans une seule commune",
                        found=f"{former[old_code]} aussi",
                    )
        else:
            relation = _RELATION_OF_TYPE[record["type"]]
            parts[code] = (_text(record, _HOLDER_KEYS[relation], path, place), relation)
    holders = {old_code: (code, "ancienne") for old_code, code in former.items()} | parts
    lost = sorted(code for code, (holder, _) in holders.items() if holder not in current)
    if lost:
        raise SourceValueError(
            path, place=f"commune {lost[0]}", expected="le code d’une commune actuelle", found=holders[lost[0]][0]
        )
    rows = [
        {"old_code": code, "commune_code": holder, "relation": relation}
        for code, (holder, relation) in holders.items()
        if code not in current
    ]
    columns = ["old_code", "commune_code", "relation"]
    table = pd.DataFrame(rows, columns=columns).astype("str")
    return table.sort_values("old_code", ignore_index=True)


def read_former_names(path: Path) -> pd.DataFrame:
    """Read the names of the delegated and associated communes that a current commune holds under another name.

    The list gives those that the law keeps (2 576); a commune that disappeared altogether has a code here, no name.

    Parameters
    ----------
    path
        `communes.json`.

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code (unique, current), only where there is a name: commune_code, former_names (in their
        order, parted by "|").

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_communes`.
    """
    current: dict[str, str] = {}
    parts: list[tuple[str, str]] = []
    for place, record in _communes_in_scope(path):
        name = _text(record, "nom", path, place)
        if record["type"] == _CURRENT:
            current[_code(record, path, place)] = name
        elif (relation := _RELATION_OF_TYPE[record["type"]]) != "arrondissement":
            parts.append((_text(record, _HOLDER_KEYS[relation], path, place), name))
    held: dict[str, set[str]] = {}
    for holder, name in parts:
        if name != current.get(holder):
            held.setdefault(holder, set()).add(name)
    rows = [(code, FORMER_NAMES_SEPARATOR.join(sorted(names))) for code, names in sorted(held.items())]
    return pd.DataFrame(rows, columns=["commune_code", "former_names"]).astype("str")


def read_arrondissements(path: Path) -> pd.DataFrame:
    """Read the municipal arrondissements of Paris, Lyon and Marseille, with their municipal population (inhabitants).

    Parameters
    ----------
    path
        `communes.json`.

    Returns
    -------
    pandas.DataFrame
        Sorted by arrondissement_code (unique): arrondissement_code, name, commune_code, population (float64 whole
        number >= 0, none missing).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_communes`.
    """
    rows = [
        {
            "arrondissement_code": _code(record, path, place),
            "name": _text(record, "nom", path, place),
            "commune_code": _text(record, "commune", path, place),
            "population": _population(record, path, place),
        }
        for place, record in _communes_in_scope(path)
        if _RELATION_OF_TYPE.get(record["type"]) == "arrondissement"
    ]
    return _sorted_table(rows, "arrondissement_code", path)


def read_epci(path: Path) -> pd.DataFrame:
    """Read which EPCI each commune belongs to.

    The populations of this file are of the year before those of `communes.json` and are not read.

    Parameters
    ----------
    path
        `epci.json`.

    Returns
    -------
    pandas.DataFrame
        One row a commune, sorted by commune_code (unique): commune_code, epci_code (nine digits), name and epci_type
        ("CC", "CA", "CU", "METRO" or "MET69") of the EPCI.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a key or places a commune in two EPCI.
    """
    rows = []
    for place, record in _records(path, frozenset({"code", "nom", "type", "membres"})):
        epci = {
            "epci_code": _text(record, "code", path, place),
            "name": _text(record, "nom", path, place),
            "epci_type": _text(record, "type", path, place),
        }
        members = record["membres"]
        if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
            raise SourceLayoutError(path, place=f"{place}, membres", expected="une liste de communes", found=members)
        rows += [{"commune_code": _code(member, path, f"{place}, membres")} | epci for member in members]
    return _sorted_table(rows, "commune_code", path)


def read_departements(path: Path) -> pd.DataFrame:
    """Read the 101 departments: departement_code (sorted, unique), name, region_code, prefecture_code.

    Parameters
    ----------
    path
        `departements.json`.

    Returns
    -------
    pandas.DataFrame
        Text columns; overseas collectivities are left out.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a key or holds a code twice.
    """
    keys = {"departement_code": "code", "name": "nom", "region_code": "region", "prefecture_code": "chefLieu"}
    return _named_territories(path, keys)


def read_regions(path: Path) -> pd.DataFrame:
    """Read the 18 regions: region_code (sorted, unique), name, prefecture_code.

    Parameters
    ----------
    path
        `regions.json`.

    Returns
    -------
    pandas.DataFrame
        Text columns; overseas collectivities are left out.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_departements`.
    """
    return _named_territories(path, {"region_code": "code", "name": "nom", "prefecture_code": "chefLieu"})


def _named_territories(path: Path, keys: dict[str, str]) -> pd.DataFrame:
    rows = [
        {column: _text(record, key, path, place) for column, key in keys.items()}
        for place, record in _records(path, frozenset({*keys.values(), "zone"}))
        if record["zone"] != OUT_OF_SCOPE_ZONE
    ]
    return _sorted_table(rows, next(iter(keys)), path)


def _communes_in_scope(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    known = {_CURRENT, *_RELATION_OF_TYPE}
    for place, record in _records(path, frozenset({"code", "nom", "type", "zone", "departement", "region"})):
        kind = _text(record, "type", path, place)
        if kind not in known:
            raise SourceValueError(path, place=f"{place}, type", expected=", ".join(sorted(known)), found=kind)
        if record["zone"] != OUT_OF_SCOPE_ZONE:
            yield place, record


def _records(path: Path, needed: frozenset[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the place (for messages) and the content of each record, its needed keys being present."""
    document = read_document(path)
    if not isinstance(document, list) or not document:
        found = f"{type(document).__name__}" if document else "rien"
        raise SourceLayoutError(path, expected="une liste de territoires", found=found)
    for number, record in enumerate(document, start=1):
        place = f"élément {number}"
        keys = set(record) if isinstance(record, dict) else set()
        if not needed <= keys:
            raise SourceLayoutError(
                path,
                place=place,
                expected="les clés " + ", ".join(sorted(needed)),
                found=", ".join(sorted(keys)) or "aucune clé",
            )
        yield f"{place} ({record['code']})", record


def _text(record: dict[str, Any], key: str, path: Path, place: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value:
        raise SourceValueError(path, place=f"{place}, {key}", expected="un texte", found=repr(value))
    return value


def _texts(record: dict[str, Any], key: str, path: Path, place: str) -> list[str]:
    """Return a list of texts; an absent key is an empty list."""
    values = record.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise SourceValueError(path, place=f"{place}, {key}", expected="une liste de codes", found=repr(values))
    return values


def _code(record: dict[str, Any], path: Path, place: str) -> str:
    code = _text(record, "code", path, place)
    if not is_commune_code(code):
        raise SourceValueError(path, place=place, expected="un code de commune des 101 départements", found=code)
    return code


def _population(record: dict[str, Any], path: Path, place: str) -> float:
    population = record.get("population")
    if not isinstance(population, int) or isinstance(population, bool) or population < 0:
        expected = "un nombre entier d’habitants"
        raise SourceValueError(path, place=f"{place}, population", expected=expected, found=repr(population))
    return float(population)


def _sorted_table(rows: list[dict[str, Any]], key: str, path: Path) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    if table.empty:
        raise SourceLayoutError(path, expected="des territoires des 101 départements", found="aucun")
    table = table.astype({column: "str" for column in table.columns if column != "population"})
    twice = table.loc[table[key].duplicated(), key]
    if len(twice):
        raise SourceValueError(path, place=f"code {twice.iloc[0]}", expected="une seule fois", found="un doublon")
    return table.sort_values(key, ignore_index=True)
