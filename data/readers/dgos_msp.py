"""Half-yearly counts of MSP and centres de santé, and targets: DGOS, « Baromètre de l'action publique »."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.documents import read_document, require_keys
from data.readers.source_table import DEPARTEMENT_CODE

_STRUCTURE_TYPES: Final = MappingProxyType({"nb-maisons-sante": "msp", "nb-centres-sante": "centre_sante"})
_CODE_KEYS: Final = MappingProxyType({"france": None, "region": "reg", "departement": "dep"})
_CODE_PATTERNS: Final = MappingProxyType({"region": r"0[12346]|[1-9][0-9]", "departement": DEPARTEMENT_CODE})
_FRANCE: Final = "FR"
_DAY: Final = r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_HIGHEST_COUNT: Final = 100_000
"""Structures: forty times the national count of 2022; more means another unit."""


def read_msp_series(path: Path, level: str) -> pd.DataFrame:
    """Return the number of structures in operation at the end of each half-year, by territory of one level.

    Source: DGOS. MSP are the labelled ones, centres de santé are the multi-professional ones: FINESS counts sites,
    which is another field, and the two are never joined into one curve.

    Parameters
    ----------
    path
        JSON document of that level (dms_nat, dms_reg or dms_dep).
    level
        "france", "region" or "departement".

    Returns
    -------
    pandas.DataFrame
        level, territory_code ("FR" for France), structure_type ("msp" or "centre_sante"), date (datetime64, last day
        of the half-year), n_structures (int64), sorted by these; a date that the source leaves out is left out.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, has other keys, a code or a date twice, a count that is not a whole number, or a
        last value that is not the one its summary states.
    ValueError
        When the level is none of the three.
    """
    rows = []
    for code, record in _territories(path, level):
        for key, structure_type in _STRUCTURE_TYPES.items():
            place = f"{code}, {key}"
            points = {}
            for point in _as_list(record[key], path, place):
                entry = require_keys(point, needed=frozenset({"date", "value"}), path=path, place=place)
                day = _day(entry["date"], path, place)
                if day in points:
                    raise SourceValueError(path, place=place, expected="une valeur par date", found=f"{day} deux fois")
                points[day] = _count(entry["value"], path, f"{place}, {day}")
            _require_summary(record, key, points, path, place)
            rows += [(level, code, structure_type, day, count) for day, count in points.items()]
    return _table(rows, "date", "n_structures")


def read_msp_targets(path: Path, level: str) -> pd.DataFrame:
    """Return the number of structures that each territory of one level was to reach, and by when.

    Source, parameters and errors: as for `read_msp_series`.

    Returns
    -------
    pandas.DataFrame
        level, territory_code, structure_type, target_date (datetime64), target (int64 structures), sorted by these.
    """
    rows = []
    for code, record in _territories(path, level):
        needed = frozenset(_STRUCTURE_TYPES)
        targets = require_keys(record["targets"], needed=needed, path=path, place=f"{code}, targets")
        for key, structure_type in _STRUCTURE_TYPES.items():
            place = f"{code}, targets, {key}"
            target = require_keys(targets[key], needed=frozenset({"target", "target_date"}), path=path, place=place)
            day = _day(target["target_date"], path, place)
            rows.append((level, code, structure_type, day, _count(target["target"], path, place)))
    return _table(rows, "target_date", "target")


def _territories(path: Path, level: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each territory's code and record, keys and code checked."""
    if level not in _CODE_KEYS:
        msg = f"Niveau attendu : {', '.join(_CODE_KEYS)} ; trouvé : {level}."
        raise ValueError(msg)
    code_key = _CODE_KEYS[level]
    needed = frozenset({"values", "targets", *_STRUCTURE_TYPES} | ({code_key, "libelle"} if code_key else set()))
    records = _as_list(read_document(path), path, "racine")
    if not records or (code_key is None and len(records) != 1):
        expected = "au moins un territoire" if code_key else "un seul territoire"
        raise SourceLayoutError(path, expected=expected, found=str(len(records)))
    seen = set()
    for number, record in enumerate(records, start=1):
        checked = require_keys(record, needed=needed, path=path, place=f"territoire n° {number}")
        code = checked[code_key] if code_key else _FRANCE
        if code_key and not (isinstance(code, str) and re.fullmatch(_CODE_PATTERNS[level], code)):
            raise SourceValueError(path, place=f"territoire n° {number}", expected="un code en texte", found=repr(code))
        if code in seen:
            raise SourceValueError(path, place=f"territoire n° {number}", expected="un code écrit une fois", found=code)
        seen.add(code)
        yield code, checked


def _require_summary(record: Mapping[str, Any], key: str, points: Mapping[str, int], path: Path, place: str) -> None:
    """Check that the summary of the latest value, which the document repeats, is the end of its own series."""
    summaries = require_keys(record["values"], needed=frozenset(_STRUCTURE_TYPES), path=path, place=f"{place}, values")
    summary = require_keys(
        summaries[key], needed=frozenset({"value", "value_date"}), path=path, place=f"{place}, values"
    )
    if not points:
        raise SourceLayoutError(path, place=place, expected="au moins une date", found="aucune")
    last = max(points)
    if (summary["value_date"], summary["value"]) != (last, points[last]):
        found = f"{summary['value']} au {summary['value_date']}"
        raise SourceValueError(path, place=f"{place}, values", expected=f"{points[last]} au {last}", found=found)


def _as_list(value: object, path: Path, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise SourceLayoutError(path, place=place, expected="une liste", found=type(value).__name__)
    return value


def _day(value: object, path: Path, place: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(_DAY, value) or pd.isna(pd.to_datetime(value, errors="coerce")):
        raise SourceValueError(path, place=place, expected="une date de la forme 2022-12-31", found=repr(value))
    return value


def _count(value: object, path: Path, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _HIGHEST_COUNT:
        raise SourceValueError(path, place=place, expected="un nombre entier de structures", found=repr(value))
    return value


def _table(rows: list[tuple[str, str, str, str, int]], day_column: str, count_column: str) -> pd.DataFrame:
    columns = ["level", "territory_code", "structure_type", day_column, count_column]
    table = pd.DataFrame(rows, columns=columns).astype({count_column: "int64"})
    days = pd.to_datetime(table[day_column], format="%Y-%m-%d").astype("datetime64[us]")
    return table.assign(**{day_column: days}).sort_values(columns[:-1], ignore_index=True)
