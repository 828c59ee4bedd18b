"""GPs by age class and department: DREES, « La démographie des professionnels de santé », from the RPPS."""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError, SourceUnreadable, SourceValueError
from data.files.workbooks import read_rows
from data.readers.age_classes import AgeClass, parse_age_class
from data.readers.loose_table import label_key
from data.readers.raw_text import read_bytes, read_text
from data.readers.sheets import LIMITS
from data.readers.source_table import find_columns
from geo.codes import DEPARTEMENT_CODES

_SHEET: Final = "effectif"
_COLUMNS: Final = {
    "departement": "(?i)(?:code_?)?d[ée]partement",
    "speciality": "(?i)sp[ée]cialit[ée]s?",
    "mode": "(?i)(?:mode_?(?:d')?)?exercice",
    "age": "(?i)tranches?_?(?:d')?[âa]ge",
    "sex": "(?i)sexe",
}
_YEAR: Final = re.compile(r"(?i)effectifs?_?(20[0-9]{2})")
_RANK: Final = re.compile(r"^[0-9]{1,3}[A-B]?\s*-\s*")
_TOTAL: Final = "ensemble"
_GP: Final = re.compile(r"(?:.*_)?medecine_generale")
_DEPARTEMENT: Final = re.compile(r"0?([0-9]{2}|2[AB]|97[0-9]|98[0-9])(?:\s*-.*)?")
_SECRET: Final = frozenset({"", "nd", "ns", "n_d", "s", "secret"})
_WORKBOOK: Final = b"PK\x03\x04"

Counts = dict[tuple[str, int, str, AgeClass | None], float]


def read_gp_ages(path: Path) -> pd.DataFrame:
    """Count the GPs of each department by age class and mode of practice, on 1 January of each year (persons).

    Source: DREES, RPPS, « Médecins RPPS 2012-2026 », sheet Effectifs: active doctors, replacements included. The same
    columns come as CSV from the data set's export.

    Parameters
    ----------
    path
        Workbook (.xlsx) or CSV file, told apart by content.

    Returns
    -------
    pandas.DataFrame
        Sorted by departement_code, year, practice_mode and age_min: departement_code (text), year (int), practice_mode
        ("tous", "liberal" with those who are both, "salarie"), age_min (float64 years, included; 0 for the first),
        age_max (float64 years, excluded; inf for the last), n_gp (float64 whole number >= 0; NaN is suppressed or not
        available). When every class of a department is known, they add up to the file's own total.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, has another lay-out, no GP, a class or a department that cannot be read, two
        values for one place, or a total that its classes do not add up to.
    """
    rows = _rows(path)
    head = [row for _, row in zip(range(20), rows, strict=False)]
    header, positions = find_columns(head, _COLUMNS, path=path)
    years = {match[1]: place for place, label in enumerate(head[header]) if (match := _YEAR.fullmatch(label.strip()))}
    if not years:
        found = ", ".join(filter(None, head[header]))
        raise SourceLayoutError(path, place=f"ligne {header + 1}", expected="des colonnes effectif_2024…", found=found)
    counts: Counts = {}
    width = max([*positions.values(), *years.values()])
    for number, row in _numbered(head[header + 1 :], rows, header + 2):
        if len(row) <= width or not _is_wanted(row, positions):
            continue
        _add(counts, row, positions, years, path, number)
    return _table(counts, path)


def _add(
    counts: Counts, row: Sequence[str], positions: Mapping[str, int], years: Mapping[str, int], path: Path, number: int
) -> None:
    """Add the years of a line of GPs, unless it is of a mode, a place or a territory that is not counted."""
    mode = _mode(row[positions["mode"]])
    place = _departement(row[positions["departement"]], path, number)
    if not mode or not place:
        return
    age = _age(row[positions["age"]], path, number)
    for year, position in years.items():
        value = _value(row[position], path, number, f"effectif_{year}")
        key = (place, int(year), mode, age)
        known = counts.get(key)
        if known is not None and known != value and not (pd.isna(known) and pd.isna(value)):
            expected = f"une valeur pour {place}, {row[positions['age']]}, {row[positions['mode']]}"
            found = f"{known:g} et {value:g}"
            raise SourceValueError(path, place=f"ligne {number}", expected=expected, found=found)
        counts[key] = value  # the same line may stand under its territory, its region and the whole country


def _table(counts: Counts, path: Path) -> pd.DataFrame:
    """Add up the modes, and hold the classes to their total."""
    if not counts:
        raise SourceLayoutError(path, expected="des médecins généralistes par département", found="aucun")
    long = pd.DataFrame(
        [(place, year, mode, age, n) for (place, year, mode, age), n in counts.items()],
        columns=["departement_code", "year", "practice_mode", "age", "n_gp"],
    )
    long["practice_mode"] = long["practice_mode"].replace({"mixte": "liberal"})
    long["age_min"] = [age.low if age else -1.0 for age in long["age"]]
    long["age_max"] = [age.high if age else -1.0 for age in long["age"]]
    keys = ["departement_code", "year", "practice_mode", "age_min", "age_max"]
    sums = long.groupby(keys, sort=True)["n_gp"].agg(lambda values: values.sum(skipna=False)).reset_index()
    is_total = sums["age_min"] < 0
    parts = sums[~is_total]
    if parts.empty:
        raise SourceLayoutError(path, expected="des classes d’âge", found="le seul total")
    added = parts.groupby(keys[:3])["n_gp"].agg(lambda values: values.sum(skipna=False))
    totals = sums[is_total].set_index(keys[:3])["n_gp"]
    wrong = (totals - added).dropna()
    wrong = wrong[wrong != 0]
    if len(wrong):
        where = ", ".join(map(str, wrong.index[0]))
        raise SourceValueError(
            path,
            place=f"total de {where}",
            expected=f"la somme des classes, {added[wrong.index[0]]:.0f}",
            found=f"{totals[wrong.index[0]]:.0f}",
            remedy="Le fichier semble tronqué ou incomplet.",
        )
    table = parts.astype({"departement_code": "str", "practice_mode": "str", "year": "int64", "n_gp": "float64"})
    twice = table.duplicated(keys[:4])
    if twice.any():
        first = table[twice].iloc[0]
        raise SourceValueError(
            path,
            place=f"{first['departement_code']}, {first['year']}",
            expected="des classes d’âge qui ne se recouvrent pas",
            found=f"deux classes à partir de {first['age_min']:g} ans",
        )
    return table.sort_values(keys[:4], ignore_index=True)


def _is_wanted(row: Sequence[str], positions: Mapping[str, int]) -> bool:
    """Tell a line of GPs of both sexes."""
    speciality = label_key(_RANK.sub("", row[positions["speciality"]]))
    return bool(_GP.fullmatch(speciality)) and label_key(_RANK.sub("", row[positions["sex"]])) == _TOTAL


def _mode(label: str) -> str:
    """Give our name of a mode of practice; empty for one that is not counted (its doctors are in the total)."""
    key = label_key(_RANK.sub("", label))
    if key == _TOTAL:
        return "tous"
    return next((mode for mode in ("mixte", "liberal", "salarie") if key.startswith(mode)), "")


def _departement(label: str, path: Path, number: int) -> str:
    """Return the code of a department (« 002-Aisne », « 02A -Corse-du-Sud »); empty for a total or a collectivity."""
    text = label.strip()
    if label_key(text).endswith(_TOTAL) or text.startswith(("000", "999")):
        return ""
    match = _DEPARTEMENT.fullmatch(text)
    code = match[1] if match else ""
    if code in DEPARTEMENT_CODES:
        return code
    if code.startswith(("97", "98")):
        return ""
    raise SourceValueError(path, place=f"ligne {number}", expected="un département (« 002-Aisne »)", found=label)


def _age(label: str, path: Path, number: int) -> AgeClass | None:
    """Read an age class; None for the total."""
    text = _RANK.sub("", label.strip())
    if label_key(text) == _TOTAL:
        return None
    age = parse_age_class(text)
    if age is None or not age.low < age.high:
        raise SourceValueError(path, place=f"ligne {number}", expected="une classe d’âge (« 30-34 ans »)", found=label)
    return age


def _value(cell: str, path: Path, number: int, column: str) -> float:
    text = re.sub(r"[\s\u00a0\u202f]", "", cell)
    if label_key(text) in _SECRET:
        return float("nan")
    if not re.fullmatch(r"[0-9]{1,9}(?:[.,]0+)?", text):
        place = f"ligne {number}, colonne « {column} »"
        raise SourceValueError(path, place=place, expected="un nombre entier, ou ND", found=cell)
    return float(text.replace(",", "."))


def _numbered(head: Iterable[list[str]], rows: Iterator[list[str]], first: int) -> Iterator[tuple[int, list[str]]]:
    number = first - 1
    for number, row in enumerate(head, start=first):
        yield number, row
    yield from enumerate(rows, start=number + 1)


def _rows(path: Path) -> Iterator[list[str]]:
    """Return the rows of the sheet of head counts, or of the text, one by one: there are hundreds of thousands."""
    if not _is_workbook(path):
        text = read_text(path, or_latin_1=True)
        separator = max(";,\t", key=text.split("\n", 1)[0].count)
        return _text_rows(path, text, separator)
    rows = read_rows(read_bytes(path), path, LIMITS, sheets=_SHEET)
    first = next(rows, None)
    if first is None:
        raise SourceLayoutError(path, expected="une feuille « Effectifs »", found="aucune de ce nom")
    return (row.cells for row in itertools.chain([first], rows) if row.sheet == first.sheet)


def _is_workbook(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_WORKBOOK)) == _WORKBOOK
    except OSError:
        return False  # said by the reader of texts


def _text_rows(path: Path, text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    width = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            width = width or len(row)
            if len(row) != width:
                raise SourceUnreadable(
                    path,
                    place=f"ligne {reader.line_num}",
                    expected=f"{width} cases, comme l’en-tête",
                    found=f"{len(row)} (fichier tronqué ?)",
                )
            yield row
    except csv.Error as error:
        place = f"ligne {reader.line_num}"
        raise SourceUnreadable(path, place=place, expected="un texte délimité complet", found=error) from error
