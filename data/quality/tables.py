"""Each table as it is: where it comes from, what it leaves unknown, where it has something to say."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "communes": "Communes",
        "epci": "EPCI",
        "bassins_de_vie": "Bassins de vie",
        "aires_attraction": "Aires d’attraction des villes",
        "departements": "Départements",
        "regions": "Régions",
        "commune_history": "Anciens codes des communes",
        "commune_geometry": "Contours des communes",
        "apl": "APL aux généralistes",
        "apl_parameters": "Paramètres de l’APL",
        "msp_series": "MSP et centres de santé par semestre",
        "msp_targets": "Cibles de MSP et de centres de santé",
        "structures": "Structures localisées (FINESS)",
        "structures_2021": "Structures au 8 janvier 2021 (FINESS)",
        "apl_professions": "APL aux autres professions",
        "apl_departements": "APL 2024 aux généralistes par département",
        "commune_traits": "Ruralité et aides des communes",
        "qpv": "Quartiers prioritaires",
        "professionals": "Professionnels libéraux par département",
        "bpe_departements": "Équipements par département (BPE)",
        "population_series": "Populations des communes en 2017 et 2023",
        "population_estimates": "Estimations de population par département et âge",
        "commune_context": "Âge, pauvreté et défavorisation",
        "zoning": "Zonage des généralistes",
        "rpps_age": "Médecins par âge",
        "rpps_departements": "Médecins par département",
        "bpe_communes": "Équipements par commune (BPE)",
        "rpps_practitioners": "Professionnels par commune (RPPS)",
        "gp_age_departements": "Généralistes par âge et département",
        "cnam_patient_lists": "Patientèles des médecins traitants",
        "cnam_installations": "Installations de professionnels libéraux",
        "population_age": "Population par commune et âge",
        "population_cells": "Population par carreau de 200 m (Filosofi)",
        "population_outlook": "Projections de population (Omphale)",
        "arrondissements": "Arrondissements de Paris, Lyon et Marseille",
        "cpts_perimeters": "Périmètres des CPTS",
    }
)
"""French title of every table; one without a title is shown under its own name."""

EMBEDDED: Final = "embarquée"
SYNCED: Final = "synchronisée"


def summarise_tables(manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Say what each table in use is.

    Parameters
    ----------
    manifest
        As `data.store.manifest` gives it.

    Returns
    -------
    pandas.DataFrame
        One row a table, in the order of the manifest: table, title, tier ("embarquée" or "synchronisée"), vintage,
        n_rows, n_bytes, source_ids (text, separated by commas).
    """
    synced = manifest.get("synced", {})
    return pd.DataFrame(
        [
            {
                "table": name,
                "title": TITLES.get(name, name),
                "tier": SYNCED if any(source in synced for source in entry["sources"]) else EMBEDDED,
                "vintage": entry["vintage"],
                "n_rows": entry["rows"],
                "n_bytes": entry["bytes"],
                "source_ids": ", ".join(entry["sources"]),
            }
            for name, entry in manifest["tables"].items()
        ]
    )


def count_unknowns(table: pd.DataFrame) -> pd.DataFrame:
    """Count the unknown cells of each column.

    Parameters
    ----------
    table
        Any table, not changed; NaN, NA and NaT are unknown.

    Returns
    -------
    pandas.DataFrame
        One row a column, in order: column, n_unknown, share_unknown (0-1; NaN for a table without rows).
    """
    n_unknown = table.isna().sum()
    return pd.DataFrame(
        {
            "column": n_unknown.index.astype("str"),
            "n_unknown": n_unknown.to_numpy("int64"),
            "share_unknown": (n_unknown / len(table) if len(table) else n_unknown * float("nan")).to_numpy("float64"),
        }
    )


def count_by_departement(table: pd.DataFrame, communes: pd.DataFrame, column: str | None = None) -> pd.DataFrame | None:
    """Count, in each department, what a table knows.

    Parameters
    ----------
    table
        Any table, not changed. Its place is its commune_code, else its departement_code, else the territory_code of its
        rows of level "departement".
    communes
        The table `communes`: every department in it has a row in the answer.
    column
        Rows where this column is unknown do not count; None counts them all.

    Returns
    -------
    pandas.DataFrame or None
        One row a department, sorted: departement_code, n_rows, n_communes (in the department), n_known_communes (that
        have a row; NaN where the table is not about communes) and share_known_communes (0-1). None when the table says
        nothing of departments or communes.
    """
    known = table if column is None else table[table[column].notna()]
    n_communes = communes.groupby("departement_code")["commune_code"].nunique()
    places = _departements(known, communes)
    if places is None:
        return None
    counted = pd.DataFrame({"n_rows": places.value_counts().reindex(n_communes.index, fill_value=0)})
    counted["n_communes"] = n_communes
    if "commune_code" in known:
        found = communes[communes["commune_code"].isin(known["commune_code"])]
        n_known = found.groupby("departement_code")["commune_code"].nunique().reindex(n_communes.index, fill_value=0)
        counted["n_known_communes"] = n_known.astype("float64")
    else:
        counted["n_known_communes"] = float("nan")
    counted["share_known_communes"] = counted["n_known_communes"] / counted["n_communes"]
    return counted.rename_axis("departement_code").reset_index()


def _departements(table: pd.DataFrame, communes: pd.DataFrame) -> "pd.Series[str] | None":
    """Return the department of each row that has one; None when the table has no such place."""
    if "commune_code" in table:
        return table["commune_code"].map(communes.set_index("commune_code")["departement_code"]).dropna()
    if "departement_code" in table:
        return table["departement_code"].dropna()
    if {"level", "territory_code"} <= set(table.columns):
        return table.loc[table["level"] == "departement", "territory_code"]
    return None
