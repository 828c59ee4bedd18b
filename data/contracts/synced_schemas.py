"""What each table that only a sync brings promises: `store.load` finds it once its source was synced, not before.

A table is either here or in `data/contracts/schemas.py` (the snapshot's own), never in both.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandera.pandas as pa

from data.contracts.columns import COMMUNE, DEPARTEMENT, Contract, choice, number, text, whole_number, year

_MODES: Final = ("autre", "liberal", "salarie")

SYNCED_CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "rpps_practitioners": Contract(
            {
                "commune_code": text(COMMUNE),
                "profession": text(),
                "practice_mode": choice(*_MODES),
                "n_practitioners": whole_number("professionnels"),
            },
            key=("commune_code", "profession", "practice_mode"),
            rows=(50_000, 1_000_000),
            communes=("commune_code",),
        ),
        "gp_age_departements": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "year": year(2000, 2100),
                "practice_mode": choice("liberal", "salarie", "tous"),
                "age_min": number("ans, inclus", 0.0, 120.0),
                "age_max": number("ans, exclu", 0.0),
                "n_gp": whole_number("médecins généralistes", nullable=True),
            },
            key=("departement_code", "year", "practice_mode", "age_min"),
            rows=(500, 200_000),
            departements=("departement_code",),
        ),
        "cnam_patient_lists": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "vintage": year(2010, 2100),
                "mean_patients": number("patients par généraliste", 0.0, 10_000.0, nullable=True),
                "suppressed": pa.Column("bool"),
            },
            key=("departement_code", "vintage"),
            rows=(90, 5_000),
            departements=("departement_code",),
        ),
        "cnam_installations": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "year": year(2010, 2100),
                "profession": text(),
                "n_installations": whole_number("premières installations", nullable=True),
                "suppressed": pa.Column("bool"),
            },
            key=("departement_code", "year", "profession"),
            rows=(90, 50_000),
            departements=("departement_code",),
        ),
        "population_age": Contract(
            {
                "commune_code": text(COMMUNE),
                "age_min": number("ans, inclus", 0.0, 120.0),
                "age_max": number("ans, exclu", 0.0),
                "population": number("habitants (pondérés, non entiers)", 0.0),
            },
            key=("commune_code", "age_min"),
            rows=(200_000, 1_500_000),
            communes=("commune_code",),
        ),
        "population_cells": Contract(
            {
                "commune_code": text(COMMUNE),
                "epsg": number("code EPSG", 1024, 99_999, dtype="int32"),
                "y_m": number("m", 0, dtype="int32"),
                "x_m": number("m", 0, dtype="int32"),
                "population": number("habitants (non entiers)", 0.0, 20_000.0),
                "imputed": pa.Column("bool"),
            },
            key=("commune_code", "epsg", "y_m", "x_m"),
            rows=(1, 4_000_000),
            communes=("commune_code",),
        ),
        "population_outlook": Contract(
            {
                "departement_code": text(DEPARTEMENT),
                "scenario": text(r"[a-z0-9_]+"),
                "year": year(2010, 2150),
                "age_min": number("ans, inclus", 0.0, 120.0),
                "age_max": number("ans, exclu", 0.0),
                "population": number("habitants", 0.0),
            },
            key=("departement_code", "scenario", "year", "age_min"),
            rows=(10_000, 3_000_000),
            departements=("departement_code",),
        ),
    }
)
