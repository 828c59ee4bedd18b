"""The repères: figures others published, shown with their source, never computed (data/sources/reperes.toml)."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from coverage.terms.natures import NATURES
from data.errors import CatalogError
from data.sources.catalog import Catalog, load_catalog
from geo.documents import DocumentError, read_toml

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
    "nature",
    "series",
)
COMPARISON_COLUMNS: Final = ("series", "date", "measure", "period", "gap")
MEASURES: Final = ("count", "growth", "rank")
"""What a claim about the MSP is set against: their number, its multiple between two dates, or the rank of the region in
inhabitants per MSP (`coverage.trajectory.claims`)."""

CERTAINTIES: Final = frozenset({"P", "S"})
"""Read in the primary document, or in a secondary source."""

_QUALIFIERS: Final = frozenset({"", "environ", "près de", "plus de", "moins de", "au plus", "en moyenne plus de"})
_LEVELS: Final = frozenset({"region", "france"})
_MONTH: Final = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"


def load_reperes(path: Path = DEFAULT_PATH, catalog: Catalog | None = None) -> pd.DataFrame:
    """Load the published figures, each in its own unit.

    Parameters
    ----------
    path
        A TOML file laid out as `data/sources/reperes.toml`, the default.
    catalog
        Where their sources are; data/sources/catalog.toml by default.

    Returns
    -------
    pandas.DataFrame
        In the order of the file: territory_code ("FR" for France), level, date (year, month, or "from/to"; empty where
        the source gives none), indicator, label (French), qualifier ("", "environ", "plus de"…), value (float64, none
        missing; a part is 0-1, a variation relative, a rang 1 for the first), unit (French), source (id of the
        catalogue), certainty ("P" or "S"), nature (one of `coverage.terms.natures.NATURES`) and series: two figures of
        different series have different fields, and are never joined.

    Raises
    ------
    CatalogError
        When the file is absent or not TOML, or an entry lacks a field, has one of another type, names an unknown source
        or repeats a series and date.
    """
    entries = _read_list(path, "reperes")
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


def load_comparisons(path: Path = DEFAULT_PATH, catalog: Catalog | None = None) -> pd.DataFrame:
    """Load the claims that are set against what is measured.

    Parameters
    ----------
    path, catalog
        As for `load_reperes`.

    Returns
    -------
    pandas.DataFrame
        One row a comparison, in the order of the file: the columns of `load_reperes`, then measure (one of `MEASURES`),
        period (dates of the measure that are looked at, as `date`; empty for the date of the claim) and gap (French:
        what separates the two).

    Raises
    ------
    CatalogError
        As `load_reperes`; also when a comparison lacks a field, has a measure or a period that has no meaning, or names
        a series and date that is no repère.
    """
    claims = load_reperes(path, catalog)
    known = set(zip(claims["series"], claims["date"], strict=True))
    entries = _read_list(path, "comparisons")
    for number, entry in enumerate(entries, start=1):
        place = f"comparaison {number}"
        if not isinstance(entry, dict) or set(entry) != set(COMPARISON_COLUMNS):
            raise CatalogError(path, place=place, expected=", ".join(COMPARISON_COLUMNS), found=entry)
        _require_texts(entry, COMPARISON_COLUMNS, place, path, may_be_empty={"date", "period"})
        if (entry["series"], entry["date"]) not in known:
            raise CatalogError(path, place=place, expected="la série et la date d’un repère", found=entry["series"])
        if entry["measure"] not in MEASURES:
            found = entry["measure"]
            raise CatalogError(path, place=f"{place}, measure", expected=", ".join(MEASURES), found=found)
        _require_date(entry["period"], f"{place}, period", path)
    table = pd.DataFrame(entries, columns=list(COMPARISON_COLUMNS)).astype("str")
    merged = table.merge(claims, on=["series", "date"], how="left", validate="many_to_one")
    return merged[[*COLUMNS, "measure", "period", "gap"]]


def _read_list(path: Path, name: str) -> list[Any]:
    try:
        document = read_toml(path)
    except DocumentError as error:
        raise CatalogError(path, expected=error.expected, found=error.found) from error
    entries = document.get(name)
    if not isinstance(entries, list) or not entries:
        raise CatalogError(path, expected=f"une liste « {name} »", found=", ".join(document) or "rien")
    return entries


def _require_texts(
    entry: dict[str, Any], names: Iterable[str], place: str, path: Path, *, may_be_empty: set[str]
) -> None:
    for name in names:
        if not isinstance(entry[name], str) or not (entry[name] or name in may_be_empty):
            raise CatalogError(path, place=f"{place}, {name}", expected="un texte", found=repr(entry[name]))


def _require_date(text: str, place: str, path: Path) -> None:
    """Want a year, a month, a period, or nothing."""
    if text and not re.fullmatch(rf"{_MONTH}(?:/{_MONTH})?", text):
        raise CatalogError(path, place=place, expected="2021, 2021-06, 2025/2035 ou rien", found=text)


def _require_entry(entry: Any, place: str, path: Path, sources: set[str]) -> None:
    """Want the fields of a repère, each of its type and among its choices."""
    if not isinstance(entry, dict) or set(entry) != set(COLUMNS):
        raise CatalogError(path, place=place, expected=", ".join(COLUMNS), found=entry)
    if type(entry["value"]) not in (int, float):
        raise CatalogError(path, place=f"{place}, value", expected="un nombre", found=repr(entry["value"]))
    _require_texts(entry, set(COLUMNS) - {"value"}, place, path, may_be_empty={"qualifier", "date"})
    choices = {
        "source": sources,
        "certainty": CERTAINTIES,
        "nature": NATURES,
        "qualifier": _QUALIFIERS,
        "level": _LEVELS,
    }
    for name, allowed in choices.items():
        if entry[name] not in allowed:
            raise CatalogError(path, place=f"{place}, {name}", expected=", ".join(sorted(allowed)), found=entry[name])
    _require_date(entry["date"], f"{place}, date", path)
    if (entry["level"] == "france") != (entry["territory_code"] == "FR"):
        raise CatalogError(path, place=place, expected="FR pour la France, et pour elle seule", found=entry["level"])
