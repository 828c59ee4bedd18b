"""Municipal population of every commune, one year: INSEE, « populations de référence » (« ensemble » files)."""

from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from data.errors import SourceLayoutError, SourceValueError
from data.readers.insee_population_age import without_doubled_arrondissements
from data.readers.loose_table import DEPARTEMENT_LABELS, read_loose_table, with_plain_numbers, with_whole_codes
from data.readers.source_table import COMMUNE_CODE, SourceTable

_YEARS: Final = range(2006, 2060)
_CODES: Final = {
    # « COM » is the whole code since the populations of 2022, the name of the commune before: the cells tell.
    "commune": ("com", "codgeo", "code_insee", "geo", "code_geographique", "depcom", "code_commune_insee"),
    "within": ("codcom", "code_commune"),
    "departement": ("coddep", "dep", *DEPARTEMENT_LABELS),
    "level": ("geo_object",),
    "measure": ("popref_measure",),
    "year": ("time_period", "annee"),
}
_POPULATION: Final = ("pmun", "population_municipale", "pop_mun", "obs_value")
_OF_YEAR: Final = {
    f"of_{year}": (f"pmun{year % 100:02d}", f"p{year % 100:02d}_pmun", f"p{year % 100:02d}_pop", f"pmun_{year}")
    for year in _YEARS
}
_UNKNOWN: Final = frozenset({"", "NA"})
_GEO_PREFIX: Final = r"^(?:[0-9]{4}-)?(?:COM|ARM)-"

_MOST: Final = 0.9
"""Share of the cells that must look like a code for a column to be that of the codes."""

_OVERSEAS: Final = 3
"""Characters of the code of an overseas department."""


class ReferencePopulations(NamedTuple):
    """The table, and the year of the populations where the file says it."""

    table: pd.DataFrame
    year: int | None


def read_reference_populations(path: Path) -> ReferencePopulations:
    """Give the municipal population (without double counts, inhabitants) of each commune, in the latest year of a file.

    Source: INSEE, populations de référence (« populations légales » until 2025): `donnees_communes.csv` of
    ensemble.zip, its workbook, a table of years (p21_pop, PMUN23), or the data set DS_POPULATIONS_REFERENCE.

    Parameters
    ----------
    path
        CSV file or workbook.

    Returns
    -------
    ReferencePopulations
        Table sorted by commune_code (unique): commune_code (text; the file's own list; arrondissements only where the
        file gives them), population (float64 whole number >= 0; NaN where the file gives none).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is none of these, holds a commune twice, or a population that is not a whole number.
    """
    table = read_loose_table(path, {}, optional={**_CODES, "population": _POPULATION, **_OF_YEAR})
    table, name, year = _of_latest_year(table)
    table = with_plain_numbers(_with_codes(table), name)
    codes = table.unique_codes("commune_code", COMMUNE_CODE, expected="un code INSEE de cinq caractères")
    counts = table.numbers(name, whole=True, unknown=_UNKNOWN)
    rows = pd.DataFrame({"commune_code": codes, "population": counts}).astype({"commune_code": "str"})
    whole = without_doubled_arrondissements(rows)
    return ReferencePopulations(whole.sort_values("commune_code", ignore_index=True), year)


def _of_latest_year(table: SourceTable) -> tuple[SourceTable, str, int | None]:
    """Keep the communes and the municipal population of the latest year; give its column and the year."""
    cells = table.cells
    if "measure" in cells or "level" in cells:
        kept = pd.Series(data=True, index=cells.index)
        if "measure" in cells:
            kept &= cells["measure"] == "PMUN"
        if "level" in cells:
            kept &= cells["level"] == "COM"
        year = None
        if "year" in cells and kept.any():
            years = cells.loc[kept, "year"].str[:4]
            year = int(years.max()) if years.str.fullmatch(r"20[0-9]{2}").all() else None
            kept &= cells["year"].str.startswith(str(year))
        if not kept.any():
            raise SourceValueError(table.path, expected="des populations municipales de communes", found="aucune")
        return SourceTable(table.path, cells[kept], table.labels, table.sheet), "population", year
    years = [int(name.removeprefix("of_")) for name in cells if name.startswith("of_")]
    if "population" in cells:
        return table, "population", None
    if not years:
        labels = ", ".join(table.labels.values())
        raise SourceLayoutError(table.path, expected="la colonne « PMUN » ou « p21_pop »", found=labels or "aucune")
    return table, f"of_{max(years)}", max(years)


def _with_codes(table: SourceTable) -> SourceTable:
    """Return the column commune_code: the whole code, or the department then the commune within it."""
    cells = table.cells
    for column in ("commune", "within"):
        if column not in cells:
            continue
        whole = cells[column].str.replace(_GEO_PREFIX, "", regex=True)
        whole = whole.mask(whole.str.fullmatch(r"97[0-9]{4}"), whole.str[:2] + whole.str[3:])  # 971102: 97102
        found = with_whole_codes(_named(table, whole, table.labels[column]), "commune_code", 5)
        if found.cells["commune_code"].str.fullmatch(COMMUNE_CODE).mean() > _MOST:
            return found
    if {"within", "departement"} <= set(cells):
        # overseas, 971 and 02, or 971 and 102: the code is 97102
        within = (
            cells["within"].str.zfill(3).where(cells["departement"].str.len() < _OVERSEAS, cells["within"].str[-2:])
        )
        joined = cells["departement"].str.zfill(2) + within.str.zfill(2)
        return _named(table, joined, table.labels["within"])
    labels = ", ".join(table.labels.values())
    raise SourceLayoutError(
        table.path, expected="la colonne « COM » (code INSEE de la commune)", found=labels or "aucune"
    )


def _named(table: SourceTable, codes: "pd.Series[str]", label: str) -> SourceTable:
    labels = {**table.labels, "commune_code": label}
    return SourceTable(table.path, table.cells.assign(commune_code=codes), labels, table.sheet)
