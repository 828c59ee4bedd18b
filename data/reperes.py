"""The repères: figures that others published, shown with their source and never computed (data/reperes.toml)."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pandas as pd

from data.catalog import Catalog, load_catalog
from data.errors import CatalogError

DEFAULT_PATH: Final = Path(__file__).with_name("reperes.toml")

COLUMNS: Final = (
    "territory_code",
    "level",
    "date",
    "indicator",
    "label",
    "qualifier",
    "value",
    "unit",
    "source",
    "certainty",
    "series",
)

CERTAINTIES: Final = frozenset({"P", "S"})
"""Read in the primary document, or in a secondary source."""

_QUALIFIERS: Final = frozenset({"", "environ", "plus de"})
_LEVELS: Final = frozenset({"region", "france"})
_MONTH: Final = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"


def load_reperes(path: Path = DEFAULT_PATH, catalog: Catalog | None = None) -> pd.DataFrame:
    """Load the published figures, each in its own unit.

    Parameters
    ----------
    path
        A TOML file laid out as `data/reperes.toml`, the default.
    catalog
        Where their sources are; data/catalog.toml by default.

    Returns
    -------
    pandas.DataFrame
        In the order of the file: territory_code ("FR" for France), level, date (year, month, or "from/to"), indicator,
        label (French), qualifier ("", "environ" or "plus de"), value (float64, none missing; a part is 0-1), unit
        (French), source (id of the catalogue), certainty ("P" or "S") and series: two figures of different series have
        different fields, and are never joined.

    Raises
    ------
    CatalogError
        When the file is absent or not TOML, or an entry lacks a field, has one of another type, names an unknown source
        or repeats a series and date.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(path, expected="un fichier TOML", found=error) from error
    entries = document.get("reperes")
    if not isinstance(entries, list) or not entries:
        raise CatalogError(path, expected="une liste « reperes »", found=", ".join(document) or "rien")
    sources = {source.id for source in (catalog or load_catalog()).feeding("reperes")}
    for number, entry in enumerate(entries, start=1):
        _require_entry(entry, f"repère {number}", path, sources)
    table = pd.DataFrame(entries, columns=list(COLUMNS)).astype({"value": "float64"})
    table = table.astype({column: "str" for column in COLUMNS if column != "value"})
    twice = table[table.duplicated(["series", "date"])]
    if len(twice):
        found = f"{twice['series'].iloc[0]}, {twice['date'].iloc[0]}"
        raise CatalogError(path, expected="une valeur par série et par date", found=found)
    return table


def _require_entry(entry: Any, place: str, path: Path, sources: set[str]) -> None:
    """Want the fields of a repère, each of its type and among its choices."""
    if not isinstance(entry, dict) or set(entry) != set(COLUMNS):
        raise CatalogError(path, place=place, expected=", ".join(COLUMNS), found=entry)
    if type(entry["value"]) not in (int, float):
        raise CatalogError(path, place=f"{place}, value", expected="un nombre", found=repr(entry["value"]))
    for name in set(COLUMNS) - {"value"}:
        if not isinstance(entry[name], str) or not (entry[name] or name == "qualifier"):
            raise CatalogError(path, place=f"{place}, {name}", expected="un texte", found=repr(entry[name]))
    choices = {"source": sources, "certainty": CERTAINTIES, "qualifier": _QUALIFIERS, "level": _LEVELS}
    for name, allowed in choices.items():
        if entry[name] not in allowed:
            raise CatalogError(path, place=f"{place}, {name}", expected=", ".join(sorted(allowed)), found=entry[name])
    if not re.fullmatch(rf"{_MONTH}(?:/{_MONTH})?", entry["date"]):
        raise CatalogError(path, place=f"{place}, date", expected="2021, 2021-06 ou 2025/2035", found=entry["date"])
    if (entry["level"] == "france") != (entry["territory_code"] == "FR"):
        raise CatalogError(path, place=place, expected="FR pour la France, et pour elle seule", found=entry["level"])
