"""Municipal populations of the communes over the years: INSEE, « Populations légales »."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceLayoutError
from data.readers.sheets import read_workbook, table_in
from data.readers.source_table import COMMUNE_CODE

YEARS: Final = tuple(range(2013, 2022))
"""Years of the series 2013-2021."""

_UNKNOWN: Final = frozenset({""})


def read_legal_populations(path: Path, years: Iterable[int] = YEARS) -> pd.DataFrame:
    """Return the municipal population of each commune and year, in inhabitants.

    Source: INSEE, populations légales (municipal population, without double counts), one column a year: p13_pop to
    p21_pop.

    Parameters
    ----------
    path
        The workbook (.xlsx), its table on the first sheet.
    years
        Years that the file must hold: the absence of one is an error, not a shorter series.

    Returns
    -------
    pandas.DataFrame
        Sorted by commune_code and year: commune_code (text; the communes of the file's own list, former ones included;
        no Mayotte), year (int), population (float64 whole number >= 0; NaN where the commune did not exist that year).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, is not an entire workbook, lacks a year, or holds an impossible code or population.
    """
    sheets = read_workbook(path)
    if not sheets:
        raise SourceLayoutError(path, expected="une feuille", found="aucune")
    sheet, rows = next(iter(sheets.items()))
    columns = {f"p{year % 100:02d}_pop": year for year in sorted(years)}
    table = table_in(rows, {"codgeo": "codgeo", **{name: name for name in columns}}, path=path, sheet=sheet)
    # The file writes overseas codes as department then commune, "971" + "102", where the INSEE code is "97102".
    five = table.cells["codgeo"].where(
        ~table.cells["codgeo"].str.fullmatch(r"97[0-9]{4}"),
        table.cells["codgeo"].str[:2] + table.cells["codgeo"].str[3:],
    )
    is_code = five.str.fullmatch(COMMUNE_CODE) & (
        (table.cells["codgeo"] == five) | (table.cells["codgeo"].str[2] == table.cells["codgeo"].str[3])
    )
    table.require("codgeo", is_code, "un code INSEE (outre-mer : département puis commune, 971102)")
    table.require("codgeo", ~five.duplicated(), "une commune écrite une fois")
    wide = pd.DataFrame({year: table.numbers(name, whole=True, unknown=_UNKNOWN) for name, year in columns.items()})
    wide.insert(0, "commune_code", five)
    long = wide.melt(id_vars="commune_code", var_name="year", value_name="population")
    return long.astype({"year": "int64"}).sort_values(["commune_code", "year"], ignore_index=True)
