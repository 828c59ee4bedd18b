"""Travel times from a table that the user gives: CSV or Parquet, columns origin, destination, minutes (e.g. METRIC)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.travel_time.errors import TravelTimeTableError
from geo.travel_time.matrix import MAX_LIMIT_MIN, TravelTimes, travel_times_from_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE_COLUMNS: Final = ("origin", "destination", "minutes")
_FIRST_LINE: Final = 2  # the header is line 1


def read_travel_time_table(
    path: Path, place_codes: Sequence[str], *, limit_min: float = 60.0, vintage: str, symmetric: bool = False
) -> TravelTimes:
    """Read the minutes by road between places from a CSV (`,` or `;`, decimal point or comma) or Parquet file.

    Parameters
    ----------
    path : file with a header line and the columns origin, destination (codes, text) and minutes.
    place_codes : all places, in the order wanted; those the file does not name reach only themselves.
    limit_min : minutes, pairs beyond are dropped.
    vintage : what the user says of the date of the table.
    symmetric : the file names each pair once: read it both ways.

    Returns
    -------
    TravelTimes with provider "table".

    Raises
    ------
    TravelTimeTableError
        The file is missing or unreadable, or a line is faulty; the message names the file, the line and what was
        expected.
    """
    if not path.exists():
        raise TravelTimeTableError(f"{path.name} : attendu un fichier CSV ou Parquet, trouvé aucun fichier.")
    try:
        table = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except (OSError, ValueError, csv.Error) as error:
        if isinstance(error, TravelTimeTableError):
            raise
        raise TravelTimeTableError(f"{path.name} : attendu un fichier CSV (UTF-8) ou Parquet, {error}.") from error
    return travel_times_from_table(
        table, place_codes, limit_min=limit_min, vintage=vintage, symmetric=symmetric, name=path.name
    )


def travel_times_from_table(
    table: pd.DataFrame,
    place_codes: Sequence[str],
    *,
    limit_min: float = 60.0,
    vintage: str,
    symmetric: bool = False,
    name: str = "table de temps",
) -> TravelTimes:
    """Give the minutes by road between places from a table, checked line by line.

    The time from a place to itself is 0 unless the table says otherwise.

    Parameters
    ----------
    table : columns origin, destination (text codes) and minutes; row k is line k + 2 of the file.
    place_codes, limit_min, vintage, symmetric : as in `read_travel_time_table`.
    name : what messages call the table.

    Returns
    -------
    TravelTimes with provider "table".

    Raises
    ------
    TravelTimeTableError
        A column is missing, a code is no place, minutes are no number in [0, 6 553], or a pair comes twice.
    """
    missing = [column for column in TABLE_COLUMNS if column not in table.columns]
    if missing:
        found = ", ".join(map(str, table.columns))
        raise TravelTimeTableError(
            f"{name}, ligne 1 : attendu les colonnes {', '.join(TABLE_COLUMNS)}, trouvé {found}."
        )
    place_index = pd.Index(place_codes)
    ends = {}
    for column in ("origin", "destination"):
        if pd.api.types.is_numeric_dtype(table[column]):  # "01001" read as 1001 has already lost its zero
            raise TravelTimeTableError(f"{name}, colonne {column} : attendu des codes en texte, trouvé des nombres.")
        at = place_index.get_indexer(table[column])
        _refuse(name, at < 0, table[column], f"colonne {column}, attendu un code de commune connu")
        ends[column] = at
    minutes = pd.to_numeric(table["minutes"].replace("", None), errors="coerce").to_numpy(np.float64, na_value=np.nan)
    bad = ~((minutes >= 0) & (minutes <= MAX_LIMIT_MIN))
    _refuse(name, bad, table["minutes"], f"colonne minutes, attendu un nombre de 0 à {MAX_LIMIT_MIN:.0f}")
    pairs = pd.DataFrame({"i": ends["origin"], "j": ends["destination"], "minutes": minutes})
    if symmetric:
        swapped = pairs.rename(columns={"i": "j", "j": "i"})
        pairs = pd.concat([pairs, swapped[swapped["i"] != swapped["j"]]], ignore_index=True)
    twice = pairs.duplicated(["i", "j"]).to_numpy()
    if twice.any():
        line = int(np.flatnonzero(twice)[0]) % len(table)
        pair = f"{table['origin'].iloc[line]} → {table['destination'].iloc[line]}"
        raise TravelTimeTableError(
            f"{name}, ligne {line + _FIRST_LINE} : attendu chaque paire une fois, trouvé {pair} déjà donnée plus haut."
        )
    own = pairs.loc[pairs["i"] == pairs["j"], "i"]
    absent = np.setdiff1d(np.arange(len(place_index)), own)
    return travel_times_from_pairs(
        list(place_codes),
        np.concatenate([pairs["i"], absent]),
        np.concatenate([pairs["j"], absent]),
        np.concatenate([pairs["minutes"], np.zeros(len(absent))]),
        limit_min=limit_min,
        provider="table",
        vintage=vintage,
        parameters={"name": name, "symmetric": symmetric},
    )


def _read_csv(path: Path) -> pd.DataFrame:
    """Read every cell as text, so that codes keep their zeros and a faulty number can be shown as it was written."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
        delimiter = ";" if ";" in header else ","
    table = pd.read_csv(
        path, sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
    )
    if delimiter == ";" and "minutes" in table.columns:
        table["minutes"] = table["minutes"].str.replace(",", ".", regex=False)
    return table


def _refuse(name: str, bad: Any, values: pd.Series, expected: str) -> None:
    """Raise on the first faulty line, and say how many there are."""
    lines = np.flatnonzero(np.asarray(bad))
    if len(lines):
        found = values.iloc[int(lines[0])]
        more = f" ({len(lines)} lignes fautives en tout)" if len(lines) > 1 else ""
        raise TravelTimeTableError(f"{name}, ligne {int(lines[0]) + _FIRST_LINE} : {expected}, trouvé {found!r}{more}.")
