"""First installations in private practice, by department and year: CNAM, « primo-installations »."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.readers.cnam_territories import read_territories, require_sums

_LABELS: Final = {
    "n_installations": (
        *("effectif_primo_installe", "effectif_primo_installes", "effectif_primo_installation", "nombre_installations"),
        *("effectif_installation", "effectif"),
    )
}
_OPTIONAL: Final = {
    "profession": ("profession_sante", "profession"),
    "age_class": ("classe_age",),
    "sex": ("libelle_sexe",),
}
_SLACK: Final = 0.05
"""Share: a doctor who settles in two departments is one person in the total."""

GENERAL_PRACTICE: Final = "Médecins généralistes"
"""Profession of a file that names none: the data set is of general practice."""


def read_installations(path: Path) -> pd.DataFrame:
    """Return the number of professionals who settled in private practice for the first time (persons a year).

    Source: CNAM, data.ameli.fr, « Accès aux soins : primo-installations en médecine générale ». The totals of regions
    and of France (999, 99) are compared with their departments, then left out.

    Parameters
    ----------
    path
        CSV export or workbook, any years.

    Returns
    -------
    pandas.DataFrame
        Sorted by departement_code, year and profession: departement_code (text), year (int), profession (text),
        n_installations (float64 whole number >= 0; NaN where hidden), suppressed (bool).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not such an export, or has a total that its departments do not add up to.
    """
    _, rows = read_territories(path, _LABELS, "n_installations", optional=_OPTIONAL)
    require_sums(path, rows, "n_installations", slack=_SLACK)
    named = rows.assign(profession=rows["profession"].mask(rows["profession"] == "", GENERAL_PRACTICE))
    columns = ["departement_code", "year", "profession", "n_installations", "suppressed"]
    parts = named[~named["is_total"]].rename(columns={"vintage": "year"})[columns]
    return parts.sort_values(columns[:3], ignore_index=True)
