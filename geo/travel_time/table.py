"""Travel times from a table that the user gives: CSV or Parquet, columns origin, destination, minutes (e.g. METRIC)."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.codes import COMMUNE_OF_ARRONDISSEMENT
from geo.commune_names import fold
from geo.errors import GeoError
from geo.travel_time.errors import TravelTimeTableError
from geo.travel_time.matrix import MAX_LIMIT_MIN, TravelTimes, travel_times_from_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TABLE_COLUMNS: Final = ("origin", "destination", "minutes")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LABELS: Final[Mapping[str, frozenset[str]]] = {
    "origin": _words(
        "origin origine orig source src from depart idsrc id_src codeorig code_origine com_origine "
        "commune_origine origin_code insee_origine depcom_origine "
    ),
    "destination": _words(
        "destination dest dst to arrivee target iddst id_dst codedest code_destination com_destination "
        "commune_destination destination_code insee_destination depcom_destination "
    ),
    "minutes": _words(
        "minutes min mn duree_min duree_mn duree_minutes duration_min duration_minutes temps_min temps_mn "
        "temps_minutes time_min duree_en_minutes temps_en_minutes "
    ),
    "seconds": _words(
        "seconds secondes sec duree_s duree_sec duree_secondes duration_s duration_sec duration_seconds "
        "temps_s temps_sec temps_secondes time_s duree_en_secondes temps_en_secondes "
    ),
    "unsaid": _words("duree duration durations temps time travel_time temps_trajet temps_de_trajet "),
}
"""Usual labels, METRIC's (idSrc, idDst, duree) and OSRM's (source, destination, duration) among them."""

MOST_LEFT_OUT: Final = 0.1
"""A file with more than this share (0–1) of lines that say nothing is refused: it is another file."""

_MOST_SHOWN: Final = 10
_LONGEST_SHOWN: Final = 60
_SEPARATORS: Final = (";", "\t", "|", ",")
_BEYOND: Final = "au-delà de la dernière colonne"
_SUPPORTED: Final = "attendu un fichier CSV (texte) ou Parquet"
_FIRST_LINE: Final = 2  # the header is line 1


def read_travel_time_table(
    path: Path,
    place_codes: Sequence[str],
    *,
    limit_min: float = 60.0,
    vintage: str,
    symmetric: bool = False,
    now: Mapping[str, str] | None = None,
) -> TravelTimes:
    """Read the minutes by road between places from a CSV (`,` or `;`, decimal point or comma) or Parquet file.

    Parameters
    ----------
    path : file with a header line and the columns origin, destination (codes, text) and minutes; a CSV may be in UTF-8,
        UTF-16 or Windows-1252, cut by `;`, `,`, `|` or tabs.
    place_codes : all places, in the order wanted; those the file does not name reach only themselves.
    limit_min : minutes, pairs beyond are dropped.
    vintage : what the user says of the date of the table.
    symmetric : the file names each pair once: read it both ways.
    now : commune of today of each code of another year.

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
        raise TravelTimeTableError(f"{path.name} : {_SUPPORTED}, trouvé aucun fichier.")
    try:
        table = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
        return travel_times_from_table(
            table, place_codes, limit_min=limit_min, vintage=vintage, symmetric=symmetric, now=now, name=path.name
        )
    except GeoError:
        raise
    # A Parquet file may hold columns of any type, and its library raise anything on them.
    except Exception as error:
        found = f"trouvé un fichier abîmé ou d’une autre sorte ({type(error).__name__})"
        raise TravelTimeTableError(f"{path.name} : {_SUPPORTED}, {found}.") from error


def travel_times_from_table(
    table: pd.DataFrame,
    place_codes: Sequence[str],
    *,
    limit_min: float = 60.0,
    vintage: str,
    symmetric: bool = False,
    now: Mapping[str, str] | None = None,
    name: str = "table de temps",
) -> TravelTimes:
    """Return the minutes by road between places from a table, checked line by line.

    The time from a place to itself is 0 unless the table says otherwise.

    Parameters
    ----------
    table : columns origin, destination (text codes) and minutes; row k is line k + 2 of the file.
    place_codes, limit_min, vintage, symmetric, now : as in `read_travel_time_table`.
    name : what messages call the table.

    Returns
    -------
    TravelTimes with provider "table".

    Raises
    ------
    TravelTimeTableError
        A column is missing or does not say its unit, a pair comes twice, or more than a tenth of the lines have a code
        that is no place or minutes that are no number in [0, 6 553]; fewer are left out, and said in the parameters.
    """
    columns = _find_columns(table, name)
    place_index = pd.Index(place_codes)
    written = {end: _codes(table[columns[end]]) for end in ("origin", "destination")}
    current = {end: _carry(codes, place_index, now or {}) for end, codes in written.items()}
    ends = {end: place_index.get_indexer(codes) for end, codes in current.items()}
    minutes = _minutes(table[columns["minutes"]]) / (1.0 if columns["unit"] == "minutes" else 60.0)
    faults = [
        *((ends[end] < 0, table[columns[end]], f"colonne {columns[end]}, attendu un code de commune connu")
          for end in ("origin", "destination")),
        (~((minutes >= 0) & (minutes <= MAX_LIMIT_MIN)), table[columns["minutes"]],
         f"colonne {columns['minutes']}, attendu un nombre de 0 à {MAX_LIMIT_MIN:.0f} minutes"),
    ]  # fmt: skip
    if _BEYOND in table:
        faults.append(((table[_BEYOND] != "").to_numpy(), table[_BEYOND], f"attendu rien {_BEYOND}"))
    left = np.logical_or.reduce([bad for bad, _, _ in faults])
    if len(table) == 0 or left.mean() > MOST_LEFT_OUT:
        for bad, values, expected in faults:
            _refuse(name, bad, values, expected)
    _refuse_twice(written["origin"], written["destination"], ~left, name, symmetric=symmetric)
    was_carried = (current["origin"] != written["origin"]) | (current["destination"] != written["destination"])
    inside = was_carried.to_numpy() & (ends["origin"] == ends["destination"])
    kept = ~left & ~inside
    pairs = pd.DataFrame({"i": ends["origin"], "j": ends["destination"], "minutes": minutes})[kept]
    if symmetric:
        swapped = pairs.rename(columns={"i": "j", "j": "i"})
        pairs = pd.concat([pairs, swapped[swapped["i"] != swapped["j"]]], ignore_index=True)
    # Pairs of former communes that are one today: the shortest of their ways.
    pairs = pairs.groupby(["i", "j"], as_index=False)["minutes"].min()
    own = pairs.loc[pairs["i"] == pairs["j"], "i"]
    absent = np.setdiff1d(np.arange(len(place_index)), own)
    summary = _summary(
        name, faults, left, n_carried=int((kept & was_carried.to_numpy()).sum()), n_inside=int(inside.sum())
    )
    return travel_times_from_pairs(
        list(place_codes),
        np.concatenate([pairs["i"], absent]),
        np.concatenate([pairs["j"], absent]),
        np.concatenate([pairs["minutes"], np.zeros(len(absent))]),
        limit_min=limit_min,
        provider="table",
        vintage=vintage,
        parameters={"name": name, "symmetric": symmetric, "unit": columns["unit"], "summary": summary},
    )


def _find_columns(table: pd.DataFrame, name: str) -> dict[str, Any]:
    """Find the columns of a table, and the unit that its header says; never guess it from the figures."""
    named = [column for column in table.columns if column != _BEYOND]
    labels = {column: re.sub(r"[^a-z0-9]+", "_", fold(str(column))).strip("_") for column in named}
    found: dict[str, Any] = {}
    for field, known in _LABELS.items():
        named = [column for column, label in labels.items() if label in known]
        if named:
            found[field] = named[0]
    if "minutes" in found or "seconds" in found:
        found["unit"] = "minutes" if "minutes" in found else "secondes"
        found["minutes"] = found.get("minutes", found.get("seconds"))
    elif "unsaid" in found:
        raise TravelTimeTableError(
            f"{name}, ligne 1 : attendu une colonne « minutes » ou « secondes », trouvé « {found['unsaid']} », qui ne "
            "dit pas son unité. Renommez-la « minutes » ou « secondes »."
        )
    if not {"origin", "destination", "minutes"} <= set(found):
        told = ", ".join(str(column) for column in table.columns if column != _BEYOND)[: 4 * _LONGEST_SHOWN]
        raise TravelTimeTableError(f"{name}, ligne 1 : attendu les colonnes {', '.join(TABLE_COLUMNS)}, trouvé {told}.")
    return found


def _codes(values: pd.Series) -> pd.Series:
    """Give codes as text, whatever their type, the zero that a spreadsheet has lost given back."""
    if pd.api.types.is_numeric_dtype(values):
        numbers = pd.to_numeric(values, errors="coerce")
        texts = numbers.map(lambda number: f"{number:.0f}" if pd.notna(number) else "")
    else:
        texts = values.map(lambda value: value.decode("latin-1") if isinstance(value, bytes) else str(value))
    plain = texts.astype("str").str.strip().str.upper().str.removesuffix(".0")
    return plain.where(~plain.str.fullmatch(r"[0-9]{4}"), "0" + plain)


def _carry(codes: pd.Series, places: pd.Index, now: Mapping[str, str]) -> pd.Series:
    """Carry codes of another year, and arrondissements, to the communes of today."""
    unknown = codes[~codes.isin(places)]
    moved = {code: now.get(code) or COMMUNE_OF_ARRONDISSEMENT.get(code, code) for code in unknown.unique()}
    return codes.map(lambda code: moved.get(code, code)).astype("str") if moved else codes


def _minutes(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(values):
        return pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    plain = values.map(str).str.strip().str.replace(",", ".", regex=False).replace("", None)
    return pd.to_numeric(plain, errors="coerce").to_numpy(np.float64, na_value=np.nan)


def _refuse_twice(origins: pd.Series, destinations: pd.Series, kept: np.ndarray, name: str, *, symmetric: bool) -> None:
    """Refuse a pair that the file gives twice: which one is right, only its owner knows."""
    pairs = pd.DataFrame({"i": origins.to_numpy(), "j": destinations.to_numpy()})[kept]
    if symmetric:
        pairs = pd.DataFrame({"i": pairs.min(axis="columns"), "j": pairs.max(axis="columns")})
    twice = pairs.duplicated().to_numpy()
    if twice.any():
        line = int(pairs.index[twice][0])
        pair = f"{origins.iloc[line]} → {destinations.iloc[line]}"
        raise TravelTimeTableError(
            f"{name}, ligne {line + _FIRST_LINE} : attendu chaque paire une fois, trouvé {pair} déjà donnée plus haut."
        )


def _summary(name: str, faults: Sequence[Any], left: np.ndarray, *, n_carried: int, n_inside: int) -> str:
    """Say in French how many lines were taken, carried and left out, the first of these one by one."""
    n_taken = int((~left).sum()) - n_inside
    said = [f"{name} : {len(left)} ligne{'s' * (len(left) > 1)}, {n_taken} prise{'s' * (n_taken > 1)}"]
    if n_carried:
        said.append(
            f"{n_carried} d’un code d’une autre année ou d’un arrondissement, portées à la commune d’aujourd’hui"
        )
    if n_inside:
        said.append(f"{n_inside} à l’intérieur d’une même commune d’aujourd’hui, sans objet")
    if n_left := int(left.sum()):
        told = []
        for bad, values, expected in faults:
            told += [f"ligne {line + _FIRST_LINE} ({expected}, trouvé {_shown(values.iloc[line])})"
                     for line in np.flatnonzero(bad)[:_MOST_SHOWN]]  # fmt: skip
        said.append(
            f"{n_left} laissées de côté : {' ; '.join(told[:_MOST_SHOWN])}{' …' if n_left > _MOST_SHOWN else ''}"
        )
    return ", ".join(said) + "."


def _read_csv(path: Path) -> pd.DataFrame:
    """Read every cell as text, so that codes keep their zeros and a faulty number can be shown as it was written.

    What a line has beyond the columns of the header stands in one more column: a comma that is both separator and
    decimal mark would otherwise lose the decimals in silence.
    """
    contents = _utf8(path)
    first, _, rest = contents.partition(b"\n")
    line = first.decode("utf-8", errors="replace")
    separator = max(_SEPARATORS, key=line.count)
    header = [label.strip() for label in next(csv.reader([line], delimiter=separator), [])]
    table = (
        pd.read_csv(
            io.BytesIO(separator.encode() * len(header) + b"\n" + rest),  # a first line of full width, left out again
            sep=separator,
            header=None,
            usecols=range(len(header) + 1),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            encoding_errors="replace",
        )
        .iloc[1:]
        .reset_index(drop=True)
        .fillna("")
    )
    table.columns = pd.Index([*header, _BEYOND])
    for label in dict.fromkeys(header):
        cells = table[label] if isinstance(table[label], pd.Series) else table[label].iloc[:, 0]
        broken = np.flatnonzero(cells.str.contains(r"[\r\n]"))
        if len(broken):
            raise TravelTimeTableError(
                f"{path.name}, ligne {int(broken[0]) + _FIRST_LINE} : attendu un guillemet refermé dans sa case, "
                "trouvé un guillemet ouvert à cette ligne et refermé plus bas."
            )
    return table


def _utf8(path: Path) -> bytes:
    """Return the text of a file in UTF-8, its line ends as one character; refuse what is no text, or holds nothing."""
    contents = path.read_bytes()
    if contents.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        contents = contents.decode("utf-16", errors="replace").encode()
    contents = contents.removeprefix(codecs.BOM_UTF8)
    if not contents.strip() or b"\0" in contents:
        found = "un fichier binaire" if contents.strip() else "un fichier vide"
        raise TravelTimeTableError(f"{path.name} : {_SUPPORTED}, trouvé {found}.")
    first = contents.partition(b"\n")[0]
    try:
        first.decode("utf-8")
    except UnicodeDecodeError:  # codes and numbers are the same in every code page, labels are not
        contents = first.decode("cp1252", errors="replace").encode() + contents[len(first) :]
    return contents.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _refuse(name: str, bad: Any, values: pd.Series, expected: str) -> None:
    """Raise on the first faulty line, and say how many there are."""
    lines = np.flatnonzero(np.asarray(bad))
    if len(lines):
        found = values.iloc[int(lines[0])]
        more = f" ({len(lines)} lignes fautives en tout)" if len(lines) > 1 else ""
        raise TravelTimeTableError(
            f"{name}, ligne {int(lines[0]) + _FIRST_LINE} : {expected}, trouvé {_shown(found)}{more}."
        )


def _shown(value: Any) -> str:
    """Return a cell as it is written, cut where it is endless."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
