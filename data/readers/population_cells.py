"""Inhabitants by cell of 200 m: INSEE, Filosofi, « données carroyées ».

The files of 2017, 2019 and 2021 have the same columns, in capitals or not. A cell is named after the corner at its
south-west, in metres of a projection that its name says: CRS3035RES200mN2029800E4252400.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pyarrow import compute

from data.errors import SourceLayoutError, SourceUnreadable, SourceValueError
from data.readers.rpps_extraction import read_blocks, read_header
from data.readers.source_table import COMMUNE_CODE

SIDE_M: Final = 200
PROJECTIONS: Final = (3035, 2975, 5490, 32620)
"""EPSG codes of the grids: metropolitan France (LAEA Europe), La Réunion, Martinique (of today, and of 2017)."""

_LABELS: Final = {
    "cell": ("idcar_200m",),
    "communes": ("lcog_geo",),
    "population": ("ind",),
    "imputed": ("i_est_200",),
}
_CELL: Final = r"^CRS(?P<epsg>[0-9]{4,5})RES200mN(?P<south>[0-9]{1,8})E(?P<west>[0-9]{1,8})$"
_SEPARATOR: Final = ","
_MOST_PEOPLE: Final = 20_000
"""Inhabitants of a cell: twice the densest of Paris."""


class UnknownProjection(SourceValueError):
    """The cells are named in a projection that no known grid uses."""

    problem = "Projection inconnue"


def read_population_cells(*files: Path) -> pd.DataFrame:
    """Return the inhabitants of each cell of 200 m, in the communes that it touches.

    A cell astride communes gives each of them an equal part of its people: the file lists their codes one after the
    other (`lcog_geo`) and says neither their parts nor an order. Nobody is lost: parts add up to the cell.

    Source: INSEE, Filosofi, « Données carroyées », carreaux de 200 m: people of ordinary households; values of cells
    of fewer than eleven households are imputed.

    Parameters
    ----------
    files
        CSV of a territory each (carreaux_200m_met.csv), one at least.

    Returns
    -------
    pandas.DataFrame
        commune_code (text, of the edition: municipal arrondissements too), epsg, y_m, x_m (int32: projection, and
        centre of the cell in its metres), population (float64, 0 or more), imputed (bool); in the order of the file.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError
        When a file is absent, cut, a web page, without one of these columns, or without lines.
    SourceValueError
        When a cell is named or counted as no cell is, or comes twice.
    UnknownProjection
        When its projection is none of `PROJECTIONS`.
    """
    cells = pd.concat([block for file in files for block in _blocks(file)], ignore_index=True)
    twice = cells.duplicated(["epsg", "y_m", "x_m"])
    if twice.any():
        first = cells[twice].iloc[0]
        found = f"N{first['y_m'] - SIDE_M // 2}E{first['x_m'] - SIDE_M // 2} ({int(twice.sum())} en double)"
        raise SourceValueError(files[-1], expected="chaque carreau une fois", found=found)
    return _by_commune(cells)


def _blocks(path: Path) -> Iterator[pd.DataFrame]:
    """Read a file block after block: its cells are two millions, of which four columns of thirty-four are kept."""
    header = [label.strip(' "') for label in read_header(path, _SEPARATOR)]
    wrong: list[str] = []
    n_before = 0
    for block in read_blocks(path, header, _LABELS, wrong, _SEPARATOR):
        if wrong:
            raise SourceUnreadable(path, expected=f"{len(header)} cases par ligne", found=f"« {wrong[0]} »")
        bare = {name: compute.utf8_trim(block[name], ' "').combine_chunks() for name in _LABELS}
        yield _read(bare, path, n_before + 2)
        n_before += block.num_rows
    if wrong:
        raise SourceUnreadable(path, expected=f"{len(header)} cases par ligne", found=f"« {wrong[0]} »")
    if not n_before:
        raise SourceLayoutError(path, expected="des carreaux sous l’en-tête", found="aucun")


def _read(cells: dict[str, pa.StringArray], path: Path, first_line: int) -> pd.DataFrame:
    """Turn the text of some cells into numbers, or say which line is none of a cell."""

    def require(name: str, holds: npt.NDArray[np.bool_], expected: str) -> None:
        if not holds.all():
            at = int(np.argmin(holds))
            place = f"ligne {first_line + at}, colonne « {_LABELS[name][0]} »"
            raise SourceValueError(path, place=place, expected=expected, found=f"« {str(cells[name][at])[:60]} »")

    named = compute.extract_regex(cells["cell"], _CELL)
    require("cell", _holds(compute.is_valid(named)), "CRS3035RES200mN…E…, le nom d’un carreau de 200 m")
    epsg, south, west = (_whole(named.field(number)) for number in range(3))
    if unknown := sorted(set(np.unique(epsg)) - set(PROJECTIONS)):
        known = ", ".join(f"CRS{code}" for code in PROJECTIONS)
        raise UnknownProjection(path, place="colonne « idcar_200m »", expected=known, found=f"CRS{unknown[0]}")
    require("communes", _matches(cells["communes"], rf"^(?:{COMMUNE_CODE})+$"), "un ou plusieurs codes de communes")
    require("population", _matches(cells["population"], r"^[0-9]{1,6}(?:\.[0-9]{1,17})?$"), "un nombre d’habitants")
    require("imputed", _matches(cells["imputed"], r"^[01]$"), "0 ou 1")
    people = compute.cast(cells["population"], pa.float64()).to_numpy(zero_copy_only=False)
    require("population", people <= _MOST_PEOPLE, f"au plus {_MOST_PEOPLE} habitants")
    return pd.DataFrame(
        {
            "communes": pd.array(cells["communes"].to_pandas(), dtype="str"),
            "epsg": epsg,
            "y_m": south + SIDE_M // 2,
            "x_m": west + SIDE_M // 2,
            "population": people,
            "imputed": _holds(compute.equal(cells["imputed"], "1")),
        }
    )


def _by_commune(cells: pd.DataFrame) -> pd.DataFrame:
    """Give each commune of a cell its line, and an equal part of the people."""
    n_communes = (cells["communes"].str.len() // 5).to_numpy(np.int64)
    lines = np.repeat(np.arange(len(cells)), n_communes)
    rank = np.arange(len(lines)) - np.repeat(np.cumsum(n_communes) - n_communes, n_communes)
    parted = cells.iloc[lines].reset_index(drop=True)
    codes = parted["communes"].str[:5]
    for number in range(1, int(n_communes.max())):
        codes = codes.mask(rank == number, parted["communes"].str[5 * number : 5 * number + 5])
    people = parted["population"] / n_communes[lines]
    placed = parted.drop(columns="communes").assign(population=people)
    placed.insert(0, "commune_code", codes.astype("str"))
    return placed


def _whole(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    whole: npt.NDArray[np.int32] = compute.cast(texts, pa.int32()).to_numpy(zero_copy_only=False)
    return whole


def _matches(texts: pa.StringArray, pattern: str) -> npt.NDArray[np.bool_]:
    return _holds(compute.match_substring_regex(texts, pattern))


def _holds(values: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    holds: npt.NDArray[np.bool_] = values.to_numpy(zero_copy_only=False)
    return holds
