"""The long-standing flat file of FINESS, `etalab-cs1100507`: two kinds of rows, no header, ';'.

The Ministry stopped writing it on 4 May 2026; data.gouv.fr still gives the last one.
"""

import csv
import datetime as dt
import re
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.finess import STRUCTURE_TYPE_OF_CATEGORY
from data.readers.raw_text import read_text
from data.readers.site_points import PROJECTIONS, Pair
from geo.codes import OVERSEAS_OF_FINESS

SITE: Final = "structureet"
POINT: Final = "geolocalisation"
FIRST_CELL: Final = "finess"

N_SITE_CELLS: Final = 32
_FEWEST_POINT_CELLS: Final = 6  # more in the files of 2016, which cut the name of the projection at each comma
_CATEGORY: Final = 18  # the nineteenth field
_CELLS: Final = {
    "finess_code": 1,
    "raison_sociale": 3,
    "rslongue": 4,
    "compldistrib": 6,
    "numvoie": 7,
    "typvoie": 8,
    "voie": 9,
    "compvoie": 10,
    "lieuditbp": 11,
    "commune": 12,
    "departement": 13,
    "ligneacheminement": 15,
    "categetab": _CATEGORY,
    "dateouv": 28,
}
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,10})?")
_NAMED: Final = re.compile("|".join(sorted(map(re.escape, PROJECTIONS), key=len, reverse=True)))

_MOVED: Final = {"97123": "97701", "97127": "97801"}  # Saint-Barthélemy and Saint-Martin, no longer of Guadeloupe


def read_flat_cells(path: Path) -> tuple[pd.DataFrame, list[Pair], dt.date, int]:
    """Read the sites of the kept categories as text, and their points as the file writes them.

    Parameters
    ----------
    path
        File in UTF-8 or ISO 8859-1.

    Returns
    -------
    tuple
        Cells, on their line numbers, with an INSEE code made of the department and the commune (code_insee); one pair
        of coordinates with the projection of its row; the day of the file; its number of sites, kept or not.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, or laid out otherwise.
    """
    rows = csv.reader(read_text(path, or_latin_1=True).splitlines(keepends=True), delimiter=";", strict=True)
    sites: list[list[str]] = []
    lines: list[int] = []
    points: dict[str, tuple[float, float, int]] = {}
    n_sites = 0
    try:
        first = next(rows)
        if not first or first[0].strip() != FIRST_CELL:
            raise SourceLayoutError(
                path, place="ligne 1", expected="« finess;etalab;…;date »", found=";".join(first)[:80]
            )
        as_of = _day_of(path, first)
        for row in rows:
            if row and row[0] == SITE:
                _require_site(path, row, rows.line_num)
                n_sites += 1
                if row[_CATEGORY].strip() in STRUCTURE_TYPE_OF_CATEGORY:
                    sites.append([row[position].strip() for position in _CELLS.values()])
                    lines.append(rows.line_num)
            elif row and row[0] == POINT:
                if len(row) < _FEWEST_POINT_CELLS:
                    raise _cut(path, rows.line_num, f"{_FEWEST_POINT_CELLS} cases au moins", len(row))
                points[row[1].strip()] = _point(row)
            elif any(cell.strip() for cell in row):
                raise SourceLayoutError(
                    path, place=f"ligne {rows.line_num}, colonne 1", expected=f"{SITE} ou {POINT}", found=row[0][:40]
                )
    except csv.Error as error:
        raise SourceUnreadable(
            path, place=f"ligne {rows.line_num}", expected="un texte délimité complet", found=error
        ) from error
    if n_sites == 0:
        raise SourceLayoutError(path, expected=f"des lignes {SITE}", found="aucune")
    cells = pd.DataFrame(sites, columns=list(_CELLS), index=pd.Index(lines, name="line"), dtype="str")
    cells["code_insee"] = pd.Series(
        [_insee(*pair) for pair in zip(cells["departement"], cells["commune"], strict=True)],
        index=cells.index,
        dtype="str",
    )
    nowhere = (float("nan"), float("nan"), 0)
    found = pd.DataFrame(
        [points.get(code, nowhere) for code in cells["finess_code"]], columns=["x", "y", "epsg"], index=cells.index
    ).astype({"x": "float64", "y": "float64", "epsg": "int64"})
    return cells, [Pair(found["x"], found["y"], found["epsg"])], as_of, n_sites


def _day_of(path: Path, first: list[str]) -> dt.date:
    """Return the day of the file, the fourth cell of its first line."""
    try:
        return dt.date.fromisoformat(first[3].strip())
    except (IndexError, ValueError) as error:
        raise SourceLayoutError(
            path, place="ligne 1", expected="« finess;etalab;…;2026-05-12 »", found=";".join(first)[:80]
        ) from error


def _require_site(path: Path, row: list[str], line: int) -> None:
    """Want a whole site row: a cut one shows by its number of cells, another layout by its nineteenth."""
    if len(row) != N_SITE_CELLS:
        raise _cut(path, line, f"{N_SITE_CELLS} cases", len(row))
    if not (len(row[_CATEGORY]) == 3 and row[_CATEGORY].isdigit()):  # noqa: PLR2004 - a category has three digits
        raise SourceValueError(
            path,
            place=f"ligne {line}, colonne 19 (categetab)",
            expected="une catégorie FINESS de trois chiffres",
            found=f"« {row[_CATEGORY][:40]} »",
        )


def _cut(path: Path, line: int, expected: str, found: int) -> SourceUnreadable:
    return SourceUnreadable(
        path, place=f"ligne {line}", expected=expected, found=f"{found} (fichier tronqué ou autre présentation)"
    )


def _point(row: list[str]) -> tuple[float, float, int]:
    """Give the two numbers of a point row and the EPSG code of the projection it names; NaN and 0 where it has none."""
    x, y = (float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell.strip()) else float("nan") for cell in row[2:4])
    named = _NAMED.search(",".join(row[4:]))
    return x, y, PROJECTIONS[named.group()] if named else 0


def _insee(departement: str, commune: str) -> str:
    """Make the INSEE code of a department and a commune; FINESS has its own codes for the overseas departments."""
    if departement in OVERSEAS_OF_FINESS:
        code = "97" + commune.zfill(3)
        return _MOVED.get(code, code)
    if departement.startswith("97"):
        return departement + commune[-2:].zfill(2)
    if departement.startswith("9") and departement[1:].isalpha():  # 9J: Wallis-et-Futuna
        return "98" + commune.zfill(3)
    return departement.zfill(2) + commune.zfill(3)
