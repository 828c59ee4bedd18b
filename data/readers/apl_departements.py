"""Accessibility to GPs by department, as a page of the DREES's figures of 2024 was transcribed by a third party."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.documents import read_document
from geo.codes import DEPARTEMENT_CODES

WITHOUT: Final = frozenset({"976"})
"""Departments that have no APL: Mayotte."""

_HIGHEST: Final = 100.0


def read_apl_departements(path: Path) -> pd.DataFrame:
    """Return the mean APL to GPs of all ages of each department and of France, in the edition read and the one before.

    Source: DREES, set 530, averaged by department; copied from the text of a page by a third party, two decimals. GPs
    of all ages only: the series of GPs of 65 or less was not copied.

    Parameters
    ----------
    path
        JSON document: vintage, france and departments, each with apl, apl<year before>; departments with pop and
        popUnder25.

    Returns
    -------
    pandas.DataFrame
        Sorted by level, territory_code and vintage: level ("departement" or "france"), territory_code ("FR" for
        France), vintage (int64), apl (acts a year per standardised inhabitant), population_total and
        population_under_2_5 (inhabitants, and those of communes below 2.5; NaN for France and for the edition before).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, lacks a key or a department, or holds a value that cannot be.
    """
    document = read_document(path)
    year = _get(path, document, "vintage", "document")
    if type(year) is not int or not 2015 <= year <= 2100:  # noqa: PLR2004 - years of the APL
        raise SourceValueError(path, place="vintage", expected="une année", found=repr(year))
    lines = _get(path, document, "departments", "document")
    codes = [_get(path, line, "code", f"département {rank}") for rank, line in enumerate(lines, start=1)]
    wanted = sorted(set(DEPARTEMENT_CODES) - WITHOUT)
    if sorted(codes) != wanted:
        odd = sorted(set(wanted) ^ set(codes)) or ["un département écrit deux fois"]
        raise SourceLayoutError(path, expected="les 100 départements qui ont une APL", found=", ".join(map(str, odd)))
    rows = []
    for place, line in (("france", _get(path, document, "france", "document")), *zip(codes, lines, strict=True)):
        for vintage, key in ((year, "apl"), (year - 1, f"apl{year - 1}")):
            apl = _number(path, _get(path, _get(path, line, key, place), "mg", place), f"{place}, {key}", _HIGHEST)
            people = under = float("nan")
            if place != "france" and vintage == year:
                people = _number(path, _get(path, line, "pop", place), f"{place}, pop")
                under = _number(path, _get(path, line, "popUnder25", place), f"{place}, popUnder25", people)
            level, code = ("france", "FR") if place == "france" else ("departement", place)
            rows.append((level, code, vintage, apl, people, under))
    columns = ["level", "territory_code", "vintage", "apl", "population_total", "population_under_2_5"]
    table = pd.DataFrame(rows, columns=columns).astype({"level": "str", "territory_code": "str"})
    return table.sort_values(columns[:3], ignore_index=True)


def _get(path: Path, record: Any, key: str, place: str) -> Any:
    if not isinstance(record, dict) or key not in record:
        raise SourceLayoutError(path, place=str(place), expected=f"la clé « {key} »", found=f"{record!r:.60}")
    return record[key]


def _number(path: Path, value: Any, place: str, highest: float = float("inf")) -> float:
    if type(value) not in (int, float) or not 0 <= value <= highest:
        raise SourceValueError(path, place=place, expected=f"un nombre de 0 à {highest:g}", found=repr(value))
    return float(value)
