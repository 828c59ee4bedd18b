"""Private-practice professionals by department: CNAM, « Professionnels de santé libéraux : effectif »."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.readers.cnam_territories import TOTAL_DEPARTEMENT, TOTAL_REGION, read_territories, require_sums
from data.readers.delimited import read_delimited
from data.readers.source_table import DEPARTEMENT_CODE

_COLUMNS: Final = {
    "vintage": "annee",
    "profession": "profession_sante",
    "region_code": "region",
    "departement_code": "departement",
    "age_class": "classe_age",
    "sex": "libelle_sexe",
    "n_professionals": "effectif",
}
_SUPPRESSED: Final = "NS"


def read_professionals(path: Path) -> pd.DataFrame:
    """Return the number of private-practice professionals of each profession in each department (persons, all ages).

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
    table.codes("departement_code", f"{DEPARTEMENT_CODE}|{TOTAL_DEPARTEMENT}", expected="un code de département ou 999")
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
    is_total = cells["departement_code"] == TOTAL_DEPARTEMENT
    table.require(
        "region_code", is_total | (cells["region_code"] != TOTAL_REGION), "99 pour le total de la France seul"
    )
    require_sums(path, cells.assign(is_total=is_total), "n_professionals")
    parts = cells[~is_total]
    columns = ["departement_code", "profession", "n_professionals", "suppressed", "vintage"]
    return parts[columns].sort_values(["departement_code", "profession", "vintage"], ignore_index=True)


def read_counts_export(path: Path) -> pd.DataFrame:
    """Return the same counts from any export of data.ameli.fr: other years, several years, other separators and labels.

    Lines of an age class or of one sex are left out: each count is that of all ages and both sexes. The totals are
    checked as `read_professionals` checks them.

    Parameters
    ----------
    path
        CSV export (commas or semicolons) or workbook.

    Returns
    -------
    pandas.DataFrame
        As `read_professionals`.

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not such an export, is split by age or sex without the lines of everyone, or has a total that
        its departments do not add up to.
    """
    needed = {"profession": ("profession_sante", "profession"), "n_professionals": ("effectif", "effectifs")}
    optional = {"age_class": ("classe_age", "libelle_classe_age"), "sex": ("libelle_sexe", "sexe")}
    _, rows = read_territories(path, needed, "n_professionals", optional=optional)
    require_sums(path, rows, "n_professionals")
    columns = ["departement_code", "profession", "n_professionals", "suppressed", "vintage"]
    parts = rows.loc[~rows["is_total"], columns]
    return parts.sort_values(["departement_code", "profession", "vintage"], ignore_index=True)
