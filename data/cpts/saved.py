"""A user's list of CPTS between two visits: a small JSON file in the user's data folder, one a reader.

What is written here is a text; who writes it to the disk writes it whole or not at all.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from coverage.terms.extents import EXTENTS, PART, WHOLE
from data.cpts.units import COLUMNS, arrondissements_of, carry_units, settle
from data.errors import SourceUnreadable
from data.sync.versions import data_folder
from geo.documents import parse_json

SCHEMA: Final = "maillage-cpts-1"
_COLUMNS_BEFORE_UNITS: Final = ["cpts_id", "commune_code", "name", "finess_code"]
"""Columns of the lists kept before arrondissements had rows of their own."""
_FOLDER: Final = "cpts"
_REMEDY: Final = "Chargez de nouveau votre liste."


@dataclass(frozen=True, eq=False)
class CptsList:
    """A list of CPTS that a reader gave.

    Attributes
    ----------
    name
        Name of the file it came from, as it may be shown.
    read_on
        Day it was read.
    complete_in
        Codes of the departments where the reader says that it is complete, sorted.
    perimeters
        The table `cpts_perimeters` (`data.cpts.units.settle`).
    n_left
        Lines of the file that name no commune that is known, or no CPTS: the list lacks what they meant.
    """

    name: str
    read_on: dt.date
    complete_in: tuple[str, ...]
    perimeters: pd.DataFrame
    n_left: int = 0

    @cached_property
    def digest(self) -> str:
        """Return a text that changes with the perimeters or with where they are complete."""
        return hashlib.sha256(write_list(self).encode("utf-8")).hexdigest()


def list_path(owner: str, folder: Path | None = None) -> Path:
    """Return the file of a reader's list; the name of the owner is hashed, it never is a path."""
    named = hashlib.sha256(owner.encode("utf-8")).hexdigest()[:32]
    return data_folder(folder) / _FOLDER / f"{named}.json"


def write_list(kept: CptsList) -> str:
    """Write a list as the text of its file, the same for the same list."""
    rows = kept.perimeters[list(COLUMNS)].astype("object")
    document = {
        "schema": SCHEMA,
        "name": kept.name,
        "read_on": kept.read_on.isoformat(),
        "complete_in": list(kept.complete_in),
        "n_left": kept.n_left,
        "columns": list(COLUMNS),
        "rows": rows.where(rows.notna(), None).to_numpy().tolist(),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def read_list(text: str, file: str, communes: pd.DataFrame, history: pd.DataFrame) -> CptsList:
    """Read the text of a kept list; its communes are carried to those of the day.

    Parameters
    ----------
    text
        As `write_list` made it.
    file
        Name of the file, for the message.
    communes, history
        Tables `communes` and `commune_history`.

    Raises
    ------
    SourceUnreadable
        It is not one of ours.
    """
    try:
        document = parse_json(text)
        return _list_of(document, communes, history)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise SourceUnreadable(
            file, expected=f"une liste de CPTS gardée par Maillage ({SCHEMA})", found=error, remedy=_REMEDY
        ) from error


def load_list(owner: str, communes: pd.DataFrame, history: pd.DataFrame, folder: Path | None = None) -> CptsList | None:
    """Load the list that a reader kept; None when there is none.

    Raises
    ------
    SourceUnreadable
        The file cannot be read, or is not one of ours.
    """
    path = list_path(owner, folder)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(path, expected="un texte lisible", found=error, remedy=_REMEDY) from error
    return read_list(text, path.name, communes, history)


def forget_list(owner: str, folder: Path | None = None) -> None:
    """Remove the list that a reader kept, if there is one.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    list_path(owner, folder).unlink(missing_ok=True)


def _list_of(document: Any, communes: pd.DataFrame, history: pd.DataFrame) -> CptsList:
    if document["schema"] != SCHEMA or document["columns"] not in (list(COLUMNS), _COLUMNS_BEFORE_UNITS):
        raise ValueError(document["schema"])
    rows = pd.DataFrame(document["rows"], columns=document["columns"]).astype("str")
    if "unit_code" not in rows:  # such a list gave a whole city to whoever named one of its arrondissements
        is_doubtful = rows["commune_code"].isin(arrondissements_of(history))
        extent = pd.Series(WHOLE, index=rows.index).mask(is_doubtful, PART)
        rows = rows.assign(unit_code=rows["commune_code"], extent=extent)
    if rows.empty or rows.drop(columns="finess_code").isna().any(axis=None):
        raise ValueError("lignes")
    if not rows["extent"].isin(EXTENTS).all():
        raise ValueError("extent")
    carried = carry_units(rows.assign(commune_code=rows["unit_code"]), history, frozenset(communes["commune_code"]))
    known = set(communes["departement_code"])
    return CptsList(
        name=str(document["name"]),
        read_on=dt.date.fromisoformat(document["read_on"]),
        complete_in=tuple(sorted(known & set(map(str, document["complete_in"])))),
        perimeters=settle(carried.table, history),
        n_left=int(document.get("n_left", 0)),
    )
