"""The toy country's practitioners by commune (see tests/toy.py for the places).

- BPE: 31001 has many, 31003 a few, 32003 is unknown, 97601 is not covered (no row at all), nobody in 32004.
- RPPS: department 974 is not named at all, so that its GPs are unknown; 31002 has no line, and no GP.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from tests.toy_care import table

if TYPE_CHECKING:
    import pandas as pd

    from coverage.indicators.commune_facts import Tables
    from tests.toy import ToyCountry

UNKNOWN = (np.nan,) * 9


def bpe_communes() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        ("31001", 2024, 24.0, 60.0, 30.0, 6.0, 18.0, 9.0, 1.0, 2.0, 1.0),
        ("31002", 2024, 5.0, 8.0, 6.0, 0.0, 2.0, 1.0, 0.0, 0.0, 0.0),
        ("31003", 2024, 3.0, 4.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0),
        ("31004", 2024, 0.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        ("32001", 2024, 9.0, 14.0, 8.0, 2.0, 5.0, 3.0, 1.0, 1.0, 2.0),
        ("32002", 2024, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        ("32003", 2024, *UNKNOWN),
        ("32004", 2024, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        ("69002", 2024, 4.0, 9.0, 5.0, 1.0, 2.0, 2.0, 0.0, 1.0, 0.0),
        ("69123", 2024, 41.0, 70.0, 52.0, 12.0, 25.0, 14.0, 2.0, 3.0, 5.0),
        ("97401", 2024, 7.0, 20.0, 15.0, 5.0, 6.0, 3.0, 1.0, 1.0, 1.0),
    ]
    columns = "commune_code vintage n_gp n_nurses n_physiotherapists n_midwives n_dentists n_pharmacies n_emergency"
    columns += " n_msp n_health_centres"
    return table(columns, rows, "commune_code", "commune_code")


def rpps_practitioners() -> pd.DataFrame:
    gp, nurse = "medecin_generaliste", "infirmier"
    rows: list[tuple[object, ...]] = [
        ("31001", gp, "liberal", 22.0),
        ("31001", gp, "salarie", 10.0),
        ("31001", nurse, "liberal", 50.0),
        ("31003", gp, "liberal", 2.0),
        ("32001", gp, "liberal", 8.0),
        ("32002", nurse, "salarie", 1.0),
        ("69002", gp, "salarie", 4.0),
        ("69123", gp, "autre", 6.0),
        ("69123", gp, "liberal", 38.0),
        ("97601", gp, "liberal", 5.0),
    ]
    keys = "commune_code profession practice_mode"
    return table(f"{keys} n_practitioners", rows, keys, keys)


def synced_tables(toy: ToyCountry) -> Tables:
    """Return the tables of the toy country once its RPPS was synced."""
    return dataclasses.replace(toy.tables(), rpps_practitioners=rpps_practitioners())
