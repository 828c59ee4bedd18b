"""What the exports of data.ameli.fr have in common: a year, a profession, a territory and its totals, hidden values.

Source: CNAM, « Explore API v2.1 », `…/exports/csv`. The same export has had commas or semicolons, `annee` as a year or
as its first of January, codes with or without their leading zero: all are read.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceValueError
from data.readers.loose_table import (
    DEPARTEMENT_LABELS,
    REGION_LABELS,
    Labels,
    label_key,
    read_loose_table,
    with_plain_numbers,
    with_whole_codes,
)
from data.readers.source_table import DEPARTEMENT_CODE, SourceTable

TOTAL_DEPARTEMENT: Final = "999"
"""Code of the total of a region's departments, or of France's."""

TOTAL_REGION: Final = "99"
"""Code of the region of France's total."""

HIGHEST_SUPPRESSED: Final = 4
"""Professionals: CNAM writes "NS" (non significatif) below five."""

SUPPRESSED: Final = frozenset({"NS", "ns"})
"""What CNAM writes where fewer than five professionals are behind a value."""

EVERYONE: Final = frozenset({"tout_age", "tout_sexe", "tous_ages", "tous_sexes", "ensemble", "total"})
"""Labels, as `label_key` gives them, of the lines that all ages and both sexes are in."""

_YEAR: Final = r"20[0-9]{2}(?:-01-01(?:[T ].*)?)?"
_OUT_OF_SCOPE: Final = r"97[578]|98[0-9]"


def read_territories(
    path: Path, labels: Labels, value: str, *, optional: Labels | None = None, whole: bool = True
) -> tuple[SourceTable, pd.DataFrame]:
    """Return the lines of an export for all ages and both sexes, totals of territories included.

    Parameters
    ----------
    path
        CSV export or workbook.
    labels
        Labels of the value and of whatever else must be there; year, region and department are known here.
    value
        Our name of the value, one of `labels`.
    optional
        Labels of the columns that may be there: `profession`, `age_class` and `sex` are used when they are.
    whole
        Whether the value is a count.

    Returns
    -------
    tuple of SourceTable and pandas.DataFrame
        The cells, for messages; and vintage (int), profession (text, empty when the file has none), region_code,
        departement_code ("999" for a total), the value (float64, NaN where hidden), suppressed (bool), is_total (bool).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not such an export, or is split by age or sex without the lines of everyone.
    """
    needed = {
        "vintage": ("annee", "year", "date"),
        "region_code": REGION_LABELS,
        "departement_code": DEPARTEMENT_LABELS,
    }
    table = read_loose_table(path, {**needed, **labels}, optional=optional)
    for column in ("age_class", "sex"):
        if column in table.cells:
            table = _of_everyone(table, column)
    table = with_whole_codes(with_whole_codes(table, "departement_code", 2), "region_code", 2)
    table = with_plain_numbers(table, value).where(departement_code=lambda codes: ~codes.str.fullmatch(_OUT_OF_SCOPE))
    table.codes("vintage", _YEAR, expected="une année")
    table.codes("region_code", r"[0-9]{2}", expected="un code de région de deux chiffres")
    table.codes("departement_code", f"{DEPARTEMENT_CODE}|{TOTAL_DEPARTEMENT}", expected="un code de département ou 999")
    if "profession" in table.cells:
        table.require("profession", table.cells["profession"] != "", "une profession")
    values = table.numbers(value, whole=whole, unknown=SUPPRESSED)
    is_total = table.cells["departement_code"] == TOTAL_DEPARTEMENT
    table.require(
        "region_code", is_total | (table.cells["region_code"] != TOTAL_REGION), "99 pour le total de la France seul"
    )
    rows = pd.DataFrame(
        {
            "vintage": table.cells["vintage"].str[:4].astype("int64"),
            "profession": table.cells.get("profession", ""),
            "region_code": table.cells["region_code"],
            "departement_code": table.cells["departement_code"],
            value: values,
            "suppressed": table.cells[value].isin(SUPPRESSED),
            "is_total": is_total,
        }
    ).astype({"profession": "str"})
    key = ["vintage", "profession", "region_code", "departement_code"]
    table.require("departement_code", ~rows.duplicated(key), "un territoire écrit une fois par profession")
    if is_total.all():
        raise SourceValueError(path, expected="des départements", found="des totaux seulement")
    return table, rows


def require_sums(path: Path, rows: pd.DataFrame, value: str, *, slack: float = 0.0) -> None:
    """Check the totals of regions and of France against the sum of their departments.

    A suppressed count is worth 0 to 4. A profession without a total is refused too: it is what a file cut between two
    lines looks like.

    Parameters
    ----------
    path
        For the message.
    rows
        As `read_territories` gives them.
    value
        Name of the count.
    slack
        Share by which a total may differ, for those where a professional of two departments is one person.

    Raises
    ------
    SourceValueError
        At the first total that does not fit.
    """
    parts, totals = rows[~rows["is_total"]], rows[rows["is_total"]]
    of_france = totals["region_code"] == TOTAL_REGION
    _require_sums(path, parts, totals[~of_france], ["vintage", "profession", "region_code"], value, slack)
    _require_sums(path, parts, totals[of_france], ["vintage", "profession"], value, slack)


def _require_sums(
    path: Path, parts: pd.DataFrame, totals: pd.DataFrame, key: list[str], value: str, slack: float
) -> None:
    sums = parts.groupby(key, as_index=False).agg(known=(value, "sum"), n_hidden=("suppressed", "sum"))
    both = sums.merge(totals[[*key, value, "suppressed"]], on=key, how="outer", indicator=True)
    alone = both[both["_merge"] != "both"]
    if len(alone):
        is_part = alone["_merge"].iloc[0] == "left_only"
        raise SourceValueError(
            path,
            place=_place(alone, key),
            expected="un total et ses départements",
            found="des départements sans total" if is_part else "un total sans départements",
            remedy="Le fichier semble tronqué." if is_part else "",
        )
    lowest, highest = both["known"] * (1 - slack), (both["known"] + HIGHEST_SUPPRESSED * both["n_hidden"]) * (1 + slack)
    wrong = both[~(both[value].between(lowest, highest) | both["suppressed"].astype(bool))]
    if len(wrong):
        raise SourceValueError(
            path,
            place=_place(wrong, key),
            expected=f"le total de ses départements, {wrong['known'].iloc[0]:.0f}",
            found=f"{wrong[value].iloc[0]:.0f}",
            remedy="Le fichier semble tronqué ou incomplet.",
        )


def _place(rows: pd.DataFrame, key: list[str]) -> str:
    return ", ".join(str(part) for part in rows[key].iloc[0] if part != "")


def _of_everyone(table: SourceTable, column: str) -> SourceTable:
    """Keep the lines of all ages, or of both sexes."""
    everyone = table.where(**{column: lambda cells: cells.map(label_key).isin(EVERYONE)})
    if everyone.cells.empty:
        raise SourceValueError(
            table.path,
            place=f"colonne « {table.labels[column]} »",
            expected="les lignes « Tout âge » et « tout sexe »",
            found="des lignes par âge ou par sexe seulement",
        )
    return everyone
