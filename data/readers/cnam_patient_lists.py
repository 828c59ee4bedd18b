"""Patients per GP chosen as médecin traitant, by department: CNAM, « patientèle médecin traitant »."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.errors import SourceValueError
from data.readers.cnam_territories import TOTAL_DEPARTEMENT, read_territories

_LABELS: Final = {
    "mean_patients": (
        *(
            "nombre_patients_medecin_traitant",
            "nombre_patients_medecin_traitant_integer",
            "patientele_medecin_traitant",
        ),
        *("patientele_mt_moyenne", "patientele_moyenne", "nombre_moyen_de_patients"),
    )
}
_HIGHEST: Final = 10_000
"""Patients: three times the longest lists; more is a total of patients, not a mean."""


def read_patient_lists(path: Path) -> pd.DataFrame:
    """Return the mean number of patients who chose each GP of a department as médecin traitant (patients per GP).

    Source: CNAM, data.ameli.fr, « Accès aux soins : patientèle médecin traitant moyenne des médecins généralistes »
    (GPs in private practice on 31 December, special practices left out). Means are never added up nor averaged: the
    lines of regions and of France are left out, after having been compared with their departments.

    Parameters
    ----------
    path
        CSV export or workbook, any years.

    Returns
    -------
    pandas.DataFrame
        Sorted by departement_code and vintage: departement_code (text), vintage (int), mean_patients (float64 >= 0; NaN
        where unknown), suppressed (bool, True where CNAM hides it: fewer than five GPs).

    Raises
    ------
    SourceMissing, SourceUnreadable, SourceLayoutError, SourceValueError
        When the file is not such an export, or France's mean is not between those of its departments.
    """
    table, rows = read_territories(path, _LABELS, "mean_patients", whole=False)
    table.require("mean_patients", ~(rows["mean_patients"] > _HIGHEST), "un nombre moyen de patients par médecin")
    _require_means_between(path, rows)
    columns = ["departement_code", "vintage", "mean_patients", "suppressed"]
    parts = rows.loc[~rows["is_total"], columns]
    return parts.sort_values(columns[:2], ignore_index=True)


def _require_means_between(path: Path, rows: pd.DataFrame) -> None:
    """Want each year's totals: a mean lies between the least and the greatest of what it is the mean of."""
    of_parts = rows[~rows["is_total"]].groupby("vintage")["mean_patients"].agg(["min", "max"])
    totals = rows[rows["is_total"]]
    bounds = of_parts.reindex(totals["vintage"]).set_axis(totals.index)
    wrong = totals[(totals["mean_patients"] < bounds["min"]) | (totals["mean_patients"] > bounds["max"])]
    if len(wrong):
        first = wrong.iloc[0]
        raise SourceValueError(
            path,
            place=f"{first['vintage']}, région {first['region_code']}, département {TOTAL_DEPARTEMENT}",
            expected="une moyenne comprise entre celles des départements",
            found=f"{first['mean_patients']:g}",
            remedy="Le fichier semble tronqué ou incomplet.",
        )
