"""Indicators of the communes kept as JSON: share of 75 and over (INSEE), deprivation (F-EDI)."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.documents import read_document, require_keys
from data.readers.source_table import COMMUNE_CODE

_PERCENT: Final = 100.0
_HIGHEST_FEDI: Final = 100.0
"""The published scores of 2021 run from -24 to +30."""


def read_share_75plus(path: Path) -> pd.DataFrame:
    """Return the share of inhabitants of 75 and over in each commune (0-1), 2022.

    Source: INSEE, Statistiques locales, census 2022; the file gives a percentage with one decimal and no counts, so
    shares of several communes can only be joined by weighting with a population.

    Parameters
    ----------
    path
        JSON document: an object by commune code.

    Returns
    -------
    pandas.DataFrame
        commune_code (text, sorted), share_75plus (float64, 0-1; NaN is unknown). Without Mayotte.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, has other keys, or a value that is not a percentage.
    """
    return _read(
        path,
        "share_75plus",
        "part_personnes_agees_75_plus",
        beside="nom_commune",
        bounds=(0.0, _PERCENT),
        divisor=_PERCENT,
    )


def read_fedi(path: Path) -> pd.DataFrame:
    """Return the French deprivation index (F-EDI) of each commune, a score without unit, 2021.

    Source: Santé publique France. The higher, the more deprived; about 0 on average, negative where people are better
    off.

    Parameters
    ----------
    path
        JSON document: an object by commune code.

    Returns
    -------
    pandas.DataFrame
        commune_code (text, sorted), fedi (float64, about -25 to +31; NaN is unknown). Metropolitan France only.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        As for `read_share_75plus`.
    """
    return _read(path, "fedi", "EDI", beside="Commune", bounds=(-_HIGHEST_FEDI, _HIGHEST_FEDI), divisor=1.0)


def _read(
    path: Path, name: str, key: str, *, beside: str | None, bounds: tuple[float, float], divisor: float
) -> pd.DataFrame:
    """Return one value by commune, from an object whose records hold `key` and, beside it, the commune's name."""
    document = read_document(path)
    if not isinstance(document, dict) or not document:
        found = type(document).__name__ if document else "un document vide"
        raise SourceLayoutError(path, expected="un objet par code de commune", found=found)
    needed = frozenset({key} if beside is None else {key, beside})
    values = {}
    for code, record in document.items():
        if not re.fullmatch(COMMUNE_CODE, code):
            raise SourceValueError(
                path, place=f"clé « {code} »", expected="un code INSEE de cinq caractères", found=code
            )
        value = require_keys(record, needed=needed, path=path, place=f"commune {code}")[key]
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if value is not None and not (is_number and bounds[0] <= value <= bounds[1]):
            expected = f"un nombre entre {bounds[0]:g} et {bounds[1]:g}, ou null"
            raise SourceValueError(path, place=f"commune {code}, {key}", expected=expected, found=repr(value))
        values[code] = float("nan") if value is None else float(value) / divisor
    table = pd.DataFrame({"commune_code": pd.Series(list(values), dtype="str"), name: list(values.values())})
    return table.astype({name: "float64"}).sort_values("commune_code", ignore_index=True)
