"""Private-practice professionals by department: CNAM, « Professionnels de santé libéraux : effectif »."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceValueError
from data.readers.delimited import read_delimited
from data.readers.source_table import DEPARTEMENT_CODE, SourceTable

_COLUMNS: Final = {
    "vintage": "annee",
    "profession": "profession_sante",
    "region_code": "region",
    "departement_code": "departement",
    "age_class": "classe_age",
    "sex": "libelle_sexe",
    "n_professionals": "effectif",
}
_TOTAL_DEPARTEMENT: Final = "999"
_TOTAL_REGION: Final = "99"
_SUPPRESSED: Final = "NS"
_HIGHEST_SUPPRESSED: Final = 4
"""Professionals: CNAM writes "NS" (non significatif) below five."""


def read_professionals(path: Path) -> pd.DataFrame:
    """Give the number of private-practice professionals of each profession in each department (persons, all ages).

    Source: CNAM. The file also holds totals by region (departement 999) and for France (region 99, departement 999):
    each is checked against the sum of its departments, then dropped, since adding them to their parts would double
    everything.

    Parameters
    ----------
    path
        CSV file separated by commas, UTF-8, with or without byte-order mark.

    Returns
    -------
    pandas.DataFrame
        Sorted by departement_code, profession and vintage:

        - departement_code, profession: text; the professions « Ensemble des… » contain others, so they are never added
          up;
        - n_professionals: float64 whole number >= 0; NaN is unknown, which a suppressed count is;
        - suppressed: bool, True where CNAM hides a count below five ("NS");
        - vintage: int, year.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is absent, cut, re-encoded, lacks a column, is split by age or sex, or has a total that its
        departments do not add up to.
    """
    table = read_delimited(path, _COLUMNS)
    table.codes("vintage", r"20[0-9]{2}", expected="une année")
    table.codes("region_code", r"[0-9]{2}", expected="un code de région de deux chiffres")
    table.codes(
        "departement_code", f"{DEPARTEMENT_CODE}|{_TOTAL_DEPARTEMENT}", expected="un code de département ou 999"
    )
    table.codes("age_class", "tout_age", expected="tout_age (le total de tous les âges)")
    table.codes("sex", "tout sexe", expected="tout sexe (le total des deux)")
    table.require("profession", table.cells["profession"] != "", "une profession")
    counts = table.numbers("n_professionals", whole=True, unknown=frozenset({_SUPPRESSED}))
    cells = table.cells.assign(
        vintage=table.cells["vintage"].astype("int64"),
        n_professionals=counts,
        suppressed=table.cells["n_professionals"] == _SUPPRESSED,
    )
    key = ["vintage", "profession", "region_code", "departement_code"]
    table.require("departement_code", ~cells.duplicated(key), "un territoire écrit une fois par profession")
    is_total = cells["departement_code"] == _TOTAL_DEPARTEMENT
    parts, totals = cells[~is_total], cells[is_total]
    table.require(
        "region_code", is_total | (cells["region_code"] != _TOTAL_REGION), "99 pour le total de la France seul"
    )
    of_france = totals["region_code"] == _TOTAL_REGION
    _require_sums(table, parts, totals[~of_france], ["vintage", "profession", "region_code"])
    _require_sums(table, parts, totals[of_france], ["vintage", "profession"])
    columns = ["departement_code", "profession", "n_professionals", "suppressed", "vintage"]
    return parts[columns].sort_values(["departement_code", "profession", "vintage"], ignore_index=True)


def _require_sums(table: SourceTable, parts: pd.DataFrame, totals: pd.DataFrame, key: list[str]) -> None:
    """Check each total against the sum of its departments, a suppressed count being worth 0 to 4.

    A profession without a total is refused too: it is what a file cut between two lines looks like.
    """
    sums = parts.groupby(key, as_index=False).agg(known=("n_professionals", "sum"), n_hidden=("suppressed", "sum"))
    both = sums.merge(totals[[*key, "n_professionals", "suppressed"]], on=key, how="outer", indicator=True)
    alone = both[both["_merge"] != "both"]
    if len(alone):
        is_part = alone["_merge"].iloc[0] == "left_only"
        raise SourceValueError(
            table.path,
            place=", ".join(str(value) for value in alone[key].iloc[0]),
            expected="un total et ses départements",
            found="des départements sans total" if is_part else "un total sans départements",
            remedy="Le fichier semble tronqué." if is_part else "",
        )
    highest = both["known"] + _HIGHEST_SUPPRESSED * both["n_hidden"]
    wrong = both[~(both["n_professionals"].between(both["known"], highest) | both["suppressed"].astype(bool))]
    if len(wrong):
        first = wrong.iloc[0]
        raise SourceValueError(
            table.path,
            place=", ".join(str(value) for value in first[key]),
            expected=f"le total de ses départements, {first['known']:.0f}",
            found=f"{first['n_professionals']:.0f}",
            remedy="Le fichier semble tronqué ou incomplet.",
        )
