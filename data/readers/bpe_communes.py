"""Health equipment by commune: INSEE, Base permanente des équipements, in either of its lay-outs and nomenclatures."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

from data.errors import SourceLayoutError
from data.readers.delimited import read_delimited, read_labels
from data.readers.loose_table import read_loose_table, with_plain_numbers, with_whole_codes
from data.readers.source_table import COMMUNE_CODE, SourceTable

_SINCE_2024: Final[Mapping[str, str]] = MappingProxyType(
    {
        "n_gp": "D265",
        "n_nurses": "D281",
        "n_physiotherapists": "D279",
        "n_midwives": "D278",
        "n_dentists": "D277",
        "n_pharmacies": "D307",
        "n_emergency": "D106",
        "n_msp": "D113",
        "n_health_centres": "D108",
    }
)
_UNTIL_2023: Final[Mapping[str, str]] = MappingProxyType(
    {
        "n_gp": "D201",
        "n_nurses": "D232",
        "n_physiotherapists": "D233",
        "n_midwives": "D231",
        "n_dentists": "D221",
        "n_pharmacies": "D301",
        "n_emergency": "D106",
        "n_msp": "D113",
        "n_health_centres": "D108",
    }
)
"""Types of equipment by our column. The nomenclature was remade in 2024: a pharmacy is D307 since, it was D301."""

EQUIPMENTS: Final = tuple(_SINCE_2024)

_NEEDED: Final = MappingProxyType(
    {
        "commune_code": ("GEO", "DEPCOM", "CODGEO", "Code commune"),
        "equipment": ("FACILITY_TYPE", "TYPEQU", "Type d'équipement"),
        "n": ("OBS_VALUE", "NB_EQUIP", "Nombre d'équipements"),
    }
)
_OPTIONAL: Final = MappingProxyType(
    {
        "level": ("GEO_OBJECT",),
        "year": ("TIME_PERIOD", "AN", "Année"),
        "measure": ("BPE_MEASURE", "MEASURE"),
    }
)
_COMMUNE_LEVEL: Final = "COM"
_COUNT: Final = "FACILITIES"


class CommuneEquipment(NamedTuple):
    """Equipment by commune (sorted by commune_code, of the list of that year), and the year that it describes."""

    table: pd.DataFrame
    year: int


def read_bpe_communes(path: Path, *, year: int | None = None) -> CommuneEquipment:
    """Count the health professionals and equipment of each commune that has any (places of practice, 1 January).

    Source: INSEE, BPE. Either the data set DS_BPE (long: GEO, GEO_OBJECT, FACILITY_TYPE, OBS_VALUE, since 2024) or the
    file « ensemble » of earlier years (DEPCOM, TYPEQU, NB_EQUIP, one line an IRIS): both list only what exists.

    Parameters
    ----------
    path
        CSV file or workbook, whatever its separator, encoding and order of columns.
    year
        Year of the file when it does not say; else the last one it says is read.

    Returns
    -------
    CommuneEquipment
        commune_code (text), then `EQUIPMENTS` (float64 whole numbers >= 0, 0 where the commune has other equipment in
        the file but not that one; NaN in every commune when the file has none of that type at all).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, has another lay-out or nomenclature, or a count that is not a whole number.
    """
    table = read_loose_table(path, _NEEDED, optional=_OPTIONAL)
    if "level" in table.cells:
        table = table.where(level=lambda levels: levels.str.upper() == _COMMUNE_LEVEL)
    if "measure" in table.cells and len(table.cells["measure"].unique()) > 1:
        table = table.where(measure=lambda names: names.str.upper() == _COUNT)
    found, table = _of_last_year(table, year)
    nomenclature = _nomenclature(table)
    column_of = {code: column for column, code in nomenclature.items()}
    known = table.where(equipment=lambda codes: codes.isin(list(column_of)))
    table = with_whole_codes(with_plain_numbers(known, "n"), "commune_code", 5)
    codes = table.codes("commune_code", COMMUNE_CODE, expected="un code INSEE de commune")
    counts = table.numbers("n", whole=True)
    long = pd.DataFrame({"commune_code": codes, "column": table.cells["equipment"].map(column_of), "n": counts})
    if "level" in table.cells:  # one line a commune and type: the same one under two totals is not to be added
        long = long.drop_duplicates()
        once = ~long.duplicated(["commune_code", "column"]).reindex(table.cells.index, fill_value=False)
        table.require("commune_code", once, "une seule ligne par commune et par type")
    wide = long.pivot_table(index="commune_code", columns="column", values="n", aggfunc="sum", fill_value=0.0)
    wide = wide.astype("float64").reindex(columns=list(EQUIPMENTS)).rename_axis(columns=None)
    return CommuneEquipment(wide.reset_index().astype({"commune_code": "str"}), found)


def read_bpe_counts(paths: Sequence[Path], *, year: int) -> CommuneEquipment:
    """Count the health professionals and equipment of each commune, from tables that have a column a type.

    Types are read by their code, in the nomenclature of 2024. Each file lists the communes that have any of its types:
    a commune that one file names and another does not has none of the types of the other.

    Parameters
    ----------
    paths
        CSV files: code_commune, then a column a type ("D265"), together all of `EQUIPMENTS`.
    year
        Year of the counts.

    Returns
    -------
    CommuneEquipment
        As `read_bpe_communes` gives it; whole numbers, 0 where a type is not there.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When a file is absent, cut, lacks its codes or a type, or a count is not a whole number.
    """
    counts: dict[str, pd.Series] = {}
    for path in paths:
        labels = read_labels(path)
        wanted = {column: code for column, code in _SINCE_2024.items() if code in labels}
        table = read_delimited(path, {"commune_code": "code_commune", **wanted})
        codes = table.unique_codes("commune_code", COMMUNE_CODE, expected="un code INSEE de commune")
        for column in wanted:
            counts[column] = table.numbers(column, whole=True).set_axis(codes)
    missing = [code for column, code in _SINCE_2024.items() if column not in counts]
    if missing:
        raise SourceLayoutError(paths[-1], expected=f"les types {', '.join(missing)}", found="aucun fichier ne les a")
    wide = pd.DataFrame(counts)[list(EQUIPMENTS)].fillna(0.0).rename_axis("commune_code").sort_index()
    return CommuneEquipment(wide.reset_index().astype({"commune_code": "str"}), year)


def _nomenclature(table: SourceTable) -> Mapping[str, str]:
    """Tell which nomenclature a file follows, by the types of its GPs and nurses."""
    codes = set(table.cells["equipment"].unique())
    for nomenclature in (_SINCE_2024, _UNTIL_2023):
        if {nomenclature["n_gp"], nomenclature["n_nurses"]} <= codes:
            return nomenclature
    raise SourceLayoutError(
        table.path,
        place=f"colonne « {table.labels['equipment']} »",
        expected="des généralistes et infirmiers de commune (D265 et D281, ou D201 et D232 avant 2024)",
        found=", ".join(sorted(codes)[:20]) or "aucune ligne de commune",
    )


def _of_last_year(table: SourceTable, year: int | None) -> tuple[int, SourceTable]:
    """Return the last year of a file and its lines: in its cells, else the one asked for, else in its name."""
    if "year" in table.cells and not table.cells.empty:
        last = max(table.codes("year", r"(?:19|20)[0-9]{2}", expected="une année").unique())
        return int(last), table.where(year=lambda years: years == last)
    if year is not None:
        return year, table
    match = re.search(r"(?<![0-9])(20[0-9]{2})(?![0-9])|(?i:bpe)_?([0-9]{2})(?![0-9])", table.path.name)
    if match is None:
        expected = "l’année, dans une colonne TIME_PERIOD ou AN ou dans le nom du fichier"
        raise SourceLayoutError(table.path, expected=expected, found="aucune")
    return int(match[1] or f"20{match[2]}"), table
